"""The whole table looked at, before anything is written: what it holds, what is unclear, what comes twice."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from habeas.cases.tables import cells, days
from habeas.cases.tables.days import DateOrder
from habeas.cases.tables.mapping import ListMapping
from habeas.cases.tables.reading import Table
from habeas.cases.tables.rows import Problem, Reader, Refused, Row
from habeas.cases.tables.understood import UnderstoodRows
from habeas.cases.tables.words import DATED

_MOST_WORDS = 500  # different words of a status column that are told
_WIDTH = 16  # hexadecimal digits of an identity that fit into 8 bytes


@dataclass
class DatesInNumbers:
    """What the dates in numbers of one column show about their order."""

    column: str
    open: int = 0  # that can be two days
    open_example: str = ""
    evidence: dict[DateOrder, Problem] = field(
        default_factory=dict
    )  # the first that can be read one way only

    def question(self) -> str:
        """Return what to ask whoever keeps the list; empty if nothing is open."""
        if not self.open:
            return ""
        asked = f"{self.column}: {self.open} dates like {self.open_example} can be two days. "
        if len(self.evidence) > 1:
            both = " and ".join(
                f"{one.value} (line {one.row}) only {order}" for order, one in self.evidence.items()
            )
            return asked + f"{both}: the column mixes both orders, so each of them has to be written out."
        for order, one in self.evidence.items():
            return asked + (
                f"{one.value} (line {one.row}) can only be {order}. If the whole column is written so, "
                f'say date_order = "{order}" in the mapping.'
            )
        return asked + 'Say date_order = "day-first" or "month-first" in the mapping.'


@dataclass
class Survey:
    """What a table holds."""

    rows: int = 0
    statuses: Counter[str] = field(default_factory=Counter)  # words of the status column
    refused: list[Problem] = field(default_factory=list)  # the first of each row
    also: dict[int, list[Problem]] = field(default_factory=dict)  # further ones, by line
    remarks: list[Problem] = field(default_factory=list)
    without_date: int = 0
    dates: dict[str, DatesInNumbers] = field(default_factory=dict)  # by field
    twice: dict[str, Counter[str]] = field(
        default_factory=dict
    )  # identity: digests, of those that come twice
    understood: UnderstoodRows = field(default_factory=UnderstoodRows)

    @property
    def questions(self) -> list[str]:
        """What has to be decided before every row can be read."""
        return list(filter(None, (each.question() for each in self.dates.values())))


def survey(table: Table, mapping: ListMapping, step: Callable[[], None] = lambda: None) -> Survey:
    """Return what a table holds, read by a mapping.

    step    called after each row, for a progress bar
    raises  NotATable

    Memory: 8 bytes a row to find what comes twice, and the rows that are refused.
    """
    found, reader = Survey(), Reader(table.header, mapping)
    identities = array("Q")
    for row in _understood(table, reader, found, step):
        identities.append(int(row.identity[:_WIDTH], 16))
        found.understood.add(row)
        found.without_date += not row.date
    again = _repeated(identities)
    for row in found.understood if again else ():
        if int(row.identity[:_WIDTH], 16) in again:
            found.twice.setdefault(row.identity, Counter())[row.digest] += 1
    return found


def _understood(table: Table, reader: Reader, found: Survey, step: Callable[[], None]) -> Iterator[Row]:
    """Yield the rows that can be recorded, and note the rest."""
    for raw in table.rows():
        found.rows += 1
        _look_at_words(found, reader, raw.cells, raw.line)
        read = reader.read(raw)
        if isinstance(read, Refused):
            found.refused.append(read.problems[0])
            if read.problems[1:]:
                found.also[raw.line] = list(read.problems[1:])
        else:
            found.remarks.extend(read.remarks)
            yield read.row
        step()


def _look_at_words(found: Survey, reader: Reader, row: tuple[str, ...], line: int) -> None:
    for place in reader.places.get("status", ()):
        word = cells.plain(row[place])
        if word and (word in found.statuses or len(found.statuses) < _MOST_WORDS):
            found.statuses[word] += 1
    for name in DATED:
        for place in reader.places.get(name, ()):
            known = found.dates.setdefault(name, DatesInNumbers(reader.header[place]))
            if reader.mapping.order(name) is DateOrder.ASK:
                _look_at_date(known, row[place], line)


def _look_at_date(known: DatesInNumbers, cell: str, line: int) -> None:
    numbers = days.in_numbers(cell)
    orders = numbers.orders if numbers else ()
    if numbers and len({numbers.read(order) for order in orders}) > 1:
        known.open += 1
        known.open_example = known.open_example or cells.plain(cell)
    elif len(orders) == 1:
        known.evidence.setdefault(orders[0], Problem(line, known.column, cells.plain(cell), ""))


def _repeated(identities: "array[int]") -> set[int]:
    """Return the identities that more than one row has."""
    return {one for one, other in pairwise(sorted(identities)) if one == other}
