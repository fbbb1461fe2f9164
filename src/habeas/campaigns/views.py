"""From records to what pages show: fills `presentation` from campaigns and what of cases may be public."""

from __future__ import annotations

from base64 import b64encode
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from habeas.campaigns import counted, deadlines, demands, papers, portraits, sharing, updates
from habeas.campaigns import presentation as shown
from habeas.campaigns.counted import counting_path
from habeas.campaigns.figures import Numbers, capital, named_in
from habeas.campaigns.lifecycle import ENDED, State
from habeas.campaigns.milestones import milestones_in, reached
from habeas.campaigns.render import Press
from habeas.cases import dates, publishable
from habeas.cases.publishable import PublicCount, PublicEvent, PublicSource
from habeas.cases.vocabulary import event_label
from habeas.edition.slots import campaign_path, embed_path, feed_path, update_path
from habeas.edition.write import asset_path
from habeas.ledger.shown import NOTHING
from habeas.lib import clock, languages

if TYPE_CHECKING:
    from habeas.campaigns.models import Campaign, CampaignPage, Update

LONGEST_CHAIN = 6  # people are offered so many others to sign for, one after the other


def campaign_view(page: CampaignPage, press: Press) -> shown.CampaignView:
    """Return a campaign in one language, as its page shows it in the state it is in."""
    campaign, language, look = page.campaign, page.locale.language_code, press.look
    numbers, news = Numbers(page, look), list(_news(campaign, language))
    return shown.CampaignView(
        slug=campaign.slug,
        state=campaign.state,
        url=campaign_path(campaign.slug, language),
        title=page.title,
        person=look.as_allowed(campaign.case, page.person),
        person_elsewhere=look.as_allowed(campaign.case, page.person_elsewhere),
        target_office=page.target_office,
        target_holder=page.target_holder,
        **_words_with_numbers(page, numbers, look),
        figures=(*_figures(page, look, numbers), *_others(page, numbers, look)),
        corrections=tuple(counted.correction_shown(one, language) for one in numbers.corrections()),
        counted=tuple(counted.counted_figures(numbers.used, numbers.corrections(), language)),
        news=tuple(item for item in news if not item.taken_back),
        taken_back=tuple(item for item in news if item.taken_back),
        closed_on=_day_in_words(campaign.closed_on, language),
        words=_words(page, look),
        next_action=_next_action(campaign, language, look),
        share=_share(page, press, numbers),
        deadline=_deadline(campaign, language),
        deadline_on=campaign.deadline_on if _deadline(campaign, language) else None,
        opened_on=campaign.opened_on,
        reached=_reached(campaign, press),
        was_held=look.was_held(campaign.case, language) if campaign.state == State.WON else "",
        feed=feed_path(campaign.slug, language),
        portrait=_portrait(campaign, press),
        is_demonstration=campaign.is_demonstration,
    )


def _words_with_numbers(page: CampaignPage, numbers: Numbers, look: publishable.Look) -> dict[str, Any]:
    """Return the editor's texts as fields of the view; one whose number may not be shown is left out."""
    has_ended = page.campaign.state in ENDED  # how it ended may be written long before it has
    return {
        "lede": numbers.fill(page.lede) or "",
        "story": tuple(numbers.blocks(page.story)),
        "demands": tuple(demands.said_on(page, numbers, look)),
        "timeline": tuple(_moments(page, look, numbers)),
        "outcome": (numbers.fill(page.outcome_headline) or "") if has_ended else "",
        "outcome_text": (numbers.fill(page.outcome_text) or "") if has_ended else "",
        "thanks": (numbers.fill(page.thanks) or "") if has_ended else "",
    }


def _moments(page: CampaignPage, look: publishable.Look, numbers: Numbers) -> Iterable[shown.Moment]:
    """Return what happened; a moment whose event is not public is not told, its words included."""
    has_ended, language = page.campaign.state in ENDED, page.locale.language_code
    told = [block.value for block in page.timeline if has_ended or not block.value["at_closing"]]
    public = look.events(moment["event"] for moment in told if moment["event"])
    for moment in told:
        if moment["event"] and moment["event"].pk in public:
            yield _moment(public[moment["event"].pk], numbers.fill(moment["text"]) or "", language)


def _moment(event: PublicEvent, text: str, language: str) -> shown.Moment:
    return shown.Moment(
        when=_when(event, language),
        machine_date=dates.machine(event.date),
        kind=event.type,
        label=event_label(event.type, language),
        text=text,
        sources=tuple(_source(source) for source in event.agreeing),
        others=tuple(
            shown.OtherDate(dates.in_words(claim.date, language), _source(claim.source))
            for claim in event.differing
        ),
    )


