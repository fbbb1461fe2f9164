"""The registry's tables, one idea a file."""

from habeas.cases.models.assignment import Assignment
from habeas.cases.models.authority import Authority
from habeas.cases.models.case import Case, CaseRight, CaseRole
from habeas.cases.models.change import Change
from habeas.cases.models.claim import Claim, ClaimField
from habeas.cases.models.communication import Communication, Intervention
from habeas.cases.models.condition import ConditionInterval
from habeas.cases.models.consent import Consent
from habeas.cases.models.counted import CountedEvent
from habeas.cases.models.document import CustodyEntry, Document
from habeas.cases.models.embargo import Embargo
from habeas.cases.models.event import Event
from habeas.cases.models.figure import FigureDef, FigureSnapshot
from habeas.cases.models.override import Override
from habeas.cases.models.person import Person, PersonName
from habeas.cases.models.place import Place
from habeas.cases.models.proceeding import Charge, Proceeding, SentenceComponent
from habeas.cases.models.qualification import Qualification
from habeas.cases.models.record import Record
from habeas.cases.models.search import SearchEntry, SearchWord
from habeas.cases.models.source import Source, SourceIdentity
from habeas.cases.models.standing import CaseStanding

__all__ = [
    "Assignment",
    "Authority",
    "Case",
    "CaseRight",
    "CaseRole",
    "CaseStanding",
    "Change",
    "Charge",
    "Claim",
    "ClaimField",
    "Communication",
    "ConditionInterval",
    "Consent",
    "CountedEvent",
    "CustodyEntry",
    "Document",
    "Embargo",
    "Event",
    "FigureDef",
    "FigureSnapshot",
    "Intervention",
    "Override",
    "Person",
    "PersonName",
    "Place",
    "Proceeding",
    "Qualification",
    "Record",
    "SearchEntry",
    "SearchWord",
    "SentenceComponent",
    "Source",
    "SourceIdentity",
]
