"""The journal a door worker writes: an entry is answered for once its bytes are on the disk.

One slot per worker, one writer thread. While one fsync runs the next group gathers, so the
group grows with the load and no timer is needed. What survives a crash at any line: every group whose
waiters were told, and perhaps the one being committed, whose people sign again and count once.

A slot goes on in a new file once a day, or when the file is large, so that old ones can be thinned out
(ledger.thinning). No file is ever renamed: the highest number is the one that is written.
"""

import asyncio
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from habeas.ledger import journal_file
from habeas.ledger.entry import Epoch, NotAnEntry, unpack
from habeas.lib import clock, durable
from habeas.lib.errors import HabeasError

OnDone = Callable[[Exception | None], None]
Tell = Callable[[list[OnDone], Exception | None], None]

SLOTS = 100
_CHUNKS = (256, 64, 16, 4, 1)  # rows a statement: few sizes, so that SQLite keeps them prepared
WAITING_ENTRIES = 20_000  # about half a second of the fastest rush measured
_WRITE_BACK_BYTES = 8 << 20  # moved from the write-ahead log at a time, after the waiters were told
_PAGE_BYTES = 4096
ROTATE_BYTES = 256 << 20  # about 900,000 signatures
_IDLE_SECONDS = 60.0  # how soon a slot to which nobody comes notices that a new day began
_AGAIN_SECONDS = 10.0  # after a rotation that could not be
_FIRST_ENTRIES = 100  # among them is one with a day

SETTINGS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # NORMAL loses what it acknowledged when the power is cut
    "PRAGMA wal_autocheckpoint = 0",  # SQLite hides errors of its own checkpoints; ours are fatal
    "PRAGMA trusted_schema = OFF",
)
CHECKPOINT = "PRAGMA wal_checkpoint(PASSIVE)"
LAST_CHECKPOINT = "PRAGMA wal_checkpoint(TRUNCATE)"
WAIT_BRIEFLY = "PRAGMA busy_timeout = 100"  # for readers: people wait meanwhile
WAIT_LONG = "PRAGMA busy_timeout = 5000"
BEGINNING = "SELECT body FROM entry ORDER BY seq LIMIT ?"

# Nothing was committed and the file is whole: these pass when space or the lock comes back.
_TEMPORARY = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_IOERR_SHMSIZE}
_DAMAGED = {
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_ERROR,
}  # ERROR: a table's name is gone


class JournalFull(HabeasError):
    """More entries wait for the disk than the journal takes: people are asked to try again."""


class JournalUnavailable(HabeasError):
    """The disk is full or the file is locked; the journal goes on by itself when that is over."""


class JournalBroken(HabeasError):
    """The disk failed to keep a write. Nothing more is taken until the door starts anew.

    After a failed fsync the system may call the next one a success without having written: trying
    again would acknowledge what is lost.
    """


class JournalClosed(HabeasError):
    """The door is stopping and takes no more entries."""


class NoFreeJournal(HabeasError):
    """Every journal slot is held by another worker or is damaged."""


class _Waiting(NamedTuple):
    bodies: tuple[bytes, ...]
    on_done: OnDone


def tell_each(waiters: list[OnDone], error: Exception | None) -> None:
    """Call every waiter in the writer thread."""
    for on_done in waiters:
        on_done(error)


