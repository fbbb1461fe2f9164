"""The recorder: reads every journal from where it stopped, and folds what it finds into the store.

The position of a journal moves in the transaction that records its entries. If we die before the
commit, the entries are read again; if after, they are not. Reading them twice would change nothing.
"""

from pathlib import Path

from msgspec import Struct

from habeas.ledger.entry import Entry, NotAnEntry, unpack
from habeas.ledger.journal_file import journals
from habeas.ledger.journal_reader import (
    Batch,
    Damaged,
    JournalReader,
    JournalUnborn,
    JournalUnreadable,
    Record,
)
from habeas.ledger.store import Store

BATCH = 20_000  # of each journal: big batches when behind, whatever there is when not


class Recorded(Struct, frozen=True):
    """What one step did."""

    entries: int  # folded; 0 means there was nothing to do
    damaged: list[Damaged]  # what was passed over and not reported by an earlier step


class Recorder:
    """Folds the journals of one folder into one store."""

    def __init__(self, store: Store, folder: Path) -> None:
        """Make a recorder.

        folder  where the doors write their journals; need not exist yet
        """
        self._store = store
        self._folder = folder
        self._reported: set[Damaged] = set()

    def step(self, batch: int = BATCH) -> Recorded:
        """Record up to `batch` entries of every journal; a journal that cannot be read holds up no other."""
        entries, damaged = 0, []
        for path in journals(self._folder):
            recorded = self._step(path, batch)
            entries += recorded.entries
            damaged += [record for record in recorded.damaged if record not in self._reported]
        self._reported |= set(damaged)
        return Recorded(entries, damaged)

    def _step(self, path: Path, batch: int) -> Recorded:
        try:
            with JournalReader(path) as journal:
                position = self._store.position(journal.identity)
                found = journal.read(position, batch)
        except JournalUnborn:
            return Recorded(0, [])
        except JournalUnreadable as error:
            return Recorded(0, [Damaged(path, 0, 0, str(error))])
        entries, unknown = _unpacked(path, found)
        if found.position != position:
            self._store.record(journal.identity, found.position, entries)
        return Recorded(len(entries), found.damaged + unknown)


def _unpacked(path: Path, batch: Batch) -> tuple[list[Entry], list[Damaged]]:
    """Return the entries of a batch, and the records that are intact but not entries."""
    entries: list[Entry] = []
    unknown = []
    for record in batch.records:
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
