"""One row of a list, understood: or the reason why not, in words for the person who keeps the list."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlsplit

import msgspec

from habeas.cases import dates
from habeas.cases.models import Claim, Event, Person, PersonName, Source
from habeas.cases.tables import cells, countries, days, words
from habeas.cases.tables.cells import Name, fold
from habeas.cases.tables.mapping import ASK, ListMapping
from habeas.cases.tables.reading import RawRow
from habeas.lib.errors import HabeasError

_JSON = msgspec.json.Encoder()
_LONGEST_REF = 40
_NOT_IN_A_REF = re.compile(r"[^A-Z0-9]+")


class NotUnderstood(HabeasError):
    """A cell cannot be read as what the mapping says it is."""


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with a row, and what to do."""

    row: int  # line in the file
    column: str  # as the table calls it; empty: the whole row
    value: str  # of the cell, shortened
    reason: str


class Row(msgspec.Struct, frozen=True):
    """What a row says, in the registry's words."""

    line: int
    names: tuple[Name, ...]  # none: nobody knows it
    event: str  # type of event
    date: str  # EDTF; empty: not known
    country: str
    reference: str = ""
    key: str = ""
    status: str = ""  # as the list says it
    date_text: str = ""  # as the list says it, where the EDTF is not the same
    nationality: tuple[str, ...] = ()
    employer: str = ""
    publisher: str = ""
    occupation: str = ""
    motive: str = ""
    place: str = ""
    sex: str = ""
    birth: str = ""
    note: str = ""
    urls: tuple[str, ...] = ()
    identity: str = ""  # by what it is recognised when the list is read again: 24 hexadecimal digits
    digest: str = ""  # SHA-256 of all it says: another one means that the row was changed

    @property
    def is_nameless(self) -> bool:
        """Whether nobody knows whom it is about: then two rows that are alike are two people."""
        return not self.names


def _signed(row: Row) -> Row:
    """Return the row with what tells it again."""
    identity = hashlib.sha256("\0".join(_told_by(row)).encode()).hexdigest()[:24]
    return msgspec.structs.replace(
        row,
        identity=identity,
        digest=hashlib.sha256(_JSON.encode(msgspec.structs.replace(row, line=0))).hexdigest(),
    )


def _told_by(row: Row) -> tuple[str, ...]:
    """Return its reference or key, if it has one; otherwise where it can be read and whom it is about.

    Without an address: whom, where, when and what.
    """
    if row.reference or row.key:
        return "key", row.reference, row.key
    name = fold(row.names[0].text) if row.names else ""
    if row.urls:
        return "url", bare_address(row.urls[0]), name
    return "row", name, row.country, row.date, row.event


class Understood(msgspec.Struct, frozen=True):
    """A row and what was kept in another way than the mapping says."""

    row: Row
    remarks: tuple[Problem, ...] = ()


class Refused(msgspec.Struct, frozen=True):
    """A row that cannot be recorded, with everything there is to mend."""

    problems: tuple[Problem, ...]


