"""Cards: what the door has to know of a campaign."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from habeas.campaigns import deadlines, demands
from habeas.campaigns.figures import Numbers
from habeas.campaigns.milestones import milestones_in
from habeas.cases.publishable import Look
from habeas.edition.manifest import Card, Deadline, Running

if TYPE_CHECKING:
    from habeas.campaigns.models import Campaign, CampaignPage


def card_of(campaign: Campaign, pages: Sequence[CampaignPage], look: Look, *, reached: int = 0) -> Card:
    """Return what the door has to know of `campaign`.

    reached  the milestone that the pictures of its links name
    """
    buttons = {page.locale.language_code: page.button for page in pages}
    return Card(
        id=campaign.ledger_id,
        slug=campaign.slug,
        state=campaign.state,  # type: ignore[arg-type]  # publish_edition takes public states only
        languages=tuple(buttons),
        public_key=campaign.public_key,
        text_version=_text_version(pages, look),
        asks_comment=campaign.asks_comment,
        buttons=buttons,
        count_rule=campaign.count_rule,
        running=_running(campaign, look),
        deadline=_deadline(campaign, tuple(buttons)),
        milestones=milestones_in(campaign.milestones),
        reached=reached,
    )


def _running(campaign: Campaign, look: Look) -> Running | None:
    found = None if campaign.has_ended else look.running(campaign.case)
    return Running(found.kind, found.since, found.is_exact, found.until) if found else None  # type: ignore[arg-type]  # the same words


def _deadline(campaign: Campaign, languages: Sequence[str]) -> Deadline | None:
    on = None if campaign.has_ended else campaign.deadline_on
    if on is None:
        return None
    kind = campaign.deadline_kind
    return Deadline(on, {language: deadlines.in_words(kind, on, language) for language in languages})


def neutral_card_of(campaign: Campaign, languages: tuple[str, ...]) -> Card:
    """Return the card of a campaign that may not be shown: nobody signs it, its links in mails still work."""
    return Card(
        id=campaign.ledger_id,
        slug=campaign.slug,
        state="paused",
        languages=languages,
        public_key=campaign.public_key,
        text_version="0" * 16,  # of words that nobody is shown
        asks_comment=False,
        buttons={},
    )


def _text_version(pages: Sequence[CampaignPage], look: Look) -> str:
    """Return a fingerprint of what people sign: title and demands in every language, with their numbers.

    Every signature carries it, so nobody's name can be moved under another demand.
    """
    signed = {
        page.locale.language_code: [page.title, *demands.said_on(page, Numbers(page, look), look)]
        for page in pages
    }
    return hashlib.sha256(json.dumps(signed, sort_keys=True).encode()).hexdigest()[:16]
