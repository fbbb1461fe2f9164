"""Opening a table: CSV in whatever encoding and with whatever delimiter, or the first sheet of an XLSX.

A table is read row by row and never held whole, and it is read twice: once to look, once to write.
"""

import codecs
import csv
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from habeas.cases.tables.cells import plain
from habeas.lib.errors import HabeasError

SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xlsm"})
_DELIMITERS = ",;\t|"
_LONGEST_CELL = 1_000_000  # characters; more is a quotation mark that never closes
_LOOKED_AT = 64 * 1024  # characters, to find the delimiter
_CHUNK = 1 << 20
_LARGEST_UNPACKED = 4 << 30  # bytes of an XLSX; more is no list of people
_LARGEST_STRINGS = 512 << 20  # bytes of its texts, the one part that is held in memory
_STRINGS = "xl/sharedStrings.xml"
_NOT_UTF_8 = (
    "The file is not UTF-8. It was read as Windows-1252, as Western European Excel writes it: look at names "
    "with accents. If they are wrong, save the file as UTF-8 and begin again."
)
_OTHER_KINDS = {
    b"%PDF": "a PDF: ask for the list as .xlsx or .csv, or copy its table into a spreadsheet",
    b"\x89PNG": "a picture of a list: type it into a spreadsheet, and save it as .xlsx or .csv",
    b"\xff\xd8\xff": "a picture of a list: type it into a spreadsheet, and save it as .xlsx or .csv",
    b"\xd0\xcf\x11\xe0": "an old Excel file (.xls); save it as .xlsx or .csv",
}  # how files begin that are no tables, and what to do
_BROKEN = (
    *(zipfile.BadZipFile, ParseError, KeyError, ValueError, TypeError),
    *(IndexError, AttributeError, zlib.error, EOFError, NotImplementedError, OverflowError),
)


class NotATable(HabeasError):
    """The file cannot be read as a table; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as it stands."""

    line: int  # in the file, from 1: where it begins, if it has line breaks inside
    cells: tuple[str, ...]  # as many as the header has
    problem: str = ""  # why it does not fit the header


@dataclass(frozen=True, slots=True)
class Table:
    """A file that can be read as a table."""

    path: Path
    header: tuple[str, ...]  # each column's name, no two the same
    about_rows: int  # how many rows there are, roughly: for a progress bar
    told: tuple[str, ...]  # what was found out about the file, in words
    encoding: str = ""  # of a CSV
    delimiter: str = ""  # of a CSV
    sheet: str = ""  # of an XLSX

    def rows(self) -> Iterator[RawRow]:
        """Yield every row below the header that has anything in it.

        raises  NotATable
        """
        found = False
        for line, cells in _lines(self):
            if not any(cell.strip() for cell in cells):
                continue
            if found:
                yield _fitting(line, cells, len(self.header))
            found = True  # the first row that says anything is the header


def open_table(path: Path, sheet: str = "") -> Table:
    """Return the table in a file.

    sheet   of an XLSX; the first one if empty
    raises  NotATable, OSError
    """
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"PK"):
        return _with_header(_workbook(path, sheet))
    for begins, told in _OTHER_KINDS.items():
        if start.startswith(begins):
            raise NotATable(f"{path.name} is {told}")
    return _with_header(_text_table(path))


def _with_header(table: Table) -> Table:
    for _line, cells in _lines(table):
        if any(cell.strip() for cell in cells):
            return Table(
                table.path,
                _named(cells),
                table.about_rows,
                table.told,
                table.encoding,
                table.delimiter,
                table.sheet,
            )
    raise NotATable(f"{table.path.name} is empty")


def _named(cells: Iterable[str]) -> tuple[str, ...]:
    """Return the columns' names, made different where two are the same."""
    names: list[str] = []
    for number, cell in enumerate(cells, start=1):
        name = plain(cell) or f"column {number}"
        names.append(name if name not in names else f"{name} ({number})")
    while names and names[-1] == f"column {len(names)}":
        names.pop()  # delimiters after the last column
    return tuple(names)


def _fitting(line: int, cells: tuple[str, ...], width: int) -> RawRow:
    if any(cell.strip() for cell in cells[width:]):
        problem = (
            f"the row has {len(cells)} cells and the header {width}: is there a delimiter inside a cell?"
        )
        return RawRow(line, cells[:width], problem)
    return RawRow(line, (cells + ("",) * width)[:width])


