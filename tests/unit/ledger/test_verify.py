"""Whether nothing is lost can be asked at any time, and the answer is one that people can rely on."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from habeas.ledger.entry import Entry, pack
from habeas.ledger.fold import Signature
from habeas.ledger.journal import Journal
from habeas.ledger.recorder import Recorder
from habeas.ledger.store_sqlite import SQLiteStore
from habeas.ledger.verify import Verified, verify
from people import (
    AMINATA,
    CAMPAIGN,
    DAY,
    EVERYONE,
    JUN,
    MARIA,
    OMAR,
    OTHER_CAMPAIGN,
    Person,
    confirms,
    epoch,
    signs,
    unsubscribes,
    withdraws,
)

ENTRIES = (
    epoch(),
    *(entry for person in EVERYONE for entry in (signs(person), confirms(person))),
    withdraws(JUN),
    unsubscribes(AMINATA),
    signs(OMAR, campaign=OTHER_CAMPAIGN, updates=False),
)

NO_SIGNATURE = ", ".join(f"{name} = NULL" for name in Signature.__struct_fields__)


class Installation:
    """A data folder whose doors and clerk can be called one by one."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.journals, self.store = folder, folder / "journal", folder / "store.sqlite3"

    def write(self, *entries: Entry) -> None:
        journal = Journal(self.journals, on_fatal=print, today=lambda: DAY)
        journal.append(tuple(map(pack, entries)), lambda _: None)
        journal.close()

    def fold(self, batch: int = 1_000) -> None:
        store = SQLiteStore(self.store)
        Recorder(store, self.journals).step(batch)
        store.close()

    def verify(self, today: int = DAY + 50) -> Verified:
        return verify(self.journals, self.store, today=today)

    def change(self, statement: str, file: str = "store.sqlite3") -> None:
        connection = sqlite3.connect(self.folder / file)
        connection.execute(statement)
        connection.commit()
        connection.close()

    def flip(self, file: str, near: bytes) -> None:
        """Flip one bit in the file: the lowest of the first byte of `near`."""
        path = self.folder / file
        content = bytearray(path.read_bytes())
        assert content.count(near) == 1
        content[content.index(near)] ^= 1
        path.write_bytes(content)

    def traces(self) -> dict[str, tuple[bytes, int]]:
        """Return every file with its bytes and time of change."""
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


@pytest.fixture
def here(tmp_path: Path) -> Installation:
    """Four people signed, three of them count; the clerk has seen it all."""
    made = Installation(tmp_path / "data")
    made.write(*ENTRIES)
    made.fold()
    return made


@pytest.fixture
def empty(tmp_path: Path) -> Installation:
    return Installation(tmp_path / "data")


def test_a_whole_folder_is_called_whole(here: Installation) -> None:
    """And nothing in it has been touched."""
    before = here.traces()
    found = here.verify()

    assert found.is_well
    assert (found.journal.entries, found.store.entries, found.waiting) == (len(ENTRIES), 5, 0)
    assert here.traces() == before


def test_a_folder_in_which_nothing_happened_yet_is_whole(empty: Installation) -> None:
    """A new installation has lost nobody."""
    found = empty.verify()

    assert found.is_well
    assert (found.journal.entries, found.store.entries) == (0, 0)
    assert not empty.folder.exists()


def test_one_flipped_bit_in_a_journal_is_named_with_its_number(here: Installation) -> None:
    """Aminata's entry is the sixth; nobody else's is in doubt."""
    here.flip("journal/00.journal", b"sealed for " + AMINATA.name.encode())
    found = here.verify()

    assert [(one.journal.name, one.first, one.last) for one in found.journal.damaged] == [
        ("00.journal", 6, 6)
    ]
    assert found.journal.entries == len(ENTRIES) - 1
    assert found.store.damaged == ()
    assert not found.agree  # the store still has what the journal cannot prove any more


def test_the_end_of_a_journal_cannot_be_cut_off_unseen(here: Installation) -> None:
    """What is left is whole; that more was there is known to the store."""
    here.change("DELETE FROM entry WHERE seq > 10", "journal/00.journal")
    [damaged] = here.verify().journal.damaged

    assert (damaged.first, damaged.last) == (11, 12)
    assert "gone" in damaged.reason


