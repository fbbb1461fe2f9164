"""Turns rows that were understood into records. Called by `actions.import_rows`, inside its act."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

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
from habeas.cases.models.record import link, write_new
from habeas.cases.tables.cells import Name
from habeas.cases.tables.mapping import TheList
from habeas.cases.tables.rows import Row
from habeas.cases.vocabulary import NameKind, Role
from habeas.lib import languages

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


def write(rows: Sequence[Row], listing: Listing, references: References, *, by: User | None) -> None:
    """Record rows, each as a case of its own.

    raises  OutsideAnAct
    """
    made = [
        _OneRow(row, listing, references.next(row) if not row.reference else row.reference) for row in rows
    ]
    write_new((record for one in made for record in one.records()), {one.case.pk for one in made})
    link(Event, "persons", ((one.event.pk, one.person.pk) for one in made))
    if by:
        for name in ("team", "named"):
            link(Case, name, ((one.case.pk, by.pk) for one in made))


class _OneRow:
    """The records that one row becomes."""

    def __init__(self, row: Row, listing: Listing, ref: str) -> None:
        self.row = row
        self.listing = listing
        self.case = Case(ref=ref, country=row.country, title=title_of(row), imported_digest=row.digest)
        self.person = Person(**person_fields(row))
        self.event = Event(case=self.case, seq=FIRST, **event_fields(row, listing))

    def records(self) -> Iterator[Record]:
        """Yield them, each after what it refers to."""
        yield from (self.case, self.person)
        yield from names_of(self.person, self.row.names)
        yield CaseRole(case=self.case, person=self.person, role=Role.SUBJECT, sort_order=0)
        sources = list(self._sources())
        yield from sources
        yield self.event
        for number, (what, value) in enumerate(claims_of(self.row)):
            yield Claim(event=self.event, source=sources[0], field=what, value=value, sort_order=number)

    def _sources(self) -> Iterator[Source]:
        """Yield the row as a source, with where it can be read, and each further address."""
        key, publisher = source_key(self.row), self.row.publisher or self.listing.publisher
        told = {"title": self.listing.title, "publisher": publisher, "origin": self.listing.origin}
        first, *others = self.row.urls or ("",)
        yield Source(case=self.case, key=key, url=first, **told)
        for number, url in enumerate(others, start=2):
            yield Source(case=self.case, key=f"{key}-{number}", url=url, **told)


def title_of(row: Row) -> str:
    """Return what the case is called: "Selma Amari, Antarctica"."""
    name = row.names[0].text if row.names else NAMELESS
    return f"{name[:150]}, {dict(languages.countries(languages.DEFAULT))[row.country]}"[:200]


def person_fields(row: Row) -> dict[str, object]:
    """Return what a row says of the person."""
    return {
        "nationality": list(row.nationality),
        "occupation": row.occupation,
        "medium": row.employer,
        **({"sex": row.sex} if row.sex else {}),
        "birth_edtf": row.birth,
    }


def event_fields(row: Row, listing: Listing) -> dict[str, object]:
    """Return what a row says of the event; without a date, it happened by the day the list is of."""
    words = {"status": row.status, "motive": row.motive}
    return {
        "type": row.event,
        "date_edtf": row.date or f"../{listing.as_of}",
        "date_text": row.date_text,
        "note": row.note,
        "details": {key: word for key, word in words.items() if word},
    }


def claims_of(row: Row) -> list[tuple[ClaimField, str]]:
    """Return what the list says about the event."""
    dated = (
        (ClaimField.DATE, row.date) if row.date else (ClaimField.HAPPENED, (row.status or row.event)[:200])
    )
    return [dated, *([(ClaimField.PLACE, row.place)] if row.place else [])]


def names_of(person: Person, names: Iterable[Name]) -> Iterator[PersonName]:
    """Yield the names, the first preferred; whether one may be shown is for staff to decide."""
    for number, name in enumerate(names):
        yield PersonName(
            person=person,
            text=name.text,
            language=UNDETERMINED,
            script=name.script,
            kind=NameKind.PUBLISHABLE if not number else NameKind.ALIAS,
            preferred=not number,
            sort_order=number,
        )
