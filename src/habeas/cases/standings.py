"""How all cases stand, kept for lists: worked out from the events in the act that changes them.

What the day decides (an event that was "somewhere in 2026" is certain from 2027 on) is worked out anew
on the first look after that day. A test compares every line with a replay for everybody who might read.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from functools import lru_cache, reduce
from operator import or_
from typing import Any, TypeGuard
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from habeas.cases import queries, standing, status
from habeas.cases.access import may_read_sealed_of, reads_as_collector, team_cases, visible
from habeas.cases.dates import FuzzyDate
from habeas.cases.histories import OPEN, SEALED, TEAM, History, Reading, histories
from habeas.cases.models import Case, CaseStanding
from habeas.cases.models.inserting import insert_values
from habeas.cases.status import words

_LANGUAGE = "en"  # staff screens are in English
NEVER_HELD = "never_held"
_LONG_AGO = FuzzyDate("", date.min, date.min)
_Answered = tuple[str, str, str]  # a contradiction that somebody answers for (History.overridden)
_Stands = tuple[Any, ...]  # values of the columns of a line from `keys` on
_COLUMNS = (
    *("case_id", "person_id", "shows_team", "hides_team", "shows_sealed", "hides_sealed"),
    *("keys", "text", "gaps", "contradictions", "misplaced", "next_change_on"),
)


def work_out(cases: Collection[UUID] | None = None, day: date | None = None) -> int:
    """Write how the cases stand today, and return how many lines that takes; None: all cases."""
    today = day or timezone.localdate()
    known = Case.objects.all() if cases is None else Case.objects.filter(pk__in=cases)
    with transaction.atomic():
        # Whoever else changes one of them works it out after us, and reads what we wrote.
        here = set(known.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
        gone = CaseStanding.objects.all() if cases is None else CaseStanding.objects.filter(case__in=cases)
        gone.delete()
        told = {history.case: history for history in histories(cases) if history.case in here}
        lines = [line for case in here for line in _values_of(told.get(case) or History(case), today)]
        insert_values(CaseStanding, _COLUMNS, lines)
    return len(lines)


def keep_up(day: date | None = None) -> None:
    """Work out anew what time alone has changed."""
    today = day or timezone.localdate()
    due = CaseStanding.objects.filter(next_change_on__lte=today).values_list("case", flat=True)
    cases = set(due)
    if cases:
        work_out(cases, today)


def fits_together(case: Case) -> bool:
    """Tell whether it is known that nothing in the case contradicts itself, for whoever reads it.

    A contradiction among what few may read counts. Where nothing was worked out yet, nothing is known.
    """
    told = CaseStanding.objects.filter(case=case).aggregate(
        lines=Count("pk"), contradicting=Count("pk", filter=Q(contradictions__gt=0))
    )
    return bool(told["lines"]) and not told["contradicting"]


def lines_of(history: History, today: date) -> Iterator[CaseStanding]:
    """Yield how each person of a case stands, for each way of reading it that makes a difference."""
    yield from map(_line, _values_of(history, today))


def _line(values: tuple[Any, ...]) -> CaseStanding:
    return CaseStanding(**dict(zip(_COLUMNS, values, strict=True)))


def _values_of(history: History, today: date) -> Iterator[tuple[Any, ...]]:
    """Yield the lines of a case as values of `_COLUMNS`."""
    there = history.needs
    for allowed in sorted({there & some for some in (OPEN, TEAM, SEALED, TEAM | SEALED)}):
        hidden = there & ~allowed
        shown = bool(allowed & TEAM), bool(hidden & TEAM), bool(allowed & SEALED), bool(hidden & SEALED)
        for person, stands in _standings(history.read_with(allowed), history.overridden, today):
            yield (history.case, UUID(person) if person else None, *shown, *stands)


def _standings(
    reading: Reading, overridden: frozenset[_Answered], today: date
) -> Iterator[tuple[str, _Stands]]:
    """Yield each person of a reading, and how they stand."""
    if _is_of_one(reading) and not overridden:
        yield reading.persons[0], _of_one(tuple(_bare(event, today) for event in reading.events), today)
        return
    found = status.check(reading.events, reading.persons)
    kinds = [finding.kind for finding in found if not standing.is_overridden(finding, overridden)]
    next_change = status.next_change(reading.events, reading.conditions, today)
    for person in reading.persons:
        view = status.known_on(today, reading.events, reading.conditions, person)
        yield person, _stands(view, kinds, next_change)


def _stands(view: status.View, kinds: list[status.Kind], next_change: date | None) -> _Stands:
    counts = (kinds.count(kind) for kind in (status.Kind.GAP, status.Kind.CONTRADICTION, status.Kind.ORDER))
    keys, text = f" {' '.join(keys_of(view))} ", words.status_in_words(view, _LANGUAGE)
    return (keys, text, *counts, next_change)


def _is_of_one(reading: Reading) -> bool:
    """Tell whether it is about one person, with one event at most: as nearly all of an imported list."""
    if reading.conditions or len(reading.persons) > 1 or len(reading.events) > 1:
        return False
    (person,) = reading.persons
    return all(not person or not event.persons or person in event.persons for event in reading.events)


@lru_cache(maxsize=4_096)
def _of_one(events: tuple[status.Event, ...], today: date) -> _Stands:
    """Return how somebody stands to whom this alone happened."""
    kinds = [finding.kind for finding in status.check(events)]
    return _stands(status.known_on(today, events), kinds, status.next_change(events, (), today))


def _bare(event: status.Event, today: date) -> status.Event:
    """Return an event of which nothing is left but what decides how its person stands if it is the only one.

    When it was matters only while it may not have happened yet.
    """
    is_over = event.date.latest is not None and event.date.latest <= today
    return status.Event(
        id="", seq=0, type=event.type, date=_LONG_AGO if is_over else event.date, agent=event.agent
    )


def keys_of(view: status.View) -> list[str]:
    """Return what lists filter a status by: "custody", "w_undisclosed", "d_imposed", "serving"."""
    known = view.status
    liberty = str(known.liberty) if known.liberty_by else NEVER_HELD
    keys = [liberty, f"w_{known.whereabouts}"]
    keys += sorted({f"d_{course.death}" for course in known.courses.values()})
    return keys + [label.key for label in view.labels]


def of_cases(cases: Collection[UUID], by: User | None) -> dict[UUID, list[CaseStanding]]:
    """Return how the people of the cases stand, as far as the person may read: case, and its lines."""
    found: dict[UUID, list[CaseStanding]] = {}
    for line in _lines_for(by, cases):
        found.setdefault(line.case_id, []).append(line)
    return found


def cases_with(key: str, by: User | None, *, each: bool = False) -> Q:
    """Return the cases in which somebody stands so today.

    key   one of `keys_of`
    each  ask it of each case that is looked at anyway: quicker for few
    """
    if _is_collector(by):
        return Q(pk__in={line.case_id for line in _collected(by) if f" {key} " in line.keys})
    return _of_lines(_standings_for(by).filter(keys__contains=f" {key} "), each=each)


def cases_to_mend(kinds: Collection[str], by: User | None, *, each: bool = False) -> Q:
    """Return the cases with findings.

    kinds  names of counts of a line: "gaps"
    each   as in `cases_with`
    """
    if _is_collector(by):
        found = (line.case_id for line in _collected(by) if any(getattr(line, kind) for kind in kinds))
        return Q(pk__in=set(found))
    counted = reduce(or_, (Q(**{f"{kind}__gt": 0}) for kind in kinds))
    return _of_lines(_standings_for(by).filter(counted), each=each)


def _of_lines(lines: QuerySet[CaseStanding], *, each: bool) -> Q:
    return Q(Exists(lines.filter(case=OuterRef("pk")))) if each else Q(pk__in=lines.values("case"))


def _is_collector(by: User | None) -> TypeGuard[User]:
    return by is not None and reads_as_collector(by)


def _lines_for(by: User | None, cases: Collection[UUID]) -> Iterable[CaseStanding]:
    if _is_collector(by):
        return _collected(by, cases)
    team = set(team_cases(by).filter(pk__in=cases).values_list("pk", flat=True))
    named = set(may_read_sealed_of(by).filter(pk__in=cases).values_list("pk", flat=True))
    lines = CaseStanding.objects.filter(case__in=cases).order_by("pk")
    return (
        line for line in lines if _is_for(line, is_team=line.case_id in team, is_named=line.case_id in named)
    )


def _is_for(line: CaseStanding, *, is_team: bool, is_named: bool) -> bool:
    """Tell whether a line is true for whoever is, or is not, in the team of its case, and named in it."""
    of_team = not line.hides_team if is_team else not line.shows_team
    return of_team and not (line.hides_sealed if is_named else line.shows_sealed)


def _standings_for(by: User | None) -> QuerySet[CaseStanding]:
    """Return the lines that are true for somebody: what they may not read has no part in them."""
    is_team = Exists(team_cases(by).order_by().filter(pk=OuterRef("case")))
    is_named = Exists(may_read_sealed_of(by).order_by().filter(pk=OuterRef("case")))
    # Most lines neither show nor hide anything, and are true for everybody: nothing is asked about them.
    return CaseStanding.objects.filter(
        Q(hides_team=False) | ~Q(is_team),
        Q(shows_team=False) | Q(is_team),
        Q(hides_sealed=False) | ~Q(is_named),
        Q(shows_sealed=False) | Q(is_named),
    )


def _collected(by: User, cases: Collection[UUID] | None = None) -> Iterator[CaseStanding]:
    """Yield lines for a data collector, who reads what they recorded: a few cases, replayed as asked for."""
    today = timezone.localdate()
    theirs = visible(Case.objects.all(), by)
    for case in theirs if cases is None else theirs.filter(pk__in=cases):
        recorded = queries.timeline(case, by=by)
        reading = Reading(
            standing.history(case, recorded),
            tuple(standing.conditions_of(case, by=by)),
            standing.persons_of(case, by=by),
        )
        for person, stands in _standings(reading, frozenset(), today):
            yield _line((case.pk, UUID(person) if person else None, *(False,) * 4, *stands))