def _when(event: PublicEvent, language: str) -> str:
    start = dates.in_words(event.date, language)
    if not event.until:
        return start
    _ = languages.words(language).gettext
    return _("{start} to {end}").format(start=start, end=dates.in_words(event.until, language))


def _source(source: PublicSource) -> shown.SourceLine:
    return shown.SourceLine(source.title, source.publisher, source.url)


def _figures(page: CampaignPage, look: publishable.Look, numbers: Numbers) -> Iterable[shown.CitedFigure]:
    """Return the numbers cited; one that is not public is not told, its words included."""
    for block in page.figures:
        chosen, text = block.value["figure"], numbers.fill(block.value["text"])
        public = look.figure(chosen) if chosen else None
        named = named_in(block.value["text"])
        if text and public:
            yield shown.CitedFigure(text, _source(public.source))
        elif text and named and not chosen:
            count = numbers.count(named[0])
            if count:
                yield _cited(count, text, look, page.locale.language_code)


def _others(page: CampaignPage, numbers: Numbers, look: publishable.Look) -> Iterable[shown.CitedFigure]:
    """Return the numbers that other texts say: they too stand with who counted them."""
    in_blocks = {slug for block in page.figures for slug in named_in(block.value["text"])}
    for count in numbers.used:
        if count.slug not in in_blocks:
            yield _cited(count, capital(count.words), look, page.locale.language_code)


def _cited(count: PublicCount, text: str, look: publishable.Look, language: str) -> shown.CitedFigure:
    source = look.source_of(count)
    if source or count.as_of is None:
        return shown.CitedFigure(text, _source(source or PublicSource("", "", "")))
    return shown.CitedFigure(
        text,
        shown.SourceLine("", "", ""),
        as_of=_day_in_words(count.as_of, language),
        machine_date=count.as_of.isoformat(),
        how_url=f"{counting_path(language)}#{counted.anchor_of(count)}",
    )


def _news(campaign: Campaign, language: str) -> Iterable[shown.News]:
    """Return the updates, newest first. Each keeps its address whatever comes after it."""
    for name, update in updates.all_of(campaign):
        for text in update.texts.all():
            if text.language == language:
                yield _item(update, updates.Words(text.subject, text.text), language, name)


def _item(update: Update, words: updates.Words, language: str, name: str) -> shown.News:
    _ = languages.words(language).gettext
    corrected = update.corrected_on
    return shown.News(
        when=_day_in_words(update.made_on, language),
        machine_date=update.made_on.isoformat(),
        title=words.subject,
        text=words.text,
        url=update_path(update.campaign.slug, language, name),
        key=str(update.pk),
        corrected=_("Corrected on {date}.").format(date=_day_in_words(corrected, language))
        if corrected
        else "",
        changed=(corrected or update.made_on).isoformat(),
        taken_back=_taken_back(update, language),
    )


def _taken_back(update: Update, language: str) -> str:
    if update.taken_back_on is None:
        return ""
    _ = languages.words(language).gettext
    day = _day_in_words(update.taken_back_on, language)
    return _("We took this update back on {date}. What it said no longer stands.").format(date=day)


def news_item(update: Update, words: updates.Words, language: str) -> shown.News:
    """Return an update in one language as its page would show it today."""
    return _item(update, words, language, name="")


def _share(page: CampaignPage, press: Press, numbers: Numbers) -> shown.Share:
    link = press.config.door_url + campaign_path(page.campaign.slug, page.locale.language_code)
    wished = page.outcome_headline if page.campaign.has_ended else page.share_text
    text = numbers.fill(wished) or page.title
    qr = asset_path(qr_name(page.campaign), sharing.qr_code(link)) if press.has_pictures else ""
    return sharing.share(text, link, qr, _embed(page, press))


def _embed(page: CampaignPage, press: Press) -> str:
    if page.campaign.has_ended:
        return ""
    path = embed_path(page.campaign.slug, page.locale.language_code)
    return sharing.embed_code(press.config.door_url, path, page.title)


def papers_of(campaign: Campaign, view: shown.CampaignView, language: str, press: Press) -> dict[str, bytes]:
    """Return file name and content of the poster and the letter; nothing where there is nothing to sign."""
    if State(view.state) in ENDED:
        return {}
    site, link = press.config.site.name, press.config.door_url + view.url
    face, salutation = _face(campaign, view, press), press.look.salutation(campaign.target, language)
    told = {
        kind: papers.of(view, kind, language, site, link, salutation=salutation, face=face)
        for kind in papers.KINDS
    }
    made = {f"{kind}-{view.slug}-{language}.pdf": press.paper(paper) for kind, paper in told.items()}
    return {name: content for name, content in made.items() if content}


