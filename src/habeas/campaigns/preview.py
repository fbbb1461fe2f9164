"""Showing staff a page as the door will show it, in any state, before it is public."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from django.conf import settings

from habeas.campaigns import render
from habeas.campaigns.cards import card_of
from habeas.edition.slots import fill, render_count, render_form
from habeas.ledger.shown import shown_of_nobody

if TYPE_CHECKING:
    from habeas.campaigns.models import CampaignPage

_ASSETS = "/static/campaigns/"  # the office serves the stylesheet under its own address


def preview(page: CampaignPage, state: str) -> bytes:
    """Return `page` as it would look in `state`, nobody having signed yet; nothing is saved."""
    language = page.locale.language_code
    card = msgspec.structs.replace(card_of(page.campaign, [page]), state=state)
    page.campaign.state = state
    press = render.Press(settings.CONFIG, {name: _ASSETS + name for name, _, _ in render.assets()})
    view = render.campaign_view(page, press.look)
    body = press.page(f"{state}.html", language, {language: view.url}, c=view)
    form = render_form(card, language, render.privacy_path(language)) if state == "open" else b""
    count = render_count(card, language, shown_of_nobody(card.count_rule).total)
    return fill(body, form=form, count=count)
