"""Putting an edition together: every public campaign, every language, every page the door may need."""

import html
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from habeas.campaigns import feeds, found, kept, papers, pictures, portraits, render, sharing, views
from habeas.campaigns.cards import card_of, neutral_card_of
from habeas.campaigns.counted import counting_path
from habeas.campaigns.lifecycle import ENDED, PUBLIC, State
from habeas.campaigns.models import Campaign, CampaignPage, OldAddress
from habeas.campaigns.presentation import CampaignView, CountedFigure, Found, HomeView, News
from habeas.campaigns.render import Press
from habeas.cases import publishable
from habeas.cases.locking import Matter, alone
from habeas.config import Config
from habeas.edition import manifest, slots, withheld
from habeas.edition.write import KEPT, Draft, asset_path, write
from habeas.lib import languages

_READ_ALONG = (
    "campaign__next_action__case",
    "campaign__case",
    "campaign__portrait",
    "campaign__target__case",
    "locale",
)
_ENDED_ORDER = {State.WON: 0, State.CLOSED: 1}
_NOTICE_TEMPLATES = {name: f"{name.replace('-', '_')}.html" for name in manifest.NOTICES}

Pages = dict[str, CampaignPage]  # language: page
Views = dict[str, CampaignView]  # language: what the page shows
Address = Callable[[str, str], str]  # of slug and language

_AFTER_SIGNING: tuple[tuple[str, Address], ...] = (
    ("thanks.html", slots.thanks_path),
    ("confirmed.html", slots.confirmed_path),
    ("embed_thanks.html", slots.embed_thanks_path),
)

_SIGNING: tuple[Address, ...] = (slots.campaign_path, slots.embed_path)
_ADDRESSES: dict[
    bool, tuple[Address, ...]
] = {  # whether others may frame it: what a campaign always answers at
    False: (slots.campaign_path, slots.thanks_path, slots.confirmed_path),
    True: (slots.embed_path, slots.embed_thanks_path),
}

