"""Who is forgotten is forgotten everywhere, and the journals are still the truth."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from habeas.ledger import thinning
from habeas.ledger.entry import FORGOTTEN, Entry, Sign, pack
from habeas.ledger.journal import Journal
from habeas.ledger.journal_file import journals, lock, oldest_first
from habeas.ledger.journal_reader import JournalReader
from habeas.ledger.recorder import Recorder
from habeas.ledger.store_sqlite import SQLiteStore
from habeas.ledger.thinning import NotThinned, thin
from habeas.ledger.verify import Verified, verify
from people import (
    AMINATA,
    CAMPAIGN,
    DAY,
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

LATER = DAY + 10
# Told to thin by a process that is killed.
THINNER = """
import sys
from pathlib import Path
from habeas.ledger import thinning
from habeas.ledger.store_sqlite import SQLiteStore
step = int(sys.argv[3])
class Killed:
    def __init__(self, connection): self._connection = connection
    def __getattr__(self, name): return getattr(self._connection, name)
    def execute(self, *statement):
        global step
        step -= 1
        if step == 0:
            import os, signal
            os.kill(os.getpid(), signal.SIGKILL)
        return self._connection.execute(*statement)
connect = thinning.sqlite3.connect
class Module:
    def __getattr__(self, name): return getattr(sqlite3, name)
import sqlite3
module = Module()
module.connect = lambda *a, **k: Killed(connect(*a, **k))
thinning.sqlite3 = module
store = SQLiteStore(Path(sys.argv[2]))
print(sum(thinning.thin(Path(sys.argv[1]), store, int(sys.argv[4]), size=2)))
"""


class House:
    """One door, one clerk, one day after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.store_path = folder / "journal", folder / "store.sqlite3"
        self.day = DAY
        self.store = SQLiteStore(self.store_path)
        self.recorder = Recorder(self.store, self.folder)

    def write(self, *entries: Entry) -> None:
        """Write through a door that starts, and at the end of its day goes on to the next file."""
        journal = Journal(self.folder, on_fatal=print, today=lambda: self.day)
        answered = threading.Event()
        journal.append(tuple(map(pack, entries)), lambda _: answered.set())
        assert answered.wait(10)
        journal.close()

    def next_day(self) -> None:
        """Let the day end: what is written from now on goes into a new file."""
        self.day += 1
        journal = Journal(self.folder, on_fatal=print, rotate_bytes=-1, today=lambda: self.day)
        answered = threading.Event()
        journal.append((pack(epoch(name=self.day.to_bytes(8, "big"))),), lambda _: answered.set())
        assert answered.wait(10)
        journal.close()

    def fold(self) -> None:
        while self.recorder.step().entries:
            pass

    def mail(self, *people: Person) -> None:
        for person in people:
            self.store.mail_sent(CAMPAIGN, person.signer, self.day)

    def forget(self, before: int = LATER) -> int:
        self.fold()
        self.store.forget_unconfirmed(before)
        self.store.forget_withdrawn(before)
        return sum(sum(thin(path, self.store, before)) for path in oldest_first(self.folder))

    def verify(self) -> Verified:
        return verify(self.folder, self.store_path, today=LATER + 5)

    def replay(self) -> None:
        """Set all positions to 0 and fold everything again."""
        for path in journals(self.folder):
            with JournalReader(path) as reader:
                self.store.record(reader.identity, 0, [])
        self.fold()

    def rows(self) -> list[tuple[object, ...]]:
        with sqlite3.connect(self.store_path) as connection:
            found = connection.execute("SELECT * FROM signer ORDER BY 1, 2").fetchall()
        connection.close()
        return found

    def raw(self) -> bytes:
        return b"".join(path.read_bytes() for path in self.folder.iterdir())

    def bodies(self, name: str = "00.journal") -> list[bytes]:
        with JournalReader(self.folder / name) as reader:
            return [record.body for record in reader.read(0, 100_000).records]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    assert made.store.check() == []
    made.store.close()


