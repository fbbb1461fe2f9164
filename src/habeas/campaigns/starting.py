"""A new campaign from a case: what the registry knows is filled in, and people write the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify

from habeas.campaigns import actions, demands, targets, translating
from habeas.campaigns.models import Campaign
from habeas.cases import choosing, publishable
from habeas.lib import languages

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from habeas.campaigns.models import Demand
    from habeas.cases.models import Authority, Case

_AT_THE_END = "release"  # the event that a page keeps for its closing


@dataclass(frozen=True, slots=True)
class FirstPage:
    """What people write of a campaign before it can open."""

    language: str
    person: str
    title: str
    lede: str
    button: str
    demands: tuple[str, ...]  # of its own, after those that are picked
    story: tuple[str, ...]  # paragraphs
    picked: tuple[Demand, ...] = ()  # of the directory
    office: str = ""  # of the target; empty: as the directory says it
    holder: str = ""


def proposed_slug(case: Case) -> str:
    """Return an address that no campaign has: "free-mkhaitir"."""
    name, _ = choosing.names_of(case, languages.DEFAULT)
    wanted = f"free-{slugify(name) or slugify(case.ref)}"
    taken = set(Campaign.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (wanted, *numbered) if slug not in taken)


def start(
    *, case: Case, target: Authority, slug: str, first: FirstPage, also: Iterable[str], by: User | None
) -> Campaign:
    """Return a draft campaign with its first page written, and drafts of pages in other languages.

    also  the languages of the drafts, to be translated text by text beside the first page; names and timeline
          are filled in, and they are nowhere before somebody publishes them
    """
    events = choosing.events_of(case)
    look = publishable.Look()
    public = look.events(events)
    moments = [
        ("moment", {"event": event, "text": "", "at_closing": public[event.pk].type == _AT_THE_END})
        for event in events
        if event.pk in public
    ]
    with transaction.atomic():
        campaign = actions.create(slug=slug, case=case, target=target, by=by)
        known = _known(case, target, first.language, look)
        words = {
            "person": first.person,
            "title": first.title,
            "lede": first.lede,
            "button": first.button,
            "demands": [
                *((demands.PICKED, demand) for demand in first.picked),
                *(("demand", demand) for demand in first.demands),
            ],
            "story": [("paragraph", paragraph) for paragraph in first.story],
            "timeline": moments,
            **_typed(first),
        }
        actions.add_page(campaign, first.language, {**known, **words}, by=by)
        for language in _others(also, first.language):
            translating.begin(campaign, language, by=by)
    return campaign


def _others(wanted: Iterable[str], first: str) -> Iterator[str]:
    return (code for code in settings.CONFIG.site.languages if code in set(wanted) - {first})


def _known(case: Case, target: Authority, language: str, look: publishable.Look) -> dict[str, Any]:
    person, elsewhere = choosing.names_of(case, language)
    return {"person": person, "person_elsewhere": elsewhere, **targets.said_in(language, target, look)}


def _typed(first: FirstPage) -> dict[str, str]:
    written = {"target_office": first.office, "target_holder": first.holder}
    return {name: text for name, text in written.items() if text}
