"""Whatever happens to doors and clerk between signing and counting, the count is what people did."""

import shutil
import tempfile
import threading
from collections import Counter
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from habeas.ledger.counts import Counts
from habeas.ledger.entry import Entry, pack
from habeas.ledger.journal import Journal
from habeas.ledger.recorder import Recorder
from habeas.ledger.store_sqlite import SQLiteStore
from people import CAMPAIGN, EVERYONE, Person, confirms, signs, withdraws

DOORS = 2
people = st.sampled_from(EVERYONE[:2])  # few, so that their deeds meet
doors = st.integers(0, DOORS - 1)


class Deeds:
    """What one person did, kept as plainly as a person would tell it."""

    def __init__(self) -> None:
        self.signed = False
        self.confirmed: set[int] = set()
        self.withdrawn: set[int] = set()

    @property
    def counts(self) -> bool:
        """Signed, and confirmed later than ever withdrawn."""
        return self.signed and max(self.confirmed, default=-1) > max(self.withdrawn, default=-1)


class Story(RuleBasedStateMachine):
    """Two doors write, one clerk reads; both are stopped, restarted and set back at any moment."""

    @initialize()
    def begin(self) -> None:
        """Start two doors and a clerk on empty folders."""
        self.folder = Path(tempfile.mkdtemp(prefix="habeas-story-"))
        self.journals = [self._door() for _ in range(DOORS)]
        self.deeds = {who.signer: Deeds() for who in EVERYONE}
        self.records = 0
        self.written = 0
        self._start_clerk()
        for who in EVERYONE[:2]:
            self.sign(who, 0)
            self.answer(who, [(True, 0)], 1)

    @rule(who=people, door=doors)
    def sign(self, who: Person, door: int) -> None:
        """Sign, perhaps for the second time."""
        self.records += 1
        self._append(door, signs(who, record=self.records))
        self.deeds[who.signer].signed = True

    @rule(
        who=people,
        answers=st.lists(
            st.tuples(st.sampled_from([True, True, True, False]), st.integers(0, 1)), max_size=4
        ),
        door=doors,
    )
    def answer(self, who: Person, answers: list[tuple[bool, int]], door: int) -> None:
        """Confirm or withdraw from some mails, perhaps old ones."""
        for confirming, round_ in answers:
            self._append(door, (confirms if confirming else withdraws)(who, round_=round_))
            deeds = self.deeds[who.signer]
            (deeds.confirmed if confirming else deeds.withdrawn).add(round_)

    @rule(batch=st.integers(1, 7))
    def fold_some(self, batch: int) -> None:
        """Let the clerk work for a moment and stop anywhere."""
        self.recorder.step(batch)

    @rule()
    def restart_the_clerk(self) -> None:
        """Stop the clerk without a word, and start it again."""
        self.store.close()
        self._start_clerk()

    @rule(door=doors)
    def restart_a_door(self, door: int) -> None:
        """Stop a door; the next one goes on in its journal."""
        self.journals[door].close()
        self.journals[door] = self._door()

    @rule()
    def lose_the_store(self) -> None:
        """Lose the store; everything is folded again from the journals."""
        self.store.close()
        for file in self.folder.glob("store.sqlite3*"):
            file.unlink()
        self._start_clerk()

    @rule()
    def replay(self) -> None:
        """Set the clerk back to the beginning, as after restoring a backup."""
        for journal in self.journals:
            self.store.record(journal.identity, 0, [])

    @precondition(lambda self: self.written)
    @invariant()
    def the_cells_agree_with_the_people(self) -> None:
        """At no moment do the published numbers differ from the rows they stand for."""
        assert self.store.check() == []

    def teardown(self) -> None:
        """Fold the rest: the count is what people did, once each."""
        if not hasattr(self, "store"):
            return
        try:
            while self.recorder.step().entries:
                continue
            self._compare(self.store.counts().get(CAMPAIGN, Counts()))
        finally:
            for journal in self.journals:
                journal.close()
            self.store.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _compare(self, counted: Counts) -> None:
        wanted = Counter(who.country for who in EVERYONE if self.deeds[who.signer].counts)
        assert counted.total == sum(wanted.values())
        assert {country: n for country, n in counted.by_country.items() if n} == dict(wanted)

    def _door(self) -> Journal:
        return Journal(self.folder / "journal", on_fatal=lambda _: None)

    def _start_clerk(self) -> None:
        self.store = SQLiteStore(self.folder / "store.sqlite3")
        self.recorder = Recorder(self.store, self.folder / "journal")

    def _append(self, door: int, entry: Entry) -> None:
        durable = threading.Event()
        self.journals[door].append((pack(entry),), lambda _: durable.set())
        assert durable.wait(5)
        self.written += 1


TestStory = Story.TestCase
TestStory.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