log = logging.getLogger("habeas.campaigns")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page or feed of a campaign, rendered and not yet in the edition."""

    path: str
    language: str
    body: bytes
    has_slots: bool = False
    is_kept: bool = True  # by browsers, and found by search engines
    is_feed: bool = False
    is_framed: bool = False  # by other sites


@dataclass(frozen=True, slots=True)
class Shown:
    """A campaign that may be shown, its main pages rendered."""

    campaign: Campaign
    pages: Pages
    views: Views
    leaves: list[Leaf]


def publish_edition(config: Config, *, forgets_earlier: bool = False) -> int:
    """Write everything that is public now as a new edition and return its number.

    forgets_earlier  whether what is no longer public is to leave the disk as well
    raises  BadEdition, OSError: then the edition before keeps serving
    """
    with transaction.atomic():
        # What is read before another edition and written after it would undo that other.
        alone(Matter.EDITION)
        settled = withheld.known(config.editions)  # what was taken down before we read is not in our edition
        number = _publish(config, forgets_earlier=forgets_earlier)
        _hand_out(config, settled)
        return number


def _hand_out(config: Config, settled: Iterable[str]) -> None:
    """Let doors follow the edition again in what they withheld; if that fails, the next edition will."""
    try:
        withheld.hand_out(config.editions, settled)
    except OSError:
        log.exception("pages of a case that was taken down are still withheld")


def _publish(config: Config, *, forgets_earlier: bool) -> int:
    draft = Draft(config.site.languages, {code: render.privacy_path(code) for code in config.site.languages})
    press = render.press_for(draft, config)
    shown = []
    for campaign, pages in _public_campaigns(config.site.languages):
        told = _shown(press, campaign, pages)
        if told is None:
            _add_neutral(draft, press, campaign, pages)
        else:
            shown.append(told)
    waiting = _waiting(press, shown)
    told_of = [one for one in shown if _add_campaign(draft, press, one, waiting)]
    for language in config.site.languages:
        _add_site_pages(
            draft, press, language, [one.views[language] for one in told_of if language in one.views]
        )
    _add_old_addresses(draft, press)
    _add_lists(draft, config.door_url)
    number = write(config.editions, draft, kept=0 if forgets_earlier else KEPT)
    kept.forget_others(press.drawn, config.pictures)
    portraits.forget_others(press.faces, config.pictures)
    return number


def _public_campaigns(codes: Sequence[str]) -> Iterable[tuple[Campaign, Pages]]:
    """Return what is public in the languages `codes`; a page in one the site no longer speaks stays here.

    An alias says in one language what a page says in another: it is no translation, and is not shown.
    """
    public: dict[Campaign, Pages] = defaultdict(dict)
    live = CampaignPage.objects.live().filter(
        campaign__state__in=PUBLIC, locale__language_code__in=codes, alias_of=None
    )
    for page in live.select_related(*_READ_ALONG).order_by("campaign__slug", "locale_id"):
        public[page.campaign][page.locale.language_code] = page
    return public.items()


def _waiting(press: Press, shown: Sequence[Shown]) -> dict[str, list[CampaignView]]:
    """Return, by language, the open campaigns that another may lead on to, the most urgent first.

    A title that names somebody who did not agree to be named goes on no other page.
    """
    withheld = {name for one in shown for name in press.look.names_to_withhold(one.campaign.case)}
    found: dict[str, list[CampaignView]] = defaultdict(list)
    for one in shown:
        for language, view in one.views.items():
            if view.state == State.OPEN and not publishable.names_in(view.title, withheld):
                found[language].append(view)
    return {language: sorted(open_ones, key=views.urgency) for language, open_ones in found.items()}


def _shown(press: Press, campaign: Campaign, pages: Pages) -> Shown | None:
    """Return a campaign with its main pages, None if it may not be shown."""
    if not press.look.is_public(campaign.case):
        return None
    told = {
        language: views.with_papers(campaign, views.campaign_view(page, press), language, press)
        for language, page in pages.items()
    }
    leaves = [*_main_pages(press, campaign, told), *_news_pages(press, told), *_feeds(press, told)]
    return None if _names_somebody(press, campaign, leaves) else Shown(campaign, pages, told, leaves)


def _main_pages(press: Press, campaign: Campaign, told: Views) -> Iterator[Leaf]:
    path_in = {code: slots.campaign_path(campaign.slug, code) for code in told}
    for language, view in told.items():
        body = press.page(
            f"{campaign.state}.html", language, path_in, found=_found(press, view, language), c=view
        )
        yield Leaf(path_in[language], language, body, has_slots=True)
        body = press.page("embed.html", language, {}, is_framed=True, c=view)
        path = slots.embed_path(campaign.slug, language)
        yield Leaf(path, language, body, has_slots=True, is_framed=True)


def _news_pages(press: Press, told: Views) -> Iterator[Leaf]:
    for language, view in told.items():
        for item in view.news:
            path_in = {code: same.url for code, other in told.items() for same in _same(item, other)}
            body = press.page(
                "update.html", language, path_in, found=_found(press, view, language), c=view, item=item
            )
            yield Leaf(item.url, language, body)
        for item in view.taken_back:
            body = press.page("update_taken_back.html", language, {}, is_listed=False, c=view, item=item)
            yield Leaf(item.url, language, body, is_kept=False)


def _same(item: News, other: CampaignView) -> Iterator[News]:
    return (news for news in other.news if news.key == item.key)


def _feeds(press: Press, told: Views) -> Iterator[Leaf]:
    origin, site = press.config.door_url, press.config.site.name
    for language, view in told.items():
        body = feeds.of_campaign(view, origin=origin, site=site, language=language)
        yield Leaf(view.feed, language, body, is_feed=True)


def _found(press: Press, view: CampaignView, language: str) -> Found:
    picture = asset_path(_picture_name(view, language), press.picture(_picture(press, view, language)))
    return Found(press.config.door_url + picture, view.feed, "article")


def _picture(press: Press, view: CampaignView, language: str) -> pictures.Card:
    has_ended = State(view.state) in ENDED and view.outcome
    return pictures.Card(
        large=view.outcome if has_ended else view.person,
        small="" if has_ended else view.title,
        site=press.config.site.name,
        language=language,
        is_right_to_left=languages.language(language).direction == "rtl",
        state=view.state,
        count=_more_than(view.reached, language),
    )


def _more_than(people: int, language: str) -> str:
    """Return how many have signed as the door says it; empty if no milestone was reached."""
    ngettext = languages.words(language).ngettext
    one, many = "More than %(people)s person has signed", "More than %(people)s people have signed"
    return ngettext(one, many, people) % {"people": languages.number(people, language)} if people else ""


def _picture_name(view: CampaignView, language: str) -> str:
    return f"{view.slug}-{language}.png"


def _add_campaign(
    draft: Draft, press: Press, one: Shown, waiting: Mapping[str, Sequence[CampaignView]]
) -> bool:
    """Add a campaign; return whether it is told of, False if what follows a signature names somebody."""
    after = list(_pages_after_signing(press, one, waiting))
    if _names_somebody(press, one.campaign, after):
        _add_neutral(draft, press, one.campaign, one.pages)
        return False
    card = card_of(
        one.campaign,
        list(one.pages.values()),
        press.look,
        reached=max(view.reached for view in one.views.values()),
    )
    draft.cards.append(card)
    for leaf in (*one.leaves, *after):
        _add_leaf(draft, leaf, one.campaign.slug)
    for made in press.portrait(one.campaign):
        draft.add_asset(views.portrait_name(one.campaign, made), made.content, portraits.KINDS[made.ending])
    for language, view in one.views.items():
        draft.add_asset(
            _picture_name(view, language), press.picture(_picture(press, view, language)), pictures.KIND
        )
        link = press.config.door_url + view.url
        draft.add_asset(views.qr_name(one.campaign), sharing.qr_code(link), sharing.QR_KIND)
        for name, content in views.papers_of(one.campaign, view, language, press).items():
            draft.add_asset(name, content, papers.KIND)
    return True


def _pages_after_signing(
    press: Press, one: Shown, waiting: Mapping[str, Sequence[CampaignView]]
) -> Iterator[Leaf]:
    for language, view in one.views.items():
        chained = views.with_chain(view, waiting.get(language, ()))
        for template, address in _AFTER_SIGNING:
            path_in = {code: address(one.campaign.slug, code) for code in one.views}
            is_framed = address in _ADDRESSES[True]
            body = press.page(template, language, path_in, is_listed=False, is_framed=is_framed, c=chained)
            yield Leaf(path_in[language], language, body, is_kept=False, is_framed=is_framed)


def _add_leaf(draft: Draft, leaf: Leaf, slug: str) -> None:
    if leaf.is_feed:
        draft.add_file(leaf.path, leaf.body, feeds.KIND, language=leaf.language)
        return
    owner, cache = (slug if leaf.has_slots else ""), ("page" if leaf.is_kept else "none")
    draft.add_page(
        leaf.path, leaf.body, language=leaf.language, card=owner, cache=cache, is_framed=leaf.is_framed
    )


def _names_somebody(press: Press, campaign: Campaign, leaves: Iterable[Leaf]) -> bool:
    """Tell whether a page names somebody who did not agree to be named, in whatever field it was typed."""
    names = press.look.names_to_withhold(campaign.case)
    if not names:
        return False
    named = any(publishable.names_in(html.unescape(leaf.body.decode()), names) for leaf in leaves)
    if named:
        log.error("%s is not shown: a page names somebody who did not agree to be named", campaign.slug)
    return named


def _add_neutral(draft: Draft, press: Press, campaign: Campaign, pages: Pages) -> None:
    """Add pages that tell nothing in the place of a campaign's own; links in mails go on working."""
    draft.cards.append(neutral_card_of(campaign, tuple(pages)))
    for language in pages:
        for is_framed, addresses in _ADDRESSES.items():
            body = press.page("unavailable.html", language, {}, is_listed=False, is_framed=is_framed)
            for address in addresses:
                path, owner = address(campaign.slug, language), campaign.slug if address in _SIGNING else ""
                draft.add_page(path, body, language=language, card=owner, cache="none", is_framed=is_framed)


