"""Turns a checked case file into records. Called by `actions.import_case`, inside its act."""

import re
from collections.abc import Iterable
from datetime import date
from itertools import count
from typing import Any, TypeVar

from django.contrib.auth.models import User

from habeas.cases.importing import CaseFile, EventEntry
from habeas.cases.models import (
    Authority,
    Case,
    CaseRight,
    CaseRole,
    Charge,
    Claim,
    ClaimField,
    ConditionInterval,
    Consent,
    Event,
    FigureSnapshot,
    Person,
    PersonName,
    Record,
    SentenceComponent,
    Source,
)
from habeas.cases.names import may_be_shown, script_of
from habeas.cases.protection import Access, Verification
from habeas.cases.vocabulary import LASTING_EVENTS, FigureKind, Role

R = TypeVar("R", bound=Record)

_REPORTED = Verification.REPORTED

_OF_A_SOURCE = ("title", "publisher", "url", "kind", "connection", "reliability", "origin")
_OF_A_CHARGE = ("offence", "law", "article", "death_eligible")
_OF_A_CONSENT = (
    *("giver", "purpose", "identification", "scope"),
    *("obtained_by", "obtained_how", "obtained_on"),
)
# "over 168 cases …": how another body says its number.
_NUMBER = re.compile(r"(over|at least|about|exactly) (\d{1,3}(?:,\d{3})+|\d{1,9})\b(?![.,]\d)", re.IGNORECASE)
_LARGEST = 2_147_483_647  # what every database takes as a number of people or events


