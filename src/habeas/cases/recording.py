"""Turns a checked case file into records. Called by `actions.import_case`, inside its transaction."""

from itertools import count
from typing import Any, TypeVar

from django.contrib.auth.models import User
from wagtail.models import RevisionMixin

from habeas.cases.importing import CaseFile, EventEntry
from habeas.cases.models import (
    Authority,
    Case,
    CaseRight,
    CaseRole,
    Claim,
    ClaimField,
    ConditionInterval,
    Event,
    FigureSnapshot,
    Person,
    PersonName,
    Record,
    Source,
)
from habeas.cases.names import script_of
from habeas.cases.vocabulary import LASTING_EVENTS, FigureKind, Role

R = TypeVar("R", bound=Record)

_DETAILS = ("charges", "components", "condition")


class Recording:
    """One case on its way into the registry."""

    def __init__(self, case_file: CaseFile, by: User | None) -> None:
        self.file = case_file
        self.by = by
        self.kept: list[RevisionMixin] = []  # whose first content is to be kept as a revision
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
        self._keep_first_revisions()
        return case

    def _save(self, record: R) -> R:
        record.created_by = self.by
        record.save()
        if isinstance(record, RevisionMixin):
            self.kept.append(record)
        return record

    def _keep_first_revisions(self) -> None:
        """Keep the content as imported: a later correction must show what it corrected."""
        for record in self.kept:
            record.save_revision(user=self.by, clean=False)  # the description checked more than it would

    def _case(self) -> Case:
        entry = self.file.case
        case = self._save(
            Case(
                ref=entry["ref"],
                country=entry["country"],
                title=entry["title"],
                imported_digest=self.file.digest,
            )
        )
        for number, (instrument, article) in enumerate(entry.get("rights", [])):
            self._save(CaseRight(case=case, instrument=instrument, article=article, sort_order=number))
        return case

    def _source(self, case: Case, key: str, entry: dict[str, Any]) -> Source:
        return self._save(Source(case=case, key=key, **entry))

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
                details={key: first[key] for key in _DETAILS if key in first},
            )
        )
        self._claims(event, entry)
        self._condition(event, person, first)

    def _claims(self, event: Event, entry: EventEntry) -> None:
        """Write what each line says; the first line's note and quote are the event's own."""
        for line in entry.lines:
            words = {} if line is entry.first else {key: line.get(key, "") for key in ("note", "quote")}
            for field, value in ((ClaimField.DATE, _begins(line)), (ClaimField.UNTIL, line.get("to"))):
                if value:
                    source, order = self.sources[line["source"]], next(self.claim_order)
                    about = {"event": event, "source": source, "sort_order": order}
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

    def _figure(self, case: Case, entry: dict[str, Any]) -> None:
        self._save(
            FigureSnapshot(
                case=case,
                slug=entry["figure"],
                kind=FigureKind.CITED,
                wording=entry["claim"],
                source=self.sources[entry["source"]],
                **{key: entry[key] for key in ("document", "page", "quote") if key in entry},
            )
        )


def _begins(line: dict[str, Any]) -> str:
    date: str = line.get("from") or line["date"]
    return date


def _name(person: Person, number: int, entry: dict[str, Any]) -> PersonName:
    return PersonName(
        person=person,
        text=entry["text"],
        language=entry["lang"],
        script=entry.get("script") or script_of(entry["lang"]),
        kind=entry["kind"],
        preferred=entry.get("preferred", False),
        sort_order=number,
    )
