"""A slot goes on in a new file, and nobody notices: not the people, not the clerk, not who verifies."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from habeas.ledger import journal as journal_module
from habeas.ledger.entry import Entry, pack
from habeas.ledger.journal import Journal, JournalBroken, JournalUnavailable
from habeas.ledger.journal_file import journals, lock, newest, next_path, oldest_first
from habeas.ledger.journal_reader import JournalReader
from habeas.ledger.recorder import Recorder
from habeas.ledger.store_memory import MemoryStore
from habeas.ledger.store_sqlite import SQLiteStore
from habeas.ledger.verify import verify
from people import CAMPAIGN, DAY, MARIA, OMAR, Person, confirms, epoch, signs

MEMORY = Path("/dev/shm")  # noqa: S108  a thousand rotations are about the order of things, not about a disk


class Slot:
    """One door on a folder of journals, and the day it believes it is."""

    def __init__(self, folder: Path, rotate_bytes: int = 1 << 30) -> None:
        self.folder, self.day, self._rotate_bytes = folder, DAY, rotate_bytes
        self.fatal: list[Exception] = []
        self.journal = self._opened()

    def write(self, *entries: Entry) -> Exception | None:
        told: list[Exception | None] = []
        answered = threading.Event()

        def tell(error: Exception | None) -> None:
            told.append(error)
            answered.set()

        self.journal.append(tuple(map(pack, entries)), tell)
        assert answered.wait(10)
        return told[0]

    def restart(self) -> None:
        self.journal.close()
        self.journal = self._opened()

    def names(self) -> list[str]:
        """Return the journals once the writer has come to rest."""
        self.restart()
        return [path.name for path in journals(self.folder)]

    def _opened(self) -> Journal:
        return Journal(
            self.folder, on_fatal=self.fatal.append, rotate_bytes=self._rotate_bytes, today=lambda: self.day
        )


@pytest.fixture
def slot(tmp_path: Path) -> Iterator[Slot]:
    opened = Slot(tmp_path / "journal")
    yield opened
    opened.journal.close()


def bodies(folder: Path) -> list[bytes]:
    found = []
    for path in journals(folder):
        with JournalReader(path) as reader:
            batch = reader.read(0, 1_000)
        assert batch.damaged == []
        found += [record.body for record in batch.records]
    return found


def test_a_new_day_begins_a_new_file(slot: Slot) -> None:
    """What was written is closed, and what comes is numbered from one again."""
    slot.write(epoch(), signs(MARIA))
    assert slot.names() == ["00.journal"]
    slot.day += 1
    slot.write(confirms(MARIA))
    first = slot.journal.identity
    assert slot.names() == ["00.journal", "00-000001.journal"]
    slot.write(signs(OMAR))

    assert bodies(slot.folder) == [
        pack(entry) for entry in (epoch(), signs(MARIA), confirms(MARIA), signs(OMAR))
    ]
    assert slot.journal.identity != first
    assert slot.journal.slot == "00"


def test_a_large_file_is_followed_by_another(tmp_path: Path) -> None:
    """A rush fills several a day."""
    slot = Slot(tmp_path, rotate_bytes=100_000)
    written = [signs(MARIA, record=number) for number in range(60)]
    for entry in written:
        slot.write(entry)
    slot.journal.close()

    assert len(journals(tmp_path)) > 2
    assert bodies(tmp_path) == [pack(entry) for entry in written]


def test_a_door_to_which_nobody_comes_notices_the_new_day(
    slot: Slot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever signed last and never confirmed is forgotten in time all the same."""
    monkeypatch.setattr(journal_module, "_IDLE_SECONDS", 0.01)
    slot.write(signs(MARIA))
    slot.day += 1
    for _ in range(500):
        if slot.journal.path.name == "00-000001.journal":
            break
        threading.Event().wait(0.01)

    assert slot.journal.path.name == "00-000001.journal"
    assert slot.names() == ["00.journal", "00-000001.journal"]  # and an empty one is not followed by another


def test_a_file_of_yesterday_is_known_as_such_after_a_restart(slot: Slot) -> None:
    """Its first entry with a day says so."""
    slot.write(epoch(), signs(MARIA))
    slot.day += 1
    slot.restart()
    slot.write(signs(OMAR))

    assert slot.names() == ["00.journal", "00-000001.journal"]


def test_a_damaged_file_is_followed_by_another(slot: Slot) -> None:
    """Never by an older one: that is closed."""
    slot.write(signs(MARIA))
    slot.day += 1
    slot.write(signs(OMAR))
    slot.journal.close()
    (slot.folder / "00-000001.journal").write_bytes(b"not a database" * 1_000)
    slot.journal = Journal(slot.folder, on_fatal=print)

    assert slot.journal.path.name == "00-000002.journal"


def test_a_reader_who_takes_their_time_holds_up_nobody(slot: Slot) -> None:
    """The old file serves on until they are done."""
    slot.write(signs(MARIA))
    with sqlite3.connect(slot.journal.path) as slow:
        slow.execute("BEGIN")
        slow.execute("SELECT count(*) FROM entry").fetchone()
        slot.day += 1
        assert slot.write(signs(OMAR)) is None
        assert slot.write(confirms(OMAR)) is None
        slow.execute("ROLLBACK")
    slow.close()
    assert [path.name for path in journals(slot.folder)] == ["00.journal"]
    slot.journal._not_before = 0.0
    slot.write(confirms(MARIA))

    assert slot.names() == ["00.journal", "00-000001.journal"]
    assert slot.fatal == []


