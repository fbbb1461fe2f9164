"""What happened to people, in a line each: for tests of the status."""

from datetime import date

from habeas.cases import dates, status
from habeas.cases.importing import EventEntry, read_case_file
from habeas.cases.status import Condition, View, words


def history(*lines: str, persons: tuple[str, ...] = ()) -> tuple[status.Event, ...]:
    """Return events from lines like "arrest 2014-01-05"; "charge 2015 @ fraud" names a proceeding.

    The first has the identifier "1". Without a date it was on a day of its own, in the order of the lines.
    """
    return tuple(_event(number, line, persons) for number, line in enumerate(lines, 1))


def _event(number: int, line: str, persons: tuple[str, ...]) -> status.Event:
    told, _, proceeding = line.partition(" @ ")
    kind, _, when = told.partition(" ")
    day = date.fromordinal(date(2020, 1, 1).toordinal() + number).isoformat()
    return status.Event(str(number), number, kind, dates.parse(when or day), proceeding, persons)


def from_case_file(text: str) -> tuple[status.Event, ...]:
    """Return the events of a case file; their identifiers are their places in the order."""
    return tuple(_from_entry(entry) for entry in read_case_file(text).events)


def _from_entry(entry: EventEntry) -> status.Event:
    begins = [(line["source"], dates.parse(line.get("from") or line["date"])) for line in entry.lines]
    first = entry.first
    return status.Event(str(first["seq"]), first["seq"], first["type"], begins[0][1], claims=tuple(begins))


def said(known: View, language: str = "en") -> str:
    """Return a status as people are told it."""
    return words.status_in_words(known, language)


def view(*lines: str, under: tuple[str, ...] = ()) -> View:
    """Return how a person stands after everything, living under some conditions since long."""
    since = dates.parse("2000")
    conditions = [Condition(f"c{number}", kind, since) for number, kind in enumerate(under)]
    return status.on(date(2030, 1, 1), history(*lines), conditions).known


def keys(known: View) -> list[str]:
    """Return the labels of a status."""
    return [label.key for label in known.labels]
