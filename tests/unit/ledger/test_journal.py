"""Whoever is thanked for signing is in the journal, whatever happens to the machine."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from habeas.ledger.journal import (
    AsyncJournal,
    Journal,
    JournalBroken,
    JournalClosed,
    JournalFull,
    JournalUnavailable,
    tell_each,
)
from habeas.ledger.journal_file import journals
from habeas.ledger.journal_reader import JournalReader

WRITER = Path(__file__).with_name("journal_writer.py")
TINY = "size=1m"


class Answers:
    """Gathers what waiters are told, and waits for it."""

    def __init__(self) -> None:
        self.told: list[Exception | None] = []
        self._condition = threading.Condition()

    def __call__(self, error: Exception | None) -> None:
        with self._condition:
            self.told.append(error)
            self._condition.notify_all()

    def wait(self, count: int) -> list[Exception | None]:
        with self._condition:
            assert self._condition.wait_for(lambda: len(self.told) >= count, timeout=10)
        return self.told


class FailingDisk:
    """Stands between a journal and SQLite, and fails a statement with an error of SQLite's."""

    def __init__(self, connection: sqlite3.Connection, statement: str, code: int) -> None:
        self._connection, self._statement, self._code = connection, statement, code

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)

    def execute(self, statement: str, values: Sequence[int | bytes] = ()) -> sqlite3.Cursor:
        if statement == self._statement:
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = self._code
            raise error
        return self._connection.execute(statement, values)


@pytest.fixture
def fatal() -> list[Exception]:
    return []


@pytest.fixture
def journal(tmp_path: Path, fatal: list[Exception]) -> Iterator[Journal]:
    opened = Journal(tmp_path, on_fatal=fatal.append)
    yield opened
    opened.close()


def keep(journal: Journal, *bodies: bytes) -> Exception | None:
    answers = Answers()
    journal.append(bodies, answers)
    return answers.wait(1)[0]


def read(path: Path) -> list[bytes]:
    with JournalReader(path) as reader:
        batch = reader.read(0, 1_000_000)
    assert batch.damaged == []
    assert [record.seq for record in batch.records] == list(range(1, batch.position + 1))
    return [record.body for record in batch.records]


def test_what_was_answered_for_can_be_read_while_the_door_goes_on(journal: Journal) -> None:
    """The clerk does not wait for the door to stop."""
    assert keep(journal, b"maria") is None
    assert read(journal.path) == [b"maria"]
    assert keep(journal, b"omar's epoch", b"omar") is None
    assert read(journal.path) == [b"maria", b"omar's epoch", b"omar"]


def test_a_stopped_door_leaves_a_journal_that_can_be_read(tmp_path: Path) -> None:
    """SQLite's side files are gone then, and nothing else has to run."""
    journal = Journal(tmp_path, on_fatal=print)
    keep(journal, b"maria")
    journal.close()

    assert read(journal.path) == [b"maria"]
    with JournalReader(journal.path) as reader:
        assert reader.read(1, 10).records == []
        assert reader.read(0, 1).position == 1


def test_a_door_that_starts_again_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """The same file, the same identity, the next number."""
    identities = set()
    for name in (b"maria", b"omar", b"aminata"):
        journal = Journal(tmp_path, on_fatal=print)
        identities.add(journal.identity)
        keep(journal, name)
        journal.close()

    assert read(journal.path) == [b"maria", b"omar", b"aminata"]
    assert len(identities) == 1


def test_every_worker_has_a_journal_of_its_own(tmp_path: Path) -> None:
    """The slot of a worker that stopped is taken by the next."""
    first, second = (Journal(tmp_path, on_fatal=print) for _ in range(2))
    first.close()
    third = Journal(tmp_path, on_fatal=print)

    assert [path.name for path in journals(tmp_path)] == ["00.journal", "01.journal"]
    assert third.path == first.path
    assert third.identity != second.identity
    second.close()
    third.close()


