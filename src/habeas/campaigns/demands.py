"""What a page asks: demands typed on it, and demands picked from the directory, in the page's language.

The words of a picked demand stand in one place for all campaigns. What people signed stays as it was
(`signed_words_lost`): other words are another demand.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from wagtail.models import PageLogEntry, Revision

from habeas.campaigns.figures import mistyped, named_in
from habeas.campaigns.lifecycle import State
from habeas.cases import publishable
from habeas.cases.locking import Matter, alone
from habeas.lib import languages
from habeas.lib.errors import HabeasError

if TYPE_CHECKING:
    from habeas.campaigns.figures import Numbers
    from habeas.campaigns.models import CampaignPage, Demand

PICKED = "picked"  # the kind of block that names a demand of the directory
_PERSON = re.compile(r"\{\{\s*person\s*\}\}")


class DemandRefused(HabeasError):
    """The words of a demand would change under people who signed them, or leave a page that shows them."""


def said_on(page: CampaignPage, numbers: Numbers, look: publishable.Look) -> Iterator[str]:
    """Yield the demands of a page as it says them; one whose number or name may not be shown is left out.

    Pages, cards of the door, posters and letters take them from here.
    """
    for block in page.demands:
        text = _picked_text(page, block.value, look) if block.block_type == PICKED else block.value
        said = numbers.fill(str(text))
        if said:
            yield said


def _picked_text(page: CampaignPage, demand: Demand | None, look: publishable.Look) -> str:
    words = demand.words.get(page.locale.language_code, "") if demand else ""
    if not _PERSON.search(words):
        return words
    person = look.as_allowed(page.campaign.case, page.person)
    return in_words(words, person) if person else ""


def in_words(words: str, person: str) -> str:
    """Return the words of a demand with a name in its place."""
    return _PERSON.sub(lambda _: person, words)


def picked_on(page: CampaignPage) -> list[Demand | None]:
    """Return the demands that a page picks, in its order; None for one that is not there any more."""
    return [block.value for block in page.demands if block.block_type == PICKED]


def obstacles(page: CampaignPage) -> list[str]:
    """Return what keeps the demands that a page picks from being published, in words for its editors."""
    told = [lack_in_words(one, page.locale.language_code) for one in lacking(page, page.locale.language_code)]
    if None in picked_on(page):
        told.append("A demand is not in the directory any more. Choose another, or take its line out.")
    return told


def unsaid(page: CampaignPage, look: publishable.Look) -> list[str]:
    """Return why demands that a page picks would be left out once its case is public, for its editors."""
    picked = [one for one in picked_on(page) if one and one.words.get(page.locale.language_code)]
    nameless = [f"“{one}”" for one in picked if not _picked_text(page, one, look)]
    told = f"no consent lets a page name whom these demands are for: {', '.join(nameless)}"
    return [*obstacles(page), *([told] if nameless else [])]


def lacking(page: CampaignPage, language: str) -> list[Demand]:
    """Return the demands that a page picks and that have no words in a language yet."""
    return [one for one in picked_on(page) if one and not one.words.get(language)]


def in_order(demand: Demand) -> list[str]:
    """Return the languages a demand has words in: first what staff read, then those of the site."""
    spoken = (languages.DEFAULT, *settings.CONFIG.site.languages, *demand.words)
    return [code for code in dict.fromkeys(spoken) if demand.words.get(code)]


def first_words(demand: Demand) -> str:
    """Return the words of a demand in the first of its languages, for staff."""
    return next((str(demand.words[code]) for code in in_order(demand)), "")


def in_short(demand: Demand) -> str:
    """Return what staff call a demand and what it says, as editors of pages see it."""
    return f"{demand}: {first_words(demand)}"


def lack_in_words(demand: Demand, language: str) -> str:
    """Return what is missing, and where to add it."""
    called = languages.english_name(language)
    return f"The demand “{demand}” has no words in {called} yet. Add them in the menu, under Demands."


def mistakes_in(words: Mapping[str, str]) -> Iterator[str]:
    """Yield what in the words of a demand no page could say, in words for staff."""
    for code, text in words.items():
        plain, called = _PERSON.sub("", text), languages.english_name(code)
        if named_in(plain):
            yield f"{called}: a number from the registry cannot stand here. Type such a demand on the page."
        elif mistyped(plain):
            yield f"{called}: “{mistyped(plain)}” is not read as a name. Write {{{{person}}}}."


def check_words(demand: Demand) -> None:
    """Let a demand be saved, or say what stands against it; nobody publishes meanwhile.

    raises  DemandRefused
    """
    alone(Matter.EDITION)
    told = signed_words_lost(demand)
    if told:
        raise DemandRefused(" ".join(told))


def signed_words_lost(demand: Demand) -> list[str]:
    """Return which words of a demand would change or go that people have signed, in words for staff.

    What a campaign shows, or once showed, is signed from the day it opens. Another language may be added.
    """
    before = type(demand).objects.filter(pk=demand.pk).first()
    if before is None or before.words == demand.words:
        return []
    lost = [code for code, text in before.words.items() if demand.words.get(code) != text]
    signed = signed_in(demand) if lost else {}
    return [
        f"{languages.english_name(code)}: people may have signed these words, for {_listed(signed[code])}. "
        f"Leave “{before.words[code]}” as it is; for other words make a copy of the demand, "
        "with “Copy” in the list."
        for code in lost
        if code in signed
    ]


def signed_in(demand: Demand) -> dict[str, list[str]]:
    """Return by language which campaigns show a demand, or once showed it, to people who sign."""
    found: dict[str, list[str]] = defaultdict(list)
    shown = (
        _naming(demand, _published())
        .exclude(campaign__state=State.DRAFT)
        .filter(first_published_at__isnull=False)
    )
    for slug, code in shown.order_by("campaign__slug").values_list("campaign__slug", "locale__language_code"):
        found[code].append(slug)
    return dict(found)


def used_by(demand: Demand) -> list[str]:
    """Return the slugs of the campaigns whose pages say a demand, said it once, or will by their drafts."""
    found = _naming(demand, _published()) | _naming(demand, _to_come())
    return list(dict.fromkeys(found.order_by("campaign__slug").values_list("campaign__slug", flat=True)))


def check_deleting(demand: Demand) -> None:
    """Let a demand be deleted, or say who needs it.

    raises  DemandRefused
    """
    used = used_by(demand)
    if used:
        raise DemandRefused(f"“{demand}” is on pages of {_listed(used)}, or in a draft of them, or was once")


def _naming(demand: Demand, versions: QuerySet[Any]) -> QuerySet[Any]:
    """Return the pages that name a demand as they are, or in one of these versions."""
    pages, key = _pages(), str(demand.pk)
    now = pages.annotate(text=Cast("demands", TextField())).filter(text__contains=key)
    kept = versions.annotate(text=Cast("content", TextField())).filter(text__contains=key)
    ever = {int(number) for number in kept.values_list("object_id", flat=True)}
    return pages.filter(pk__in=ever | set(now.values_list("pk", flat=True)))


def _published() -> QuerySet[Any]:
    """Return the versions of pages that were published, now or once."""
    logged = PageLogEntry.objects.filter(action="wagtail.publish").exclude(revision=None)
    found: QuerySet[Any] = Revision.page_revisions.filter(pk__in=logged.values("revision"))
    return found


def _to_come() -> QuerySet[Any]:
    """Return the versions of pages that may be published: drafts, and what has its hour."""
    drafts = Q(pk__in=_pages().exclude(latest_revision=None).values("latest_revision"))
    found: QuerySet[Any] = Revision.page_revisions.filter(drafts | Q(approved_go_live_at__isnull=False))
    return found


def _pages() -> QuerySet[Any]:
    found: QuerySet[Any] = apps.get_model("campaigns", "CampaignPage").objects.all()
    return found


def _listed(slugs: Iterable[str]) -> str:
    return ", ".join(slugs)
