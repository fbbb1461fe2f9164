"""How long: from one event to another or to a day, no more exact than the dates are.

A range of days comes from the first and last day each date can mean. What a text may say follows from its
short end alone: "more than X" only if even that is more than X, "at least X" only if it is X or more.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

import msgspec

from habeas.cases.dates import FuzzyDate
from habeas.cases.status.events import Event
from habeas.cases.status.labels import labels
from habeas.cases.status.regions import HELD
from habeas.cases.status.state import Status

_MONTHS = 12
# Labels that last, and what their time is called. Being held at all comes first.
_LASTING = ("held_past_legal_end", "death_row", "secret_detention", "administrative_detention")
# Until which events people ask how long somebody had been held.
_MILESTONES = ("charge", "conviction", "acquittal", "death_lifted")


class Length(msgspec.Struct, frozen=True, order=True):
    """A length of time as a calendar counts it."""

    years: int
    months: int
    days: int


class Span(msgspec.Struct, frozen=True):
    """From one event to another, or to a day if it goes on."""

    kind: str  # "held", "held_past_legal_end", "held_until_charge"
    since: Event
    until: Event | None  # None: it goes on
    as_of: date
    shortest: tuple[date, date] | None  # the days that make it shortest; None: perhaps no time at all
    longest: tuple[date, date] | None  # the days that make it longest; None: nobody knows
    may_have_ended_by: Event | None = None  # of one that goes on: what may have ended it already

    @property
    def least(self) -> int:
        """The fewest days it can be."""
        return (self.shortest[1] - self.shortest[0]).days if self.shortest else 0

    @property
    def most(self) -> int | None:
        """The most days it can be; None if nobody knows."""
        return (self.longest[1] - self.longest[0]).days if self.longest else None

    @property
    def is_exact(self) -> bool:
        """Whether it can be only one number of days."""
        return self.least == self.most

    def at_least(self, *, years: int = 0, months: int = 0, days: int = 0) -> bool:
        """Tell whether a text may say "at least" this."""
        return _reached(self.shortest, years, months, days) >= 0

    def more_than(self, *, years: int = 0, months: int = 0, days: int = 0) -> bool:
        """Tell whether a text may say "more than" this."""
        return _reached(self.shortest, years, months, days) > 0


def _reached(pair: tuple[date, date] | None, years: int, months: int, days: int) -> int:
    """Return the days by which the pair is longer than the length; negative if it is shorter."""
    if pair is None:
        return -1 if years or months or days else 0
    aim = _months_after(pair[0], years * _MONTHS + months) + timedelta(days=days)
    return (pair[1] - aim).days


def _months_after(day: date, months: int) -> date:
    """Return the same day `months` later, or the month's last: the calendar's way to count."""
    years, month = divmod(day.month - 1 + months, _MONTHS)
    year = min(day.year + years, date.max.year)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def length(since: date, until: date) -> Length:
    """Return the whole years, months and days from one day to a later one."""
    months = (until.year - since.year) * _MONTHS + until.month - since.month
    if _months_after(since, months) > until:
        months -= 1
    years, rest = divmod(months, _MONTHS)
    return Length(years, rest, (until - _months_after(since, months)).days)


def span(kind: str, since: Event, until: Event | None, as_of: date, ended: Event | None = None) -> Span:
    """Return the time from `since` to `until`, or to the day `as_of` if it goes on.

    ended  what may have ended it already, if it goes on
    """
    return _span(kind, (since, since.date), (until, until.date if until else None), as_of, ended)


def _span(
    kind: str,
    since: tuple[Event, FuzzyDate],
    until: tuple[Event | None, FuzzyDate | None],
    as_of: date,
    ended: Event | None,
) -> Span:
    begun, over = since[1], until[1]
    earliest_end = over.earliest if over else min(as_of, _first_day(ended) or as_of)
    latest_end = over.latest if over else as_of
    return Span(
        kind=kind,
        since=since[0],
        until=until[0],
        as_of=as_of,
        shortest=_pair(begun.latest, earliest_end),
        longest=_pair(begun.earliest, latest_end),
        may_have_ended_by=ended,
    )


def _first_day(event: Event | None) -> date | None:
    return (event.date.earliest or date.min) if event else None


def _pair(first: date | None, last: date | None) -> tuple[date, date] | None:
    return (first, last) if first and last and first <= last else None


def according_to(known: Span) -> dict[str, Span]:
    """Return the same time by the dates of each source that gives another date for its beginning or end.

    For what a source does not date, the chosen date stands.
    """
    ends = known.until
    sources = dict.fromkeys(
        source for event in (known.since, ends) if event for source, _date in event.claims
    )
    by_source = {
        source: _span(
            known.kind,
            (known.since, _date_by(source, known.since)),
            (ends, _date_by(source, ends) if ends else None),
            known.as_of,
            known.may_have_ended_by,
        )
        for source in sources
    }
    return {source: other for source, other in by_source.items() if other != known}


def _date_by(source: str, event: Event) -> FuzzyDate:
    return next((when for name, when in event.claims if name == source), event.date)


def spans(certain: Sequence[Event], undecided: Iterable[Event], as_of: date) -> tuple[Span, ...]:
    """Return how long the person was held, and held in which way, by a day.

    certain    the events of the person that had happened by then, in the editor's order
    undecided  those that may have; they begin nothing, and are named where they may have ended something
    """
    running: dict[str, Event] = {}
    found: list[Span] = []
    status = Status()
    for event in certain:
        status.take(event)
        found += _milestone(event, running, as_of)
        found += _ended(running, status, event, as_of)
        running = _going_on(running, status, event)
    found += _still(running, status, undecided, as_of)
    return tuple(sorted(found, key=lambda known: (known.since.seq, known.kind != "held")))


def _lasting(status: Status) -> set[str]:
    held = {"held"} if status.liberty in HELD else set()
    return held | {label.key for label in labels(status) if label.key in _LASTING}


def _milestone(event: Event, running: dict[str, Event], as_of: date) -> Iterator[Span]:
    if event.type in _MILESTONES and "held" in running:
        yield span(f"held_until_{event.type}", running["held"], event, as_of)


def _ended(running: dict[str, Event], status: Status, event: Event, as_of: date) -> Iterator[Span]:
    on = _lasting(status)
    for kind, since in running.items():
        if kind not in on:
            yield span(kind, since, event, as_of)


def _going_on(running: dict[str, Event], status: Status, event: Event) -> dict[str, Event]:
    return {kind: running.get(kind, event) for kind in sorted(_lasting(status))}


def _still(
    running: dict[str, Event], status: Status, undecided: Iterable[Event], as_of: date
) -> Iterator[Span]:
    """Yield what goes on, with the first undecided event that would have ended it."""
    ended: dict[str, Event] = {}
    perhaps = status.copy()
    for event in undecided:
        perhaps.take(event)
        for kind in running.keys() - _lasting(perhaps):
            ended.setdefault(kind, event)
    for kind, since in running.items():
        yield span(kind, since, None, as_of, ended.get(kind))
