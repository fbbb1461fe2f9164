"""Finding what a definition counts: a few set-based queries, and no other I/O.

Withdrawn and superseded records, earlier versions, what is under an embargo and what is more protected than
the ceiling of the definition are in no number. docs/figures.md tells researchers the same. Asked are the
lines of `cases.counted`, which say of each event all that a definition may ask.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection, models
from django.db.models import Q, QuerySet, Value, When
from django.db.models.functions import Cast
from django.utils import timezone

from habeas.cases.corroboration import ENOUGH
from habeas.cases.figures import counting
from habeas.cases.figures.counting import Count, Row
from habeas.cases.models import CaseRole, CountedEvent, Embargo, FigureDef, Person, Place
from habeas.cases.models.figure import VERIFICATIONS
from habeas.cases.protection import Verification
from habeas.cases.vocabulary import CountingUnit, FigureUnit, Role

_Lines = QuerySet[CountedEvent]


def count(definition: FigureDef, *, begun_by: date | None = None) -> Count:
    """Return what a definition comes to today.

    definition  also one that is not saved, or an earlier version
    begun_by    leave out what only happened after this day: it says nothing against an earlier count
    """
    lines = _lines(definition)
    if begun_by:
        lines = lines.filter(Q(earliest__isnull=True) | Q(earliest__lte=begun_by))
    found = counting.count(_rows(definition, lines))
    return replace(found, members=_spelt(found.members), uncertain=_spelt(found.uncertain))


def _rows(definition: FigureDef, lines: _Lines) -> Iterator[Row]:
    window = _Window(definition.since, definition.until)
    if definition.unit in {FigureUnit.EVENTS, FigureUnit.CASES}:
        member = "event" if definition.unit == FigureUnit.EVENTS else "case"
        return (Row(key, is_certain) for key, is_certain in _keys(lines, member, window))
    return _person_rows(definition, lines, window)


@dataclass(frozen=True, slots=True)
class _Window:
    since: date | None
    until: date | None

    def surely_holds(self) -> Q:
        """Return what was inside, on whichever day it was."""
        inside = Q()
        if self.since:
            inside &= Q(earliest__gte=self.since)
        if self.until:
            inside &= Q(latest__lte=self.until)
        return inside

    def may_hold(self) -> Q:
        """Return what may have been inside."""
        inside = Q()
        if self.since:
            inside &= Q(latest__isnull=True) | Q(latest__gte=self.since)
        if self.until:
            inside &= Q(earliest__isnull=True) | Q(earliest__lte=self.until)
        return inside


def _keys(lines: _Lines, of: str, window: _Window) -> Iterator[tuple[Any, bool]]:
    """Yield the identifier of one part of each line, and whether its event lies wholly inside the window.

    Identifiers as the database writes them: tens of thousands of UUIDs took longer than the question.
    """
    inside = window.surely_holds()
    is_certain = models.Case(When(inside, then=Value(1)), default=Value(0)) if inside else Value(1)
    for key, certain in lines.values_list(_text(of), is_certain):
        yield key, certain == 1


def _text(field: str) -> Cast:
    return Cast(f"{field}_id", models.CharField())


def _spelt(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return identifiers as everybody writes them; SQLite keeps 32 digits."""
    if connection.features.has_native_uuid_field:
        return keys
    return tuple(f"{key[:8]}-{key[8:12]}-{key[12:16]}-{key[16:20]}-{key[20:]}" for key in keys)


def _lines(definition: FigureDef) -> _Lines:
    """Return what a definition rests on, events included that only may lie in its window."""
    found = CountedEvent.objects.filter(
        _somewhere(definition),
        _Window(definition.since, definition.until).may_hold(),
        _sure_enough(definition),
        type__in=definition.event_types,
        access__lte=definition.access_ceiling,
    )
    if definition.place_id:
        found = found.filter(place=definition.place_id)
    return _without_embargoed(found)


def _somewhere(definition: FigureDef) -> Q:
    """Return what happened in the country: by its place, or where none is known by its case."""
    if not definition.country:
        return Q()
    places = Place.objects.filter(country=definition.country).order_by()
    return Q(place=None, country=definition.country) | Q(place__in=places.values("pk"))