def test_a_journal_that_is_gone_is_missed(here: Installation) -> None:
    """Its people are in the store, and cannot be proved."""
    (here.journals / "00.journal").unlink()
    found = here.verify()

    assert not found.agree
    assert any("cannot be read here" in sentence for sentence in found.disagreements)


def test_a_journal_without_a_root_is_named_and_the_others_are_read(here: Installation) -> None:
    """One lost file is not two."""
    (here.journals / "01.journal").write_bytes(b"not a database" * 500)
    found = here.verify()

    assert [(one.journal.name, one.first) for one in found.journal.damaged] == [("01.journal", 0)]
    assert found.journal.entries == len(ENTRIES)
    assert found.agree


def sqlite_says(path: Path) -> str:
    connection = sqlite3.connect(path)
    said = str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    connection.close()
    return said


@pytest.mark.parametrize(
    ("near", "field"),
    [
        (b"sealed for " + AMINATA.name.encode(), "envelope"),
        (b"frSN", "language"),
        (b"SNdemands1", "country"),
    ],
)
def test_a_flipped_bit_in_the_store_is_found_though_sqlite_calls_it_whole(
    here: Installation, near: bytes, field: str
) -> None:
    """Rows carry no checksum; what the journals come to is theirs."""
    here.flip("store.sqlite3", near)
    found = here.verify()

    assert sqlite_says(here.store) == "ok"
    assert not found.agree
    assert any(
        AMINATA.signer.hex() in sentence and field in sentence for sentence in found.disagreements
    ) or any(field in sentence for sentence in found.store.damaged)


@pytest.mark.parametrize(
    "change",
    [
        "updates = 0",
        "latest = latest + 1",
        "confirmed = 1",
        "confirmed = -1",
        "withdrawn = 0",
        "withdrawn_day = 7",
        "unsubscribed = -1",
        "is_counted = 0",
        "wants_news = 1 - wants_news",
        "is_due = 1",
        "is_due = 3",
        "country = 'SS'",
        "country = CAST(x'ff53' AS TEXT)",
        "country = 7",
        "language = NULL",
        "envelope = 'text'",
        "epoch = x'00'",
        "signer = x'00'",
        "signer = zeroblob(16)",
        "envelope = NULL",
        NO_SIGNATURE,
    ],
)
def test_no_column_of_a_person_changes_unseen(here: Installation, change: str) -> None:
    """Whatever the value became: said, not stumbled over."""
    here.change(f"UPDATE signer SET {change} WHERE country = 'SN'")  # noqa: S608  a fixed list
    found = here.verify()

    assert not found.is_well
    assert found.journal.damaged == ()
    assert found.store.entries == 5


@pytest.mark.parametrize(
    "people", ["people - 1", "-1", "'many'", "x'01'"], ids=["lower", "negative", "text", "bytes"]
)
def test_a_count_that_was_changed_is_found(here: Installation, people: str) -> None:
    """Both the rows and the journals speak against it."""
    here.change(f"UPDATE cell SET people = {people} WHERE country = 'EG'")  # noqa: S608  a fixed list
    found = here.verify()

    assert found.store.damaged
    assert not found.agree


def test_a_person_and_their_count_cannot_vanish_together(here: Installation) -> None:
    """The store would agree with itself; Maria confirmed, so she is never forgotten."""
    here.change("DELETE FROM signer WHERE country = 'ES'")
    here.change("UPDATE cell SET people = 0 WHERE country = 'ES'")
    found = here.verify()

    assert found.store.damaged == ()
    assert any("is missing from the store" in sentence for sentence in found.disagreements)
    assert any("the cell says 0, the journals say 1" in sentence for sentence in found.disagreements)


def test_a_person_who_never_signed_cannot_be_slipped_in(here: Installation) -> None:
    """Counts are of people whose entries can be shown."""
    here.change("UPDATE signer SET signer = randomblob(16) WHERE country = 'ES'")

    assert any("no intact record tells of them" in sentence for sentence in here.verify().disagreements)


def test_the_header_that_opens_envelopes_is_missed(here: Installation) -> None:
    """Without it the names of ten minutes are lost."""
    here.change("UPDATE epoch SET header = x'00'")

    assert "header" in " ".join(here.verify().disagreements)


def test_a_store_that_is_none_keeps_no_journal_from_being_checked(here: Installation) -> None:
    """The journals are what everything can be made from again."""
    here.store.write_bytes(b"not a database" * 500)
    found = here.verify()

    assert found.journal.entries == len(ENTRIES)
    assert found.journal.damaged == ()
    assert found.store.damaged
    assert not found.agree


