"""Thinning a closed journal: what it holds of people who are forgotten becomes nothing.

The store is what remembers. An entry that it has folded, and that would change its person if it were
folded again, is about somebody who was forgotten since: a person without a row, the signature of somebody
who withdrew, the first signing of somebody who was forgotten and came back. Its body becomes one byte; its
number stays, and its checksum is made anew. So the journals still come to what the store holds, a replay
from the beginning brings nobody back, and `habeas verify` goes on checking every record.

If we die anywhere, the next turn does the rest: a mark in the file, set with the entries that are emptied,
says that what is left of them on its pages is still to be written over.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from habeas.ledger import journal_file
from habeas.ledger.entry import FORGOTTEN, Entry, Epoch, NotAnEntry, is_forgotten, unpack
from habeas.ledger.fold import About, fold
from habeas.ledger.journal_file import journals, place
from habeas.ledger.journal_reader import JournalReader, JournalUnreadable, Record
from habeas.ledger.store import Key, Store
from habeas.lib.errors import HabeasError

BATCH = 10_000  # records looked at at a time
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


def thin(path: Path, store: Store, before_day: int) -> int:
    """Empty what the journal at `path` holds of forgotten people; return how many entries that were.

    store       every entry of the journal must be folded into it
    before_day  a journal that begins on this day or later is left as it is

    A journal that is still written, not folded to its end, or younger, is left alone; so are people of
    whom an entry in another journal waits to be folded. Nothing but this thread may fold meanwhile.

    raises  NotThinned
    """
    try:
        with _closed(path) as is_closed:
            if not is_closed:
                return 0
            found = _forgotten(path, store, before_day)
            return 0 if found is None else _emptied(path, found)
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


def _forgotten(path: Path, store: Store, before_day: int) -> list[int] | None:
    """Return the numbers of the entries to be emptied; None if the journal is to be left alone."""
    found: list[tuple[int, Key]] = []
    with JournalReader(path) as reader:
        position, folded, is_old = 0, store.position(reader.identity), False
        while True:
            batch = reader.read(position, BATCH)
            if batch.position > folded:
                return None
            about = list(_about(batch.records))
            if about and not is_old and about[0][1].day >= before_day:
                return None
            is_old = is_old or bool(about)
            found += _unknown(about, store)
            if batch.position == position:
                break
            position = batch.position
    if not found:
        return []
    waiting = _waiting(path.parent, store)
    return [seq for seq, key in found if key not in waiting]


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


def _waiting(folder: Path, store: Store) -> set[Key]:
    """Return the people of whom entries wait to be folded, in any journal that can be read."""
    waiting: set[Key] = set()
    for path in journals(folder):
        try:
            with JournalReader(path) as reader:
                position = store.position(reader.identity)
                while (batch := reader.read(position, BATCH)).position > position:
                    position = batch.position
                    waiting |= {(entry.campaign, entry.signer) for _, entry in _about(batch.records)}
        except JournalUnreadable:
            continue
    return waiting


def _emptied(path: Path, numbers: list[int]) -> int:
    """Empty records in one transaction, then pack the file so that nothing of them remains in it."""
    with closing(sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None)) as connection:
        is_marked = connection.execute(MARKED).fetchone()[0]
        if not numbers and not is_marked:
            return 0
        for setting in SETTINGS:
            connection.execute(setting).fetchall()
        if numbers:
            _empty(connection, numbers)
        _empty_log(connection)
        connection.execute(PACK)
        connection.execute(UNMARK)
        _empty_log(connection)
    return len(numbers)


def _empty(connection: sqlite3.Connection, numbers: list[int]) -> None:
    journal = journal_file.identity(connection)
    rows = ((FORGOTTEN, journal_file.checksum(journal, seq, FORGOTTEN), seq) for seq in numbers)
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(EMPTY, rows)
    connection.execute(MARK)
    connection.execute("COMMIT")


def _empty_log(connection: sqlite3.Connection) -> None:
    """Move the log into the file and cut it to nothing: it still holds pages as they were.

    raises  sqlite3.OperationalError if a reader stands in the way
    """
    if connection.execute(EMPTY_LOG).fetchone()[0]:
        raise sqlite3.OperationalError("somebody reads the journal: its log cannot be emptied now")