def _without_embargoed(found: _Lines) -> _Lines:
    is_on = Q(until=None) | Q(until__gt=timezone.localdate())
    holding = Embargo.objects.filter(is_on, withdrawn_at=None).order_by()
    whole = holding.filter(event=None).values("case")
    return found.exclude(case__in=whole).exclude(
        event__in=holding.filter(event__isnull=False).values("event")
    )


def _sure_enough(definition: FigureDef) -> Q:
    """Return what is verified enough, and said by enough independent origins or by an official record.

    What is called corroborated has to be so, where that is asked for (cases.corroboration).
    """
    least = VERIFICATIONS.index(Verification(definition.min_verification))
    enough = Q(verification__in=VERIFICATIONS[least:], origins__gte=definition.min_origins)
    if definition.min_verification == Verification.CORROBORATED and definition.min_origins < ENOUGH:
        enough &= ~Q(verification=Verification.CORROBORATED) | Q(origins__gte=ENOUGH)
    return enough


def _person_rows(definition: FigureDef, lines: _Lines, window: _Window) -> Iterator[Row]:
    """Yield a row for each person of each event."""
    special = _sizes(definition)
    others = None if definition.unit == FigureUnit.GROUPS else (1, 1)
    stand_in = _stand_ins()
    for person, is_certain in _persons(definition, lines, window):
        size = special.get(person, others)
        if size:
            yield Row(stand_in.get(person, person), is_certain, *size)


def _persons(definition: FigureDef, lines: _Lines, window: _Window) -> Iterator[tuple[str, bool]]:
    """Yield the persons of each event; one that names nobody concerns all the case is about."""
    all_name_somebody = True
    for person, is_certain in _keys(lines, "person", window):
        if person is None:
            all_name_somebody = False
        else:
            yield person, is_certain
    if all_name_somebody:
        return
    of_all = lines.filter(person=None)
    subjects = _subjects(of_all, definition.access_ceiling)
    for case, is_certain in _keys(of_all, "case", window):
        for person in subjects.get(case, ()):
            yield person, is_certain


def _sizes(definition: FigureDef) -> dict[str, tuple[int, int | None] | None]:
    """Return for how many a person record counts that is not simply one human being; None: it does not."""
    left_out = Q(withdrawn_at__isnull=False) | Q(access__gt=definition.access_ceiling)
    known = Person.objects.filter(~Q(counting_unit=CountingUnit.INDIVIDUAL) | left_out).order_by()
    is_left_out = models.Case(When(left_out, then=Value(1)), default=Value(0))
    told = known.values_list(_text_of_key(), "counting_unit", "group_size_min", "group_size_max", is_left_out)
    return {key: None if is_out else _size(definition.unit, *group) for key, *group, is_out in told}


def _size(counted: str, unit: str, least: int | None, most: int | None) -> tuple[int, int | None]:
    """Return for how many a group counts, at least and at most."""
    if counted == FigureUnit.GROUPS or unit == CountingUnit.INDIVIDUAL:
        return 1, 1
    least = least or 1  # a group whose size nobody gives is at least somebody
    return least, None if most is None else max(most, least)


def _stand_ins() -> Mapping[str, str]:
    """Return who counts for the persons that were recorded more than once."""
    linked = Person.objects.filter(same_as__isnull=False).order_by()
    doubles: dict[str, str] = dict(linked.values_list(_text_of_key(), _text("same_as")))
    return {person: counting.stand_in(person, doubles) for person in doubles}


def _text_of_key() -> Cast:
    return Cast("pk", models.CharField())


def _subjects(lines: _Lines, ceiling: int) -> Mapping[str, list[str]]:
    """Return whom the cases of the lines are about."""
    roles = CaseRole.objects.filter(
        role=Role.SUBJECT, withdrawn_at=None, access__lte=ceiling, case__in=lines.values("case")
    ).order_by()
    found: dict[str, list[str]] = defaultdict(list)
    for case, person in roles.values_list(_text("case"), _text("person")):
        found[case].append(person)
    return found
