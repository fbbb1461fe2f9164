"""The registry's tables, one idea a file."""

from habeas.cases.models.authority import Authority
from habeas.cases.models.case import Case, CaseRight, CaseRole
from habeas.cases.models.claim import Claim, ClaimField
from habeas.cases.models.condition import ConditionInterval
from habeas.cases.models.event import Event
from habeas.cases.models.figure import FigureSnapshot
from habeas.cases.models.person import Person, PersonName
from habeas.cases.models.record import Record
from habeas.cases.models.source import Source

__all__ = [
    "Authority",
    "Case",
    "CaseRight",
    "CaseRole",
    "Claim",
    "ClaimField",
    "ConditionInterval",
    "Event",
    "FigureSnapshot",
    "Person",
    "PersonName",
    "Record",
    "Source",
]
