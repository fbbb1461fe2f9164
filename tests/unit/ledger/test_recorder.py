"""What the doors wrote is counted, whatever state the journals are in."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from habeas.ledger.entry import Entry, pack
from habeas.ledger.journal import Journal
from habeas.ledger.journal_reader import Batch, JournalReader, JournalUnreadable
from habeas.ledger.recorder import Recorded, Recorder
from habeas.ledger.store_memory import MemoryStore
from people import AMINATA, CAMPAIGN, EVERYONE, MARIA, OMAR, confirms, epoch, signs


class Doors:
    """Two door workers on one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._journals = [Journal(folder, on_fatal=print) for _ in range(2)]

    def write(self, *entries: Entry | bytes, door: int = 0) -> None:
        """Append and wait; bytes stand for an entry of a program yet to be written."""
        bodies = tuple(entry if isinstance(entry, bytes) else pack(entry) for entry in entries)
        self._journals[door].append(bodies, lambda _: None)
        self.close(door)
        self._journals[door] = Journal(self.folder, on_fatal=print)

    def close(self, door: int) -> None:
        self._journals[door].close()

    def damage(self, statement: str) -> None:
        connection = sqlite3.connect(self.folder / "00.journal")
        connection.execute(statement)
        connection.commit()
        connection.close()


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[Doors]:
    opened = Doors(tmp_path)
    yield opened
    opened.close(0)
    opened.close(1)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def recorder(doors: Doors, store: MemoryStore) -> Recorder:
    return Recorder(store, doors.folder)


def test_people_of_every_door_are_counted_together(
    doors: Doors, store: MemoryStore, recorder: Recorder
) -> None:
    """Maria signed at one door and confirmed at the other."""
    doors.write(confirms(MARIA), door=0)
    doors.write(epoch(), signs(MARIA), signs(OMAR), confirms(OMAR), door=1)

    assert recorder.step() == Recorded(5, [])
    assert store.counts()[CAMPAIGN].total == 2
    assert recorder.step() == Recorded(0, [])


def test_small_steps_come_to_the_same(doors: Doors, store: MemoryStore, recorder: Recorder) -> None:
    """A clerk that is far behind need not catch up at once."""
    doors.write(*(entry for person in EVERYONE for entry in (signs(person), confirms(person))))
    steps = [recorder.step(batch=3).entries for _ in range(4)]

    assert steps == [3, 3, 2, 0]
    assert store.counts()[CAMPAIGN].total == 4


def test_a_clerk_that_is_behind_takes_larger_steps(
    doors: Doors, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until nothing waits any more: then whoever comes is counted at once again."""
    monkeypatch.setattr("habeas.ledger.recorder.BATCH", 1)
    monkeypatch.setattr("habeas.ledger.recorder.LARGE_BATCH", 5)
    doors.write(*(entry for person in EVERYONE for entry in (signs(person), confirms(person))))

    steps = [recorder.step() for _ in range(4)]

    assert [(step.entries, step.is_behind) for step in steps] == [
        (1, True),
        (5, True),
        (2, False),
        (0, False),
    ]


def test_what_was_read_of_a_journal_is_kept_though_the_rest_cannot_be(
    doors: Doors, store: MemoryStore, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fails in the middle holds back those behind the place, and nobody before it."""
    monkeypatch.setattr("habeas.ledger.recorder.BATCH", 2)
    doors.write(signs(MARIA), confirms(MARIA), signs(OMAR), confirms(OMAR))
    read = JournalReader.read

    def fails_behind_two(journal: JournalReader, after: int, limit: int) -> Batch:
        if after >= 2:
            raise JournalUnreadable("the disk does not answer")
        return read(journal, after, limit)

    monkeypatch.setattr(JournalReader, "read", fails_behind_two)
    assert recorder.step(batch=4).entries == 2
    assert store.counts()[CAMPAIGN].total == 1
    assert [damaged.reason for damaged in recorder.step(batch=4).damaged] == ["the disk does not answer"]

    monkeypatch.setattr(JournalReader, "read", read)
    assert recorder.step(batch=4).entries == 2
    assert store.counts()[CAMPAIGN].total == 2


def test_damage_at_the_end_is_told_once_by_a_step_of_many_parts(
    doors: Doors, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each part sees the end of the journal."""
    monkeypatch.setattr("habeas.ledger.recorder.BATCH", 1)
    doors.write(signs(MARIA), signs(OMAR), confirms(MARIA), signs(AMINATA))
    doors.damage("UPDATE entry SET body = x'00' WHERE seq IN (2, 4)")
    told = recorder.step(batch=10)

    assert told.entries == 2
    assert [record.first for record in told.damaged] == [2, 4]


def test_a_clerk_that_lost_its_memory_counts_the_same(doors: Doors, store: MemoryStore) -> None:
    """Reading everything again changes nothing."""
    doors.write(signs(MARIA), confirms(MARIA))
    Recorder(store, doors.folder).step()
    counts = store.counts()
    store._positions.clear()

    assert Recorder(store, doors.folder).step().entries == 2
    assert store.counts() == counts


def test_no_journals_are_nothing_to_do(tmp_path: Path, store: MemoryStore) -> None:
    """The clerk may start before the first door."""
    assert Recorder(store, tmp_path / "not yet").step() == Recorded(0, [])


def test_what_is_not_an_entry_is_reported_once_and_passed(
    doors: Doors, store: MemoryStore, recorder: Recorder
) -> None:
    """Those behind it are counted."""
    doors.write(signs(MARIA), b"gibberish", confirms(MARIA))
    first = recorder.step()

    assert first.entries == 2
    assert [(record.first, record.reason) for record in first.damaged] == [
        (2, "not an entry: not an entry format we know")
    ]
    assert store.counts()[CAMPAIGN].total == 1
    assert recorder.step() == Recorded(0, [])


def test_a_damaged_record_is_reported_and_passed(
    doors: Doors, store: MemoryStore, recorder: Recorder
) -> None:
    """And one at the end is not reported again with every step."""
    doors.write(signs(MARIA), signs(OMAR), confirms(MARIA), signs(AMINATA))
    doors.damage("UPDATE entry SET body = x'00' WHERE seq IN (2, 4)")
    first = recorder.step()

    assert first.entries == 2
    assert [record.first for record in first.damaged] == [2, 4]
    assert store.counts()[CAMPAIGN].total == 1
    assert recorder.step() == Recorded(0, [])


def test_an_unreadable_journal_holds_up_no_other(
    doors: Doors, store: MemoryStore, recorder: Recorder
) -> None:
    """People who signed at the other door are counted."""
    doors.write(signs(OMAR), confirms(OMAR), door=1)
    (doors.folder / "02.journal").write_bytes(b"not a database" * 500)
    (doors.folder / "03.journal").touch()
    recorded = recorder.step()

    assert recorded.entries == 2
    assert [record.journal.name for record in recorded.damaged] == ["02.journal"]
