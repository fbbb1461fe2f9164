"""What goes on today: since when the person has been held, and until when what is recorded says so."""

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from habeas.cases.status import days, spans
from habeas.cases.status.events import Event, concerning
from habeas.cases.status.regions import Liberty
from habeas.cases.status.spans import Span
from habeas.cases.status.state import Status

_KINDS = {
    frozenset({Liberty.CUSTODY}): "detention",
    frozenset({Liberty.HOUSE_ARREST}): "house_arrest",
    frozenset({Liberty.MISSING}): "missing",
}


class Running(msgspec.Struct, frozen=True):
    """A deprivation of liberty that certainly goes on."""

    kind: str  # "detention", "house_arrest", "missing"; "liberty" if it was more than one of them
    since: Event
    last_start: date  # the last day on which it can have begun
    is_exact: bool  # whether it can have begun on no other day
    until: date | None  # the last day on which no recorded event can have ended it; None: none may


def running(day: date, events: Sequence[Event], person: str = "") -> Running | None:
    """Return the deprivation of liberty in which the person certainly is on `day`; None if there is none.

    events  of the whole case
    person  whose; empty if the case names nobody
    """
    ordered = sorted(events, key=lambda event: event.seq)
    certain, undecided = (list(concerning(found, person)) for found in days.by_day(ordered, day))
    held = next((span for span in spans.spans(certain, undecided, day) if _goes_on(span)), None)
    if held is None or held.since.date.latest is None:
        return None
    return Running(
        kind=_KINDS.get(_ways(certain, held.since), "liberty"),
        since=held.since,
        last_start=held.since.date.latest,
        is_exact=held.is_exact,
        until=_until(ordered, day),
    )


def _goes_on(span: Span) -> bool:
    return span.kind == "held" and span.until is None and span.may_have_ended_by is None


def _ways(certain: Sequence[Event], since: Event) -> frozenset[Liberty]:
    """Return in which ways the person was held from `since` on."""
    status, ways = Status(), set()
    for event in certain:
        status.take(event)
        if event.seq >= since.seq:
            ways.add(status.liberty)
    return frozenset(ways)


def _until(ordered: Sequence[Event], day: date) -> date | None:
    ahead = [first for first, _last in days.bounds(ordered) if first > day]
    return min(ahead) - timedelta(days=1) if ahead else None


def over(day: date, events: Sequence[Event], person: str = "") -> Span | None:
    """Return the last deprivation of liberty if it had ended by `day`; None if not, or if there was none."""
    ordered = sorted(events, key=lambda event: event.seq)
    certain, undecided = (list(concerning(found, person)) for found in days.by_day(ordered, day))
    held = [span for span in spans.spans(certain, undecided, day) if span.kind == "held"]
    return held[-1] if held and held[-1].until is not None else None
