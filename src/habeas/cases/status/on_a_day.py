"""The status on a day.

What had certainly happened at the end of the day decides. An event whose dates straddle the day is
undecided: it changes nothing, but is named, with what the status would be if it had happened. So a page
says what is known, and whoever writes it sees what may be otherwise.
"""

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from habeas.cases.status import days, esf, spans
from habeas.cases.status.events import Condition, Event, concerning
from habeas.cases.status.findings import Finding, once
from habeas.cases.status.labels import Label, labels
from habeas.cases.status.state import Status, replay


class View(msgspec.Struct, frozen=True):
    """A status with what follows from it."""

    status: Status
    labels: tuple[Label, ...]
    supposing: tuple[str, ...] = ()  # identifiers of the undecided events that it takes as happened

    @property
    def esf_25(self) -> str:
        """The code of list 25 of the Events Standard Formats."""
        return esf.code(self.status, self.labels)


class OnADay(msgspec.Struct, frozen=True):
    """What is known of one person on a day."""

    person: str
    day: date
    known: View
    perhaps: tuple[View, ...]  # what it may be otherwise, event by event; empty if nothing is undecided
    undecided: tuple[Event, ...]
    undecided_conditions: tuple[Condition, ...]
    spans: tuple[spans.Span, ...]


def on(day: date, events: Sequence[Event], conditions: Iterable[Condition] = (), person: str = "") -> OnADay:
    """Return what is known of the person at the end of `day`.

    events  of the whole case: the order tells of one person's events by another's
    person  whose; empty if the case names nobody
    """
    certain, undecided = days.by_day(sorted(events, key=lambda event: event.seq), day)
    certain, undecided = list(concerning(certain, person)), list(concerning(undecided, person))
    own = [each for each in conditions if not person or not each.persons or person in each.persons]
    in_force = [each for each in own if days.is_in_force(each, day)]
    known = View((status := replay(certain)), labels(status, in_force))
    return OnADay(
        person=person,
        day=day,
        known=known,
        perhaps=tuple(_otherwise(known, certain, undecided, in_force)),
        undecided=tuple(undecided),
        undecided_conditions=tuple(
            each for each in own if each not in in_force and days.may_be_in_force(each, day)
        ),
        spans=spans.spans(certain, undecided, day),
    )


def known_on(
    day: date, events: Sequence[Event], conditions: Iterable[Condition] = (), person: str = ""
) -> View:
    """Return what is certain of the person at the end of `day`, as `on` does, and nothing else.

    events  of the whole case, in the editor's order
    """
    certain, _undecided = days.by_day(events, day)
    own = (each for each in conditions if not person or not each.persons or person in each.persons)
    status = replay(concerning(certain, person))
    return View(status, labels(status, [each for each in own if days.is_in_force(each, day)]))


def _otherwise(
    known: View, certain: list[Event], undecided: list[Event], conditions: list[Condition]
) -> list[View]:
    """Return the different views there are when the undecided events are taken in, one after the other."""
    views, said = [], {_saying(known)}
    for number in range(1, len(undecided) + 1):
        taken = sorted([*certain, *undecided[:number]], key=lambda event: event.seq)
        status = replay(taken)
        view = View(status, labels(status, conditions), tuple(event.id for event in undecided[:number]))
        if _saying(view) not in said:
            said.add(_saying(view))
            views.append(view)
    return views


def _saying(view: View) -> tuple[object, ...]:
    """What a reader would be told; two views that say the same are one."""
    status = view.status
    courses = tuple((name, course.stage, course.death) for name, course in sorted(status.courses.items()))
    is_known = status.liberty_by is not None
    return is_known, status.liberty, status.whereabouts, courses, tuple(label.key for label in view.labels)


def check(events: Sequence[Event], persons: Iterable[str] = ("",)) -> tuple[Finding, ...]:
    """Return what does not fit in a case, whatever the day: gaps, contradictions, order against dates."""
    ordered = sorted(events, key=lambda event: event.seq)
    found = days.out_of_order(ordered)
    for person in persons:
        found += replay(concerning(ordered, person)).findings
    return once(found)
