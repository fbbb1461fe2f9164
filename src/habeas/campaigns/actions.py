"""What staff do to campaigns. Each act says who acts and leaves its audit row in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Locale

from habeas.campaigns import citing, demands, lifecycle, updates
from habeas.campaigns.figures import Numbers
from habeas.campaigns.lifecycle import ENDED, PUBLIC, RELEASED_BY, MoveRefused, State
from habeas.campaigns.models import Campaign, CampaignIndex, CampaignPage, PlannedVerb, Update, UpdateText
from habeas.campaigns.publishing import publish_edition
from habeas.campaigns.updates import UpdateRefused, Words
from habeas.cases import actions as cases
from habeas.cases import closing, publishable
from habeas.cases.closing import WordsConsent
from habeas.edition import levels
from habeas.edition.levels import Order
from habeas.edition.withheld import withhold
from habeas.lib import ids
from habeas.vault import keys

if TYPE_CHECKING:
    from habeas.cases.models import Authority, Case


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did."""

    campaign: Campaign
    edition: int  # number of the edition that shows it


@dataclass(frozen=True, slots=True)
class Told:
    """What became of an update."""

    update: Update
    edition: int  # number of the edition that shows it


def create(
    *, slug: str, case: Case, target: Authority, by: User | None, is_demonstration: bool = False
) -> Campaign:
    """Return a new draft campaign about `case`, with sealing keys of its own."""
    with transaction.atomic():
        campaign = Campaign(slug=slug, case=case, target=target, is_demonstration=is_demonstration)
        _give_keys(campaign)
        campaign.save()
        log(campaign, "wagtail.create", user=by)
    return campaign


def add_page(campaign: Campaign, language: str, words: Mapping[str, Any], *, by: User | None) -> CampaignPage:
    """Return a new page of `campaign` in `language`, published; `words` are CampaignPage's fields."""
    index = CampaignIndex.objects.get(locale=Locale.objects.get(language_code=language))
    first = campaign.pages.first()
    page = CampaignPage(campaign=campaign, slug=campaign.slug, locale=index.locale, owner=by, **words)
    if first:
        page.translation_key = first.translation_key
    with transaction.atomic():
        index.add_child(instance=page)
        page.save_revision(user=by, log_action=True).publish(user=by)
    return page


def publish(campaign: Campaign, *, by: User | None) -> Moved:
    """Open a campaign that is a draft or paused; put its pages out anew if it is public already.

    raises  MoveRefused if it has no published page or no key, or its case may not be public;
            NotCitable if a page cites a figure that may not be published; BadEdition, OSError if the edition
            fails
    """
    if campaign.state in {State.DRAFT, State.PAUSED}:
        check_opening(campaign)
        if campaign.state == State.DRAFT:
            citing.cite_all(campaign)
        return _move(campaign, State.OPEN, by=by)
    _check_pages(campaign)
    return Moved(campaign, publish_edition(settings.CONFIG))


def _check_pages(campaign: Campaign) -> None:
    if not campaign.pages.filter(live=True).exists():
        raise MoveRefused(f"{campaign.slug} has no published page in any language yet")


def check_opening(campaign: Campaign) -> None:
    """Let an opening pass, or say what stands against it.

    raises  MoveRefused if it has no published page, its case may not be public, or a demand has no words
    """
    _check_pages(campaign)
    obstacles = publishable.obstacles(campaign.case)
    if obstacles:
        raise MoveRefused(f"{campaign.slug} would show nothing: {'; '.join(obstacles)}")
    contradictions = publishable.contradictions(campaign.case)
    if contradictions:
        raise MoveRefused(f"{campaign.slug} cannot open yet: {'; '.join(contradictions)}")
    unsaid = _unsaid_demands(campaign)
    if unsaid:
        raise MoveRefused(f"{campaign.slug} cannot open yet: {unsaid[0].rstrip('.')}")


def _unsaid_demands(campaign: Campaign) -> list[str]:
    """Return what keeps demands off the pages: words may have gone since a page was published."""
    look = publishable.Look()
    pages = campaign.pages.filter(live=True).select_related("locale", "campaign__case")
    return [told for page in pages for told in demands.unsaid(page, look)]


def pause(campaign: Campaign, *, by: User | None) -> Moved:
    """Stop taking signatures for a while; the page stays.

    raises  MoveRefused, BadEdition, OSError
    """
    return _move(campaign, State.PAUSED, by=by)


def reopen(campaign: Campaign, *, by: User | None) -> Moved:
    """Take signatures again: after a pause, or because the person was arrested again.

    raises  MoveRefused, BadEdition, OSError
    """
    return _move(campaign, State.OPEN, by=by)


