"""Where the editor's order and the dates meet: what may have happened by a day, and what cannot.

The order says more than the dates alone: an event placed before another was over when that one was, so
"somewhere between November 2017 and 2018" before a day in May 2018 means May 2018 at the latest.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import accumulate

from habeas.cases.status.events import Condition, Event
from habeas.cases.status.findings import Finding, Kind


def out_of_order(events: Sequence[Event]) -> list[Finding]:
    """Return a finding for each event whose dates are wholly before those of an event placed before it.

    events  of the whole case, in the editor's order
    """
    found, latest_start = [], date.min
    last: Event | None = None
    for event in events:
        when = event.date
        if when.latest and when.latest < latest_start:
            found.append(Finding(Kind.ORDER, event, (), last))
        elif when.earliest and when.earliest > latest_start:
            latest_start, last = when.earliest, event
    return found


def bounds(events: Sequence[Event]) -> list[tuple[date, date]]:
    """Return the first and last day each event can have been, by its own dates and its place in the order.

    Where the two contradict each other, the event's own dates are believed. No known end is the first or
    the last day there is.
    """
    own = [(event.date.earliest or date.min, event.date.latest or date.max) for event in events]
    begun = list(accumulate((first for first, _last in own), max))
    over = list(accumulate((last for _first, last in reversed(own)), min))[::-1]
    placed = zip(begun, over, strict=True)
    return [
        (first, last) if first <= last else alone for (first, last), alone in zip(placed, own, strict=True)
    ]


def by_day(events: Sequence[Event], day: date) -> tuple[list[Event], list[Event]]:
    """Return what had certainly happened at the end of `day`, and what may have.

    events  of the whole case, in the editor's order
    """
    certain, undecided = [], []
    for event, (first, last) in zip(events, bounds(events), strict=True):
        if last <= day:
            certain.append(event)
        elif first <= day:
            undecided.append(event)
    return certain, undecided


def next_change(events: Sequence[Event], conditions: Iterable[Condition], day: date) -> date | None:
    """Return the first day after `day` on which more may be certain; None if none will be.

    events  of the whole case, in the editor's order
    """
    turns = [last for _first, last in bounds(events) if last != date.max]
    for condition in conditions:
        if condition.begins.latest:
            turns.append(condition.begins.latest)
        if condition.ends and condition.ends.earliest:
            turns.append(condition.ends.earliest + timedelta(days=1))
    return min((turn for turn in turns if turn > day), default=None)


def is_in_force(condition: Condition, day: date) -> bool:
    """Tell whether the person certainly lived under the condition on `day`."""
    begun = condition.begins.latest
    if begun is None or day < begun:
        return False
    return condition.ends is None or (condition.ends.earliest is not None and day <= condition.ends.earliest)


def may_be_in_force(condition: Condition, day: date) -> bool:
    """Tell whether the person may have lived under the condition on `day`."""
    if condition.begins.earliest is not None and day < condition.begins.earliest:
        return False
    return condition.ends is None or condition.ends.latest is None or day <= condition.ends.latest