def fill(house: House) -> None:
    """Maria never answers; Omar confirms; Jun confirms and withdraws; Aminata withdraws and comes back."""
    house.write(epoch(), signs(MARIA), signs(OMAR), signs(JUN), signs(AMINATA))
    house.fold()
    house.mail(MARIA, OMAR, JUN, AMINATA)
    house.write(confirms(OMAR), confirms(JUN), confirms(AMINATA))
    house.next_day()
    house.write(withdraws(JUN, day=house.day), withdraws(AMINATA, day=house.day))
    house.next_day()
    house.write(signs(AMINATA, day=house.day, record=9))
    house.fold()
    house.mail(AMINATA)
    house.write(confirms(AMINATA, round_=1, day=house.day), unsubscribes(OMAR, day=house.day))
    house.next_day()
    house.fold()


def test_nothing_of_a_forgotten_person_is_left_in_any_byte(house: House) -> None:
    """The idea of the seizure drill: token and envelope are gone from files, logs and remains of pages."""
    crowd = [Person(f"crowd {number}", f"crowd{number}@example.org", "FR", "fr") for number in range(300)]
    house.write(*(signs(person) for person in crowd))
    house.fold()
    house.mail(*crowd)
    house.write(*(confirms(person) for person in crowd[::3]))
    house.write(*(withdraws(person) for person in crowd[::6]))
    house.next_day()
    emptied = house.forget()
    raw = house.raw()

    assert emptied == 200 + 50
    for number, person in enumerate(crowd):
        sealed = pack(signs(person))[-30:]
        assert (person.signer in raw) == (number % 3 == 0), number
        assert (sealed in raw) == (number % 3 == 0 and number % 6 != 0), number
    assert house.verify().is_well


def test_what_is_left_is_whole_and_is_called_so(house: House) -> None:
    """Numbers stay, checksums fit, and the empty ones are counted apart."""
    fill(house)
    entries = house.verify().journal.entries
    emptied = house.forget()
    found = house.verify()

    assert emptied == 2  # Maria's signing and Jun's; Aminata counts again, with her first
    assert found.is_well, found
    assert (found.forgotten, found.journal.entries) == (emptied, entries)
    assert house.bodies().count(FORGOTTEN) == emptied
    assert pack(epoch()) in house.bodies()


def test_folding_everything_again_brings_nobody_back(house: House) -> None:
    """The same rows, the same counts, and no mail to anybody."""
    fill(house)
    house.forget()
    before, counts = house.rows(), house.store.counts()
    house.replay()

    assert house.rows() == before
    assert house.store.counts() == counts
    assert house.store.mails_due() == 0


def test_without_thinning_folding_again_would_write_to_the_forgotten(house: House) -> None:
    """What this is for."""
    fill(house)
    house.store.forget_unconfirmed(LATER)
    house.replay()

    assert house.store.mails_due() == 1


def test_a_lost_store_is_made_again_without_them(house: House, tmp_path: Path) -> None:
    """From the journals alone; who counts is the same."""
    fill(house)
    house.forget()
    counts = house.store.counts()
    anew = SQLiteStore(tmp_path / "anew.sqlite3")
    recorder = Recorder(anew, house.folder)
    while recorder.step().entries:
        pass

    assert {c: (n.total, n.by_country) for c, n in anew.counts().items()} == {
        c: (n.total, n.by_country) for c, n in counts.items()
    }
    assert anew.known([(CAMPAIGN, MARIA.signer)]) == {}
    anew.close()


def test_who_was_forgotten_and_signs_anew_is_a_new_person(house: House) -> None:
    """Their first signing goes, or a replay would move them to the country of that day."""
    moved = Person(MARIA.name, MARIA.email, "FR", "fr")
    house.write(signs(MARIA))
    house.fold()
    house.mail(MARIA)
    house.next_day()
    house.fold()
    house.store.forget_unconfirmed(LATER)
    house.write(signs(moved, day=house.day, record=4), confirms(moved, day=house.day))
    house.fold()
    assert house.verify().is_well
    counts = house.store.counts()

    assert house.forget() == 1
    house.replay()
    assert house.store.counts() == counts
    assert counts[CAMPAIGN].by_country == {"FR": 1}
    assert house.verify().is_well


