"""Numbers in the words of a page: for `{{figure:arrests}}` stands what `cases.publishable` hands out.

Publishing freezes the number (`citing.cite`); a correction that staff accept takes its place, with a notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from habeas.cases import publishable
from habeas.cases.publishable import PublicCorrection, PublicCount

if TYPE_CHECKING:
    from habeas.campaigns.models import CampaignPage, Citation

_PLACE = re.compile(r"\{\{\s*figure\s*:\s*([^{}]*?)\s*\}\}")
_BRACES = re.compile(r"\S{0,20}(?:\{\{|\}\})[^{}\s]{0,40}(?:\}\})?")  # what `_PLACE` does not know
_BEGINS = re.compile(r"(?:^|[.!?…]\s+)$")  # what stands before the first word of a sentence

# Where numbers may stand, and the one text of each block in a stream.
_TEXTS = ("lede", "outcome_headline", "outcome_text", "thanks", "news_text")
_STREAMS = {"story": "", "demands": "", "timeline": "text", "figures": "text"}
# Where they may not: names, buttons, what other people said.
_WITHOUT = (
    *("title", "person", "person_elsewhere", "button", "target_office", "target_holder"),
    *("words_quote", "words_said_by", "words_occasion", "news_subject"),
)


def named_in(text: str) -> list[str]:
    """Return the names of the figures that a text cites, in their order."""
    return _PLACE.findall(text)


def mistyped(text: str) -> str:
    """Return what begins or ends in a text as a number does and is none, with what stands around it."""
    found = _BRACES.search(_PLACE.sub("", text))
    return found[0].strip() if found else ""


def obstacles(page: CampaignPage) -> dict[str, str]:
    """Return what keeps the numbers of a page from being published, by field, in words for its editors."""
    told: dict[str, str] = {}
    look, language = publishable.Look(), page.locale.language_code
    for field, text in _texts(page):
        if mistyped(text):
            told[field] = f"“{mistyped(text)}” is not read as a number. Write {{{{figure:name}}}}."
        for slug in named_in(text):
            try:
                look.citable(slug, language)
            except publishable.NotCitable as reason:
                told[field] = f"{reason}."[0].upper() + f"{reason}."[1:]
    for field in _WITHOUT:
        if named_in(getattr(page, field)):
            told[field] = "A figure cannot stand here. Put it into the lede, the story, a demand or a figure."
    return told


def cited_by(page: CampaignPage) -> list[str]:
    """Return the names of all figures that a page cites, each once."""
    return list(dict.fromkeys(slug for _, text in _texts(page) for slug in named_in(text)))


def _texts(page: CampaignPage) -> Iterator[tuple[str, str]]:
    for field in _TEXTS:
        yield field, getattr(page, field)
    for field, part in _STREAMS.items():
        for block in getattr(page, field):
            text = block.value[part] if part else block.value
            if isinstance(text, str):  # the words of a demand that was picked hold no number
                yield field, text


class Numbers:
    """The numbers of one page, as one look at the registry allows."""

    def __init__(self, page: CampaignPage, look: publishable.Look) -> None:
        self._page, self._look = page, look
        self._language = page.locale.language_code
        self._found: dict[str, PublicCount | None] = {}

    @property
    def used(self) -> list[PublicCount]:
        """The numbers that the texts filled so far say."""
        return [count for count in self._found.values() if count]

    def fill(self, text: str) -> str | None:
        """Return a text with its numbers in their places; None if one may not be shown.

        A sentence without its number says something else: it is not shown either.
        """
        if any(self.count(slug) is None for slug in named_in(text)):
            return None
        return _PLACE.sub(self._in_its_place, text)

    def blocks(self, stream: Iterable[Any]) -> Iterator[str]:
        """Yield the texts of a stream of plain blocks, filled; those that may not be shown are left out."""
        filled = (self.fill(str(block.value)) for block in stream)
        return (text for text in filled if text)

    def count(self, slug: str) -> PublicCount | None:
        """Return the number of a figure: the frozen one, or on a page not yet published the latest."""
        if slug not in self._found:
            self._found[slug] = self._count(slug)
        return self._found[slug]

    def corrections(self) -> list[PublicCorrection]:
        """Return every correction of a number that the page ever said, each once, newest first."""
        told = {
            correction
            for citation in self._citations
            for correction in self._look.corrections(citation.snapshot_id, citation.slug, self._language)
        }
        return sorted(told, key=lambda one: (one.on, one.slug, one.after), reverse=True)

    def _count(self, slug: str) -> PublicCount | None:
        frozen = next((one for one in self._citations if one.slug == slug and one.until is None), None)
        if frozen:
            return self._look.count(frozen.snapshot_id, slug, self._language)
        try:
            return self._look.citable(slug, self._language)
        except publishable.NotCitable:
            return None

    @cached_property
    def _citations(self) -> list[Citation]:
        return list(self._page.citations.all()) if self._page.pk else []

    def _in_its_place(self, place: re.Match[str]) -> str:
        count = self.count(place[1])
        words = count.words if count else ""
        return capital(words) if _BEGINS.search(place.string[: place.start()]) else words


def capital(words: str) -> str:
    """Return words as they begin a sentence."""
    return words[:1].upper() + words[1:]
