"""Turns rows that were understood into records. Called by `actions.import_rows`, inside its act."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User

from habeas.cases.models import (
    Case,
    CaseRole,
    Claim,
    ClaimField,
    Event,
    Person,
    PersonName,
    Record,
    Source,
)
from habeas.cases.models.record import NewRecords, link, write_new
from habeas.cases.tables.mapping import TheList
from habeas.cases.tables.rows import Row
from habeas.cases.vocabulary import NameKind, Role, Sex
from habeas.lib import languages
from habeas.lib.ids import uuid7s

FIRST = 10  # order of the event in its case; staff put others before and after
NAMELESS = "Name not known"
UNDETERMINED = "und"  # BCP 47: the list does not say in which language it spells the name
_ROW = "row-"  # begins the code name of a source that is a row of a list


@dataclass(frozen=True, slots=True)
class Listing:
    """What holds for every row of a list, in the registry's words."""

    title: str
    publisher: str = ""
    origin: str = ""
    as_of: str = ""  # EDTF: rows without a date happened by then

    @classmethod
    def of(cls, told: TheList, file_name: str, today: str) -> "Listing":
        """Return it as the mapping says, the file's name and today where it says nothing."""
        title = (told.title or file_name)[:300]
        return cls(title, told.publisher[:200], (told.origin or title)[:100], told.as_of or today)


@dataclass
class References:
    """Gives cases without a reference one: country, year, and the next number."""

    last: dict[str, int] = field(default_factory=dict)  # by what the reference begins with

    def next(self, row: Row) -> str:
        """Return a reference that no case has."""
        begins = f"{row.country}-{row.date[:4] if row.date[:4].isdecimal() else 'ND'}-"
        if begins not in self.last:
            self.last[begins] = _highest(begins)
        self.last[begins] += 1
        return f"{begins}{self.last[begins]:03}"


def _highest(begins: str) -> int:
    known = Case.objects.filter(ref__startswith=begins).values_list("ref", flat=True)
    ends = (ref.removeprefix(begins) for ref in known.iterator())
    return max((int(end) for end in ends if end.isascii() and end.isdecimal()), default=0)


def source_key(row: Row) -> str:
    """Return the code name of the source that a row is: by it, the row is recognised."""
    return _ROW + row.identity


def row_sources() -> str:
    """Return how the code names of all such sources begin."""
    return _ROW


_CASE = ("id", "ref", "country", "title", "imported_digest")
_PERSON = ("id", "nationality", "occupation", "medium", "sex", "birth_edtf")
_NAME = ("id", "person_id", "text", "language", "script", "kind", "preferred", "sort_order")
_ROLE = ("id", "case_id", "person_id", "role", "sort_order")
_SOURCE = ("id", "case_id", "key", "url", "title", "publisher", "origin")
_EVENT = ("id", "case_id", "seq", "type", "date_edtf", "date_text", "note", "details")
_CLAIM = ("id", "event_id", "source_id", "field", "value", "sort_order")


def write(rows: Sequence[Row], listing: Listing, references: References, *, by: User | None) -> None:
    """Record rows, each as a case of its own.

    raises  OutsideAnAct
    """
    made = [
        _OneRow(row, listing, row.reference or references.next(row), *ids)
        for row, ids in zip(rows, _three_each(len(rows)), strict=True)
    ]
    write_new(_by_kind(made), {one.case for one in made})
    link(Event, "persons", ((one.event, one.person) for one in made))
    if by:
        for name in ("team", "named"):
            link(Case, name, ((one.case, by.pk) for one in made))


def _three_each(count: int) -> Iterator[tuple[UUID, UUID, UUID]]:
    ids = iter(uuid7s(3 * count))
    return zip(ids, ids, ids, strict=True)


def _by_kind(made: Sequence["_OneRow"]) -> Iterator[NewRecords]:
    """Yield the records of all rows, each kind after what it refers to."""
    yield NewRecords(Case, _CASE, [one.as_case() for one in made])
    yield NewRecords(Person, _PERSON, [one.as_person() for one in made])
    yield _numbered(PersonName, _NAME, (values for one in made for values in one.names()))
    yield _numbered(CaseRole, _ROLE, ((one.case, one.person, Role.SUBJECT.value, 0) for one in made))
    sources = _numbered(Source, _SOURCE, (values for one in made for values in one.sources()))
    yield sources
    yield NewRecords(Event, _EVENT, [one.as_event() for one in made])
    yield _numbered(Claim, _CLAIM, _claims(made, sources.rows))


def _numbered(kind: type[Record], names: tuple[str, ...], values: Iterable[tuple[Any, ...]]) -> NewRecords:
    """Return records that nothing of the row refers to, each with an identifier before its values."""
    rows = list(values)
    return NewRecords(kind, names, [(key, *row) for key, row in zip(uuid7s(len(rows)), rows, strict=True)])


def _claims(made: Iterable["_OneRow"], sources: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Yield what each list's row says of its event: the first source of a case is the row itself."""
    first: dict[UUID, UUID] = {}
    for key, case, *_ in sources:
        first.setdefault(case, key)
    for one in made:
        for number, (what, value) in enumerate(claims_of(one.row)):
            yield one.event, first[one.case], what, value, number


@dataclass(frozen=True, slots=True)
class _OneRow:
    """What one row becomes, as values of the registry's tables."""

    row: Row
    listing: Listing
    ref: str
    case: UUID
    person: UUID
    event: UUID

    def as_case(self) -> tuple[Any, ...]:
        return self.case, self.ref, self.row.country, title_of(self.row), self.row.digest

    def as_person(self) -> tuple[Any, ...]:
        row = self.row
        sex = row.sex or Sex.UNKNOWN.value
        return self.person, list(row.nationality), row.occupation, row.employer, sex, row.birth

    def names(self) -> Iterator[tuple[Any, ...]]:
        """Yield the names, the first preferred; whether one may be shown is for staff to decide."""
        for number, name in enumerate(self.row.names):
            kind = NameKind.ALIAS.value if number else NameKind.PUBLISHABLE.value
            yield self.person, name.text, UNDETERMINED, name.script, kind, not number, number

    def sources(self) -> Iterator[tuple[Any, ...]]:
        """Yield the row as a source, with where it can be read, and each further address."""
        listing, key = self.listing, source_key(self.row)
        told = (listing.title, self.row.publisher or listing.publisher, listing.origin)
        first, *others = self.row.urls or ("",)
        yield (self.case, key, first, *told)
        for number, url in enumerate(others, start=2):
            yield (self.case, f"{key}-{number}", url, *told)

    def as_event(self) -> tuple[Any, ...]:
        """Return what a row says of the event; without a date, it happened by the day the list is of."""
        row = self.row
        words = {"status": row.status, "motive": row.motive}
        details = {key: word for key, word in words.items() if word}
        date = row.date or f"../{self.listing.as_of}"
        return self.event, self.case, FIRST, row.event, date, row.date_text, row.note, details


def title_of(row: Row) -> str:
    """Return what the case is called: "Selma Amari, Antarctica"."""
    name = row.names[0].text if row.names else NAMELESS
    return f"{name[:150]}, {_countries()[row.country]}"[:200]


@cache
def _countries() -> dict[str, str]:
    return dict(languages.countries(languages.DEFAULT))


def claims_of(row: Row) -> list[tuple[str, str]]:
    """Return what the list says about the event: field, value."""
    if row.date:
        dated = (ClaimField.DATE.value, row.date)
    else:
        dated = (ClaimField.HAPPENED.value, (row.status or row.event)[:200])
    return [dated, *([(ClaimField.PLACE.value, row.place)] if row.place else [])]
