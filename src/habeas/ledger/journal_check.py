"""Every record of a journal checked: what is damaged, what is missing, what waits, what is forgotten."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from msgspec import Struct

from habeas.ledger import entry as kinds
from habeas.ledger.entry import Entry, NotAnEntry, unpack
from habeas.ledger.journal_reader import (
    Damaged,
    JournalReader,
    JournalUnborn,
    JournalUnreadable,
    Record,
)
from habeas.ledger.read_only import is_idle, read_only
from habeas.ledger.sorter import BATCH, Sorter

_LOOKS = 5  # at a journal that changes hands
OWN_CHECK_OF_A_JOURNAL = "PRAGMA quick_check(1)"


def check_journal(
    path: Path, folded: int, take: Callable[[int, Entry], None], *, batch: int = BATCH
) -> list[Damaged]:
    """Read one journal to its end and return what is damaged, in the order of the numbers.

    folded  how many of its records were read before: fewer are no longer an end, but a loss
    take    called with every intact record's number and entry
    batch   how many records are held in memory at a time
    raises  JournalUnborn, JournalUnreadable
    """
    with _reader(path) as reader:
        return _read(reader, folded, take, batch, Tally())


class Tally(Struct):
    """How many intact records there are."""

    intact: int = 0
    waiting: int = 0  # of those, not folded yet
    forgotten: int = 0  # of those, empty

    def add(self, other: "Tally") -> None:
        """Add what another journal has."""
        self.intact += other.intact
        self.waiting += other.waiting
        self.forgotten += other.forgotten


class OneJournal(Struct, frozen=True):
    """What is in one journal."""

    identity: bytes | None  # None if it cannot be read
    damaged: list[Damaged]
    tally: Tally


def read_steadily(path: Path, positions: dict[bytes, int], sorter: Sorter) -> OneJournal:
    """Read one journal; again if something is wrong with it and it changed hands under our eyes.

    It does when its door closes it, and when the clerk thins it out. What the sorter is given twice
    comes to the same.
    """
    for _ in range(_LOOKS):
        hands = _hands(path)
        one = _read_once(path, positions, sorter)
        if not one.damaged or hands == _hands(path):
            break
    return one


def _hands(path: Path) -> tuple[object, ...]:
    """Return by what can be seen that a journal passes from a door to the clerk, or is written by them."""
    is_resting = is_idle(path)
    status = path.stat()
    return (is_resting, status.st_size, status.st_mtime_ns) if is_resting else (is_resting,)


def _read_once(path: Path, positions: dict[bytes, int], sorter: Sorter) -> OneJournal:
    tally = Tally()
    try:
        with _reader(path) as reader:
            folded = positions.get(reader.identity, 0)
            damaged = _read(reader, folded, _taking(folded, tally, sorter), BATCH, tally)
            return OneJournal(reader.identity, damaged, tally)
    except JournalUnborn:
        return OneJournal(None, [], tally)
    except JournalUnreadable as error:
        return OneJournal(None, [Damaged(path, 0, 0, str(error))], tally)


def _taking(folded: int, tally: Tally, sorter: Sorter) -> Callable[[int, Entry], None]:
    def take(seq: int, entry: Entry) -> None:
        tally.intact += 1
        if seq <= folded:
            sorter.add(entry)
        else:
            tally.waiting += 1

    return take


class _Reader(JournalReader):
    """A `JournalReader` that leaves no trace."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path, self._connection = path, connection
        connection.text_factory = bytes  # a damaged value may claim to be text
        self.identity = self._looked_at()

    def own_check(self) -> str:
        """Return what SQLite says of the tree that holds the records; "ok" if it is whole."""
        with self._named():
            try:
                return bytes(self._connection.execute(OWN_CHECK_OF_A_JOURNAL).fetchone()[0]).decode(
                    errors="replace"
                )
            except sqlite3.DatabaseError as error:
                return str(error)


@contextmanager
def _reader(path: Path) -> Iterator[_Reader]:
    with ExitStack() as stack:
        try:
            connection = stack.enter_context(read_only(path))
        except (sqlite3.Error, OSError) as error:
            raise JournalUnreadable(f"{path}: {error}") from error
        yield _Reader(path, connection)


def _read(
    reader: _Reader, folded: int, take: Callable[[int, Entry], None], size: int, tally: Tally
) -> list[Damaged]:
    damaged: dict[Damaged, None] = {}  # a damaged end is told of with every batch
    position, is_more = 0, True
    while is_more:
        batch = reader.read(position, size)
        is_more, position = batch.position > position, batch.position
        damaged |= dict.fromkeys([*batch.damaged, *_taken(reader.path, batch.records, take, tally)])
    damaged |= dict.fromkeys(_gone(reader, list(damaged), position, folded))
    return _joined(damaged)


def _taken(
    path: Path, records: list[Record], take: Callable[[int, Entry], None], tally: Tally
) -> Iterator[Damaged]:
    """Take the entries of `records`; yield what is intact but no entry."""
    for record in records:
        if kinds.is_forgotten(record.body):
            tally.intact += 1
            tally.forgotten += 1
            continue
        try:
            entry = unpack(record.body)
        except NotAnEntry as error:
            yield Damaged(path, record.seq, record.seq, f"not an entry: {error}")
        else:
            take(record.seq, entry)


def _gone(reader: _Reader, damaged: list[Damaged], position: int, folded: int) -> Iterator[Damaged]:
    """Yield what is missing behind the last record: an end that was cut off leaves no gap to see."""
    last = max([position, *(found.last for found in damaged if found.last <= folded)])
    if last < folded:
        yield Damaged(reader.path, last + 1, folded, "read before, and gone: is this an older copy?")
    elif not damaged and (said := reader.own_check()) != "ok":
        yield Damaged(reader.path, last + 1, last + 1, f"records may be missing from here on: {said}")


def _joined(damaged: Iterable[Damaged]) -> list[Damaged]:
    """Return `damaged` by number, with neighbours that have one reason as one range."""
    joined: list[Damaged] = []
    for found in sorted(damaged, key=lambda found: (found.first, found.last)):
        if joined and (joined[-1].last + 1, joined[-1].reason) == (found.first, found.reason):
            joined[-1] = Damaged(found.journal, joined[-1].first, found.last, found.reason)
        else:
            joined.append(found)
    return joined
