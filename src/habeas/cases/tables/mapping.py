"""The mapping of a list: which column is what, and which of its words is which of ours. A TOML file."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from habeas.cases import dates, vocabulary
from habeas.cases.tables import cells, countries, days, words
from habeas.cases.tables.cells import fold
from habeas.cases.tables.days import DateOrder
from habeas.lib import languages
from habeas.lib.errors import HabeasError

ASK = "ask"  # under [status]: not decided yet, so rows with this word are refused with the question
_ENOUGH = 0.6  # of the filled cells of a column, to say what it holds


class BadMapping(HabeasError):
    """The mapping does not fit; the message says where and what to write."""


class TheList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What holds for every row."""

    title: str = ""  # how the list is called where it is named as a source; empty: as the file
    publisher: str = ""  # who keeps it
    origin: str = ""  # whom all its rows go back to; empty: the list itself
    as_of: str = ""  # the day it is of, in EDTF: rows without a date happened by then; empty: today
    key_prefix: str = ""  # put before the list's own keys, where two lists count alike
    sheet: str = ""  # of an XLSX
    status: str = ""  # type of event where the list has no column for it
    country: str = ""  # two letters, where a row names none


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column with more to say than its name."""

    column: str
    date_order: DateOrder = DateOrder.ASK


class ListMapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a mapping file says."""

    columns: dict[str, str | list[str] | Column]  # by field (words.FIELDS)
    list: TheList = TheList()
    status: dict[str, str] = {}  # a word of the list: type of event, or "ask"
    country: dict[str, str] = {}  # a name of the list: two letters

    def column(self, field: str) -> str:
        """Return the name of the column of a field that has one; empty if it has none."""
        found = self.columns_of(field)
        return found[0] if found else ""

    def columns_of(self, field: str) -> tuple[str, ...]:
        """Return the names of the columns of a field."""
        told = self.columns.get(field, ())
        if isinstance(told, Column):
            return (told.column,)
        return (told,) if isinstance(told, str) else tuple(told)

    def order(self, field: str) -> DateOrder:
        """Return in which order the column of a field writes days and months in numbers."""
        told = self.columns.get(field)
        return told.date_order if isinstance(told, Column) else DateOrder.ASK


def read_mapping(text: str, header: Iterable[str]) -> ListMapping:
    """Return the mapping in `text` (TOML), checked against the columns of the table.

    raises  BadMapping
    """
    found = decode(text)
    check_mapping(found, header)
    return found


def check_mapping(mapping: ListMapping, header: Iterable[str]) -> None:
    """Check a mapping against the columns of the table.

    raises  BadMapping
    """
    problems = list(_problems(mapping, tuple(header)))
    if problems:
        raise BadMapping("the mapping: " + "; ".join(problems))


def decode(text: str) -> ListMapping:
    """Return the mapping in `text` as far as it can be read without its table.

    raises  BadMapping
    """
    try:
        return msgspec.toml.decode(text, type=ListMapping)
    except msgspec.ValidationError as error:
        raise BadMapping(f"the mapping: {error}") from error
    except (msgspec.DecodeError, ValueError) as error:
        raise BadMapping(f"the mapping is not TOML: {error}") from error


def _problems(mapping: ListMapping, header: tuple[str, ...]) -> Iterator[str]:
    for field in mapping.columns:
        if field not in words.FIELDS:
            yield f"[columns] {field} is nothing a column can be; it can be {', '.join(words.FIELDS)}"
        for column in mapping.columns_of(field):
            if column not in header:
                yield f"[columns] {field}: the table has no column {column!r}; it has {', '.join(header)}"
        if len(mapping.columns_of(field)) > 1 and field not in words.SEVERAL:
            yield f"[columns] {field} takes one column"
        if isinstance(mapping.columns[field], Column) and field not in words.DATED:
            yield f"[columns] {field}: only a date has a date_order"
    yield from _missing(mapping)
    yield from _wrong_words(mapping)


def _missing(mapping: ListMapping) -> Iterator[str]:
    if not mapping.columns_of("name"):
        yield "[columns] name is missing: which column has the person's name?"
    if not mapping.columns_of("status") and not mapping.list.status:
        yield 'say what happened: a column under [columns] status, or [list] status = "arrest" for all rows'
    if not mapping.columns_of("country") and not mapping.list.country:
        yield 'say where: a column under [columns] country, or [list] country = "SY" for all rows'


def _wrong_words(mapping: ListMapping) -> Iterator[str]:
    told = {**mapping.status, **({"for all rows": mapping.list.status} if mapping.list.status else {})}
    for word, kind in told.items():
        if kind != ASK and kind not in vocabulary.EVENTS:
            yield f"[status] {word!r}: {kind!r} is no type of event; it can be {', '.join(vocabulary.EVENTS)}"
    codes = {**mapping.country, **({"for all rows": mapping.list.country} if mapping.list.country else {})}
    for name, code in codes.items():
        if code not in languages.country_codes():
            yield f"[country] {name!r}: {code!r} is not a country's two letters, like MR"
    if mapping.list.as_of:
        try:
            dates.parse(mapping.list.as_of)
        except dates.NotADate as error:
            yield f"[list] as_of: {error}"


