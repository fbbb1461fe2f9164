"""Whatever people did and whenever the clerk forgot: reading everything again changes nothing."""

import shutil
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from habeas.ledger.entry import Entry, pack
from habeas.ledger.journal import Journal
from habeas.ledger.journal_file import journals, oldest_first
from habeas.ledger.journal_reader import JournalReader
from habeas.ledger.recorder import Recorder
from habeas.ledger.store_sqlite import SQLiteStore
from habeas.ledger.thinning import thin
from habeas.ledger.verify import verify
from people import CAMPAIGN, DAY, EVERYONE, Person, confirms, epoch, signs, unsubscribes, withdraws

MEMORY = "/dev/shm"  # noqa: S108  what is asked here does not depend on a disk
DAYS = 6
KEPT_DAYS = 1
CAST = EVERYONE[:3]
KEYS = [(CAMPAIGN, who.signer) for who in CAST]

deeds = st.tuples(
    st.sampled_from(CAST),
    st.sampled_from(["sign", "sign", "confirm", "withdraw", "unsubscribe"]),
    st.integers(0, 1),
)
days = st.lists(
    st.tuples(
        st.lists(deeds, max_size=4),
        st.integers(0, 1),
        st.booleans(),
        st.booleans(),
        st.lists(deeds, max_size=2),
    ),
    min_size=DAYS,
    max_size=DAYS,
)

Deed = tuple[Person, str, int]
Day = tuple[list[Deed], int, bool, bool, list[Deed]]  # the last: while the clerk thins the journals out


class Installation:
    """Two slots that take turns, one clerk."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.file, self.day, self._records = folder / "journal", folder / "store", DAY, 0
        self.store = SQLiteStore(self.file)
        self.recorder = Recorder(self.store, self.folder)

    def entry(self, who: Person, deed: str, round_: int) -> Entry:
        """Return what somebody does today; whoever signs does so from another country each time."""
        if deed == "sign":
            self._records += 1
            elsewhere = Person(who.name, who.email, "FR" if self._records % 2 else "ES", who.language)
            return signs(elsewhere, record=self._records, day=self.day)
        if deed == "confirm":
            return confirms(who, round_=round_, day=self.day)
        told = withdraws if deed == "withdraw" else unsubscribes
        return told(who, round_=round_, day=self.day)

    def write(self, entries: list[Entry], slot: int) -> None:
        """Write at one of two doors."""
        doors = [
            Journal(self.folder, on_fatal=print, rotate_bytes=2_000, today=lambda: self.day) for _ in range(2)
        ]
        for entry in entries:
            answered = threading.Event()
            doors[slot].append((pack(entry),), lambda _, answered=answered: answered.set())  # type: ignore[misc]
            assert answered.wait(10)
        for door in doors:
            door.close()

    def fold(self) -> None:
        """Fold all there is."""
        while self.recorder.step().entries:
            pass

    def mail(self) -> None:
        """Send what is due."""
        for someone in self.store.mail_due(100):
            self.store.mail_sent(someone.campaign, someone.signer, self.day)

    def forget(self, meanwhile: Sequence[Deed] = (), slot: int = 0) -> None:
        """Forget in the store and in the journals, slice by slice; what happens meanwhile is folded."""
        self.store.forget_unconfirmed(self.day - KEPT_DAYS)
        self.store.forget_withdrawn(self.day - KEPT_DAYS)
        to_come = list(meanwhile)
        for path in oldest_first(self.folder):
            for emptied in thin(path, self.store, self.day - KEPT_DAYS, size=2):
                if emptied and to_come:
                    self.write([self.entry(*to_come.pop())], slot)
                    self.fold()

    def replay(self) -> None:
        """Set all positions to 0 and fold everything again."""
        for path in journals(self.folder):
            with JournalReader(path) as reader:
                self.store.record(reader.identity, 0, [])
        self.fold()

    def assert_well(self) -> None:
        """Journals and store agree."""
        found = verify(self.folder, self.file, today=self.day)
        assert found.is_well, found


def live(made: Installation, history: list[Day]) -> None:
    """Play what happens, day by day; the clerk may not come to everything every day."""
    made.write([epoch()], 0)
    for deeds_of_the_day, slot, is_folded, is_forgotten, meanwhile in history:
        made.write([made.entry(*deed) for deed in deeds_of_the_day], slot)
        if is_folded:
            made.fold()
            made.mail()
        if is_forgotten:
            made.forget(meanwhile, slot)
        made.day += 1
    made.fold()
    made.mail()
    made.day += KEPT_DAYS + 2
    made.assert_well()


@settings(max_examples=12, deadline=None)
@given(history=days)
def test_after_forgetting_everything_may_be_read_again(
    history: list[Day],
) -> None:
    """The same people, the same counts, nobody is written to who was not due; a new store counts the same."""
    folder = Path(tempfile.mkdtemp(prefix="habeas-forgetting-", dir=MEMORY))
    made = Installation(folder)
    try:
        live(made, history)
        made.forget()
        made.assert_well()
        people, counts, due = made.store.known(KEYS), made.store.counts(), made.store.mail_due(100)
        made.replay()
        made.assert_well()

        assert made.store.known(KEYS) == people
        assert made.store.counts() == counts
        assert made.store.mail_due(100) == due

        made.store.close()
        made.file.unlink()
        made.store = SQLiteStore(made.file)
        made.recorder = Recorder(made.store, made.folder)
        made.fold()
        assert made.store.known(KEYS) == people
    finally:
        made.store.close()
        shutil.rmtree(folder)