class Recording:
    """One case on its way into the registry."""

    def __init__(self, case_file: CaseFile, by: User | None) -> None:
        self.file = case_file
        self.by = by
        self.access = Access[case_file.case.get("access", "team").upper()]  # of every record of the file
        self.sources: dict[str, Source] = {}
        self.authorities: dict[str, Authority] = {}
        self.claim_order = count()

    def record(self) -> Case:
        """Write everything and return the case."""
        case = self._case()
        self.sources = {key: self._source(case, key, entry) for key, entry in self.file.sources.items()}
        self.authorities = {
            key: self._authority(case, key, entry) for key, entry in self.file.authorities.items()
        }
        person = self._person(case)
        for entry in self.file.events:
            self._event(case, person, entry)
        for figure in self.file.figures:
            self._figure(case, figure)
        for consent in self.file.consents:
            told = {key: consent[key] for key in _OF_A_CONSENT if key in consent}
            if "obtained_on" in told:
                told["obtained_on"] = date.fromisoformat(told["obtained_on"])
            Consent(case=case, person=person, **told).save()  # for the case team, whoever reads the case
        return case

    def _save(self, record: R) -> R:
        record.access = self.access
        record.save()
        return record

    def _case(self) -> Case:
        entry = self.file.case
        case = self._save(
            Case(
                ref=entry["ref"],
                country=entry["country"],
                title=entry["title"],
                imported_digest=self.file.digest,
                team=[self.by] if self.by else [],
                named=[self.by] if self.by else [],
            )
        )
        for number, (instrument, article) in enumerate(entry.get("rights", [])):
            self._save(CaseRight(case=case, instrument=instrument, article=article, sort_order=number))
        return case

    def _source(self, case: Case, key: str, entry: dict[str, Any]) -> Source:
        told = {name: entry[name] for name in _OF_A_SOURCE if name in entry}
        return self._save(Source(case=case, key=key, **told))

    def _authority(self, case: Case, key: str, entry: dict[str, Any]) -> Authority:
        return self._save(Authority(case=case, key=key, **entry))

    def _person(self, case: Case) -> Person:
        entry = self.file.person
        age = entry.get("age", {})
        told = {key: entry[key] for key in ("counting_unit", "nationality", "occupation") if key in entry}
        person = self._save(
            Person(
                age_years=age.get("years"),
                age_as_of=age.get("as_of", ""),
                age_source=self.sources.get(age.get("source", "")),
                **told,
            )
        )
        for number, name in enumerate(entry["names"]):
            self._save(_name(person, number, name))
        self._save(CaseRole(case=case, person=person, role=Role.SUBJECT))
        return person

    def _event(self, case: Case, person: Person, entry: EventEntry) -> None:
        first = entry.first
        event = self._save(
            Event(
                case=case,
                seq=first["seq"],
                type=first["type"],
                date_edtf=_begins(first),
                authority=self.authorities.get(first.get("authority", "")),
                persons=[person],
                note=first.get("note", ""),
                quote=first.get("quote", ""),
                verification=first.get("verification") or self.file.case.get("verification") or _REPORTED,
                details={key: first[key] for key in ("condition",) if key in first},
            )
        )
        self._claims(event, entry)
        self._condition(event, person, first)
        self._charges(event, first.get("charges", ()))
        self._components(event, first.get("components", ()))

    def _claims(self, event: Event, entry: EventEntry) -> None:
        """Write what each line says; the first line's note and quote are the event's own."""
        for line in entry.lines:
            words = {} if line is entry.first else {key: line.get(key, "") for key in ("note", "quote")}
            for field, value in ((ClaimField.DATE, _begins(line)), (ClaimField.UNTIL, line.get("to"))):
                if value:
                    source, order = self.sources[line["source"]], next(self.claim_order)
                    material = self.file.sources[line["source"]].get("material", "")
                    about = {"event": event, "source": source, "sort_order": order, "material_type": material}
                    self._save(Claim(field=field, value=value, **about, **words))

    def _condition(self, event: Event, person: Person, line: dict[str, Any]) -> None:
        """Write the condition that the event is (isolation) or shows (no lawyer at the interrogation)."""
        kind = LASTING_EVENTS.get(line["type"], line.get("condition"))
        if kind is None:
            return
        self._save(
            ConditionInterval(
                case=event.case,
                person=person,
                event=event,
                kind=kind,
                from_edtf=_begins(line),
                to_edtf=line.get("to", line.get("date", "")),
                source=self.sources[line["source"]],
                note=line.get("note", ""),
            )
        )

    def _charges(self, event: Event, entries: Iterable[dict[str, Any]]) -> None:
        for number, entry in enumerate(entries):
            told = {key: entry[key] for key in _OF_A_CHARGE if key in entry}
            self._save(Charge(event=event, charge_class=entry.get("class", ""), sort_order=number, **told))

    def _components(self, event: Event, entries: Iterable[dict[str, Any]]) -> None:
        for number, entry in enumerate(entries):
            self._save(SentenceComponent(event=event, sort_order=number, **entry))

    def _figure(self, case: Case, entry: dict[str, Any]) -> None:
        self._save(
            FigureSnapshot(
                case=case,
                slug=entry["figure"],
                kind=FigureKind.CITED,
                wording=entry["claim"],
                source=self.sources[entry["source"]],
                **_number_in(entry["claim"]),
                **{key: entry[key] for key in ("document", "page", "quote") if key in entry},
            )
        )


def _number_in(claim: str) -> dict[str, Any]:
    """Return number and qualifier of a claim that begins with them; another is entered by hand."""
    found = _NUMBER.match(claim)
    value = int(found[2].replace(",", "")) if found else 0
    if not found or value > _LARGEST:
        return {}
    return {"qualifier": found[1].lower(), "value": value}


def _begins(line: dict[str, Any]) -> str:
    date: str = line.get("from") or line["date"]
    return date


def _name(person: Person, number: int, entry: dict[str, Any]) -> PersonName:
    name = PersonName(
        person=person,
        text=entry["text"],
        language=entry["lang"],
        script=entry.get("script") or script_of(entry["lang"]),
        kind=entry["kind"],
        preferred=entry.get("preferred", False),
        sort_order=number,
    )
    name.publishable = may_be_shown(name)
    return name
