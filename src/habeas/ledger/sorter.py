"""What the journals say, sorted by the person it is about, and walked through beside the rows of a store.

It lies in a temporary file that SQLite deletes by itself, so memory stays flat. That file holds what a
journal holds: keyed tokens and sealed envelopes.
"""

import heapq
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from habeas.ledger.entry import Entry, Epoch, pack, unpack
from habeas.ledger.fold import About, Signer
from habeas.ledger.store import Key

BATCH = 20_000  # records held in memory at a time

SORTER = (
    "CREATE TABLE said (campaign BLOB, signer BLOB, body BLOB)",
    "CREATE TABLE header (campaign BLOB, epoch BLOB, body BLOB, PRIMARY KEY (campaign, epoch)) WITHOUT ROWID",
)
ADD_SAID = "INSERT INTO said VALUES (?, ?, ?)"
SAID = "SELECT campaign, signer, body FROM said ORDER BY campaign, signer"
ADD_HEADER = "INSERT OR IGNORE INTO header VALUES (?, ?, ?)"
HEADERS = "SELECT body FROM header"


class Sorter:
    """What the journals say, in the order of the people it is about; in a temporary file."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect("", isolation_level=None)
        for statement in SORTER:
            self._connection.execute(statement)
        self._connection.execute("BEGIN")
        self._said: list[tuple[bytes, bytes, bytes]] = []

    def add(self, entry: Entry) -> None:
        """Take one entry."""
        if isinstance(entry, Epoch):
            self._connection.execute(ADD_HEADER, (entry.campaign, entry.epoch, pack(entry)))
            return
        self._said.append((entry.campaign, entry.signer, pack(entry)))
        if len(self._said) >= BATCH:
            self._write()

    def headers(self) -> Iterator[Epoch]:
        """Yield the header of every epoch, as it came first."""
        for (body,) in self._connection.execute(HEADERS):
            entry = unpack(body)
            if isinstance(entry, Epoch):
                yield entry

    def people(self) -> Iterator[tuple[Key, About]]:
        """Yield what is said of people, in the order of their keys."""
        self._write()
        for campaign, signer, body in self._connection.execute(SAID):
            entry = unpack(body)
            if not isinstance(entry, Epoch):
                yield (campaign, signer), entry

    def close(self) -> None:
        """Let go of the temporary file."""
        self._connection.close()

    def _write(self) -> None:
        self._connection.executemany(ADD_SAID, self._said)
        self._said.clear()


def side_by_side(
    said: Iterable[tuple[Key, About]], kept: Iterable[tuple[Key, Signer]]
) -> Iterator[tuple[Key, list[About], list[Signer]]]:
    """Yield every person of either side, both sides being in the order of their keys."""
    both = heapq.merge(said, kept, key=itemgetter(0))
    for key, found in groupby(both, key=itemgetter(0)):
        things = [thing for _, thing in found]
        yield (
            key,
            [thing for thing in things if not isinstance(thing, Signer)],
            [thing for thing in things if isinstance(thing, Signer)],
        )