def _face(campaign: Campaign, view: shown.CampaignView, press: Press) -> papers.Face | None:
    """Return the portrait for paper: where the page shows one, and only there."""
    made = press.portrait(campaign) if view.portrait else ()
    return papers.Face(made[-1].content, campaign.portrait_credit) if made else None


def with_papers(
    campaign: Campaign, view: shown.CampaignView, language: str, press: Press
) -> shown.CampaignView:
    """Return the view with the addresses of its poster and letter."""
    if view.share is None:
        return view
    made = papers_of(campaign, view, language, press).items()
    at = {name.partition("-")[0]: asset_path(name, content) for name, content in made}
    poster, letter = (at.get(kind, "") for kind in papers.KINDS)
    return replace(view, share=replace(view.share, poster=poster, letter=letter))


def qr_name(campaign: Campaign) -> str:
    """Return what the file of a campaign's QR codes is called."""
    return f"qr-{campaign.slug}.svg"


def _portrait(campaign: Campaign, press: Press) -> shown.Portrait | None:
    made = press.portrait(campaign)
    if not made:
        return None
    plain, credit = made[-1], campaign.portrait_credit
    if not press.has_pictures:  # a preview, which has no edition to load files from
        inside = f"data:{portraits.KINDS[plain.ending]};base64,{b64encode(plain.content).decode()}"
        return shown.Portrait((), inside, plain.width, plain.height, credit)
    of_kind: dict[str, list[str]] = defaultdict(list)
    for one in made:
        of_kind[portraits.KINDS[one.ending]].append(f"{_portrait_path(campaign, one)} {one.width}w")
    sources = tuple((kind, ", ".join(addresses)) for kind, addresses in of_kind.items())
    return shown.Portrait(sources, _portrait_path(campaign, plain), plain.width, plain.height, credit)


def _portrait_path(campaign: Campaign, one: portraits.Rendition) -> str:
    return asset_path(portrait_name(campaign, one), one.content)


def portrait_name(campaign: Campaign, one: portraits.Rendition) -> str:
    """Return what a file of a campaign's portrait is called."""
    return f"portrait-{campaign.slug}-{one.width}.{one.ending}"


def _reached(campaign: Campaign, press: Press) -> int:
    if campaign.has_ended:
        return 0
    return reached(milestones_in(campaign.milestones), press.told.get(campaign.ledger_bytes, NOTHING))


def _deadline(campaign: Campaign, language: str) -> str:
    on = campaign.deadline_on
    if on is None or campaign.has_ended or on < clock.date_of(clock.today()):
        return ""
    return deadlines.in_words(campaign.deadline_kind, on, language)


def urgency(view: shown.CampaignView) -> tuple[bool, date, int]:
    """Return what sorts actions: the nearest deadline first, then the newest; paused ones last."""
    opened = view.opened_on.toordinal() if view.opened_on else 0
    return (view.state != State.OPEN, view.deadline_on or date.max, -opened)


def with_chain(view: shown.CampaignView, waiting: Sequence[shown.CampaignView]) -> shown.CampaignView:
    """Return the view with those who wait: its next action, then whoever is as urgent or less, then the rest.

    Nothing tells a server or a cookie whom somebody has signed for already: going round in one order brings
    everybody to each action once before the first comes again.

    waiting  open campaigns, this one perhaps among them, the most urgent first
    """
    place = bisect_right(waiting, urgency(view), key=urgency)
    around = chain(islice(waiting, place, None), islice(waiting, place))
    after = view.next_action.url if view.next_action else ""
    first = [other for other in waiting if other.url == after]
    others = (other for other in around if other.url != after)
    links = (
        shown.NextAction(other.title, other.url) for other in chain(first, others) if other.url != view.url
    )
    return replace(view, chain=tuple(islice(links, LONGEST_CHAIN)))


def _words(page: CampaignPage, look: publishable.Look) -> shown.Words | None:
    has_words = page.words_quote and page.campaign.state in ENDED
    if not has_words or not look.may_show_words(page.campaign.case):
        return None
    return shown.Words(page.words_quote, page.words_said_by, page.words_occasion)


def _next_action(campaign: Campaign, language: str, look: publishable.Look) -> shown.NextAction | None:
    following = campaign.next_action
    if following is None or not following.is_public or not look.is_public(following.case):
        return None
    page = following.pages.filter(live=True, locale__language_code=language).first()
    if page is None or publishable.names_in(page.title, look.names_to_withhold(following.case)):
        return None
    return shown.NextAction(page.title, campaign_path(following.slug, language))


def _day_in_words(day: date | None, language: str) -> str:
    return dates.in_words(day.isoformat(), language) if day else ""