def _add_site_pages(draft: Draft, press: Press, language: str, told: Sequence[CampaignView]) -> None:
    _add_home(draft, press, language, told)
    site, retention = press.config.site, press.config.retention
    kept_for = {"retention_days": retention.unconfirmed_days, "confirm_hours": retention.confirm_hours}
    for template, address, context in (
        ("privacy.html", render.privacy_path, kept_for),
        ("legal.html", render.legal_path, {"legal": site.legal, "source": site.source}),
        ("accessibility.html", render.accessibility_path, {}),
        ("how_we_count.html", counting_path, {"figures": _counted(told)}),
    ):
        paths = {code: address(code) for code in press.languages}
        draft.add_page(paths[language], press.page(template, language, paths, **context), language=language)
    for name, template in _NOTICE_TEMPLATES.items():
        draft.add_notice(name, language, press.page(template, language, {}))
    for status in manifest.ERRORS:
        draft.add_notice(f"error-{status}", language, press.page("error.html", language, {}, status=status))


def _counted(told: Iterable[CampaignView]) -> tuple[CountedFigure, ...]:
    """Return the numbers of our own that any campaign says, each once."""
    return tuple({figure.anchor: figure for view in told for figure in view.counted}.values())


def _add_home(draft: Draft, press: Press, language: str, told: Sequence[CampaignView]) -> None:
    waiting = [view for view in told if State(view.state) not in ENDED]
    ended = [view for view in told if State(view.state) in ENDED]
    home = HomeView(
        waiting=tuple(sorted(waiting, key=views.urgency)),
        ended=tuple(sorted(ended, key=lambda view: _ENDED_ORDER[State(view.state)])),
    )
    origin, site, feed = press.config.door_url, press.config.site.name, render.site_feed_path(language)
    paths = {code: render.home_path(code) for code in press.languages}
    card = pictures.Card(
        site, press.about(language), "", language, languages.language(language).direction == "rtl"
    )
    picture = draft.add_asset(f"home-{language}.png", press.picture(card), pictures.KIND)
    body = press.page("home.html", language, paths, found=Found(origin + picture, feed), home=home)
    draft.add_page(paths[language], body, language=language)
    body = feeds.of_site(told, origin=origin, path=feed, home=paths[language], site=site, language=language)
    draft.add_file(feed, body, feeds.KIND, language=language)


def _add_old_addresses(draft: Draft, press: Press) -> None:
    """Lead from where a campaign was to where it is, in every language; an address in use again stays."""
    in_use = {card.slug: card.languages for card in draft.cards}
    for old in OldAddress.objects.select_related("campaign"):
        if old.slug in in_use:
            continue
        for language in in_use.get(old.campaign.slug, ()):
            for address in _SIGNING:
                path, to = address(old.slug, language), address(old.campaign.slug, language)
                is_framed = address is slots.embed_path
                body = press.page("moved.html", language, {}, is_listed=False, is_framed=is_framed, to=to)
                draft.add_page(path, body, language=language, cache="none", is_framed=is_framed)


def _add_lists(draft: Draft, origin: str) -> None:
    """Add what search engines ask for; they are told of what is kept, and of nothing that only leads on."""
    paths = [
        page.path
        for page in draft.pages
        if page.path.endswith("/") and page.cache == "page" and not page.is_framed
    ]
    draft.add_file(found.SITEMAP, found.sitemap(origin, paths), found.SITEMAP_KIND)
    draft.add_file(found.ROBOTS, found.robots(origin), found.ROBOTS_KIND)
