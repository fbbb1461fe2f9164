"""A damaged journal gives back all that is whole in it, and says what is not."""

import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from habeas.ledger.entry import Entry, Sign, pack
from habeas.ledger.journal import Journal
from habeas.ledger.journal_check import check_journal
from habeas.ledger.journal_file import checksum
from habeas.ledger.journal_reader import Batch, Damaged, JournalReader, JournalUnborn, JournalUnreadable
from people import CAMPAIGN, DAY, EPOCH, TEXT_VERSION

ENTRIES = 400
PAGE, SECTOR, DIGEST = 4_096, 512, 32  # bytes
TREE = 3  # pages before those that hold records: the tables' names, the identity, the root of the records


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
    """Return the entry of one person; those of large numbers are as large as a long comment makes them."""
    signer, record = number.to_bytes(16, "big"), number.to_bytes(12, "big")
    sealed = b"sealed for person %d " % number + bytes(number % 300)
    return pack(Sign(CAMPAIGN, signer, record, DAY, "en", "ES", True, TEXT_VERSION, EPOCH, sealed))  # noqa: FBT003


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


Blow = Callable[[bytearray, random.Random], tuple[int, int]]  # damages a file, returns where from and to


def flip_a_bit(content: bytearray, chance: random.Random) -> tuple[int, int]:
    place = chance.randrange(len(content))
    content[place] ^= 1 << chance.randrange(8)
    return place, place + 1


def cut_short(content: bytearray, chance: random.Random) -> tuple[int, int]:
    place, end = chance.randrange(len(content)), len(content)
    del content[place:]
    return place, end


def zero_a_sector(content: bytearray, chance: random.Random) -> tuple[int, int]:
    place = chance.randrange(len(content) // SECTOR) * SECTOR
    content[place : place + SECTOR] = bytes(SECTOR)
    return place, place + SECTOR


def double_a_sector(content: bytearray, chance: random.Random) -> tuple[int, int]:
    """Write one sector over another, as a disk does that mistakes an address."""
    place, other = (chance.randrange(len(content) // SECTOR) * SECTOR for _ in range(2))
    content[place : place + SECTOR] = content[other : other + SECTOR]
    return place, place + SECTOR


BLOWS: list[Blow] = [flip_a_bit, cut_short, zero_a_sector, double_a_sector]


def verified(path: Path, folded: int) -> tuple[dict[int, bytes], list[Damaged]]:
    """Return what `habeas verify` finds intact and damaged; a file without a root is damaged throughout."""
    found: dict[int, bytes] = {}

    def take(seq: int, entry: Entry) -> None:
        found[seq] = pack(entry)

    try:
        return found, check_journal(path, folded, take, batch=150)
    except JournalUnreadable:
        return {}, [Damaged(path, 1, ENTRIES, "unreadable")]


def pages_of_records(content: bytes) -> dict[int, set[int]]:
    """Return the pages on which each record of a whole journal lies."""
    places = {seq: content.index(body(seq)) for seq in range(1, ENTRIES + 1)}
    return {seq: {at // PAGE, (at + len(body(seq)) + DIGEST) // PAGE} for seq, at in places.items()}


def out_of_reach(pages: dict[int, set[int]], start: int, end: int) -> set[int]:
    """Return the records that a blow between two bytes of the file leaves whole: those on other pages."""
    if start < TREE * PAGE:
        return set()  # where the tables are named and the way to every record begins
    touched = set(range(start // PAGE, (end - 1) // PAGE + 1))
    return {seq for seq, lies_on in pages.items() if not lies_on & touched}


@pytest.mark.parametrize("rounds", [150, pytest.param(10_000, marks=pytest.mark.long)])
def test_damage_costs_no_more_than_it_touches(written: Path, tmp_path: Path, rounds: int) -> None:
    """No crash, no invented entry, every lost one named, and everybody on other pages is still there.

    The long run prints the figures of bench/corruption.md.
    """
    content, chance, path = written.read_bytes(), random.Random(rounds), tmp_path / "00.journal"
    pages, everyone = pages_of_records(content), set(range(1, ENTRIES + 1))
    toll: dict[str, Counter[str]] = {blow.__name__: Counter() for blow in BLOWS}
    for number in range(rounds):
        altered, blow = bytearray(content), BLOWS[number % len(BLOWS)]
        start, end = blow(altered, chance)
        path.write_bytes(altered)
        found, damaged = verified(path, ENTRIES)
        reported = {seq for one in damaged for seq in range(one.first, min(one.last, ENTRIES) + 1)}
        lost = everyone - found.keys()
        place = f"{blow.__name__} {start}-{end}"

        assert all(found[seq] == body(seq) for seq in found), place
        assert lost <= reported, place
        assert not reported & found.keys(), place
        assert out_of_reach(pages, start, end) <= found.keys(), place
        assert not lost or verified(path, 0)[1], place  # noticed even if nobody had read them before
        toll[blow.__name__] += Counter(
            files=1,
            harmless=not damaged,
            unreadable=any(one.reason == "unreadable" for one in damaged),
            lost=len(lost),
            recovered=len(found),
        )
    for name, figures in toll.items():
        print(name, dict(figures))  # noqa: T201  the figures are what the long run is for


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
    """The door begins another file in the slot and leaves this one for the clerk to look at."""
    (tmp_path / "00.journal").write_bytes(b"not a database" * 1_000)
    journal = Journal(tmp_path, on_fatal=print)
    journal.close()

    assert journal.path.name == "00-000001.journal"
    assert (tmp_path / "00.journal").read_bytes().startswith(b"not a database")