def test_who_withdrew_may_sign_again(house: House) -> None:
    """Their new signature can be opened and written to; the old link still confirms nothing."""
    house.write(epoch(), signs(JUN), confirms(JUN))
    house.next_day()
    house.write(withdraws(JUN, day=house.day))
    house.forget()
    house.write(confirms(JUN, day=house.day))
    house.fold()
    assert CAMPAIGN not in house.store.counts()
    house.day = LATER + 1
    again = signs(JUN, day=house.day, record=8)
    house.write(again)
    house.fold()
    [due] = house.store.mail_due(10)

    assert (due.round, due.record, due.envelope) == (1, again.record, again.envelope)
    assert house.verify().is_well


def test_a_person_of_another_campaign_is_another_person(house: House) -> None:
    """Forgotten here, kept there."""
    house.write(signs(MARIA), signs(MARIA, campaign=OTHER_CAMPAIGN), confirms(MARIA, campaign=OTHER_CAMPAIGN))
    house.fold()
    house.mail(MARIA)
    house.next_day()

    assert house.forget() == 1
    assert house.verify().is_well


def test_a_young_journal_is_left_alone(house: House) -> None:
    """It is looked at again when its days are over."""
    fill(house)
    house.store.forget_unconfirmed(LATER)

    assert sum(sum(thin(path, house.store, DAY)) for path in journals(house.folder)) == 0
    assert sum(thin(house.folder / "00.journal", house.store, DAY + 1)) == 1


def test_a_journal_that_is_not_folded_to_its_end_is_left_alone(house: House) -> None:
    """The store has yet to meet its people."""
    house.write(signs(MARIA), signs(OMAR))
    house.next_day()
    house.recorder.step(1)

    assert sum(thin(house.folder / "00.journal", house.store, LATER)) == 0
    assert house.verify().is_well


def test_somebody_of_whom_an_entry_waits_is_left_alone(house: House) -> None:
    """Until the clerk has read it."""
    house.write(signs(MARIA), signs(JUN))
    house.fold()
    house.mail(MARIA, JUN)
    house.next_day()
    house.fold()
    house.write(confirms(MARIA, day=house.day))
    house.store.forget_unconfirmed(LATER)

    assert sum(thin(house.folder / "00.journal", house.store, LATER)) == 1
    assert sum(MARIA.signer in body for body in house.bodies()) == 1


def test_a_journal_that_a_door_writes_is_left_alone(house: House) -> None:
    """One that nobody writes any more is not: its slot is held meanwhile."""
    house.write(signs(MARIA))
    house.fold()
    house.mail(MARIA)
    house.store.forget_unconfirmed(LATER)
    door = Journal(house.folder, on_fatal=print, today=lambda: DAY)
    assert sum(thin(door.path, house.store, LATER)) == 0
    door.close()

    assert sum(thin(door.path, house.store, LATER)) == 1
    held = lock(house.folder, 0)
    assert held is not None
    Journal(house.folder, on_fatal=print).close()
    house.verify()


def test_an_empty_successor_closes_nothing(house: House) -> None:
    """A door may have made it and gone on in the old file, for want of room."""
    house.write(signs(MARIA))
    house.fold()
    house.mail(MARIA)
    house.store.forget_unconfirmed(LATER)
    door = Journal(house.folder, on_fatal=print, today=lambda: DAY)
    made = Journal(house.folder / "made", on_fatal=print)
    made.close()
    shutil.move(made.path, house.folder / "00-000001.journal")

    assert sum(thin(door.path, house.store, LATER)) == 0
    door.close()


def test_a_damaged_record_stays_as_it_is(house: House) -> None:
    """It is reported before and after; those beside it are forgotten."""
    house.write(signs(MARIA), signs(OMAR), confirms(OMAR), signs(JUN))
    house.fold()
    house.mail(MARIA, JUN)
    house.next_day()
    house.fold()
    with sqlite3.connect(house.folder / "00.journal") as connection:
        connection.execute("UPDATE entry SET body = x'0102' WHERE seq = 2")
    connection.close()
    emptied = house.forget()

    assert emptied == 2
    assert [(one.first, one.last) for one in house.verify().journal.damaged] == [(2, 2)]


