"""Finding what a definition counts: a few set-based queries, and no other I/O.

Withdrawn and superseded records, earlier versions, what is under an embargo and what is more protected than
the ceiling of the definition are in no number. docs/figures.md tells researchers the same.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.lookups import GreaterThanOrEqual
from django.utils import timezone

from habeas.cases.corroboration import ENOUGH
from habeas.cases.esf import OFFICIAL
from habeas.cases.figures import counting
from habeas.cases.figures.counting import Count, Row
from habeas.cases.models import Case, CaseRole, Claim, Embargo, Event, FigureDef, Person, Place
from habeas.cases.models.figure import VERIFICATIONS
from habeas.cases.protection import Verification
from habeas.cases.vocabulary import CountingUnit, FigureUnit, Role, Stance

_PORTION = 10_000  # identifiers a query; SQLite takes three times as many


def count(definition: FigureDef, *, begun_by: date | None = None) -> Count:
    """Return what a definition comes to today.

    definition  also one that is not saved, or an earlier version
    begun_by    leave out what only happened after this day: it says nothing against an earlier count
    """
    happened = events(definition)
    if begun_by:
        happened = happened.filter(Q(earliest__isnull=True) | Q(earliest__lte=begun_by))
    return counting.count(_rows(definition, happened))


def _rows(definition: FigureDef, happened: QuerySet[Event]) -> Iterable[Row]:
    window = _Window(definition.since, definition.until)
    if definition.unit in {FigureUnit.EVENTS, FigureUnit.CASES}:
        member = "pk" if definition.unit == FigureUnit.EVENTS else "case_id"
        found = happened.values_list(member, "earliest", "latest")
        return [Row(one, window.surely_holds(early, late)) for one, early, late in found]
    seen = happened.values_list("pk", "case_id", "earliest", "latest")
    return _person_rows(
        definition, [_Happened(key, case, window.surely_holds(*days)) for key, case, *days in seen]
    )


@dataclass(frozen=True, slots=True)
class _Happened:
    event: UUID
    case: UUID
    is_certain: bool


@dataclass(frozen=True, slots=True)
class _Window:
    since: date | None
    until: date | None

    def surely_holds(self, earliest: date | None, latest: date | None) -> bool:
        """Tell whether something between two days was inside, on whichever day it was."""
        begins = self.since is None or (earliest is not None and earliest >= self.since)
        ends = self.until is None or (latest is not None and latest <= self.until)
        return begins and ends

    def may_hold(self) -> Q:
        """Return the events that may have been inside."""
        inside = Q()
        if self.since:
            inside &= Q(latest__isnull=True) | Q(latest__gte=self.since)
        if self.until:
            inside &= Q(earliest__isnull=True) | Q(earliest__lte=self.until)
        return inside


def events(definition: FigureDef) -> QuerySet[Event]:
    """Return the events that a definition rests on, those included that only may lie in its window.

    In two steps, the cheap one first: who says so is asked only of events that are left.
    """
    return Event.objects.filter(
        _sure_enough(definition), pk__in=_candidates(definition).values("pk")
    ).order_by()


def _candidates(definition: FigureDef) -> QuerySet[Event]:
    ceiling = definition.access_ceiling
    cases = Case.objects.filter(withdrawn_at=None, access__lte=ceiling).order_by()
    found = Event.objects.filter(
        _somewhere(definition, cases),
        _Window(definition.since, definition.until).may_hold(),
        type__in=definition.event_types,
        withdrawn_at=None,
        access__lte=ceiling,
        verification__in=_allowed(definition),
    )
    if definition.place_id:
        found = found.filter(place=definition.place_id)
    return _without_embargoed(found).order_by()


def _somewhere(definition: FigureDef, cases: QuerySet[Case]) -> Q:
    """Return what happened in the country: by its place, or where none is known by its case."""
    if not definition.country:
        return Q(case__in=cases.values("pk"))
    places = Place.objects.filter(country=definition.country).order_by()
    here = cases.filter(country=definition.country)
    return Q(place=None, case__in=here.values("pk")) | Q(
        place__in=places.values("pk"), case__in=cases.values("pk")
    )


def _without_embargoed(found: QuerySet[Event]) -> QuerySet[Event]:
    is_on = Q(until=None) | Q(until__gt=timezone.localdate())
    holding = Embargo.objects.filter(is_on, withdrawn_at=None).order_by()
    whole = holding.filter(event=None).values("case")
    return found.exclude(case__in=whole).exclude(pk__in=holding.filter(event__isnull=False).values("event"))


def _allowed(definition: FigureDef) -> tuple[Verification, ...]:
    return VERIFICATIONS[VERIFICATIONS.index(Verification(definition.min_verification)) :]


def _sure_enough(definition: FigureDef) -> Q:
    """Return the rule of independent origins.

    What is called corroborated has to be so, where that is asked for (cases.corroboration).
    """
    enough = Q()
    if definition.min_origins:
        enough &= _said_by(definition.min_origins)
    if definition.min_verification == Verification.CORROBORATED and definition.min_origins < ENOUGH:
        enough &= ~Q(verification=Verification.CORROBORATED) | _said_by(ENOUGH)
    return enough


def _said_by(origins: int) -> Q:
    """Return the events that so many independent origins support, or one official record."""
    supporting = Claim.objects.filter(
        event=OuterRef("pk"), stance=Stance.SUPPORTS, withdrawn_at=None, source__withdrawn_at=None
    ).order_by()
    if origins == 1:
        return Q(Exists(supporting))
    origin = models.Case(When(source__origin="", then=F("source__key")), default=F("source__origin"))
    distinct = supporting.values("event").annotate(n=models.Count(origin, distinct=True)).values("n")
    official = Exists(supporting.filter(material_type__in=OFFICIAL))
    return Q(official) | Q(GreaterThanOrEqual(Subquery(distinct), origins))


def _person_rows(definition: FigureDef, happened: Sequence[_Happened]) -> Iterator[Row]:
    """Yield a row for each person of each event; one that names nobody concerns all the case is about."""
    named = _named([one.event for one in happened])
    subjects = _subjects({one.case for one in happened if one.event not in named}, definition.access_ceiling)
    linked = Person.objects.filter(same_as__isnull=False).values_list("pk", "same_as")
    doubles = {person: other for person, other in linked if other}
    for one in happened:
        for person in named.get(one.event) or subjects.get(one.case, []):
            if person.is_counted(definition):
                stands_for = counting.stand_in(person.key, doubles)
                yield Row(stands_for, one.is_certain, *person.sizes(definition.unit))


@dataclass(frozen=True, slots=True)
class _Somebody:
    """A person of an event, or a group of people."""

    key: UUID
    unit: str
    least: int | None
    most: int | None
    access: int
    withdrawn_at: datetime | None

    def is_counted(self, definition: FigureDef) -> bool:
        """Tell whether the record is one of those that a definition counts."""
        is_meant = definition.unit != FigureUnit.GROUPS or self.unit != CountingUnit.INDIVIDUAL
        return is_meant and self.withdrawn_at is None and self.access <= definition.access_ceiling

    def sizes(self, unit: str) -> tuple[int, int | None]:
        """Return for how many it counts, at least and at most."""
        if unit == FigureUnit.GROUPS or self.unit == CountingUnit.INDIVIDUAL:
            return 1, 1
        least = self.least or 1  # a group whose size nobody gives is at least somebody
        return least, None if self.most is None else max(self.most, least)


_OF_SOMEBODY = ("pk", "counting_unit", "group_size_min", "group_size_max", "access", "withdrawn_at")


def _named(happened: Sequence[UUID]) -> dict[UUID, list[_Somebody]]:
    """Return the persons that each event names; an event that names nobody is not there."""
    links = Event.persons.through.objects.order_by()
    asked = [f"person__{name}" for name in _OF_SOMEBODY]
    found: dict[UUID, list[_Somebody]] = defaultdict(list)
    for some in _portions(happened):
        for event, *person in links.filter(event__in=some).values_list("event_id", *asked):
            found[event].append(_Somebody(*person))
    return found


def _subjects(cases: Collection[UUID], ceiling: int) -> dict[UUID, list[_Somebody]]:
    """Return whom each case is about."""
    roles = CaseRole.objects.filter(role=Role.SUBJECT, withdrawn_at=None, access__lte=ceiling).order_by()
    asked = [f"person__{name}" for name in _OF_SOMEBODY]
    found: dict[UUID, list[_Somebody]] = defaultdict(list)
    for some in _portions(sorted(cases)):
        for case, *person in roles.filter(case__in=some).values_list("case_id", *asked):
            found[case].append(_Somebody(*person))
    return found


def _portions(keys: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    """Cut a long list into queries that every database takes."""
    for start in range(0, len(keys), _PORTION):
        yield keys[start : start + _PORTION]
