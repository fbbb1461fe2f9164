"""The journal file: its tables and the checksum of a record (docs/formats/journal.md).

SQLite does not notice a flipped bit in a value: of 177 flips that changed data, its own check called
173 "ok". So every record carries a SHA-256 over the journal's identity, its own number and its body.
"""

import fcntl
import hashlib
import os
import re
import secrets
import sqlite3
from pathlib import Path
from typing import NamedTuple

from habeas.lib.errors import HabeasError

FORMAT = 1
IDENTITY_BYTES = 16

SCHEMA = (
    """CREATE TABLE meta (
        copy INTEGER PRIMARY KEY,
        format INTEGER NOT NULL,
        journal BLOB NOT NULL,
        sha256 BLOB NOT NULL
    )""",
    "CREATE TABLE entry (seq INTEGER PRIMARY KEY, body BLOB NOT NULL, sha256 BLOB NOT NULL)",
)
TABLES = "SELECT count(*) FROM sqlite_master"
LAYOUT = "SELECT rootpage, CAST(sql AS BLOB) FROM sqlite_master ORDER BY rowid"
SET_META = "INSERT INTO meta VALUES (?, ?, ?, ?)"
META = "SELECT format, journal, sha256 FROM meta ORDER BY copy"
ADD = "INSERT INTO entry VALUES (?, ?, ?)"
LAST = "SELECT seq, body, sha256 FROM entry ORDER BY seq DESC LIMIT ?"

_NAME = re.compile(r"([0-9]{2})(?:-(?!0{6})([0-9]{6}))?\.journal")
_LOOK_BACK = 1_000  # damaged records at the end that the search for the last good one passes over


class Tail(NamedTuple):
    """The end of a journal."""

    intact: int  # number of the last intact record; 0 if there is none
    damaged: list[int]  # what the records claim that stand after it, newest first


class Place(NamedTuple):
    """Which journal a file is; the order of these is the order to read in."""

    slot: int
    generation: int  # the one with the highest number is written, the others are closed


class NotAJournal(HabeasError):
    """The file is damaged at its root, or not a journal of a format this program knows."""


def checksum(journal: bytes, seq: int, body: bytes) -> bytes:
    """Return the SHA-256 of a record: moved to another number or journal, it no longer fits."""
    return hashlib.sha256(journal + seq.to_bytes(8, "big") + body).digest()


def is_intact(journal: bytes, seq: object, body: object, digest: object) -> bool:
    """Tell whether a row is what was appended; a damaged one may hold values of any type."""
    if not isinstance(seq, int) or not isinstance(body, bytes) or seq < 0:
        return False
    return digest == checksum(journal, seq, body)


def journals(folder: Path) -> list[Path]:
    """Return the journal files in `folder`, by slot and the older first; none if there is no folder."""
    return sorted((path for path in folder.glob("*.journal") if _NAME.fullmatch(path.name)), key=place)


def place(path: Path) -> Place:
    """Return which journal a file is by its name: `00.journal`, then `00-000001.journal` and so on.

    raises  ValueError if it is none
    """
    found = _NAME.fullmatch(path.name)
    if found is None:
        raise ValueError(f"{path} is not the name of a journal")
    return Place(int(found[1]), int(found[2] or 0))


def oldest_first(folder: Path) -> list[Path]:
    """Return the journal files in `folder` by generation: those of the slots side by side."""
    return sorted(journals(folder), key=lambda path: (place(path).generation, place(path).slot))


def newest(folder: Path, slot: int) -> Path:
    """Return the journal of a slot that has the highest number; its first one if there is none yet."""
    first = folder / f"{slot:02}.journal"
    return max(
        (path for path in folder.glob(f"{slot:02}*.journal") if _NAME.fullmatch(path.name)),
        key=place,
        default=first,
    )


def next_path(path: Path) -> Path:
    """Return a name for a new journal that comes after `path` and every other of its slot."""
    slot, generation = max(place(path), place(newest(path.parent, place(path).slot)))
    return path.with_name(f"{slot:02}-{generation + 1:06}.journal")


def lock(folder: Path, slot: int) -> int | None:
    """Return a descriptor that holds a slot until it is closed, or the process dies; None if it is held."""
    descriptor = os.open(folder / f"{slot:02}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def is_unborn(connection: sqlite3.Connection) -> bool:
    """Tell whether the file is one whose tables a door is just about to make."""
    return bool(connection.execute(TABLES).fetchone()[0] == 0)


def create_tables(connection: sqlite3.Connection) -> None:
    """Make a new file a journal with an identity of its own; an existing one stays as it is."""
    if not is_unborn(connection):
        return
    connection.execute("BEGIN IMMEDIATE")
    for statement in SCHEMA:
        connection.execute(statement)
    journal = secrets.token_bytes(IDENTITY_BYTES)
    digest = hashlib.sha256(journal).digest()
    for copy in (1, 2):  # one flipped bit here must not make every record look damaged
        connection.execute(SET_META, (copy, FORMAT, journal, digest))
    connection.execute("COMMIT")


def identity(connection: sqlite3.Connection) -> bytes:
    """Return the 16 random bytes that the journal got when it was made.

    raises  NotAJournal
    """
    layout = [(page, sql.encode()) for page, sql in enumerate(SCHEMA, 2)]
    if connection.execute(LAYOUT).fetchall() != layout:
        raise NotAJournal("the list of tables is damaged")
    for form, journal, digest in connection.execute(META):
        if form == FORMAT and isinstance(journal, bytes) and digest == hashlib.sha256(journal).digest():
            return journal
    raise NotAJournal("not a journal of a format this program knows")


def tail(connection: sqlite3.Connection, journal: bytes) -> Tail:
    """Return where a journal ends.

    A record whose own number is damaged may claim any: believed, it would hide all that is appended.
    """
    damaged: list[int] = []
    for seq, *rest in connection.execute(LAST, (_LOOK_BACK,)):
        if is_intact(journal, seq, *rest):
            return Tail(seq, damaged)
        damaged.append(seq)
    return Tail(0, damaged)


def last_taken(end: Tail) -> int:
    """Return the number after which a writer goes on: damaged records keep theirs."""
    last, damaged = end.intact, set(end.damaged)
    while last + 1 in damaged:
        last += 1
    return last
