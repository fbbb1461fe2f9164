"""Showing staff a page as the door will show it, in any state, before it is public."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from django.conf import settings

from habeas.campaigns import render, views
from habeas.campaigns.cards import card_of
from habeas.edition.slots import fill, render_count, render_days, render_form
from habeas.ledger.shown import shown_of_nobody
from habeas.lib import clock

if TYPE_CHECKING:
    from habeas.campaigns.models import CampaignPage, Update
    from habeas.campaigns.updates import Words

ASSETS = "/static/campaigns/"  # the office serves the stylesheet under its own address


def preview(page: CampaignPage, state: str) -> bytes:
    """Return `page` as it would look in `state`, nobody having signed yet; nothing is saved."""
    language = page.locale.language_code
    page.campaign.state = state
    press = _press()
    card = msgspec.structs.replace(card_of(page.campaign, [page], press.look), state=state)
    view = views.campaign_view(page, press)
    body = press.page(f"{state}.html", language, {language: view.url}, c=view)
    form = render_form(card, language, render.privacy_path(language)) if state == "open" else b""
    count = render_count(card, language, shown_of_nobody(card.count_rule).total)
    days = render_days(card, language, clock.date_of(clock.today()))
    return fill(body, form=form, count=count, days=days)


def preview_update(page: CampaignPage, update: Update, words: Words) -> bytes:
    """Return the page that an update would have in the language of `page`; nothing is saved."""
    language, press = page.locale.language_code, _press()
    view = views.campaign_view(page, press)
    item = views.news_item(update, words, language)
    return press.page("update.html", language, {language: item.url}, c=view, item=item)


def _press() -> render.Press:
    assets = {name: ASSETS + name for name, _, _ in render.assets()}
    return render.Press(settings.CONFIG, assets, has_pictures=False)
