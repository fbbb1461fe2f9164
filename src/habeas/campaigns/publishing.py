"""Putting an edition together: every public campaign, every language, every page the door may need."""

import html
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from habeas.campaigns import render
from habeas.campaigns.cards import card_of, neutral_card_of
from habeas.campaigns.counted import counting_path
from habeas.campaigns.lifecycle import ENDED, PUBLIC, State
from habeas.campaigns.models import Campaign, CampaignPage
from habeas.campaigns.presentation import CampaignView, HomeView
from habeas.campaigns.render import Press
from habeas.cases import publishable
from habeas.config import Config
from habeas.edition import manifest, slots
from habeas.edition.write import KEPT, Draft, write

_ORDER = {State.OPEN: 0, State.PAUSED: 1, State.WON: 0, State.CLOSED: 1}
_NOTICE_TEMPLATES = {name: f"{name.replace('-', '_')}.html" for name in manifest.NOTICES}

Pages = dict[str, CampaignPage]  # language: page
Address = Callable[[str, str], str]  # of slug and language

log = logging.getLogger("habeas.campaigns")


def publish_edition(config: Config, *, forgets_earlier: bool = False) -> int:
    """Write everything that is public now as a new edition and return its number.

    forgets_earlier  whether what is no longer public is to leave the disk as well
    raises  BadEdition, OSError: then the edition before keeps serving
    """
    draft = Draft(config.site.languages, {code: render.privacy_path(code) for code in config.site.languages})
    press = render.press_for(draft, config)
    views: dict[str, list[CampaignView]] = defaultdict(list)
    for campaign, pages in _public_campaigns(config.site.languages):
        for language, view in _add_campaign(draft, press, campaign, pages):
            views[language].append(view)
    for language in config.site.languages:
        _add_site_pages(draft, press, language, views[language])
    return write(config.editions, draft, kept=0 if forgets_earlier else KEPT)


def _public_campaigns(codes: Sequence[str]) -> Iterable[tuple[Campaign, Pages]]:
    """Return what is public in the languages `codes`; a page in one the site no longer speaks stays here."""
    found: dict[Campaign, Pages] = defaultdict(dict)
    live = CampaignPage.objects.live().filter(campaign__state__in=PUBLIC, locale__language_code__in=codes)
    for page in live.select_related("campaign__next_action__case", "campaign__case", "locale").order_by(
        "campaign__slug", "locale_id"
    ):
        found[page.campaign][page.locale.language_code] = page
    return found.items()


def _add_campaign(
    draft: Draft, press: Press, campaign: Campaign, pages: Pages
) -> Iterable[tuple[str, CampaignView]]:
    """Add a campaign, and yield what the home page tells of it; nothing if it may not be shown."""
    if not press.look.is_public(campaign.case):
        _add_neutral(draft, press, campaign, pages)
        return
    views = {language: render.campaign_view(page, press.look) for language, page in pages.items()}
    bodies = _bodies(press, campaign, views)
    if _names_somebody(press, campaign, bodies.values()):
        _add_neutral(draft, press, campaign, pages)
        return
    draft.cards.append(card_of(campaign, list(pages.values()), press.look))
    for (address, language), body in bodies.items():
        owner, cache = (campaign.slug, "page") if address is slots.campaign_path else ("", "none")
        draft.add_page(address(campaign.slug, language), body, language=language, card=owner, cache=cache)
    yield from views.items()


def _bodies(
    press: Press, campaign: Campaign, views: Mapping[str, CampaignView]
) -> dict[tuple[Address, str], bytes]:
    """Return every page of a campaign, by its kind of address and its language."""
    made = {}
    for language, view in views.items():
        for template, address in _templates(campaign.state):
            path_in = {code: address(campaign.slug, code) for code in views}
            is_listed = address is slots.campaign_path
            made[address, language] = press.page(template, language, path_in, is_listed=is_listed, c=view)
    return made


def _templates(state: str) -> tuple[tuple[str, Address], ...]:
    return (
        (f"{state}.html", slots.campaign_path),
        ("thanks.html", slots.thanks_path),
        ("confirmed.html", slots.confirmed_path),
    )


def _names_somebody(press: Press, campaign: Campaign, bodies: Iterable[bytes]) -> bool:
    """Tell whether a page names somebody who did not agree to be named, in whatever field it was typed."""
    names = press.look.names_to_withhold(campaign.case)
    if not names:
        return False
    found = any(publishable.names_in(html.unescape(body.decode()), names) for body in bodies)
    if found:
        log.error("%s is not shown: a page names somebody who did not agree to be named", campaign.slug)
    return found


def _add_neutral(draft: Draft, press: Press, campaign: Campaign, pages: Pages) -> None:
    """Add pages that tell nothing in the place of a campaign's own; links in mails go on working."""
    draft.cards.append(neutral_card_of(campaign, tuple(pages)))
    for language in pages:
        body = press.page("unavailable.html", language, {}, is_listed=False)
        for _, address in _templates(campaign.state):
            owner = campaign.slug if address is slots.campaign_path else ""
            draft.add_page(
                address(campaign.slug, language), body, language=language, card=owner, cache="none"
            )


def _add_site_pages(draft: Draft, press: Press, language: str, views: Sequence[CampaignView]) -> None:
    codes = press.languages
    ordered = sorted(views, key=lambda view: _ORDER[State(view.state)])
    home = HomeView(
        waiting=tuple(view for view in ordered if view.state not in ENDED),
        ended=tuple(view for view in ordered if view.state in ENDED),
    )
    paths = {code: render.home_path(code) for code in codes}
    draft.add_page(paths[language], press.page("home.html", language, paths, home=home), language=language)
    paths = {code: render.privacy_path(code) for code in codes}
    days = press.config.retention.unconfirmed_days
    body = press.page("privacy.html", language, paths, retention_days=days)
    draft.add_page(paths[language], body, language=language)
    paths = {code: counting_path(code) for code in codes}
    figures = {one.anchor: one for view in views for one in view.counted}
    body = press.page("how_we_count.html", language, paths, figures=tuple(figures.values()))
    draft.add_page(paths[language], body, language=language)
    for name, template in _NOTICE_TEMPLATES.items():
        draft.add_notice(name, language, press.page(template, language, {}))
    for status in manifest.ERRORS:
        draft.add_notice(f"error-{status}", language, press.page("error.html", language, {}, status=status))
