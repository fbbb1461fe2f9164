"""A store as `habeas verify` reads it: nothing is written, and no value is believed."""

import sqlite3
from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, structs

from habeas.ledger import entry as kinds
from habeas.ledger.fold import NEVER, Signature, Signer
from habeas.ledger.store import Cell, Key
from habeas.ledger.store_sqlite import CELLS, SQLiteStore

PEOPLE = "SELECT rowid AS number, * FROM signer ORDER BY +campaign, +signer"  # + keeps it off the index
POSITIONS = "SELECT journal, seq FROM position"
OWN_CHECK = "PRAGMA integrity_check(20)"

Mark = Annotated[int, Meta(ge=0, le=1)]
LastRound = Annotated[int, Meta(ge=NEVER, le=kinds.LAST_ROUND)]
LastDay = Annotated[int, Meta(ge=NEVER, le=0xFFFFFF)]


class _Signed(Struct, frozen=True):
    """The columns of a signature, of the types that a door writes; all NULL until it was read."""

    day: kinds.Day
    record: kinds.Record
    language: kinds.Language
    country: kinds.Country
    text_version: kinds.TextVersion
    epoch: kinds.EpochId
    envelope: kinds.Sealed


class _Row(Struct, frozen=True):
    """The other columns of a person."""

    campaign: kinds.Campaign
    signer: kinds.SignerToken
    updates: Mark
    latest: LastDay
    confirmed: LastRound
    withdrawn: LastRound
    withdrawn_day: LastDay
    unsubscribed: LastRound
    mail_day: LastDay
    mail_round: LastRound
    mail_again: Mark
    is_counted: Mark
    wants_news: Mark
    is_due: Mark


class _CellRow(Struct, frozen=True):
    campaign: kinds.Campaign
    country: kinds.Country
    language: kinds.Language
    people: Annotated[int, Meta(ge=0)]


class QuietStore(SQLiteStore):
    """A `SQLiteStore` that leaves no trace and believes no value."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.text_factory = lambda raw: raw.decode(errors="surrogateescape")

    def positions(self) -> dict[bytes, int]:
        """Return how far each journal was folded."""
        return dict(self._connection.execute(POSITIONS))

    def own_check(self) -> list[str]:
        """Return what SQLite says of its tables and indexes; nothing if they are whole."""
        found = [str(row[0]) for row in self._connection.execute(OWN_CHECK)]
        return [] if found == ["ok"] else [f"SQLite: {sentence}" for sentence in found]

    def people(self) -> Iterator[tuple[int, tuple[Key, Signer] | str]]:
        """Yield each row's number, and its person or why it has none."""
        rows = self._connection.execute(PEOPLE)
        names = [column[0] for column in rows.description]
        for row in rows:
            yield row[0], _person(dict(zip(names, row, strict=True)))

    def cells(self) -> tuple[dict[Cell, int], list[str]]:
        """Return the cells, and a sentence for each that does not decode."""
        cells: dict[Cell, int] = {}
        damaged = []
        for row in self._connection.execute(CELLS):
            try:
                one = msgspec.convert(dict(zip(_CellRow.__struct_fields__, row, strict=True)), _CellRow)
                cells[one.campaign, one.country, one.language] = one.people
            except msgspec.ValidationError as error:
                damaged.append(f"a count cell does not decode: {error}")
        return cells, damaged


def _person(columns: dict[str, Any]) -> tuple[Key, Signer] | str:
    """Return the person of a row, or why it cannot be one that the clerk wrote."""
    try:
        row = msgspec.convert(columns, _Row)
        is_signed = any(columns[name] is not None for name in _Signed.__struct_fields__)
        signed = msgspec.convert(columns, _Signed) if is_signed else None
    except msgspec.ValidationError as error:
        return str(error)
    signature = None if signed is None else Signature(*structs.astuple(signed))
    return (row.campaign, row.signer), Signer(
        signature,
        bool(row.updates),
        row.latest,
        row.confirmed,
        row.withdrawn,
        row.withdrawn_day,
        row.unsubscribed,
    )