def propose(header: tuple[str, ...], sample: Iterable[tuple[str, ...]]) -> ListMapping:
    """Return the mapping that the names of the columns suggest, and where they say nothing, their cells.

    sample  cells of the first rows

    It may lack what a mapping needs; `missing` tells.
    """
    found = _by_header(header)
    rows = list(sample)
    for field, looks_like in _LOOKS.items():
        if field not in found:
            _by_cells(found, field, looks_like, header, rows)
    return ListMapping(columns={field: found[field] for field in words.FIELDS if field in found})


def missing(mapping: ListMapping) -> list[str]:
    """Return what a mapping does not say and has to."""
    return list(_missing(mapping))


def _by_header(header: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column in header:
        field = words.HEADERS.get(fold(column), "")
        if field in words.SEVERAL and field in found:
            known = found[field]
            found[field] = [*(known if isinstance(known, list) else [known]), column]
        elif field:
            found.setdefault(field, column)
    return found


def _by_cells(
    found: dict[str, Any], field: str, looks_like: Any, header: tuple[str, ...], rows: list[tuple[str, ...]]
) -> None:
    taken = {column for told in found.values() for column in ([told] if isinstance(told, str) else told)}
    for place, column in enumerate(header):
        if column in taken:
            continue
        filled = [row[place] for row in rows if not cells.is_empty(cells.plain(row[place]))]
        if filled and sum(map(looks_like, filled)) >= _ENOUGH * len(filled):
            found[field] = column
            return


def _is_country(cell: str) -> bool:
    try:
        return bool(countries.country_of(cell))
    except countries.NotACountry:
        return False


def _is_date(cell: str) -> bool:
    try:
        return bool(days.edtf(cell))
    except days.TwoDays:
        return True
    except days.NotADay:
        return False


_LOOKS = {
    "url": lambda cell: bool(cells.links(cell)),
    "status": lambda cell: fold(cell) in words.STATUSES,
    "country": _is_country,
    "date": _is_date,
}


def in_toml(mapping: ListMapping, statuses: Mapping[str, int], left_out: Iterable[str]) -> str:
    """Return a mapping as a TOML file with comments, to be saved and edited.

    statuses  the words of the status column, each with how many rows have it
    left_out  the columns that nothing is read from
    """
    return "\n".join(
        [*_list_lines(mapping), *_column_lines(mapping, left_out), *_word_lines(mapping, statuses)]
    )


def _list_lines(mapping: ListMapping) -> Iterator[str]:
    yield "# A mapping for: habeas case import FILE --mapping THIS-FILE (docs/importing.md)"
    yield ""
    yield "[list]"
    about = {
        "title": "how the list is called where it is named as a source",
        "publisher": "who keeps it",
        "as_of": "the day it is of, like 2024-12-01; rows without a date happened by then. Empty: today",
    }
    told = msgspec.to_builtins(mapping.list)
    for key, value in told.items():
        if value or key in about:
            yield f"{key} = {quoted(value)}" + (f"  # {about[key]}" if key in about else "")
    yield ""


def _column_lines(mapping: ListMapping, left_out: Iterable[str]) -> Iterator[str]:
    yield "[columns]"
    for field, told in mapping.columns.items():
        yield f"{field} = {_column_in_toml(field, told)}  # {words.FIELDS[field]}"
    unused = list(left_out)
    if unused:
        yield f"# Not read: {', '.join(map(quoted, unused))}. A column can be: {', '.join(words.FIELDS)}."
    yield ""


def _column_in_toml(field: str, told: str | list[str] | Column) -> str:
    if isinstance(told, list):
        return f"[{', '.join(map(quoted, told))}]"
    if field not in words.DATED:
        return quoted(told if isinstance(told, str) else told.column)
    name, order = (told, DateOrder.ASK) if isinstance(told, str) else (told.column, told.date_order)
    return f"{{ column = {quoted(name)}, date_order = {quoted(order)} }}"


def _word_lines(mapping: ListMapping, statuses: Mapping[str, int]) -> Iterator[str]:
    yield '[status]  # a word of the list = a type of event; with "ask", rows are refused until you decide'
    decided = {fold(word): kind for word, kind in mapping.status.items()}
    for word, count in statuses.items():
        kind = decided.get(fold(word)) or words.STATUSES.get(fold(word), ASK)
        label = vocabulary.EVENTS.get(kind, "which one?")
        yield f"{quoted(word)} = {quoted(kind)}  # {count} rows: {label}"
    here = {fold(word) for word in statuses}
    for word, kind in mapping.status.items():
        if fold(word) not in here:  # of an edition before, or after
            yield f"{quoted(word)} = {quoted(kind)}"
    yield ""
    yield "[country]  # a name that is not understood = the country's two letters"
    for name, code in mapping.country.items():
        yield f"{quoted(name)} = {quoted(code)}"
    yield ""


def quoted(text: str) -> str:
    """Return a text as TOML writes it; a JSON string is one."""
    return json.dumps(str(text), ensure_ascii=False).replace("\x7f", "\\u007f")