class Journal:
    """One worker's journal. `append` may be called from any thread.

    The writer thread alone touches the connection and the numbers; the condition guards the queue.
    """

    path: Path  # of the file that is written now
    _last: int  # number of its last record
    _size: int
    _in_wal: int
    _day: int | None

    def __init__(
        self,
        folder: Path,
        *,
        on_fatal: Callable[[Exception], None],
        tell: Tell = tell_each,
        most_waiting: int = WAITING_ENTRIES,
        rotate_bytes: int = ROTATE_BYTES,
        today: Callable[[], int] = clock.today,
    ) -> None:
        """Take the first free slot of `folder` and start the writer.

        folder        made if missing
        on_fatal      called once, in the writer thread, when the journal breaks
        tell          how the waiters of a group learn of it; called in the writer thread
        most_waiting  entries beyond which `append` refuses
        rotate_bytes  size of a file after which the next is begun
        today         the day, which begins a new file too
        raises        NoFreeJournal, JournalUnavailable, OSError
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._on_fatal, self._tell, self._most_waiting = on_fatal, tell, most_waiting
        self._rotate_bytes, self._today, self._not_before = rotate_bytes, today, 0.0
        path, self._lock, connection = _take_slot(folder)
        self.slot = f"{journal_file.place(path).slot:02}"  # the same for every file of this worker
        self._go_on_in(path, connection)
        self._condition = threading.Condition()
        self._queue: list[_Waiting] = []
        self._queued = 0  # entries, not appends
        self._refusal: HabeasError | None = None  # why nothing is taken any more
        self._writer = threading.Thread(target=self._run, name=f"journal {self.slot}", daemon=True)
        self._writer.start()

    def append(self, bodies: tuple[bytes, ...], on_done: OnDone) -> None:
        """Queue `bodies` to become durable together, all or none.

        on_done  called with None once they are on the disk, or with JournalUnavailable or JournalBroken
        raises   JournalFull, JournalBroken, JournalClosed; `on_done` is then not called
        """
        with self._condition:
            if self._refusal is not None:
                raise type(self._refusal)(*self._refusal.args)
            if self._queued + len(bodies) > self._most_waiting:
                raise JournalFull(f"{self._queued} entries are waiting for the disk")
            self._queue.append(_Waiting(bodies, on_done))
            self._queued += len(bodies)
            self._condition.notify()

    def close(self) -> None:
        """Write what waits, tell its waiters, and free the slot; entries that come later are refused."""
        with self._condition:
            self._refusal = self._refusal or JournalClosed("the journal is closed")
            self._condition.notify()
        self._writer.join()
        self._connection.close()
        os.close(self._lock)

    def _run(self) -> None:
        try:
            while True:
                group = self._next_group()
                if group:
                    self._keep(group)
                elif self._refusal is not None:
                    return
                self._rotate_if_due()
        except Exception as error:  # noqa: BLE001  whatever it was: nobody may wait for a dead writer
            self._break(JournalBroken(f"{self.path}: {error!r}"))

    def _keep(self, group: list[_Waiting]) -> None:
        error = self._commit(group)
        if isinstance(error, JournalBroken):
            self._break(error)
        self._tell([waiting.on_done for waiting in group], error)
        self._write_back()

    def _next_group(self) -> list[_Waiting]:
        """Return all that waits, as soon as anything does; nothing after a quiet minute, or when closed."""
        with self._condition:
            if not self._queue and self._refusal is None:
                self._condition.wait(_IDLE_SECONDS)
            group, self._queue, self._queued = self._queue, [], 0
            return group

    def _commit(self, group: list[_Waiting]) -> HabeasError | None:
        """Make a group durable; if we die here, the group is there as a whole or not at all."""
        bodies = [body for waiting in group for body in waiting.bodies]
        try:
            rows = [  # bytearray: sqlite3 asks bytes how they want to be stored, which takes longer
                (seq, bytearray(body), bytearray(journal_file.checksum(self.identity, seq, body)))
                for seq, body in enumerate(bodies, self._last + 1)
            ]
            self._connection.execute("BEGIN IMMEDIATE")
            for chunk in _chunks(rows):
                self._connection.execute(*chunk)
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            return self._rolled_back(error)
        except Exception as error:  # noqa: BLE001  a mistake of ours: its people are told too
            return JournalBroken(f"{self.path}: {error!r}")
        size = sum(map(len, bodies)) + _PAGE_BYTES
        self._last += len(rows)
        self._in_wal += size
        self._size += size
        if self._day is None:
            self._day = self._today()
        return None

    def _rolled_back(self, error: sqlite3.Error) -> HabeasError:
        """Undo a group; return what its waiters are told."""
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error as second:
            return JournalBroken(f"{self.path}: {error}, then {second}")
        if _is_one_of(_TEMPORARY, error):
            return JournalUnavailable(f"{self.path}: {error}")
        return JournalBroken(f"{self.path}: {error}")

    def _write_back(self) -> None:
        """Move pages from the write-ahead log into the file, so that the log is used anew."""
        if self._in_wal < _WRITE_BACK_BYTES or self._refusal is not None:
            return
        try:
            self._connection.execute(CHECKPOINT).fetchall()
            self._in_wal = 0
        except sqlite3.Error as error:
            if not _is_one_of(_TEMPORARY, error):
                self._break(JournalBroken(f"{self.path}: {error}"))

    def _rotate_if_due(self) -> None:
        """Go on in a new file if this one is of an earlier day, or large.

        The old file is whole and the new one durable, by name too, before the first entry goes into it.
        If we die in between, the next door goes on in the newer, which has no entry yet; the older has all.
        """
        if not self._is_rotation_due():
            return
        self._not_before = time.monotonic() + _AGAIN_SECONDS  # unless it succeeds
        if not self._is_written_back():
            return
        path = journal_file.next_path(self.path)
        try:
            connection = _opened(path)
        except (JournalUnavailable, OSError):
            connection = None
        if connection is None:  # a full disk, most likely: the old file serves on
            _remove_newborn(path)
            return
        old = self._connection
        self._go_on_in(path, connection)
        self._not_before = 0.0
        with suppress(sqlite3.Error):  # there is nothing left in it to be written
            old.close()

    def _is_rotation_due(self) -> bool:
        if self._refusal is not None or self._day is None:
            return False
        is_due = self._size > self._rotate_bytes or self._day < self._today()
        return is_due and time.monotonic() >= self._not_before

    def _is_written_back(self) -> bool:
        """Move all of the write-ahead log into the file and empty it; tell whether that was possible."""
        try:
            self._connection.execute(WAIT_BRIEFLY).fetchall()
            is_busy = self._connection.execute(LAST_CHECKPOINT).fetchone()[0]
            self._connection.execute(WAIT_LONG).fetchall()
        except sqlite3.Error as error:
            if not _is_one_of(_TEMPORARY, error):
                self._break(JournalBroken(f"{self.path}: {error}"))
            return False
        return not is_busy

    def _go_on_in(self, path: Path, connection: sqlite3.Connection) -> None:
        """Write to the file at `path` from now on."""
        self.path, self._connection = path, connection
        self.identity = journal_file.identity(connection)
        self._last = journal_file.last_taken(journal_file.tail(connection, self.identity))
        self._size = path.stat().st_size  # about; of the file and what waits in its log
        self._in_wal = 0  # bytes written since the last write-back, about
        self._day = self._day_of_beginning()  # of the first entry; None before it came

    def _day_of_beginning(self) -> int | None:
        if self._last == 0:
            return None
        for (body,) in self._connection.execute(BEGINNING, (_FIRST_ENTRIES,)):
            with suppress(NotAnEntry, TypeError):  # damaged, or forgotten
                entry = unpack(body)
                if not isinstance(entry, Epoch):
                    return entry.day
        return self._today()

    def _break(self, error: JournalBroken) -> None:
        """Refuse everything from now on, and tell those who still wait."""
        with self._condition:
            self._refusal = error
            group, self._queue, self._queued = self._queue, [], 0
        self._on_fatal(error)
        self._tell([waiting.on_done for waiting in group], error)


class AsyncJournal:
    """The journal of an asyncio program; used in the thread of its loop."""

    def __init__(
        self,
        folder: Path,
        loop: asyncio.AbstractEventLoop,
        *,
        on_fatal: Callable[[Exception], None],
        most_waiting: int = WAITING_ENTRIES,
    ) -> None:
        """Take the first free slot of `folder`.

        loop      where `append` is called and its futures are resolved; need not run yet
        on_fatal  called once, in the loop, when the journal breaks
        raises    as `Journal`
        """
        self._loop = loop
        self._bodies: list[bytes] = []  # of this turn of the loop
        self._futures: list[asyncio.Future[None]] = []
        self.journal = Journal(
            folder,
            on_fatal=partial(self._call, on_fatal),
            tell=partial(self._call, tell_each),  # the loop wakes once a group, not once an entry
            most_waiting=most_waiting,
        )

    def append(self, *bodies: bytes) -> asyncio.Future[None]:
        """Return a future that is done once `bodies` are on the disk together.

        raises  JournalFull, JournalUnavailable, JournalBroken, JournalClosed from the future
        """
        future: asyncio.Future[None] = self._loop.create_future()
        if not self._futures:
            self._loop.call_soon(self._hand_over)
        self._bodies += bodies
        self._futures.append(future)
        return future

    def _hand_over(self) -> None:
        """Give the writer what came in one turn of the loop: a lock each would cost more."""
        bodies, futures = tuple(self._bodies), self._futures
        self._bodies, self._futures = [], []
        if not futures:
            return
        try:
            self.journal.append(bodies, partial(_resolve, futures))
        except HabeasError as refusal:
            _resolve(futures, refusal)

    async def close(self) -> None:
        """Write what waits, tell its waiters, and free the slot."""
        self._hand_over()
        await self._loop.run_in_executor(None, self.journal.close)

    def _call(self, function: Callable[..., None], *values: object) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody is left to be told
            self._loop.call_soon_threadsafe(function, *values)


def _chunks(rows: list[tuple[int, bytearray, bytearray]]) -> Iterator[tuple[str, list[int | bytearray]]]:
    """Yield statements that add all rows, many rows each.

    Every statement hands the interpreter over twice. One a row let the loop's thread and the writer
    wait for each other at each of them, and cost half the signatures a second.
    """
    start = 0
    while start < len(rows):
        size = next(size for size in _CHUNKS if size <= len(rows) - start)
        values = [value for row in rows[start : start + size] for value in row]
        yield journal_file.ADD + ",(?,?,?)" * (size - 1), values
        start += size


def _resolve(futures: list[asyncio.Future[None]], error: Exception | None) -> None:
    for future in futures:
        if future.done():
            continue  # the person's browser went away; the entry counts all the same
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(error)


def _take_slot(folder: Path) -> tuple[Path, int, sqlite3.Connection]:
    """Return path, lock and connection of the first slot that is free.

    A damaged journal stays where it is for the clerk to read what can be read; nobody is kept from
    signing by it: the slot goes on in a new file.
    """
    for slot in range(SLOTS):
        lock = journal_file.lock(folder, slot)
        if lock is None:
            continue
        try:
            path, connection = _newest_opened(folder, slot)
        except (JournalUnavailable, OSError):
            os.close(lock)
            raise
        if connection is not None:
            return path, lock, connection
        os.close(lock)
    raise NoFreeJournal(f"all {SLOTS} journals in {folder} are held by other workers or damaged")


def _newest_opened(folder: Path, slot: int) -> tuple[Path, sqlite3.Connection | None]:
    """Return the newest journal of a slot, or if it is damaged one that comes after it."""
    path = journal_file.newest(folder, slot)
    connection = _opened(path)
    if connection is not None:
        return path, connection
    path = journal_file.next_path(path)
    return path, _opened(path)


def _opened(path: Path) -> sqlite3.Connection | None:
    """Return a connection to the journal at `path`, made if missing; None if the file is damaged."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        for setting in SETTINGS:
            connection.execute(setting).fetchall()
        journal_file.create_tables(connection)
        journal_file.tail(connection, journal_file.identity(connection))
    except (sqlite3.Error, journal_file.NotAJournal, UnicodeDecodeError) as error:  # a damaged table name
        connection.close()
        if isinstance(error, sqlite3.Error) and not _is_one_of(_DAMAGED, error):
            raise JournalUnavailable(f"{path}: {error}") from error
        return None
    try:
        durable.sync_folder(path.parent)
    except OSError:
        connection.close()
        raise
    return connection


def _remove_newborn(path: Path) -> None:
    """Remove a file that was never written to; where even that fails, it stays, and is empty."""
    with suppress(OSError):
        for name in (path.name, f"{path.name}-wal", f"{path.name}-shm", f"{path.name}-journal"):
            path.with_name(name).unlink(missing_ok=True)


def _is_one_of(codes: set[int], error: sqlite3.Error) -> bool:
    code = getattr(error, "sqlite_errorcode", None)  # absent where Python, not SQLite, raised it
    return code is not None and (code in codes or code & 0xFF in codes)