def bare_address(url: str) -> str:
    """Return what stays the same of an address however it is copied."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}?{parts.query}"


@dataclass(frozen=True)
class Reader:
    """Reads rows of one table by one mapping."""

    header: tuple[str, ...]
    mapping: ListMapping

    @cached_property
    def places(self) -> dict[str, tuple[int, ...]]:
        """Where in a row each field stands."""
        return {
            name: tuple(self.header.index(column) for column in self.mapping.columns_of(name))
            for name in self.mapping.columns
        }

    @cached_property
    def statuses(self) -> dict[str, str]:
        """Types of event by folded word; what the mapping says goes before the usual words."""
        return words.STATUSES | {fold(word): kind for word, kind in self.mapping.status.items()}

    @cached_property
    def countries(self) -> dict[str, str]:
        """Countries that the mapping names, by folded name."""
        return {fold(name): code for name, code in self.mapping.country.items()}

    def read(self, raw: RawRow) -> Understood | Refused:
        """Return what a row says, or why it cannot be recorded."""
        reading = _Reading(self, raw)
        row = reading.row()
        if reading.problems:
            return Refused(tuple(reading.problems))
        return Understood(_signed(row), tuple(reading.remarks))


@dataclass
class _Reading:
    """One row on its way; problems refuse it, remarks do not."""

    reader: Reader
    raw: RawRow
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)  # lines for the note: what has no other place

    def row(self) -> Row:
        if self.raw.problem:
            self._refuse("", "", self.raw.problem)
        date = self._date("date")
        text = self._short("date", Event, "date_text")
        known = Row(
            line=self.raw.line,
            names=self._names(),
            event=self._event(),
            date=date,
            country=self._country(),
            reference=self._reference(),
            key=self._key(),
            status=self._cell("status"),
            date_text="" if text == date or cells.is_unknown(text) else text,
            nationality=self._nationality(),
            employer=self._short("employer", Person, "medium"),
            publisher=self._short("publisher", Source, "publisher"),
            occupation=self._short("occupation", Person, "occupation"),
            motive=self._known("motive"),
            place=self._short("place", Claim, "value"),
            sex=words.SEXES.get(fold(self._known("sex")), "") if self._sex_is_understood() else "",
            birth=self._date("birth"),
            urls=self._urls(),
        )
        return msgspec.structs.replace(known, note="\n".join([*self._note_lines(), *self.extra]))

    def _raw_cell(self, name: str) -> str:
        places = self.reader.places.get(name)
        if not places:
            return ""
        if len(places) == 1:
            return self.raw.cells[places[0]]
        return "\n".join(self.raw.cells[place] for place in places)

    def _cell(self, name: str) -> str:
        return cells.plain(self._raw_cell(name)) if name in self.reader.places else ""

    def _known(self, name: str) -> str:
        """Return a cell, or nothing if it says that nobody knows."""
        text = self._cell(name)
        return "" if cells.is_unknown(text) else text

    def _names(self) -> tuple[Name, ...]:
        found = [one for place in self._known_names() for one in cells.names(place)]
        longest = _longest(PersonName, "text")
        if any(len(one.text) > longest for one in found):
            self._refuse("name", self._cell("name"), f"the name is longer than {longest} characters")
        return tuple(dict.fromkeys(found))

    def _known_names(self) -> Iterator[str]:
        places = self.reader.places
        for place in (*places.get("name", ()), *places.get("other_name", ())):
            text = cells.plain(self.raw.cells[place])
            if not cells.is_unknown(text):
                yield text

    def _event(self) -> str:
        word, otherwise = self._cell("status"), self.reader.mapping.list.status
        if cells.is_empty(word):
            if not otherwise:
                self._refuse("status", word, "the row does not say what happened; fill the cell")
            return otherwise
        kind = self.reader.statuses.get(fold(word), ASK)
        if kind == ASK:
            reason = f"what happened to the person? Say which type of event {word!r} is, under [status]"
            self._refuse("status", word, reason)
        return kind

    def _date(self, name: str) -> str:
        text = self._cell(name)
        if not text:
            return ""
        try:
            found = days.edtf(text, self.reader.mapping.order(name))
        except days.NotADay as error:
            self._refuse(name, text, str(error))
            return ""
        if len(found) > dates.LONGEST:
            self._refuse(name, text, "the date is too long to be kept")
        return found

    def _country(self) -> str:
        name, otherwise = self._cell("country"), self.reader.mapping.list.country
        if cells.is_unknown(name):
            if not otherwise:
                reason = 'the row names no country; fill the cell, or set [list] country = "SY" for such rows'
                self._refuse("country", name, reason)
            return otherwise
        try:
            return self.reader.countries.get(fold(name)) or countries.country_of(name)
        except countries.NotACountry as error:
            self._refuse("country", name, str(error))
            return ""

    def _nationality(self) -> tuple[str, ...]:
        """Return the countries of a cell such as "French / Malian"; what is no country goes to the note."""
        text = self._known("nationality")
        parts = [part for part in re.split(r"\s*[,;/]\s*", text) if part]
        try:
            return tuple(
                self.reader.countries.get(fold(part)) or countries.country_of(part) for part in parts
            )
        except countries.NotACountry:
            self._to_note("nationality", text, "no country we know; kept in the note")
            return ()

    def _reference(self) -> str:
        text = self._known("reference")
        found = _NOT_IN_A_REF.sub("-", fold(text).replace(" ", "-").upper()).strip("-")
        if (text and not found) or len(found) > _LONGEST_REF:
            self._refuse(
                "reference", text, "write capitals, digits and hyphens, at most 40, like SY-2014-003"
            )
        return found

    def _key(self) -> str:
        text = self._known("key")
        return self.reader.mapping.list.key_prefix + text if text else ""

    def _sex_is_understood(self) -> bool:
        text = self._known("sex")
        if text and fold(text) not in words.SEXES:
            self._to_note("sex", text, "not female or male; kept in the note")
            return False
        return True

    def _urls(self) -> tuple[str, ...]:
        raw = self._raw_cell("url")
        longest = _longest(Source, "url")
        found = cells.links(raw)
        fitting = [one for one in found if len(one) <= longest]
        text = cells.plain(raw)
        if len(fitting) < len(found) or (not found and not cells.is_unknown(text)):
            self._to_note("url", text, "no web address that can be kept as one; kept in the note")
        return tuple(fitting)

    def _short(self, name: str, model: type, model_field: str) -> str:
        text, longest = self._known(name), _longest(model, model_field)
        if len(text) > longest:
            self._to_note(name, text, f"longer than {longest} characters; kept in the note")
            return ""
        return text

    def _note_lines(self) -> list[str]:
        text = cells.lines(self._raw_cell("note"))
        return [] if cells.is_unknown(text) else [text]

    def _column(self, name: str) -> str:
        return self.reader.mapping.column(name)

    def _refuse(self, name: str, value: str, reason: str) -> None:
        self.problems.append(Problem(self.raw.line, self._column(name), _shortened(value), reason))

    def _to_note(self, name: str, value: str, remark: str) -> None:
        """Keep what has no place of its own in the note, and say so."""
        self.extra.append(f"{self._column(name)}: {value}")
        self.remarks.append(Problem(self.raw.line, self._column(name), _shortened(value), remark))


_LONGEST: dict[tuple[type, str], int] = {}


def _longest(model: type, name: str) -> int:
    """Return how many characters a field of the registry holds."""
    if (model, name) not in _LONGEST:
        _LONGEST[model, name] = model._meta.get_field(name).max_length  # type: ignore[attr-defined]  # noqa: SLF001
    return _LONGEST[model, name]


def _shortened(value: str, most: int = 120) -> str:
    return value if len(value) <= most else value[: most - 1] + "…"
