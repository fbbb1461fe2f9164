"""Whether nothing is lost: every journal record checked, and the store compared with what they come to.

Nothing is written to the data folder, and memory stays flat (ledger.sorter).
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from functools import reduce
from pathlib import Path
from typing import Any

from msgspec import Struct

from habeas.ledger import journal_file
from habeas.ledger.entry import Confirm, Sign, Withdraw
from habeas.ledger.fold import NEVER, NOBODY, About, Signature, Signer, fold
from habeas.ledger.journal_check import Tally, read_steadily
from habeas.ledger.journal_reader import (
    Damaged,
)
from habeas.ledger.mailing import Kept
from habeas.ledger.quiet_store import QuietStore
from habeas.ledger.read_only import is_idle, read_only
from habeas.ledger.sorter import Sorter, side_by_side
from habeas.ledger.store import Cell, Key, cell, disagreements

MOST_NAMED = 100  # disagreements told one by one; the rest are counted


class Checked(Struct, frozen=True):
    """What was found in the journals, or in the store."""

    entries: int  # intact records of the journals; rows of people in the store
    damaged: tuple[Any, ...]  # `Damaged` of the journals; sentences of the store


class Verified(Struct, frozen=True):
    """What one look at a data folder found."""

    journal: Checked
    store: Checked
    disagreeing: int  # people, cells, headers and journals of which journals and store say different things
    disagreements: tuple[str, ...]  # the first MOST_NAMED of them, in sentences
    waiting: int  # intact records that the clerk has not folded yet
    forgotten: int = 0  # intact records of the journals that hold nothing any more

    @property
    def agree(self) -> bool:
        """The store holds what the journals come to, as far as it has read them."""
        return not self.disagreeing

    @property
    def is_well(self) -> bool:
        """Nothing is damaged and nothing disagrees."""
        return self.agree and not self.journal.damaged and not self.store.damaged


def verify(journals: Path, store: Path, *, today: int) -> Verified:
    """Check every record of a folder of journals, and the store against them.

    journals  the folder; need not exist
    store     the SQLite file of the store; need not exist before the first fold
    today     people who never confirmed may have been forgotten, but not since yesterday

    May run while doors and clerk do: the store is read as it was at one moment, the journals as far as
    it had folded them then. For that long the store's write-ahead log cannot be emptied.
    """
    resting = _resting(journals, store)
    found = _Look(journals, store, today).verified()
    if found.is_well or resting == _resting(journals, store):
        return found
    return _Look(journals, store, today).verified()  # a door or the clerk started under our eyes


def _resting(journals: Path, store: Path) -> dict[Path, tuple[int, int]]:
    """Return the files that nobody has open for writing, each with its size and time of change."""
    files = [path for path in (*journal_file.journals(journals), store) if path.exists() and is_idle(path)]
    return {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in files}


class _Look:
    """One look at a data folder."""

    def __init__(self, journals: Path, store: Path, today: int) -> None:
        self._folder, self._file, self._today = journals, store, today
        self._tally = Tally()
        self._people = self._disagreeing = 0
        self._damaged: list[Damaged] | None = None  # of the journals, once they were read
        self._sentences: list[str] = []  # of the store's own damage
        self._named: list[str] = []  # disagreements
        self._cells: Counter[Cell] = Counter()  # what the journals come to

    def verified(self) -> Verified:
        """Return what there is to say; a store that cannot be read keeps no journal from being checked."""
        with closing(Sorter()) as sorter:
            try:
                self._look(sorter)
            except (sqlite3.Error, OSError) as error:
                self._sentences.append(f"the store cannot be read: {error}")
                self._disagree("the store cannot be compared with the journals")
            damaged = self._read_journals({}, sorter) if self._damaged is None else self._damaged
        return Verified(
            Checked(self._tally.intact, tuple(damaged)),
            Checked(self._people, tuple(self._sentences)),
            self._disagreeing,
            tuple(self._named),
            self._tally.waiting,
            self._tally.forgotten,
        )

    def _look(self, sorter: Sorter) -> None:
        if not self._file.exists():
            return
        with read_only(self._file) as connection:
            store = QuietStore(connection)
            connection.execute("BEGIN")  # one moment of the store, before the journals: they are never behind
            self._damaged = self._read_journals(store.positions(), sorter)
            self._compare(store, sorter)

    def _disagree(self, sentence: str) -> None:
        self._disagreeing += 1
        if len(self._named) < MOST_NAMED:
            self._named.append(sentence)

    def _read_journals(self, positions: dict[bytes, int], sorter: Sorter) -> list[Damaged]:
        """Check every journal; what the store has folded of them goes to the sorter."""
        self._tally = Tally()  # a store that fails under our hands lets us begin again
        missing, damaged = dict(positions), []
        for path in journal_file.journals(self._folder):
            one = read_steadily(path, positions, sorter)
            if one.identity is not None:
                missing.pop(one.identity, None)
            damaged += one.damaged
            self._tally.add(one.tally)
        for journal, folded in missing.items():
            self._disagree(
                f"the store has read {folded} records of journal {journal.hex()}: it cannot be read here"
            )
        return damaged

    def _compare(self, store: QuietStore, sorter: Sorter) -> None:
        self._compare_headers(store, sorter)
        self._sentences += store.own_check()
        undecoded = len(self._sentences)
        for key, said, kept in side_by_side(sorter.people(), self._people_of(store)):
            self._compare_person(key, said, kept)
        cells, damaged_cells = store.cells()
        self._sentences += damaged_cells
        if len(self._sentences) == undecoded:  # what cannot be decoded cannot be added up either
            self._sentences += store.check()
        for sentence in disagreements(dict(self._cells), cells):
            self._disagree(sentence.replace("the rows say", "the journals say"))

    def _compare_headers(self, store: QuietStore, sorter: Sorter) -> None:
        """Look for the header of every epoch: without it nobody can open what was sealed in it."""
        for header in sorter.headers():
            if store.epoch(header.campaign, header.epoch) != header:
                self._disagree(
                    f"campaign {header.campaign.hex()}, epoch {header.epoch.hex()}: "
                    "the store does not have the header as the journal has it"
                )

    def _people_of(self, store: QuietStore) -> Iterator[tuple[Key, Signer]]:
        """Yield the people of the store whose rows decode, in the order of their keys."""
        for number, found in store.people():
            self._people += 1
            if isinstance(found, str):
                self._sentences.append(f"row {number} of the people does not decode: {found}")
            else:
                yield found

    def _compare_person(self, key: Key, said: list[About], kept: list[Signer]) -> None:
        """Compare what the journals say of one person with the row the store has, or ought to have."""
        come_to, have = reduce(fold, said, NOBODY), kept[0] if kept else None
        if have != (come_to if said else None) and is_forgotten(said, have, self._today):
            come_to = have or NOBODY
        elif sentence := _difference(come_to if said else None, kept):
            self._disagree(f"campaign {key[0].hex()}, signer {key[1].hex()}: {sentence}")
        if where := cell(key, Kept(come_to)):
            self._cells[where] += 1


def is_forgotten(said: list[About], have: Signer | None, today: int) -> bool:
    """Tell whether a row is what is left of a person who was forgotten in between.

    said  all that the journals say of the person, or what thinning has left of it
    have  the row, made by what came afterwards; None if nothing did

    The clerk forgets people who signed and did not confirm, and the signature of those who withdrew; at
    the least a day passes before that.
    """
    for cut in [*sorted({entry.day for entry in said}), today + 1]:
        before = [entry for entry in said if entry.day < cut]
        after = [entry for entry in said if entry.day >= cut]
        if max((entry.day for entry in before if isinstance(entry, Sign)), default=NEVER) >= today - 1:
            return False
        if _is_without_signature(before, after, have):
            return True
        if any(isinstance(entry, Confirm) for entry in before):
            continue
        if before and have == (reduce(fold, after, NOBODY) if after else None):
            return True
    return False


def _is_without_signature(before: list[About], after: list[About], have: Signer | None) -> bool:
    """Tell whether a row is of somebody whose signing in `before` is forgotten, and the withdrawal is not."""
    left = [entry for entry in before if not isinstance(entry, Sign)]
    if not any(isinstance(entry, Withdraw) for entry in left) or reduce(fold, before, NOBODY).is_counted:
        return False
    return have == reduce(fold, left + after, NOBODY)


def _difference(come_to: Signer | None, kept: list[Signer]) -> str | None:
    """Return in words how the rows of a person differ from what the journals come to."""
    if len(kept) > 1:
        return "is in the store more than once"
    if come_to is None:
        return "is in the store, and no intact record tells of them"
    if not kept:
        return "is missing from the store"
    fields = [*_differing(come_to, kept[0])]
    return f"the store has another {', '.join(fields)} than the journals" if fields else None


def _differing(come_to: Signer, have: Signer) -> Iterator[str]:
    for name in Signer.__struct_fields__:
        one, other = getattr(come_to, name), getattr(have, name)
        if isinstance(one, Signature) and isinstance(other, Signature):
            yield from (
                part for part in Signature.__struct_fields__ if getattr(one, part) != getattr(other, part)
            )
        elif one != other:
            yield name