def close(campaign: Campaign, *, outcome: str, by: User | None, consent: WordsConsent | None = None) -> Moved:
    """End the campaign with its outcome: pages turn in every language, news goes to those who asked.

    consent  what the person agreed to since they were let go; without one their words stay off the pages
    raises  MoveRefused if the move is not allowed, a page lacks its closing words, or there is no next
            action; NotFresh, MayNotRead, BadRecord if the consent cannot be recorded; BadEdition, OSError if
            the edition fails. Nothing has changed then.
    """
    state = lifecycle.ending(outcome)
    lifecycle.check_move(campaign.state, state)
    check_closing(campaign)
    seen = closing_concerns(campaign, outcome)
    with transaction.atomic():
        if consent:
            closing.record_words_consent(campaign.case, consent, by=by)
        _announce(campaign, timezone.localdate(), by=by)
        return _move(campaign, state, by=by, outcome=outcome, seen=seen)


def closing_concerns(campaign: Campaign, outcome: str) -> tuple[str, ...]:
    """Return what staff should have seen before they close a campaign with `outcome`; nothing stops them.

    raises  MoveRefused if there is no such outcome
    """
    lifecycle.ending(outcome)
    return closing.concerns(
        campaign.case,
        says_released=outcome in RELEASED_BY,
        shows_words=has_words(campaign),
    )


def has_words(campaign: Campaign) -> bool:
    """Tell whether a page of the campaign is to show words of the person's own once it has ended."""
    return bool(campaign.pages.filter(live=True).exclude(words_quote="").exists())


def order_level(campaign: Campaign, order: Order, *, by: User | None) -> None:
    """Set how wary the doors are of a campaign, whatever comes; "auto" leaves it to them again.

    raises  NotOrders if what was ordered before cannot be read, OSError; nothing has changed then
    """
    with transaction.atomic():
        log(campaign, "campaigns.level", user=by, data={"level": order})
        levels.order_level(levels.orders_path(settings.CONFIG), campaign.slug, order)


@dataclass(frozen=True, slots=True)
class TakenDown:
    """What a take-down, or putting back, did."""

    campaigns: tuple[str, ...]  # slugs of the public campaigns of the case
    edition: int  # number of the edition that shows it


def take_down(case: Case, *, by: User | None, reason: str) -> TakenDown:
    """Turn every page of a case's campaigns into one that tells nothing, at once.

    The states of the campaigns stay; nobody can sign meanwhile, and links in mails go on working. What
    may not be shown is written down first: should the edition fail, the next one will not show it either.
    The doors withhold it from then on; the edition, which takes longer the more campaigns there are, puts
    neutral pages there. Earlier editions leave the disk with it: whoever seizes the door finds nothing.

    raises  NoReason; BadEdition, OSError if no edition could be written: doors go on withholding then
    """
    cases.take_down(case, by=by, reason=reason)
    withhold(settings.CONFIG.editions, _shown(case))
    return _show_anew(case, forgets_earlier=True)


def put_back(case: Case, *, by: User | None, reason: str) -> TakenDown:
    """Show the pages of a case again.

    raises  MayNotRead, NoReason, BadEdition, OSError
    """
    cases.put_back(case, by=by, reason=reason)
    return _show_anew(case)


def _show_anew(case: Case, *, forgets_earlier: bool = False) -> TakenDown:
    edition = publish_edition(settings.CONFIG, forgets_earlier=forgets_earlier)
    return TakenDown(_shown(case), edition)


def _shown(case: Case) -> tuple[str, ...]:
    """Return the slugs of the campaigns about a case that have pages."""
    found = Campaign.objects.filter(case=case, state__in=PUBLIC)
    return tuple(found.values_list("slug", flat=True))


def check_closing(campaign: Campaign) -> None:
    """Let a closing pass, or say what is still to be written.

    raises  MoveRefused, naming page and field
    """
    pages = campaign.pages.filter(live=True).select_related("locale")
    missing = list(_missing_words(pages)) if pages else ["a published page that says how it ended"]
    if campaign.next_action is None:
        missing.append("the next action: where people go from here")
    if missing:
        raise MoveRefused(f"before {campaign.slug} can be closed, write " + "; ".join(missing))


def write_update(
    campaign: Campaign,
    texts: Mapping[str, Words],
    *,
    by: User | None,
    mails: bool = True,
    key: UUID | None = None,
) -> Told:
    """Publish an update in the languages it was written in, and owe it to everybody who asked for news.

    texts   by language; readers of the others find no update on their page
    mails   whether it is mailed too; those who signed in a language left out get it in `mailed_in`
    key     its identifier; sent twice it is one update
    raises  UpdateRefused with everything there is to mend; BadEdition, OSError if the edition fails.
            Nothing was published then.
    """
    updates.check(campaign, texts)
    with transaction.atomic():
        update, is_new = Update.objects.get_or_create(
            pk=key or ids.uuid7(),
            defaults={
                "campaign": campaign,
                "made_on": timezone.localdate(),
                "made_by": by,
                "is_mailed": mails,
            },
        )
        if not is_new:
            raise UpdateRefused("this update is published already")
        _set_words(update, texts)
        log(campaign, "campaigns.update", user=by, data={"languages": list(texts), "mailed": mails})
        return Told(update, publish_edition(settings.CONFIG))


