"""The legal status of a person, derived from events: liberty, whereabouts, proceedings, death penalty.

Plain Python on plain values. `replay` gives the status after events, `on` the status on a day with what
follows from it, `check` what a researcher should look at. docs/legal-status.md tells how to read them.
"""

from habeas.cases.status.days import next_change
from habeas.cases.status.events import Condition, Event, concerning
from habeas.cases.status.findings import Finding, Kind
from habeas.cases.status.labels import Label
from habeas.cases.status.on_a_day import OnADay, View, check, known_on, on
from habeas.cases.status.regions import DeathPenalty, Liberty, Stage, Whereabouts
from habeas.cases.status.running import Running, over, running
from habeas.cases.status.spans import Length, Span, according_to, length, span
from habeas.cases.status.state import Course, Status, replay

__all__ = [
    "Condition",
    "Course",
    "DeathPenalty",
    "Event",
    "Finding",
    "Kind",
    "Label",
    "Length",
    "Liberty",
    "OnADay",
    "Running",
    "Span",
    "Stage",
    "Status",
    "View",
    "Whereabouts",
    "according_to",
    "check",
    "concerning",
    "known_on",
    "length",
    "next_change",
    "on",
    "over",
    "replay",
    "running",
    "span",
]
