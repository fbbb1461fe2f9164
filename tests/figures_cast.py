"""An invented registry to count in: cases, people, events, and what sources say, each in one line."""

from datetime import date
from itertools import count
from typing import Any

from habeas.cases.actions import record
from habeas.cases.models import Case, CaseRole, Claim, Event, FigureDef, Person, Source
from habeas.cases.protection import Access
from registry_cast import without_index

_refs = count(1)
TEAM = Access.TEAM


@without_index()
def a_case(*, country: str = "AQ", access: int = TEAM) -> Case:
    """Return a new case that names nobody yet."""
    return record(Case(ref=f"AQ-{next(_refs)}", country=country, title="A case", access=access), by=None)


@without_index()
def a_person(*, case: Case | None = None, **fields: Any) -> Person:
    """Return a new person; with a case, one whom it is about."""
    made = record(Person(**fields), by=None)
    if case:
        record(CaseRole(case=case, person=made), by=None)
    return made


@without_index()
def an_event(
    case: Case, when: str, *persons: Person, says: tuple[str, ...] = ("one", "two"), **fields: Any
) -> Event:
    """Return a new event; `says` names the origins that support it."""
    place = case.events.count() + 1
    told = {"type": "arrest", "verification": "corroborated", **fields}
    made = Event(case=case, seq=place, date_edtf=when, persons=list(persons), **told)
    record(made, by=None)
    for origin in says:
        says_so(made, origin)
    return made


def says_so(event: Event, origin: str, **fields: Any) -> Claim:
    """Return a new claim of a source of its own that goes back to `origin`."""
    key = f"source-{event.case.sources.count() + 1}"
    source = record(Source(case=event.case, key=key, title=key, origin=origin), by=None)
    return record(Claim(event=event, source=source, value=event.date_edtf, **fields), by=None)


def a_question(**fields: Any) -> FigureDef:
    """Return a question that is not saved: arrests in 2024."""
    asked = {
        "slug": "arrests",
        "question": "How many arrests in 2024?",
        "unit": "events",
        "event_types": ["arrest"],
        "since": date(2024, 1, 1),
        "until": date(2024, 12, 31),
        "wording": {
            "en": "{number} arrests in 2024",
            "fr": "{number} arrestations en 2024",
            "ar": "{number} اعتقال",
        },
    }
    return FigureDef(**{**asked, **fields})
