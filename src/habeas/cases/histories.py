"""The histories of many cases at once, as the replay reads them: a handful of questions for all of them.

Nothing here asks who reads; each part says what one has to be allowed to read for it (`needs`), and
`History.read_with` leaves out the rest. `cases.standing` reads one case for one person.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Q
from msgspec.structs import replace

from habeas.cases import dates, status
from habeas.cases.models import CaseRole, ConditionInterval, Event, Override
from habeas.cases.protection import Access, Verification
from habeas.cases.vocabulary import Role

T = TypeVar("T")

ABOUT = (Role.SUBJECT, Role.CO_ACCUSED)  # whose status follows from the events
OPEN, TEAM, SEALED = 0, 1, 2  # what one has to be allowed to read: bits
_NEEDS = {Access.TEAM: TEAM, Access.SEALED: SEALED}
_CHUNK = 500  # cases a question; SQLite counts its variables


@dataclass(frozen=True, slots=True)
class _Part(Generic[T]):
    needs: int
    told: T


@dataclass(slots=True)
class History:
    """What happened in a case, in the editor's order."""

    case: UUID
    events: list[_Part[status.Event]] = field(default_factory=list)
    conditions: list[_Part[status.Condition]] = field(default_factory=list)
    persons: list[_Part[str]] = field(default_factory=list)
    overridden: frozenset[tuple[str, str, str]] = frozenset()  # event, its kind, the event against it

    @property
    def needs(self) -> int:
        """What one has to be allowed to read for all of it."""
        found = OPEN
        parts: tuple[_Part[Any], ...] = (*self.events, *self.conditions, *self.persons)
        for part in parts:
            found |= part.needs
        return found

    def read_with(self, allowed: int) -> "Reading":
        """Return what somebody reads who is allowed so much."""
        return Reading(
            tuple(_named_or_only(_told(self.events, allowed))),
            tuple(_told(self.conditions, allowed)),
            tuple(dict.fromkeys(_told(self.persons, allowed))) or ("",),
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """A history as far as somebody reads it."""

    events: tuple[status.Event, ...]
    conditions: tuple[status.Condition, ...]
    persons: tuple[str, ...]


def histories(cases: Collection[UUID] | None = None) -> Iterator[History]:
    """Yield the histories of the cases; None: of all there are."""
    if cases is None:
        yield from _histories(Q()).values()
        return
    ordered = sorted(cases)
    for start in range(0, len(ordered), _CHUNK):
        chunk = ordered[start : start + _CHUNK]
        found = _histories(Q(case__in=chunk))
        yield from (found[case] for case in chunk)


class _Collected(defaultdict[UUID, History]):
    def __missing__(self, case: UUID) -> History:
        self[case] = made = History(case)
        return made


def _histories(chosen: Q) -> _Collected:
    found = _Collected()
    persons = _persons_of_events(chosen)
    for row in _events(chosen):
        found[row[0]].events.append(_event(row, persons))
    for case, person, access in _roles(chosen):
        found[case].persons.append(_Part(_NEEDS.get(access, OPEN), str(person)))
    for row in _conditions(chosen):
        found[row[0]].conditions.append(_condition(row))
    overridden = defaultdict(set)
    standing = Override.objects.filter(chosen, withdrawn_at=None)
    for case, event, kind, against in standing.values_list("case", "event", "event_type", "against"):
        overridden[case].add((str(event), kind, str(against or "")))
    for case, keys in overridden.items():
        found[case].overridden = frozenset(keys)
    return found


def _persons_of_events(chosen: Q) -> dict[UUID, tuple[str, ...]]:
    """Return the persons of the events that name some."""
    through: Any = Event.persons.through
    events = Event.objects.filter(chosen).values("pk") if chosen else None
    rows = through.objects.filter(event__in=events) if chosen else through.objects.all()
    found: dict[UUID, tuple[str, ...]] = {}
    for event, person in rows.order_by("person_id").values_list("event_id", "person_id"):
        found[event] = (*found.get(event, ()), str(person))
    return found


def _events(chosen: Q) -> Iterable[Any]:
    happened = Event.objects.filter(chosen, withdrawn_at=None).exclude(verification=Verification.REFUTED)
    return (
        happened.order_by("case_id", "seq")
        .values_list(
            *("case_id", "pk", "seq", "type", "date_edtf", "proceeding_id", "access", "authority__kind")
        )
        .iterator(chunk_size=5_000)
    )


def _event(row: Any, persons: dict[UUID, tuple[str, ...]]) -> _Part[status.Event]:
    _case, key, seq, kind, date, proceeding, access, agent = row
    told = status.Event(
        id=str(key),
        seq=seq,
        type=kind,
        date=dates.parse(date),
        proceeding=str(proceeding or ""),
        persons=persons.get(key, ()),
        agent=agent or "",
    )
    return _Part(_NEEDS.get(access, OPEN), told)


def _roles(chosen: Q) -> Iterable[Any]:
    about = CaseRole.objects.filter(chosen, role__in=ABOUT, withdrawn_at=None)
    return about.order_by("-role", "sort_order").values_list("case_id", "person_id", "access")


def _conditions(chosen: Q) -> Iterable[Any]:
    lived = ConditionInterval.objects.filter(chosen, withdrawn_at=None)
    return lived.order_by("pk").values_list(
        *("case_id", "pk", "kind", "from_edtf", "to_edtf", "event_id", "person_id"),
        *("access", "event__access", "source__access"),
    )


def _condition(row: Any) -> _Part[status.Condition]:
    _case, key, kind, begins, ends, event, person, *levels = row
    needs = OPEN
    for level in levels:
        needs |= _NEEDS.get(level, OPEN)
    told = status.Condition(
        id=str(key),
        kind=kind,
        begins=dates.parse(begins),
        ends=dates.parse(ends) if ends else None,
        event=str(event or ""),
        persons=(str(person),),
    )
    return _Part(needs, told)


def _told(parts: Iterable[_Part[T]], allowed: int) -> Iterator[T]:
    return (part.told for part in parts if not part.needs & ~allowed)


def _named_or_only(events: Iterable[status.Event]) -> Iterable[status.Event]:
    """Let an event that names no proceeding be of the only one there is (`standing.history`)."""
    told = list(events)
    named = {event.proceeding for event in told if event.proceeding}
    if len(named) != 1:
        return told
    (only,) = named
    return [event if event.proceeding else replace(event, proceeding=only) for event in told]
