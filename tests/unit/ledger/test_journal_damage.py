"""A damaged journal gives back all that is whole in it, and says what is not."""

import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from habeas.ledger.journal import Journal
from habeas.ledger.journal_file import checksum
from habeas.ledger.journal_reader import Batch, JournalReader, JournalUnborn, JournalUnreadable

ENTRIES = 400


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal of 400 entries whose door has stopped."""
    journal = Journal(tmp_path_factory.mktemp("journal"), on_fatal=print)
    for number in range(1, ENTRIES + 1):
        journal.append((body(number),), lambda _: None)
    journal.close()
    return journal.path


@pytest.fixture
def copy(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(written, tmp_path / "00.journal"))


def body(number: int) -> bytes:
    return b"entry %d " % number + bytes(number % 300)


def change(path: Path, statement: str, *values: bytes) -> None:
    connection = sqlite3.connect(path)
    connection.execute(statement, values)
    connection.commit()
    connection.close()


def read(path: Path, after: int = 0, limit: int = 1_000) -> Batch:
    with JournalReader(path) as reader:
        return reader.read(after, limit)


def damaged(batch: Batch) -> list[tuple[int, int]]:
    return [(record.first, record.last) for record in batch.damaged]


def numbers(batch: Batch) -> list[int]:
    return [record.seq for record in batch.records]


def other_row(path: Path) -> tuple[bytes, bytes]:
    with JournalReader(path) as reader:
        (record,) = reader.read(0, 1).records
        return record.body, checksum(reader.identity, 1, record.body)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET body = x'00' WHERE seq = 200",
        "UPDATE entry SET sha256 = x'00' WHERE seq = 200",
        "UPDATE entry SET body = 7, sha256 = 7.5 WHERE seq = 200",
        "UPDATE entry SET body = CAST(x'ff' AS TEXT) WHERE seq = 200",
        "DELETE FROM entry WHERE seq = 200",
    ],
)
def test_one_damaged_record_is_reported_and_the_rest_is_read(copy: Path, statement: str) -> None:
    """One person's entry is lost, and not those of everyone after."""
    change(copy, statement)
    batch = read(copy)

    assert numbers(batch) == [number for number in range(1, ENTRIES + 1) if number != 200]
    assert damaged(batch) == [(200, 200)]
    assert batch.position == ENTRIES


def test_two_records_that_changed_places_are_both_refused(copy: Path) -> None:
    """A record is what it is at its own number only."""
    change(copy, "UPDATE entry SET seq = -1 WHERE seq = 10")
    change(copy, "UPDATE entry SET seq = 10 WHERE seq = 11")
    change(copy, "UPDATE entry SET seq = 11 WHERE seq = -1")

    assert damaged(read(copy)) == [(10, 11)]


def test_records_of_another_journal_are_refused(copy: Path, tmp_path: Path) -> None:
    """Nobody can slip yesterday's entries into today's journal."""
    other = Journal(tmp_path / "other", on_fatal=print)
    other.append((b"from elsewhere",), lambda _: None)
    other.close()
    change(copy, "UPDATE entry SET body = ?, sha256 = ? WHERE seq = 1", *other_row(other.path))

    assert damaged(read(copy)) == [(1, 1)]


def test_damage_at_the_end_is_reported_and_not_passed(copy: Path) -> None:
    """What a door appends behind it is read."""
    change(copy, "UPDATE entry SET body = x'00' WHERE seq > 398")
    at_end = read(copy)
    journal = Journal(copy.parent, on_fatal=print)
    journal.append((b"maria",), lambda _: None)
    journal.close()
    later = read(copy, at_end.position)

    assert (at_end.position, damaged(at_end)) == (398, [(399, 400)])
    assert (later.position, damaged(later), numbers(later)) == (401, [(399, 400)], [401])


def test_a_record_that_claims_a_far_number_hides_nothing(copy: Path) -> None:
    """Believing it would skip everything up to that number."""
    change(copy, "UPDATE entry SET seq = 1 << 40 WHERE seq = 400")
    batch = read(copy, 390)
    at_end = read(copy, batch.position)
    journal = Journal(copy.parent, on_fatal=print)
    journal.append((b"maria",), lambda _: None)
    journal.close()

    assert batch.position == at_end.position == 399
    assert damaged(at_end) == [(1 << 40, 1 << 40)]
    assert numbers(read(copy, 399)) == [400]