def test_many_threads_lose_nothing_and_mix_nothing(journal: Journal) -> None:
    """Entries given together stand together."""
    answers = Answers()

    def sign(who: int) -> None:
        for number in range(100):
            journal.append((b"epoch %d %d" % (who, number), b"sign %d %d" % (who, number)), answers)

    threads = [threading.Thread(target=sign, args=(who,)) for who in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers.wait(800)) == {None}
    bodies = read(journal.path)

    assert len(set(bodies)) == 1_600
    assert all(bodies[at + 1] == bodies[at].replace(b"epoch", b"sign") for at in range(0, 1_600, 2))


def test_closing_writes_what_waits_and_takes_nothing_more(tmp_path: Path) -> None:
    """Who was let in is answered; who comes later is told to try again."""
    journal, answers = Journal(tmp_path, on_fatal=print), Answers()
    for number in range(500):
        journal.append((b"%d" % number,), answers)
    journal.close()

    assert answers.told == [None] * 500
    assert len(read(journal.path)) == 500
    with pytest.raises(JournalClosed):
        journal.append((b"late",), answers)


def test_more_than_the_disk_can_keep_up_with_is_refused_at_once(tmp_path: Path) -> None:
    """A full memory would take down those who wait already."""
    writing, go_on = threading.Event(), threading.Event()

    def slowly(waiters: list[Callable[[Exception | None], None]], error: Exception | None) -> None:
        writing.set()
        go_on.wait(10)
        tell_each(waiters, error)

    journal, answers = Journal(tmp_path, on_fatal=print, tell=slowly, most_waiting=3), Answers()
    journal.append((b"first",), answers)
    writing.wait(10)
    journal.append((b"2", b"3", b"4"), answers)
    with pytest.raises(JournalFull):
        journal.append((b"5",), answers)
    go_on.set()

    assert answers.wait(2) == [None, None]
    assert keep(journal, b"5") is None
    journal.close()


def test_a_full_disk_is_said_and_passes(journal: Journal, fatal: list[Exception]) -> None:
    """The group is undone as a whole, and its numbers are used again."""
    keep(journal, b"maria")
    connection = journal._connection
    journal._connection = FailingDisk(connection, "COMMIT", sqlite3.SQLITE_FULL)  # type: ignore[assignment]
    refused = keep(journal, b"omar's epoch", b"omar")
    journal._connection = connection

    assert isinstance(refused, JournalUnavailable)
    assert keep(journal, b"aminata") is None
    assert read(journal.path) == [b"maria", b"aminata"]
    assert fatal == []


def test_after_a_failed_sync_nothing_is_acknowledged_any_more(
    journal: Journal, fatal: list[Exception]
) -> None:
    """The next sync could succeed without having written what failed before."""
    connection = journal._connection
    journal._connection = FailingDisk(connection, "COMMIT", sqlite3.SQLITE_IOERR_FSYNC)  # type: ignore[assignment]
    refused = keep(journal, b"maria")
    journal._connection = connection

    assert isinstance(refused, JournalBroken)
    assert [type(error) for error in fatal] == [JournalBroken]
    with pytest.raises(JournalBroken):
        journal.append((b"omar",), print)


def test_a_writer_that_dies_leaves_nobody_waiting(tmp_path: Path, fatal: list[Exception]) -> None:
    """An error nobody thought of breaks the journal; the door is restarted."""

    def crash(_: list[Callable[[Exception | None], None]], error: Exception | None) -> None:
        if error is None:
            raise ZeroDivisionError
        tell_each(_, error)

    journal = Journal(tmp_path, on_fatal=fatal.append, tell=crash)
    journal.append((b"maria",), print)
    journal._writer.join(10)

    assert [type(error) for error in fatal] == [JournalBroken]
    with pytest.raises(JournalBroken):
        journal.append((b"omar",), print)
    journal.close()


