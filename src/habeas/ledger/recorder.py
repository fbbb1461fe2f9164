"""The recorder: reads every journal from where it stopped, and folds what it finds into the store.

The position of a journal moves in the transaction that records its entries. If we die before the
commit, the entries are read again; if after, they are not. Reading them twice would change nothing.
"""

from contextlib import suppress
from itertools import groupby
from pathlib import Path

from msgspec import Struct

from habeas.ledger.entry import Entry, NotAnEntry, is_forgotten, unpack
from habeas.ledger.journal_file import journals, place
from habeas.ledger.journal_reader import (
    Batch,
    Damaged,
    JournalReader,
    JournalUnborn,
    JournalUnreadable,
    Record,
)
from habeas.ledger.store import Store
from habeas.lib.garbage import collected_rarely

BATCH = 10_000  # entries of a slot held in memory at a time
LARGE_BATCH = 200_000  # made durable together when behind: a page is then written once for several people


class Recorded(Struct, frozen=True):
    """What one step did."""

    entries: int  # folded or, where somebody is forgotten, passed over; 0 means there was nothing to do
    damaged: list[Damaged]  # what was passed over and not reported by an earlier step
    is_behind: bool = False  # a whole batch was waiting, so there may be more


class _Read(Struct, frozen=True):
    """A closed journal that was read to its end: it is not opened again until it changes."""

    journal: bytes
    position: int
    files: tuple[int, ...]  # sizes and times of change


class Recorder:
    """Folds the journals of one folder into one store."""

    def __init__(self, store: Store, folder: Path) -> None:
        """Make a recorder.

        folder  where the doors write their journals; need not exist yet
        """
        self._store = store
        self._folder = folder
        self._reported: set[Damaged] = set()
        self._read: dict[Path, _Read] = {}
        self._is_behind = False

    @collected_rarely()
    def step(self, batch: int | None = None) -> Recorded:
        """Record a batch of every slot; a journal that cannot be read holds up no other.

        batch  entries of a slot; if not told, more while it is behind

        Of one slot the newer journal waits until the older is read: the header of an epoch may stand in it.
        """
        batch = batch or (LARGE_BATCH if self._is_behind else BATCH)
        entries, damaged, self._is_behind = 0, [], False
        for paths in _by_slot(self._folder):
            left = batch
            for path in paths:
                recorded, moved = self._step(path, left, is_closed=path != paths[-1])
                entries += recorded.entries
                damaged += [new for new in dict.fromkeys(recorded.damaged) if new not in self._reported]
                left -= max(0, moved)
                if left <= 0:
                    self._is_behind = True
                    break
        self._reported |= set(damaged)
        return Recorded(entries, damaged, self._is_behind)

    def _step(self, path: Path, batch: int, *, is_closed: bool) -> tuple[Recorded, int]:
        """Record of one journal; return what, and by how much the position moved."""
        if is_closed and self._is_read(path):
            return Recorded(0, []), 0
        files = _files(path)
        try:
            with JournalReader(path) as journal, self._store.together():
                start = self._store.position(journal.identity)
                recorded, position = self._record(journal, start, start + batch)
        except JournalUnborn:
            return Recorded(0, []), 0
        except JournalUnreadable as error:
            return Recorded(0, [Damaged(path, 0, 0, str(error))]), 0
        if position == start and is_closed:
            self._read[path] = _Read(journal.identity, position, files)
        return recorded, position - start

    def _record(self, journal: JournalReader, after: int, upto: int) -> tuple[Recorded, int]:
        """Record what comes after a position, a part after the other; return what, and the new position.

        raises  JournalUnreadable if not even the first part can be read
        """
        entries, damaged, position, is_more = 0, [], after, True
        while is_more:
            asked = min(BATCH, upto - position)
            try:
                found = journal.read(position, asked)
            except JournalUnreadable:
                if position == after:
                    raise
                break  # the next step says so; what was read until here is kept
            known, unknown = _unpacked(journal.path, found)
            damaged += found.damaged + unknown
            entries += len(found.records) - len(unknown)
            if found.position != position:
                self._store.record(journal.identity, found.position, known)
            is_more = found.position - position == asked and found.position < upto
            position = found.position
        return Recorded(entries, damaged), position

    def _is_read(self, path: Path) -> bool:
        """Tell whether a closed journal is as it was when its end was reached."""
        read = self._read.get(path)
        if read is None:
            return False
        return self._store.position(read.journal) == read.position and _files(path) == read.files


def _by_slot(folder: Path) -> list[list[Path]]:
    """Return the journals of each slot, the older first."""
    return [list(paths) for _, paths in groupby(journals(folder), key=lambda path: place(path).slot)]


def _files(path: Path) -> tuple[int, ...]:
    """Return sizes and times of change of a journal and its log: a door that still writes changes them."""
    seen: list[int] = []
    for file in (path, path.with_name(f"{path.name}-wal")):
        with suppress(FileNotFoundError):
            status = file.stat()
            seen += (status.st_ino, status.st_size, status.st_mtime_ns)
    return tuple(seen)


def _unpacked(path: Path, batch: Batch) -> tuple[list[Entry], list[Damaged]]:
    """Return the entries of a batch, and the records that are intact but not entries.

    Of those that are forgotten nothing is said: they were entries, and nobody is missing.
    """
    entries: list[Entry] = []
    unknown = []
    for record in batch.records:
        if is_forgotten(record.body):
            continue
        entry = _entry(record)
        if isinstance(entry, NotAnEntry):
            unknown.append(Damaged(path, record.seq, record.seq, f"not an entry: {entry}"))
        else:
            entries.append(entry)
    return entries, unknown


def _entry(record: Record) -> Entry | NotAnEntry:
    try:
        return unpack(record.body)
    except NotAnEntry as error:
        return error