@pytest.mark.parametrize("batch", [1, 2, 5, 11])
def test_a_clerk_that_is_behind_has_lost_nobody(empty: Installation, batch: int) -> None:
    """What it has not read waits in the journal, and is counted as intact."""
    empty.write(*ENTRIES)
    empty.fold(batch)
    found = empty.verify()

    assert found.is_well
    assert (found.journal.entries, found.waiting) == (len(ENTRIES), len(ENTRIES) - batch)


def test_before_the_first_fold_there_is_no_store_and_no_loss(empty: Installation) -> None:
    """The door may start long before the clerk."""
    empty.write(*ENTRIES)
    found = empty.verify()

    assert found.is_well
    assert found.waiting == len(ENTRIES)
    assert not empty.store.exists()


def test_entries_of_several_doors_are_compared_together(here: Installation) -> None:
    """Maria signed at one and withdrew at the other."""
    first = Journal(here.journals, on_fatal=print)
    here.write(withdraws(MARIA))
    first.close()
    here.fold()
    found = here.verify()

    assert (here.journals / "01.journal").exists()
    assert found.is_well


def forget(here: Installation, *mailed: Person) -> None:
    """Let the clerk mail people and forget who did not answer."""
    store = SQLiteStore(here.store)
    for person in mailed:
        store.mail_sent(CAMPAIGN, person.signer, DAY)
    assert store.forget_unconfirmed(DAY + 3) == len(mailed)
    store.close()


@pytest.mark.parametrize(
    "later",
    [
        (),
        (signs(MARIA, day=DAY + 9, record=5, updates=False),),
        (signs(MARIA, day=DAY + 9, record=5), confirms(MARIA, day=DAY + 9)),
        (confirms(MARIA, day=DAY + 9),),
    ],
    ids=["never heard of again", "signs anew", "signs anew and confirms", "confirms too late"],
)
def test_who_never_confirmed_may_be_forgotten(empty: Installation, later: tuple[Entry, ...]) -> None:
    """That is the promise of retention, and no loss; nor is what they do afterwards."""
    empty.write(epoch(), signs(MARIA), signs(OMAR), confirms(OMAR))
    empty.fold()
    forget(empty, MARIA)
    empty.write(*later)
    empty.fold()
    found = empty.verify()

    assert found.is_well, found


def test_who_signed_today_is_not_forgotten_but_lost(empty: Installation) -> None:
    """Nobody is forgotten before they had a day to confirm."""
    empty.write(epoch(), signs(MARIA))
    empty.fold()
    empty.change("DELETE FROM signer")

    assert not empty.verify(today=DAY).agree
    assert empty.verify(today=DAY + 4).agree


def with_index(folder: Path) -> None:
    """Leave log and index as a running door has them."""


def without_index(folder: Path) -> None:
    """Leave the log alone, as some ways of copying do."""
    for path in folder.rglob("*-shm"):
        path.unlink()


@pytest.mark.parametrize("prepare", [with_index, without_index])
def test_a_copy_made_while_everything_runs_is_read_whole(
    here: Installation, tmp_path: Path, prepare: Callable[[Path], None]
) -> None:
    """The newest entries stand in the write-ahead logs only, and nothing is added to the copy."""
    door, clerk = Journal(here.journals, on_fatal=print, today=lambda: DAY), SQLiteStore(here.store)
    door.append((pack(signs(MARIA, campaign=OTHER_CAMPAIGN)),), lambda _: None)
    door.close()
    door = Journal(here.journals, on_fatal=print, today=lambda: DAY)
    door.append((pack(confirms(MARIA, campaign=OTHER_CAMPAIGN)),), lambda _: None)
    while Recorder(clerk, here.journals).step().entries or clerk.counts().get(OTHER_CAMPAIGN) is None:
        pass
    copy = Installation(Path(shutil.copytree(here.folder, tmp_path / "copy")))
    while_running = here.verify()
    door.close()
    clerk.close()
    prepare(copy.folder)
    before = copy.traces()
    found = copy.verify()

    assert any(name.endswith("-wal") for name in before)
    assert found.is_well, found
    assert found == while_running
    assert found.journal.entries == len(ENTRIES) + 2
    assert copy.traces() == before