def _lines(table: Table) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield (line, cells) of everything in the file."""
    return _text_lines(table) if table.encoding else _sheet_lines(table)


def _text_table(path: Path) -> Table:
    encoding, newlines, told = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        delimiter = _delimiter(file.read(_LOOKED_AT))
    return Table(path, (), max(0, newlines - 1), told, encoding, delimiter)


def _encoding(path: Path) -> tuple[str, int, tuple[str, ...]]:
    """Return the encoding, how many line ends there are, and what people should know of it."""
    with path.open("rb") as file:
        start = file.read(4096)
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if start.startswith(mark):
            return encoding, _count(path, encoding), ()
    if start[1::2].count(0) > len(start) // 4:  # every second byte of Latin text is nought
        return "utf-16-le", _count(path, "utf-16-le"), ("Read as UTF-16.",)
    if start[::2].count(0) > len(start) // 4:
        return "utf-16-be", _count(path, "utf-16-be"), ("Read as UTF-16.",)
    try:
        return "utf-8-sig", _count(path, "utf-8-sig"), ()
    except NotATable:
        return "cp1252", _count(path, "cp1252"), (_NOT_UTF_8,)


def _count(path: Path, encoding: str) -> int:
    """Return how many line ends a file has.

    raises  NotATable if it is not text of this encoding
    """
    decoder, found = codecs.getincrementaldecoder(encoding)(), 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                found += decoder.decode(chunk).count("\n")
            decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise NotATable(f"{path.name} is no text we can read; save it as CSV in UTF-8, or as XLSX") from error
    return found


def _delimiter(start: str) -> str:
    """Return the delimiter that cuts the first rows most evenly."""
    return max(_DELIMITERS, key=lambda delimiter: _evenness(start, delimiter))


def _evenness(start: str, delimiter: str) -> tuple[float, int]:
    whole = start if len(start) < _LOOKED_AT else start.rpartition("\n")[0]
    try:
        widths = [len(row) for row in csv.reader(whole.splitlines(keepends=True), delimiter=delimiter) if row]
    except csv.Error:
        return 0.0, 0
    if not widths or widths[0] == 1:
        return 0.0, 0
    return sum(width == widths[0] for width in widths) / len(widths), widths[0]


def _text_lines(table: Table) -> Iterator[tuple[int, tuple[str, ...]]]:
    csv.field_size_limit(_LONGEST_CELL)
    with table.path.open(encoding=table.encoding, newline="") as file:
        reader = csv.reader(file, delimiter=table.delimiter, strict=True)
        begins = 1
        try:
            for cells in reader:
                yield begins, tuple(cells)
                begins = reader.line_num + 1
        except csv.Error as error:
            raise NotATable(
                f"{table.path.name}, line {begins}: a quotation mark is not closed, or stands inside a cell "
                f'without being doubled (""); mend it, or save the table as XLSX ({error})'
            ) from error


def _workbook(path: Path, sheet: str) -> Table:
    try:
        _refuse_a_bomb(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about charts and styles, which say nothing of people
            book = _open(path)
        names = [each.title for each in book.worksheets]
        chosen = sheet or (names[0] if names else "")
        about = (book[chosen].max_row or 1) - 1 if chosen in names else 0
        book.close()
    except _BROKEN as error:
        raise NotATable(
            f"{path.name} is no XLSX we can read; open it, save it anew as XLSX or CSV"
        ) from error
    if chosen not in names:
        raise NotATable(f"{path.name} has no sheet {sheet!r}; it has {', '.join(map(repr, names))}")
    others = [name for name in names if name != chosen]
    said = f"Only the sheet {chosen!r} was read; there are others: {', '.join(map(repr, others))}."
    return Table(path, (), max(0, about), (said,) if others else (), sheet=chosen)


def _refuse_a_bomb(path: Path) -> None:
    with zipfile.ZipFile(path) as parts:
        sizes = {part.filename: part.file_size for part in parts.infolist()}
    if sum(sizes.values()) > _LARGEST_UNPACKED or sizes.get(_STRINGS, 0) > _LARGEST_STRINGS:
        raise NotATable(f"{path.name} is too large to be read as XLSX; save it as CSV")


def _sheet_lines(table: Table) -> Iterator[tuple[int, tuple[str, ...]]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = _open(table.path)
            sheet: Any = book[table.sheet]
            sheet.reset_dimensions()  # some programs write wrong ones
            for number, cells in enumerate(sheet.iter_rows(), start=1):
                yield number, tuple(map(_text, cells))
            book.close()
    except _BROKEN as error:
        raise NotATable(f"{table.path.name} is damaged; open it, save it anew as XLSX or CSV") from error


def _open(path: Path) -> Any:
    """Return the workbook in a file.

    raises  one of `_BROKEN`
    """
    # Nothing but lists needs it, and it takes a twelfth of every start of office, clerk and commands.
    from openpyxl import load_workbook  # noqa: PLC0415
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        return load_workbook(path, read_only=True, data_only=True)
    except InvalidFileException as error:
        raise ValueError(str(error)) from error


def _text(cell: Any) -> str:
    """Return what an XLSX cell shows, as far as it is exact: a date shown as "Jan 2014" is a month."""
    value = cell.value
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, (datetime, date)):
        return _shown_day(value, str(cell.number_format))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, time) else str(value)


def _shown_day(value: date, shown_as: str) -> str:
    pattern = shown_as.lower().partition(";")[0]
    if "d" in pattern or not {"m", "y"}.intersection(pattern):
        return value.strftime("%Y-%m-%d")
    return value.strftime("%Y-%m") if "m" in pattern else value.strftime("%Y")