def test_a_mistake_of_ours_is_told_to_the_people_it_hits(
    journal: Journal, fatal: list[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever was in the group hears an error within moments, not silence."""
    monkeypatch.setattr("habeas.ledger.journal_file.checksum", lambda *_: 1 // 0)

    assert isinstance(keep(journal, b"maria"), JournalBroken)
    assert [type(error) for error in fatal] == [JournalBroken]


def test_the_log_is_written_back_and_stays_small(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A journal of a million entries does not keep a second million in its log."""
    monkeypatch.setattr("habeas.ledger.journal._WRITE_BACK_BYTES", 100_000)
    for _ in range(100):
        keep(journal, bytes(20_000))

    assert journal.path.with_name("00.journal-wal").stat().st_size < 1_000_000
    assert len(read(journal.path)) == 100


def test_an_asyncio_door_waits_for_the_disk_and_not_for_the_thread(tmp_path: Path) -> None:
    """Each person is answered when their own entry is durable."""

    async def door() -> None:
        journal = AsyncJournal(tmp_path, asyncio.get_running_loop(), on_fatal=print)
        given_up = journal.append(b"given up")
        given_up.cancel()
        await asyncio.gather(*(journal.append(b"%d" % number) for number in range(300)))
        assert len(read(journal.journal.path)) == 301
        last = journal.append(b"last")
        await journal.close()
        assert last.done()
        with pytest.raises(JournalClosed):
            await journal.append(b"late")

    asyncio.run(door())


def test_an_asyncio_door_is_told_when_the_journal_breaks(tmp_path: Path) -> None:
    """In its loop, where it can stop."""

    async def door() -> list[Exception]:
        fatal: list[Exception] = []
        journal = AsyncJournal(tmp_path, asyncio.get_running_loop(), on_fatal=fatal.append)
        connection = journal.journal._connection
        journal.journal._connection = FailingDisk(connection, "COMMIT", sqlite3.SQLITE_IOERR)  # type: ignore[assignment]
        with pytest.raises(JournalBroken):
            await journal.append(b"maria")
        journal.journal._connection = connection
        await journal.close()
        return fatal

    assert len(asyncio.run(door())) == 1


def test_a_killed_door_loses_nobody_it_answered(tmp_path: Path) -> None:
    """Killed in mid-load three times over, on the same file."""
    answered: set[bytes] = set()
    for run in range(3):
        command = [sys.executable, str(WRITER), str(tmp_path), str(run)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as door:
            assert door.stdout is not None
            lines = [door.stdout.readline() for _ in range(2_000)]
            door.send_signal(signal.SIGKILL)
            lines += door.stdout.read().splitlines(keepends=True)
        answered |= {line.strip() for line in lines if line.endswith(b"\n")}
    (path,) = journals(tmp_path)

    assert len(answered) >= 6_000
    assert answered <= set(read(path))


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a folder on a disk of one megabyte."""
    mounted = tmp_path / "tiny"
    mounted.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", TINY, "tmpfs", str(mounted)], check=False)
    if done.returncode:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("only root may mount a disk")
    yield mounted
    subprocess.run(["umount", str(mounted)], check=True)


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))


def test_a_really_full_disk_refuses_people_until_there_is_space(
    tiny_disk: Path, fatal: list[Exception]
) -> None:
    """Those refused know it, those accepted stay, and no one restarts anything."""
    journal = Journal(tiny_disk / "journal", on_fatal=fatal.append)
    accepted = [bytes([1]) * 10_000]
    keep(journal, *accepted)
    ballast = tiny_disk / "ballast"
    fill(ballast)
    refused = [keep(journal, bytes([2]) * 10_000) for _ in range(5)]
    ballast.unlink()
    accepted.append(bytes([3]) * 10_000)

    assert [type(answer) for answer in refused] == [JournalUnavailable] * 5
    assert keep(journal, accepted[1]) is None
    assert read(journal.path) == accepted
    assert fatal == []
    journal.close()
