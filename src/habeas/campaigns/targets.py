"""Whom a page addresses: what the directory says of them, and pages that say what it said before.

A page begins with the directory's words in its language, and keeps them: it never changes by itself. Where
the directory says another thing since, staff are told (docs/decisions/0032).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings

from habeas.campaigns.lifecycle import ENDED
from habeas.campaigns.models import CampaignPage
from habeas.cases import publishable
from habeas.cases.addressing import Directory, Part
from habeas.lib import languages

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from habeas.cases.models import Authority

_PARTS: Mapping[str, Part] = {"target_office": "office", "target_holder": "holder"}  # by field of a page


def said_in(language: str, target: Authority, look: publishable.Look) -> dict[str, str]:
    """Return what a page in a language may say of its target, by field; empty where nothing may be said."""
    return {"target_office": look.office(target, language), "target_holder": look.holder(target, language)}


def carried_over(page: CampaignPage, language: str) -> dict[str, str]:
    """Return the same for a translation of a page, where the page itself says what the directory does."""
    target, look = page.campaign.target, publishable.Look()
    here, there = (said_in(code, target, look) for code in (page.locale.language_code, language))
    return {name: text for name, text in there.items() if here[name] == getattr(page, name).strip()}


@dataclass(frozen=True, slots=True)
class Replaced:
    """A text of a page that the directory said before, and says no more."""

    page: CampaignPage
    said: str  # "Mohamed Ould Abdel Aziz"
    now: str  # what the directory says in this language; empty: nothing

    @property
    def language(self) -> str:
        """The language of the page, as staff call it."""
        return languages.english_name(self.page.locale.language_code)


def replaced(by: User, **which: Any) -> Mapping[UUID, list[Replaced]]:
    """Return by campaign what pages that people read, or sign next, still say of a target.

    by     who is told; of authorities that they may not read, nothing
    which  a filter of pages: `campaign=…`
    """
    spoken = settings.CONFIG.site.languages
    pages = CampaignPage.objects.filter(live=True, locale__language_code__in=spoken, **which)
    going = pages.exclude(campaign__state__in=ENDED).select_related("campaign", "locale")
    shown = sorted(going, key=lambda page: spoken.index(page.locale.language_code))
    directory = Directory([page.campaign.target_id for page in shown], by)
    found: dict[UUID, list[Replaced]] = defaultdict(list)
    for page in shown:
        found[page.campaign_id].extend(_on(page, directory))
    return found


def _on(page: CampaignPage, directory: Directory) -> Iterator[Replaced]:
    language = page.locale.language_code
    for name, part in _PARTS.items():
        said = getattr(page, name).strip()
        now = directory.replacing(page.campaign.target_id, part, language, said)
        if now is not None:
            yield Replaced(page, said, now)