def test_a_hole_larger_than_a_batch_is_walked_through(copy: Path) -> None:
    """The recorder comes out at the other end."""
    change(copy, "DELETE FROM entry WHERE seq BETWEEN 101 AND 150")
    first, second = read(copy, 100, 20), read(copy, 120, 40)

    assert (first.position, damaged(first), numbers(first)) == (120, [(101, 120)], [])
    assert (second.position, damaged(second), numbers(second)) == (160, [(121, 150)], list(range(151, 161)))


def test_an_older_copy_put_in_its_place_is_noticed(copy: Path) -> None:
    """The position goes back, because reading twice is harmless and missing an entry is not."""
    batch = read(copy, ENTRIES + 5)

    assert damaged(batch) == [(ENTRIES + 1, ENTRIES + 5)]
    assert batch.position == ENTRIES


def test_any_flipped_bit_costs_no_more_than_it_touches(written: Path, tmp_path: Path) -> None:
    """Three hundred flips: no crash, no invented entry, and every missing entry reported."""
    content = written.read_bytes()
    chance = random.Random(1)
    unreadable = 0
    for _ in range(300):
        altered = bytearray(content)
        altered[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        path = tmp_path / "00.journal"
        path.write_bytes(altered)
        try:
            batch = read(path)
        except JournalUnreadable:
            unreadable += 1
            continue
        found = {record.seq: record.body for record in batch.records}
        reported = {seq for first, last in damaged(batch) for seq in range(first, min(last, ENTRIES) + 1)}

        assert all(found[seq] == body(seq) for seq in found)
        assert batch.position <= ENTRIES
        assert set(range(1, batch.position + 1)) <= found.keys() | reported
    assert unreadable < 10


@pytest.mark.parametrize("sector", range(0, 60_000, 4_096))
def test_a_lost_sector_is_no_crash(copy: Path, sector: int) -> None:
    """Zeros where a page was."""
    content = bytearray(copy.read_bytes())
    content[sector : sector + 512] = bytes(512)
    copy.write_bytes(content)
    try:
        batch = read(copy)
    except JournalUnreadable:
        assert sector in {0, 4_096}  # where the tables are named, and both copies of the identity
        return

    assert all(record.body == body(record.seq) for record in batch.records)
    assert len(batch.records) == ENTRIES or batch.damaged


@pytest.mark.parametrize("pages", [3, 10, 20])
def test_a_journal_cut_short_gives_what_is_left(copy: Path, pages: int) -> None:
    """A file system that lost the end of a file has not lost its beginning."""
    with copy.open("rb+") as file:
        file.truncate(pages * 4_096)
    batch = read(copy)

    assert all(record.body == body(record.seq) for record in batch.records)
    assert len(batch.records) >= (pages - 3) * 8
    assert batch.damaged or read(copy, batch.position).damaged


@pytest.mark.parametrize("content", [b"not a database", b"SQLite format 3\0" + bytes(4096)])
def test_a_file_that_is_no_journal_is_named_as_such(tmp_path: Path, content: bytes) -> None:
    """The clerk goes on with the others."""
    path = tmp_path / "00.journal"
    path.write_bytes(content)

    with pytest.raises(JournalUnreadable, match=r"00\.journal"):
        read(path)


def test_a_journal_that_is_just_being_made_is_not_damaged(tmp_path: Path) -> None:
    """The door is a moment ahead of the clerk."""
    (tmp_path / "00.journal").touch()

    with pytest.raises(JournalUnborn):
        read(tmp_path / "00.journal")


def test_a_damaged_journal_keeps_nobody_from_signing(tmp_path: Path) -> None:
    """The door takes the next slot and leaves the file for the clerk to look at."""
    (tmp_path / "00.journal").write_bytes(b"not a database" * 1_000)
    journal = Journal(tmp_path, on_fatal=print)
    journal.close()

    assert journal.path.name == "01.journal"
    assert (tmp_path / "00.journal").read_bytes().startswith(b"not a database")
