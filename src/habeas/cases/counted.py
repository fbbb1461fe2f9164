"""What figures ask of events, kept for them: worked out in the act that changes a case.

A test compares every line with those made anew, after each step of random histories, and every number
with one counted by hand.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import F, QuerySet, Value, When

from habeas.cases.esf import OFFICIAL
from habeas.cases.models import Case, Claim, CountedEvent, Event
from habeas.cases.models.counted import IN_PLACE_OF_ANY
from habeas.cases.models.figure import CEILINGS, VERIFICATIONS
from habeas.cases.models.inserting import insert_values
from habeas.cases.vocabulary import Stance

_CHUNK = 500  # cases a question; SQLite counts its variables
_COLUMNS = (
    *("event_id", "case_id", "country", "place_id", "type", "verification", "earliest", "latest"),
    *("access", "origins", "person_id"),
)
_OF_EVENT = ("pk", "case_id", "case__country", "place_id", "type", "verification", "earliest", "latest")
_NOBODY: tuple[UUID | None, ...] = (None,)


def work_out(cases: Collection[UUID] | None = None) -> int:
    """Write what figures ask of the events of the cases, and return how many lines that takes; None: of all.

    Events of other cases come along that rest on a source of these.
    """
    with transaction.atomic():
        if cases is None:
            CountedEvent.objects.all().delete()
            return _write(Event.objects.all())
        return sum(_work_out_some(some) for some in _chunks({*cases, *_resting_on(cases)}))


def _work_out_some(cases: Collection[UUID]) -> int:
    # Two acts that touch one case would each write lines without what the other changed.
    list(Case.objects.filter(pk__in=cases).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    events = Event.objects.filter(case__in=cases)
    moved = CountedEvent.objects.filter(event__in=events.order_by().values("pk"))  # from another case
    for gone in (CountedEvent.objects.filter(case__in=cases), moved):
        gone.delete()
    return _write(events)


def _resting_on(cases: Collection[UUID]) -> set[UUID]:
    """Return the other cases in which a claim rests on a source of one of these."""
    found = set[UUID]()
    for some in _chunks(cases):
        claims = Claim.objects.filter(source__case__in=some, event__isnull=False)
        elsewhere = claims.exclude(event__case__in=some).order_by()
        found.update(elsewhere.values_list("event__case", flat=True))
    return found


def _chunks(cases: Collection[UUID]) -> Iterator[Collection[UUID]]:
    ordered = sorted(cases)
    for start in range(0, len(ordered), _CHUNK):
        yield ordered[start : start + _CHUNK]


def _write(events: QuerySet[Event]) -> int:
    lines = list(_lines(events.order_by()))
    insert_values(CountedEvent, _COLUMNS, lines)
    return len(lines)


def _lines(events: QuerySet[Event]) -> Iterator[tuple[Any, ...]]:
    known = events.filter(
        withdrawn_at=None,
        verification__in=VERIFICATIONS,
        access__in=CEILINGS,
        case__withdrawn_at=None,
        case__access__in=CEILINGS,
    )
    origins, persons = _origins(known), _persons(known)
    for *told, access, of_case in known.values_list(*_OF_EVENT, "access", "case__access"):
        event = told[0]
        for person in persons.get(event, _NOBODY):
            yield (*told, max(access, of_case), origins.get(event, 0), person)


def _origins(events: QuerySet[Event]) -> dict[UUID, int]:
    """Return by how many independent origins the events are supported; none has none here."""
    supporting = Claim.objects.filter(
        event__in=events.values("pk"),
        stance=Stance.SUPPORTS,
        withdrawn_at=None,
        source__withdrawn_at=None,
    ).order_by()
    origin = models.Case(When(source__origin="", then=F("source__key")), default=F("source__origin"))
    is_official = models.Case(When(material_type__in=OFFICIAL, then=Value(1)), default=Value(0))
    told = supporting.values("event").annotate(
        n=models.Count(origin, distinct=True), official=models.Max(is_official)
    )
    rows = told.values_list("event", "n", "official")
    return {event: IN_PLACE_OF_ANY if official else min(n, IN_PLACE_OF_ANY) for event, n, official in rows}


def _persons(events: QuerySet[Event]) -> dict[UUID, list[UUID | None]]:
    """Return the persons of the events that name some."""
    links: Any = Event.persons.through
    rows = links.objects.filter(event__in=events.values("pk")).order_by()
    found: dict[UUID, list[UUID | None]] = defaultdict(list)
    for event, person in rows.values_list("event_id", "person_id"):
        found[event].append(person)
    return found