@pytest.mark.parametrize("reason", [JournalUnavailable("full"), OSError(28, "full")])
def test_a_disk_without_room_for_a_new_file_keeps_the_old_one(
    slot: Slot, monkeypatch: pytest.MonkeyPatch, reason: Exception
) -> None:
    """People sign on, and it is tried again."""

    def fail(path: Path) -> None:
        path.touch()
        raise reason

    slot.write(signs(MARIA))
    slot.day += 1
    with monkeypatch.context() as full:
        full.setattr(journal_module, "_opened", fail)
        assert slot.write(signs(OMAR)) is None
        assert slot.write(confirms(OMAR)) is None
    assert [path.name for path in journals(slot.folder)] == ["00.journal"]
    slot.journal._not_before = 0.0
    slot.write(confirms(MARIA))

    assert slot.names() == ["00.journal", "00-000001.journal"]
    assert len(bodies(slot.folder)) == 4
    assert slot.fatal == []


def test_an_old_file_that_cannot_be_completed_breaks_the_journal(
    slot: Slot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As every failed sync does."""
    slot.write(signs(MARIA))
    monkeypatch.setattr(journal_module, "LAST_CHECKPOINT", "SELECT no_such_function()")
    slot.day += 1
    assert slot.write(signs(OMAR)) is None
    slot.journal._writer.join(0.2)

    assert [type(error) for error in slot.fatal] == [JournalBroken]
    with pytest.raises(JournalBroken):
        slot.write(confirms(OMAR))


def test_the_clerk_reads_the_older_before_the_newer(slot: Slot) -> None:
    """The header of an epoch comes before what was sealed in it."""
    slot.write(epoch(), signs(MARIA), confirms(MARIA))
    slot.day += 1
    slot.write(signs(OMAR))
    slot.restart()
    slot.write(confirms(OMAR))
    store = MemoryStore()
    recorder = Recorder(store, slot.folder)
    steps = [recorder.step(2).entries for _ in range(4)]

    assert steps == [2, 2, 1, 0]
    assert store.counts()[CAMPAIGN].total == 2


def test_the_clerk_opens_a_closed_file_again_only_when_something_changed(
    slot: Slot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There may be thousands; a replay is such a change."""
    slot.write(epoch(), signs(MARIA), confirms(MARIA))
    closed = slot.journal.identity
    slot.day += 1
    slot.write(signs(OMAR))
    slot.restart()
    store, opened = MemoryStore(), []
    recorder = Recorder(store, slot.folder)
    while recorder.step().entries:
        pass

    class Counted(JournalReader):
        def __init__(self, path: Path) -> None:
            opened.append(path.name)
            super().__init__(path)

    monkeypatch.setattr("habeas.ledger.recorder.JournalReader", Counted)
    assert recorder.step().entries == 0
    assert opened == ["00-000001.journal"]
    store.record(closed, 0, [])
    assert recorder.step().entries == 4


def test_names_of_journals_are_in_the_order_of_their_making(tmp_path: Path) -> None:
    """Whatever the letters say, and whatever else lies there."""
    names = ["00.journal", "00-000001.journal", "00-000010.journal", "01.journal", "01-000002.journal"]
    for name in [*reversed(names), "00-000000.journal", "00-1.journal", "00.journal-wal", "000.journal"]:
        (tmp_path / name).touch()

    assert [path.name for path in journals(tmp_path)] == names
    assert [path.name for path in oldest_first(tmp_path)][:3] == ["00.journal", "01.journal", names[1]]
    assert newest(tmp_path, 0).name == "00-000010.journal"
    assert newest(tmp_path, 7).name == "07.journal"
    assert next_path(tmp_path / "00.journal").name == "00-000011.journal"


def test_a_slot_is_held_once(slot: Slot) -> None:
    """Through all its files."""
    slot.write(signs(MARIA))
    slot.day += 1
    slot.write(signs(OMAR))

    assert lock(slot.folder, 0) is None
    other = Journal(slot.folder, on_fatal=print)
    other.close()
    assert other.slot == "01"


@pytest.mark.parametrize("rotations", [250, pytest.param(1_000, marks=pytest.mark.long)])
def test_many_rotations_under_the_eyes_of_clerk_and_verifier_damage_nothing(rotations: int) -> None:
    """Every person counts once; nobody who looks in between sees anything but whole files."""
    with TemporaryDirectory(dir=MEMORY) as folder:
        slot, store = Slot(Path(folder, "journal"), rotate_bytes=0), Path(folder, "store.sqlite3")
        SQLiteStore(store).close()
        is_over, complaints = threading.Event(), list[object]()

        def look() -> None:
            while not is_over.is_set():
                found = verify(slot.folder, store, today=DAY)
                if not found.is_well:
                    complaints.append(found)

        def fold() -> None:
            clerk = SQLiteStore(store)
            recorder = Recorder(clerk, slot.folder)
            while True:
                is_last = is_over.is_set()
                recorded = recorder.step()
                complaints.extend(recorded.damaged)
                if is_last and not recorded.entries:
                    break
            clerk.close()

        watchers = [threading.Thread(target=look), threading.Thread(target=fold)]
        for watcher in watchers:
            watcher.start()
        crowd = [Person("", f"signer{number}@example.org", "FR", "fr") for number in range(rotations)]
        for person in crowd:
            slot.journal._not_before = 0.0  # the clerk may have been in the way a moment ago
            assert slot.write(signs(person), confirms(person)) is None
        is_over.set()
        for watcher in watchers:
            watcher.join()
        slot.journal.close()

        assert complaints == []
        assert len(journals(slot.folder)) > 0.9 * rotations
        counted = SQLiteStore(store)
        assert counted.counts()[CAMPAIGN].total == rotations
        counted.close()
        assert slot.fatal == []
