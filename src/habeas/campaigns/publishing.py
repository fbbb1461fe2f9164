"""Putting an edition together: every public campaign, every language, every page the door may need."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from habeas.campaigns import render
from habeas.campaigns.cards import card_of
from habeas.campaigns.lifecycle import ENDED, PUBLIC, State
from habeas.campaigns.models import Campaign, CampaignPage
from habeas.campaigns.presentation import CampaignView, HomeView
from habeas.campaigns.render import Press
from habeas.config import Config
from habeas.edition import manifest, slots
from habeas.edition.write import Draft, write

_ORDER = {State.OPEN: 0, State.PAUSED: 1, State.WON: 0, State.CLOSED: 1}
_NOTICE_TEMPLATES = {name: f"{name.replace('-', '_')}.html" for name in manifest.NOTICES}

Pages = dict[str, CampaignPage]  # language: page


def publish_edition(config: Config) -> int:
    """Write everything that is public now as a new edition and return its number.

    raises  BadEdition, OSError: then the edition before keeps serving
    """
    draft = Draft(config.site.languages, {code: render.privacy_path(code) for code in config.site.languages})
    press = render.press_for(draft, config)
    views: dict[str, list[CampaignView]] = defaultdict(list)
    for campaign, pages in _public_campaigns(config.site.languages):
        draft.cards.append(card_of(campaign, list(pages.values())))
        for language, view in _add_campaign(draft, press, campaign, pages):
            views[language].append(view)
    for language in config.site.languages:
        _add_site_pages(draft, press, language, views[language])
    return write(config.editions, draft)


def _public_campaigns(codes: Sequence[str]) -> Iterable[tuple[Campaign, Pages]]:
    """Return what is public in the languages `codes`; a page in one the site no longer speaks stays here."""
    found: dict[Campaign, Pages] = defaultdict(dict)
    live = CampaignPage.objects.live().filter(campaign__state__in=PUBLIC, locale__language_code__in=codes)
    for page in live.select_related("campaign__next_action", "locale").order_by(
        "campaign__slug", "locale_id"
    ):
        found[page.campaign][page.locale.language_code] = page
    return found.items()


def _add_campaign(
    draft: Draft, press: Press, campaign: Campaign, pages: Pages
) -> Iterable[tuple[str, CampaignView]]:
    for language, page in pages.items():
        view = render.campaign_view(page)
        for template, address, owner, cache in (
            (f"{campaign.state}.html", slots.campaign_path, campaign.slug, "page"),
            ("thanks.html", slots.thanks_path, "", "none"),
            ("confirmed.html", slots.confirmed_path, "", "none"),
        ):
            path_in = {code: address(campaign.slug, code) for code in pages}
            body = press.page(template, language, path_in, is_listed=cache == "page", c=view)
            draft.add_page(path_in[language], body, language=language, card=owner, cache=cache)
        yield language, view


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
    for name, template in _NOTICE_TEMPLATES.items():
        draft.add_notice(name, language, press.page(template, language, {}))
    for status in manifest.ERRORS:
        draft.add_notice(f"error-{status}", language, press.page("error.html", language, {}, status=status))
