"""What a page says of a figure, as plain values. `cases.publishable` decides whether it may."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from habeas.cases.figures import saying
from habeas.cases.models import FigureDef, FigureSnapshot
from habeas.cases.models.figure import NUMBER
from habeas.cases.protection import Access


@dataclass(frozen=True, slots=True)
class PublicRule:
    """How a number of our own was counted."""

    question: str
    unit: str  # "events", "persons", "groups", "cases"
    event_types: tuple[str, ...]
    since: date | None
    until: date | None
    country: str  # two letters; empty: everywhere
    place: str  # empty: anywhere, or a place that may not be named
    verification: str  # at least
    origins: int  # at least so many independent ones
    lower: int
    upper: int | None  # None: nobody knows
    meaning: str  # what the words around the number promise


@dataclass(frozen=True, slots=True)
class PublicCount:
    """A number as a page may say it."""

    snapshot: UUID
    slug: str
    words: str  # "more than 168 arrests in Mauritania since 2014"
    as_of: date | None  # the day we counted; None: another body did
    rule: PublicRule | None  # None: another body counted


@dataclass(frozen=True, slots=True)
class PublicCorrection:
    """A number that was wrong, and the one that stands for it."""

    slug: str
    on: date
    before: str
    after: str
    reason: str  # "two records turned out to be of one arrest"


def has_words(snapshot: FigureSnapshot, language: str) -> bool:
    """Tell whether the number can be said in a language; another body's is said alone, in any."""
    definition = _definition(snapshot)
    return definition is None or bool(definition.wording.get(language))


def count_of(snapshot: FigureSnapshot, language: str) -> PublicCount:
    """Return the number of an approved snapshot, in words of the language."""
    definition = _definition(snapshot)
    rule = _rule(snapshot, definition, language) if definition else None
    return PublicCount(snapshot.pk, snapshot.slug, _words(snapshot, language), snapshot.as_of, rule)


def correction_of(before: FigureSnapshot, after: FigureSnapshot, language: str) -> PublicCorrection:
    """Return what a page tells of a correction."""
    day = timezone.localdate(after.approved_at) if after.approved_at else after.created_at.date()
    reason = after.reasons.get(language, "")
    return PublicCorrection(after.slug, day, _words(before, language), _words(after, language), reason)


def _words(snapshot: FigureSnapshot, language: str) -> str:
    number = saying.in_words(snapshot.qualifier, snapshot.value or 0, language)
    definition = _definition(snapshot)
    wording: str = definition.wording.get(language, NUMBER) if definition else NUMBER
    return wording.replace(NUMBER, number)


def _definition(snapshot: FigureSnapshot) -> FigureDef | None:
    """Return the definition as it was when the snapshot was taken; None: another body counted."""
    known: FigureDef | None = snapshot.definition
    return known.at(snapshot.definition_version or known.version) if known else None


def _rule(snapshot: FigureSnapshot, definition: FigureDef, language: str) -> PublicRule:
    place = definition.place
    return PublicRule(
        question=definition.questions.get(language) or definition.question,
        unit=definition.unit,
        event_types=tuple(definition.event_types),
        since=definition.since,
        until=definition.until,
        country=definition.country,
        place=place.name if place and place.access == Access.PUBLIC and not place.is_withdrawn else "",
        verification=definition.min_verification,
        origins=definition.min_origins,
        lower=snapshot.lower or 0,
        upper=snapshot.upper,
        meaning=saying.meaning(snapshot.qualifier, language),
    )
