"""Reading a journal, while a door writes it and when none does; damage is reported, never fatal."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from msgspec import Struct

from habeas.ledger import journal_file
from habeas.ledger.journal_file import Tail
from habeas.lib.errors import HabeasError

READ_ON = "PRAGMA writable_schema = ON"  # the file is opened read-only; this reads one that was cut short
WINDOW = "SELECT seq, body, sha256 FROM entry WHERE seq > ? AND seq <= ? ORDER BY seq"
ONE = "SELECT seq, body, sha256 FROM entry WHERE seq = ?"
SCAN = "SELECT seq, body, sha256 FROM entry WHERE +seq > ? AND +seq <= ?"  # + keeps it off the damaged tree
NEWEST = "SELECT coalesce(max(seq), 0) FROM entry"

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}

Row = tuple[Any, ...]  # seq, body, sha256: of any type once damaged


class JournalUnreadable(HabeasError):
    """A journal cannot be read now: damaged at its root, locked, or not readable by this user."""


class JournalUnborn(JournalUnreadable):
    """A door has made the file, and not yet the tables in it: look again in a moment."""


class Record(Struct, frozen=True):
    """One intact record."""

    seq: int
    body: bytes


class Damaged(Struct, frozen=True):
    """Records of a journal that are not what was appended."""

    journal: Path
    first: int
    last: int  # `first` again if it is one record
    reason: str


class Batch(Struct, frozen=True):
    """What one look at a journal found."""

    records: list[Record]  # intact, in their order
    damaged: list[Damaged]
    position: int  # read on after this number


class JournalReader:
    """One journal, opened for reading only."""

    def __init__(self, path: Path) -> None:
        """Open the journal at `path`.

        raises  JournalUnborn, JournalUnreadable
        """
        self.path = path
        try:
            self._connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5.0)
        except sqlite3.Error as error:
            raise JournalUnreadable(f"{path}: {error}") from error
        self._connection.isolation_level = None
        self._connection.text_factory = bytes  # a damaged value may claim to be text
        try:
            self.identity = self._looked_at()
        except JournalUnreadable:
            self._connection.close()
            raise

    def _looked_at(self) -> bytes:
        """Return the identity of a journal that is one."""
        with self._named():
            self._connection.execute(READ_ON)
            if journal_file.is_unborn(self._connection):
                raise JournalUnborn(f"{self.path} has no tables yet")
            return journal_file.identity(self._connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def read(self, after: int, limit: int) -> Batch:
        """Return the intact records of the `limit` numbers after `after`, and what is damaged there.

        The position never passes the last intact record: what is damaged at the very end is reported
        but not passed, so that nothing appended behind it can be missed.

        raises  JournalUnreadable
        """
        with self._named():
            return self._in_order(after, limit) or self._around_damage(after, after + limit)

    def _in_order(self, after: int, limit: int) -> Batch | None:
        """Return the batch if nothing in it is damaged or missing: all but always."""
        try:
            rows = self._connection.execute(WINDOW, (after, after + limit)).fetchall()
            if not rows and self._connection.execute(NEWEST).fetchone()[0] == after:
                return Batch([], [], after)
        except sqlite3.DatabaseError as error:
            _reraise_unless_damage(error)
            return None
        records = self._intact(rows)
        if not records or len(records) != len(rows) or records[-1].seq != after + len(records):
            return None
        return Batch(records, [], after + len(records))

    def _around_damage(self, after: int, upto: int) -> Batch:
        self._connection.execute("BEGIN")  # one snapshot, or what a door appends meanwhile seems missing
        try:
            tail = self._tail()
            if tail.intact < after and not tail.damaged and not self._holds(after):
                return self._went_back(tail.intact, after)
            found = self._records(after, upto)
            stop = min(upto, max(tail.intact, *found, after))
            if len(found) < stop - after:
                found |= self._scanned(after, stop)
        finally:
            self._connection.execute("ROLLBACK")
        missing = [seq for seq in range(after + 1, stop + 1) if seq not in found]
        behind = [seq for seq in reversed(tail.damaged) if seq > stop]
        damaged = [*self._ranges(missing, "damaged or missing"), *self._ranges(behind, "damaged at the end")]
        if not found and not damaged:
            damaged = [Damaged(self.path, after + 1, after + 1, "nothing can be read from here on")]
        return Batch([found[seq] for seq in sorted(found)], damaged, stop)

    def _holds(self, seq: int) -> bool:
        """Tell whether a record is here after all, in a tree too damaged to be searched."""
        return bool(self._records(seq - 1, seq) or self._scanned(seq - 1, seq))

    def _went_back(self, newest: int, after: int) -> Batch:
        """Report a journal that is shorter than what was read of it: an older copy was put in its place.

        The position goes back with it. Reading an entry twice is harmless, missing one is not.
        """
        shorter = Damaged(self.path, newest + 1, after, "read before, and gone: is this an older copy?")
        return Batch([], [shorter], newest)

    def _tail(self) -> Tail:
        try:
            return journal_file.tail(self._connection, self.identity)
        except sqlite3.DatabaseError as error:
            _reraise_unless_damage(error)
            return Tail(0, [])

    def _records(self, after: int, upto: int) -> dict[int, Record]:
        try:
            rows = self._connection.execute(WINDOW, (after, upto)).fetchall()
        except sqlite3.DatabaseError as error:
            _reraise_unless_damage(error)
            rows = [row for seq in range(after + 1, upto + 1) for row in self._tried(ONE, seq)]
        return {record.seq: record for record in self._intact(rows)}

    def _scanned(self, after: int, upto: int) -> dict[int, Record]:
        """Return what a scan finds, and behind the page at which it had to end, what has its number still.

        A scan is needed at all because one damaged number hides its neighbours from a search.
        """
        rows = self._tried(SCAN, after, upto)
        found = {record.seq: record for record in self._intact(rows)}
        missing = (seq for seq in range(after + 1, upto + 1) if seq not in found)
        behind = [row for seq in missing for row in self._tried(ONE, seq)]
        return found | {record.seq: record for record in self._intact(behind)}

    def _tried(self, query: str, *values: int) -> Iterator[Row]:
        """Yield rows as far as the damage allows."""
        try:
            yield from self._connection.execute(query, values)
        except sqlite3.DatabaseError as error:
            _reraise_unless_damage(error)

    def _intact(self, rows: Iterable[Row]) -> list[Record]:
        return [Record(row[0], row[1]) for row in rows if journal_file.is_intact(self.identity, *row)]

    def _ranges(self, numbers: list[int], reason: str) -> list[Damaged]:
        """Return ascending `numbers` as runs without gaps."""
        runs: list[list[int]] = []
        for seq in numbers:
            if runs and runs[-1][1] == seq - 1:
                runs[-1][1] = seq
            else:
                runs.append([seq, seq])
        return [Damaged(self.path, first, last, reason) for first, last in runs]

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Turn what SQLite says into the one error a caller has to know, with the journal's name."""
        try:
            yield
        except (sqlite3.Error, journal_file.NotAJournal, UnicodeDecodeError) as error:
            # UnicodeDecodeError: SQLite's message quotes a damaged name, and Python cannot decode it.
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_READONLY_ROLLBACK:
                # Only before a file is set to keep a write-ahead log does SQLite roll anything back in it.
                raise JournalUnborn(f"{self.path} was about to be made when its door died") from error
            raise JournalUnreadable(f"{self.path}: {error}") from error


def _reraise_unless_damage(error: sqlite3.DatabaseError) -> None:
    """Raise anything but damage again: a lock or a failing disk says nothing about the records."""
    if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _DAMAGED:
        raise error