def correct_update(update: Update, texts: Mapping[str, Words], *, by: User | None) -> Told:
    """Let the pages of an update say something else, with the day of the correction; nobody is mailed again.

    Whoever is still owed the mail gets the corrected words.

    raises  UpdateRefused; BadEdition, OSError: nothing has changed then
    """
    if update.taken_back_on:
        raise UpdateRefused("this update was taken back; write a new one")
    updates.check(update.campaign, texts)
    if updates.words_of(update) == dict(texts):
        raise UpdateRefused("it says the same as before")
    with transaction.atomic():
        update.corrected_on = timezone.localdate()
        update.save(update_fields=["corrected_on"])
        _set_words(update, texts)
        log(update.campaign, "campaigns.correct_update", user=by, data={"languages": list(texts)})
        return Told(update, publish_edition(settings.CONFIG))


def take_back_update(update: Update, *, by: User | None, reason: str) -> Told:
    """Take an update off every page and feed, and stop the mails that have not left.

    Its own pages stay and say that it was taken back: links to them are out. Earlier editions leave the disk.

    raises  UpdateRefused without a reason, or if it is done already; BadEdition, OSError. Nothing has
            changed then.
    """
    if update.taken_back_on:
        raise UpdateRefused("this update was taken back already")
    if not reason.strip():
        raise UpdateRefused("say why: the log keeps it for whoever asks later")
    with transaction.atomic():
        update.taken_back_on = timezone.localdate()
        update.save(update_fields=["taken_back_on"])
        log(update.campaign, "campaigns.take_back_update", user=by, data={"reason": reason})
        return Told(update, publish_edition(settings.CONFIG, forgets_earlier=True))


def _set_words(update: Update, texts: Mapping[str, Words]) -> None:
    left_out = (
        updates.pages_of(update.campaign).keys() - texts.keys()
    )  # a page that is not up now keeps its text
    update.texts.filter(language__in=left_out).delete()
    for language, words in texts.items():
        UpdateText.objects.update_or_create(
            update=update,
            language=language,
            defaults={"subject": words.subject.strip(), "text": words.text.strip()},
        )


def _missing_words(pages: Iterable[CampaignPage]) -> Iterable[str]:
    for page in pages:
        for field in ("outcome_headline", "thanks", "news_subject", "news_text"):
            if not getattr(page, field):
                name = CampaignPage._meta.get_field(field).verbose_name  # noqa: SLF001  Django's documented API
                yield f"{name} ({page.locale.language_code})"


def _announce(campaign: Campaign, day: date, *, by: User | None) -> None:
    look = publishable.Look()
    update = Update.objects.create(campaign=campaign, made_on=day, made_by=by)
    for page in campaign.pages.filter(live=True).select_related("locale"):
        UpdateText.objects.create(
            update=update,
            language=page.locale.language_code,
            subject=page.news_subject,
            text=Numbers(page, look).fill(page.news_text) or "",
        )


def _move(
    campaign: Campaign, to: State, *, by: User | None, outcome: str = "", seen: tuple[str, ...] = ()
) -> Moved:
    """Change the state and publish it, both or neither: the edition is written before the commit.

    outcome  of a campaign that ends
    seen     what `by` was told before; the log keeps how much it was, as the words may name somebody
    """
    with transaction.atomic():
        # As it is now, whoever moved it since it was read; nobody moves it until we are done.
        campaign.refresh_from_db(from_queryset=Campaign.objects.select_for_update(no_key=True))
        lifecycle.check_move(campaign.state, to)
        before, campaign.state = campaign.state, to
        if outcome:
            campaign.outcome, campaign.closed_on = outcome, timezone.localdate()
        if to == State.OPEN:
            campaign.outcome, campaign.closed_on = "", None
            campaign.opened_on = campaign.opened_on or timezone.localdate()
        _give_keys(campaign)
        campaign.save()
        _drop_overtaken_plans(campaign)
        log(
            campaign,
            "campaigns.move",
            user=by,
            data={"from": before, "to": str(to), "outcome": campaign.outcome}
            | ({"concerns": len(seen)} if seen else {}),
        )
        return Moved(campaign, publish_edition(settings.CONFIG))


def _drop_overtaken_plans(campaign: Campaign) -> None:
    """Forget what was left to the clock and is settled now."""
    plans = campaign.planned.all()
    if campaign.state in ENDED:
        plans.delete()
        return
    done = PlannedVerb.OPEN if campaign.state == State.OPEN else PlannedVerb.PAUSE
    plans.filter(Q(verb=done) | Q(made_at__isnull=False) | ~Q(refused="")).delete()


def _give_keys(campaign: Campaign) -> None:
    if not campaign.public_key:
        made = keys.create_campaign_keys(settings.CONFIG.keys, campaign.ledger_bytes)
        campaign.public_key = ids.to_text(made)
