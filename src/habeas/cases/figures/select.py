"""Finding what a definition counts: a few set-based queries, and no other I/O.

Withdrawn and superseded records, earlier versions, what is under an embargo and what is more protected than
the ceiling of the definition are in no number. docs/figures.md tells researchers the same. Asked are the
lines of `cases.counted`, which say of each event all that a definition may ask.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db import connection, models
from django.db.models import Q, QuerySet, Value, When
from django.db.models.functions import Cast
from django.utils import timezone

from habeas.cases.corroboration import ENOUGH
from habeas.cases.figures import counting
from habeas.cases.figures.counting import Count, Ones, Row
from habeas.cases.models import CaseRole, CountedEvent, Embargo, FigureDef, Person, Place
from habeas.cases.models.figure import VERIFICATIONS
from habeas.cases.protection import Verification
from habeas.cases.vocabulary import CountingUnit, FigureUnit, Role

_Lines = QuerySet[CountedEvent]
_DIGITS, _SPELT = 32, 37  # of an identifier; with hyphens, and the end of its line
_GROUPS = (8, 12, 16, 20)  # before these digits stands a hyphen


def count(definition: FigureDef, *, begun_by: date | None = None) -> Count:
    """Return what a definition comes to today.

    definition  also one that is not saved, or an earlier version
    begun_by    leave out what only happened after this day: it says nothing against an earlier count
    """
    lines = _lines(definition)
    if begun_by:
        lines = lines.filter(Q(earliest__isnull=True) | Q(earliest__lte=begun_by))
    found = _counted(definition, lines)
    return replace(found, members=_spelt(found.members), uncertain=_spelt(found.uncertain))


def _counted(definition: FigureDef, lines: _Lines) -> Count:
    window = _Window(definition.since, definition.until)
    if definition.unit in {FigureUnit.EVENTS, FigureUnit.CASES}:
        return counting.count(
            (), _keys(lines, "event" if definition.unit == FigureUnit.EVENTS else "case", window)
        )
    return _counted_persons(definition, _persons(definition, lines, window))


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


def _keys(lines: _Lines, of: str, window: _Window) -> Ones:
    """Return the identifiers of one part of each line, and of which an event lies wholly inside the window.

    Identifiers as the database writes them: tens of thousands of UUIDs took longer than the question. The
    same is why what is certain is told as a text, which nothing converts.
    """
    inside = window.surely_holds()
    if not inside:
        found = set(lines.values_list(_text(of), flat=True))
        return Ones(found, found)
    is_certain = models.Case(When(inside, then=Value("1")), default=Value(""))
    told = list(lines.values_list(_text(of), is_certain))
    return Ones({key for key, _certain in told}, {key for key, certain in told if certain})


def _text(field: str) -> Cast:
    return Cast(f"{field}_id", models.CharField())


def _spelt(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return identifiers as everybody writes them; SQLite keeps 32 digits."""
    if connection.features.has_native_uuid_field or not keys:
        return keys
    return tuple(_with_hyphens("".join(keys).encode(), len(keys)).split())


def _with_hyphens(digits: bytes, count: int) -> str:
    """Return so many identifiers of 32 digits as lines with hyphens, a column of all of them at a time.

    Tens of thousands are written so in a tenth of the time that one after the other takes.
    """
    told = bytearray(b"-") * (_SPELT * count)
    for place in range(_DIGITS):
        told[place + sum(place >= group for group in _GROUPS) :: _SPELT] = digits[place::_DIGITS]
    told[_SPELT - 1 :: _SPELT] = b"\n" * count
    return told.decode()


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


def _counted_persons(definition: FigureDef, persons: Ones) -> Count:
    """Count persons: most are one each, some are groups, doubles, or not to be counted."""
    special, stand_in = _sizes(definition), _stand_ins()
    odd = persons.possible & (special.keys() | stand_in.keys())
    if definition.unit == FigureUnit.GROUPS:
        others, ones = None, Ones()
    else:
        others, ones = (1, 1), Ones(persons.possible - odd, persons.certain - odd)
    sizes = ((person, special.get(person, others)) for person in odd)
    rows = (
        Row(stand_in.get(person, person), person in persons.certain, *size) for person, size in sizes if size
    )
    return counting.count(rows, ones)


def _persons(definition: FigureDef, lines: _Lines, window: _Window) -> Ones:
    """Return the persons of the events; one that names nobody concerns all the case is about."""
    named = _keys(lines, "person", window)
    if None not in named.possible:
        return named
    of_all = lines.filter(person=None)
    subjects = _subjects(of_all, definition.access_ceiling)
    cases = _keys(of_all, "case", window)
    of_cases, surely = (
        {person for case in some for person in subjects.get(case, ())}
        for some in (cases.possible, cases.certain)
    )
    return Ones((named.possible | of_cases) - {None}, (named.certain | surely) - {None})


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