def test_what_cannot_be_thinned_now_says_so(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader with a long look keeps the log from being emptied; the next turn finishes."""
    fill(house)
    house.store.forget_unconfirmed(LATER)
    path = house.folder / "00.journal"
    with sqlite3.connect(path) as slow:
        slow.execute("BEGIN")
        slow.execute("SELECT count(*) FROM entry").fetchone()
        monkeypatch.setattr(thinning, "_WAIT_SECONDS", 0.05)
        with pytest.raises(NotThinned):
            sum(thin(path, house.store, LATER))
        slow.execute("ROLLBACK")
    slow.close()
    assert MARIA.signer in house.raw() or FORGOTTEN in house.bodies()

    assert sum(thin(path, house.store, LATER)) == 0  # the entries were emptied already; now the pages are
    assert MARIA.signer not in house.raw()
    assert house.verify().is_well


def test_people_sign_while_a_journal_is_thinned(house: House) -> None:
    """Between any two slices those who were forgotten may come back, and journals and store agree."""
    crowd = [Person(f"crowd {number}", f"crowd{number}@example.org", "FR", "fr") for number in range(9)]
    house.write(epoch(), *(signs(person) for person in crowd))
    house.fold()
    house.mail(*crowd)
    house.next_day()
    house.fold()
    house.store.forget_unconfirmed(LATER)
    back = iter(crowd[::-1])
    emptied = 0
    for some in thin(house.folder / "00.journal", house.store, LATER, size=2):
        emptied += some
        if person := next(back, None):
            again = Person(person.name, person.email, "ES", "es")
            house.write(signs(again, day=house.day, record=7), confirms(again, day=house.day))
            house.fold()
        assert house.verify().is_well
    counts = house.store.counts()
    house.replay()

    assert emptied == len(crowd)
    assert house.bodies().count(FORGOTTEN) == len(crowd)
    assert house.store.counts() == counts
    assert set(counts[CAMPAIGN].by_country) == {"ES"}


def test_a_round_that_was_broken_off_is_finished(house: House) -> None:
    """Also where what is left of the journal begins on a younger day: it was old enough already."""
    house.write(signs(MARIA), signs(JUN), signs(OMAR, day=DAY + 1))
    house.fold()
    house.mail(MARIA, JUN)
    house.next_day()
    house.fold()
    house.store.forget_unconfirmed(DAY + 1)
    path = house.folder / "00.journal"
    slices = thin(path, house.store, DAY + 1, size=2)
    assert next(slices) == 2
    del slices

    assert sum(thin(path, house.store, DAY + 1, size=2)) == 0
    assert MARIA.signer not in house.raw()
    assert house.verify().is_well


def test_who_waits_in_any_other_journal_is_left_alone(house: House) -> None:
    """In that of another door, closed and not read yet, or opened while the thinning goes on."""
    house.write(signs(MARIA), signs(JUN), signs(OMAR))
    house.fold()
    house.mail(MARIA, JUN, OMAR)
    house.next_day()
    house.fold()
    house.write(epoch())
    house.fold()
    house.store.forget_unconfirmed(LATER)
    held = lock(house.folder, 0)
    house.write(confirms(OMAR, day=house.day))
    house.next_day()
    slices = thin(house.folder / "00.journal", house.store, LATER, size=1)
    assert next(slices) == 1
    house.write(confirms(JUN, day=house.day))

    assert sum(slices) == 0
    assert MARIA.signer not in house.raw()
    assert [path.name for path in journals(house.folder)][2:] == ["01.journal", "01-000001.journal"]
    house.fold()
    assert sum(thin(house.folder / "00.journal", house.store, LATER, size=1)) == 2
    assert house.verify().is_well
    assert held is not None
    os.close(held)


@pytest.mark.parametrize("step", range(1, 36))
def test_a_clerk_killed_while_thinning_does_the_rest_later(house: House, tmp_path: Path, step: int) -> None:
    """At every statement: the journal is whole, and in the end nothing is left."""
    fill(house)
    house.store.forget_unconfirmed(LATER)
    house.store.forget_withdrawn(LATER)
    script = tmp_path / "thinner.py"
    script.write_text(THINNER)
    path = house.folder / "00.journal"
    command = [sys.executable, str(script), str(path), str(house.store_path), str(step), str(LATER)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=30)
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr
    assert house.verify().is_well

    house.forget()
    sealed = [pack(entry)[-20:] for entry in (signs(MARIA), signs(JUN)) if isinstance(entry, Sign)]
    assert MARIA.signer not in house.raw()
    assert not any(one in house.raw() for one in sealed)
    assert house.verify().is_well
