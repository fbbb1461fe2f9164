"""Thinning a closed journal: what it holds of people who are forgotten becomes nothing.

The store is what remembers. An entry that it has folded, and that would change its person if it were
folded again, is about somebody who was forgotten since: a person without a row, the signature of somebody
who withdrew, the first signing of somebody who was forgotten and came back. Its body becomes one byte; its
number stays, and its checksum is made anew. So the journals still come to what the store holds, a replay
from the beginning brings nobody back, and `habeas verify` goes on checking every record.

A journal is thinned in slices, and whoever folds goes on between them. Within a slice nothing is folded,
so each entry is judged by what the store holds at the moment at which it is emptied: a journal in which
only some slices are done is one of which only some people were forgotten yet.

If we die anywhere, the next turn does the rest: a mark in the file, set with the entries that are emptied,
says that what is left of them on its pages is still to be written over.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from itertools import groupby
from pathlib import Path

from habeas.ledger import journal_file
from habeas.ledger.entry import FORGOTTEN, Entry, Epoch, NotAnEntry, is_forgotten, unpack
from habeas.ledger.fold import About, fold
from habeas.ledger.journal_file import journals, place
from habeas.ledger.journal_reader import JournalReader, JournalUnreadable, Record
from habeas.ledger.store import Key, Store
from habeas.lib.errors import HabeasError

SLICE = 2_000  # records looked at, and emptied, at a time: some 30 ms
BATCH = 10_000  # records read at a time where they wait to be folded
_FILES = 100  # journals opened at a time
_WAIT_SECONDS = 5.0  # for readers

SETTINGS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",  # what is emptied is written over
    "PRAGMA wal_autocheckpoint = 0",  # SQLite hides errors of its own checkpoints
    "PRAGMA trusted_schema = OFF",
)
EMPTY = "UPDATE entry SET body = ?, sha256 = ? WHERE seq = ?"
MARK = "PRAGMA user_version = 1"  # the pages still have to be packed anew
MARKED = "PRAGMA user_version"
UNMARK = "PRAGMA user_version = 0"
PACK = "VACUUM"  # a page keeps remains of what was moved about on it, even with secure_delete
EMPTY_LOG = "PRAGMA wal_checkpoint(TRUNCATE)"


class NotThinned(HabeasError):
    """A journal could not be thinned out now; it is whole, and will be tried again."""


def thin(path: Path, store: Store, before_day: int, *, size: int = SLICE) -> Iterator[int]:
    """Empty what the journal at `path` holds of forgotten people; yield after each slice how many that were.

    store       every entry of the journal must be folded into it
    before_day  a journal that begins on this day or later is left as it is
    size        how many records make a slice

    A journal that is still written, not folded to its end, or younger, is left alone; so are people of
    whom an entry in another journal waits to be folded. Nothing but the thread that asks for the next
    slice may fold meanwhile; between two slices anything may happen. The packing at the end takes as
    long as it takes, in a thread of its own: zeros are yielded until it is done.

    raises  NotThinned, from any slice
    """
    try:
        with _closed(path) as is_closed:
            if is_closed:
                yield from _thinned(path, store, before_day, size)
    except (sqlite3.Error, OSError, JournalUnreadable, journal_file.NotAJournal) as error:
        raise NotThinned(f"{path}: {error}") from error


@contextmanager
def _closed(path: Path) -> Iterator[bool]:
    """Tell whether no door writes to a journal, and let none begin as long as the context lasts.

    A door that went on to a newer journal never comes back. The newest of a slot that nobody holds is
    kept by holding the slot.
    """
    if any(_has_entries(later) for later in journals(path.parent) if _comes_after(later, path)):
        yield True
        return
    lock = journal_file.lock(path.parent, place(path).slot)
    try:
        yield lock is not None
    finally:
        if lock is not None:
            os.close(lock)


def _comes_after(one: Path, other: Path) -> bool:
    return place(one).slot == place(other).slot and place(one) > place(other)


def _has_entries(path: Path) -> bool:
    """Tell whether a door has gone on to this journal: an empty one may have been given up."""
    try:
        with JournalReader(path) as reader:
            return bool(reader.read(0, 1).records)
    except JournalUnreadable:
        return False


def _thinned(path: Path, store: Store, before_day: int, size: int) -> Iterator[int]:
    """Thin a journal that nobody writes to.

    The file is held open from the first slice to the last: `habeas verify` sees by that that it is being
    written, and does not take it for one at rest.
    """
    with _opened(path) as connection:
        limit = None if _is_marked(connection) else before_day
        with JournalReader(path) as reader:
            for numbers in _forgotten(reader, store, size, before_day=limit):
                _empty(connection, numbers)
                yield len(numbers)
        if not _is_marked(connection):
            return
        with ThreadPoolExecutor(1, "packing") as pool:
            packed = pool.submit(_pack, path)
            while not packed.done():
                yield 0
            packed.result()


def _is_marked(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute(MARKED).fetchone()[0])


def _forgotten(
    reader: JournalReader, store: Store, size: int, *, before_day: int | None
) -> Iterator[list[int]]:
    """Yield for each slice of a journal the numbers of the entries to be emptied.

    before_day  None for a journal that was old enough before: its first entries may be empty by now
    """
    if not _is_folded(reader, store):
        return
    others, position = _Others(reader.path.parent, store), 0
    while (batch := reader.read(position, size)).position != position:
        position = batch.position
        about = list(_about(batch.records))
        if about and before_day is not None and about[0][1].day >= before_day:
            return
        before_day = None if about else before_day
        if not others.are_settled and any(_unknown(about, store)):
            yield from others.settle()
        found = list(_unknown(about, store))
        waiting = others.waiting() if found else set()
        yield [seq for seq, key in found if key not in waiting]


def _about(records: Iterable[Record]) -> Iterator[tuple[int, About]]:
    for record in records:
        entry = _entry(record)
        if entry is not None and not isinstance(entry, Epoch):
            yield record.seq, entry


def _entry(record: Record) -> Entry | None:
    if is_forgotten(record.body):
        return None
    try:
        return unpack(record.body)
    except NotAnEntry:
        return None


def _unknown(about: list[tuple[int, About]], store: Store) -> Iterator[tuple[int, Key]]:
    """Yield the entries that the store has folded and does not know any more."""
    known = store.known({(entry.campaign, entry.signer) for _, entry in about})
    for seq, entry in about:
        key = (entry.campaign, entry.signer)
        signer = known.get(key)
        if signer is None or fold(signer, entry) != signer:
            yield seq, key


class _Others:
    """The journals of a folder, asked who waits to be folded."""

    def __init__(self, folder: Path, store: Store) -> None:
        self._folder, self._store = folder, store
        self._settled: set[Path] = set()  # closed and folded to their end: nobody will ever wait in them
        self.are_settled = False

    def settle(self) -> Iterator[list[int]]:
        """Find out in which journals nobody waits any more; after a few files nothing is yielded.

        A year has hundreds of files: to open each of them for every slice would take longer than the slice.
        """
        for count, path in enumerate(_closed_ones(self._folder), 1):
            with suppress(JournalUnreadable), JournalReader(path) as reader:
                if _is_folded(reader, self._store):
                    self._settled.add(path)
            if count % _FILES == 0:
                yield []
        self.are_settled = True

    def waiting(self) -> set[Key]:
        """Return the people of whom entries wait, in any journal that can be read."""
        waiting: set[Key] = set()
        for path in journals(self._folder):
            if path not in self._settled:
                with suppress(JournalUnreadable), JournalReader(path) as reader:
                    waiting |= _waiting(reader, self._store)
        return waiting


def _closed_ones(folder: Path) -> Iterator[Path]:
    """Yield the journals from which their doors have gone on."""
    for _, paths in groupby(journals(folder), key=lambda path: place(path).slot):
        newest_first = reversed(list(paths))
        for path in newest_first:
            if _has_entries(path):
                break
        yield from newest_first


def _is_folded(reader: JournalReader, store: Store) -> bool:
    """Tell whether the store has folded a journal to its end."""
    folded = store.position(reader.identity)
    return reader.read(folded, 1).position <= folded


def _waiting(reader: JournalReader, store: Store) -> set[Key]:
    waiting: set[Key] = set()
    position = store.position(reader.identity)
    while (batch := reader.read(position, BATCH)).position > position:
        position = batch.position
        waiting |= {(entry.campaign, entry.signer) for _, entry in _about(batch.records)}
    return waiting


def _empty(connection: sqlite3.Connection, numbers: list[int]) -> None:
    """Empty records in one transaction, and mark the file as one that has to be packed."""
    if not numbers:
        return
    journal = journal_file.identity(connection)
    rows = ((FORGOTTEN, journal_file.checksum(journal, seq, FORGOTTEN), seq) for seq in numbers)
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(EMPTY, rows)
    connection.execute(MARK)
    connection.execute("COMMIT")


def _pack(path: Path) -> None:
    """Make the file anew within itself, so that nothing of what was emptied remains in it."""
    with _opened(path) as connection:
        _empty_log(connection)
        connection.execute(PACK)
        connection.execute(UNMARK)
        _empty_log(connection)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None)) as connection:
        for setting in SETTINGS:
            connection.execute(setting).fetchall()
        yield connection


def _empty_log(connection: sqlite3.Connection) -> None:
    """Move the log into the file and cut it to nothing: it still holds pages as they were.

    raises  sqlite3.OperationalError if a reader stands in the way
    """
    if connection.execute(EMPTY_LOG).fetchone()[0]:
        raise sqlite3.OperationalError("somebody reads the journal: its log cannot be emptied now")
