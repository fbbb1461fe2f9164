"""The clerk: counts what the doors took in, and goes on after whatever went wrong."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from habeas.config import Config, Retention
from habeas.delivery.patience import NotNow
from habeas.edition.manifest import CountRule
from habeas.edition.write import write
from habeas.ledger import entry
from habeas.ledger.counts import Counts, read_snapshot
from habeas.ledger.journal import Journal
from habeas.ledger.journal_reader import JournalReader
from habeas.ledger.shown import NOTHING, Shown, read_shown
from habeas.ledger.store_sqlite import SQLiteStore
from habeas.ledger.thinning import SLICE
from habeas.ledger.verify import verify
from habeas.lib import clock
from habeas.ops import clerk
from habeas.ops.clerk import Folding, PatientFolding
from people import CAMPAIGN, MARIA, OMAR, Person, confirms, epoch, signs
from public_side import SELMA, campaign_id, draft

HERS = campaign_id(SELMA)
NOON = 20_000 * 24 + 12  # in hours


@pytest.fixture
def config(tmp_path: Path) -> Config:
    config = Config(data=str(tmp_path))
    write(config.editions, draft(config, {SELMA: "open"}))
    return config


def take(config: Config, *entries: entry.Entry) -> None:
    """Have a door make `entries` durable."""
    journal, done = Journal(config.journal, on_fatal=print), threading.Event()
    journal.append(tuple(entry.pack(one) for one in entries), lambda _: done.set())
    assert done.wait(5)
    journal.close()


def test_who_confirmed_is_in_the_count_that_the_door_reads(config: Config) -> None:
    """From the journal on disk to the snapshot on disk."""
    take(
        config,
        epoch(HERS),
        signs(MARIA, campaign=HERS),
        confirms(MARIA, campaign=HERS),
        signs(OMAR, campaign=HERS),
    )
    folding = Folding(config)

    folding.turn()
    files = (config.counts, config.confirmed)
    written = [path.stat().st_ino for path in files]
    assert not folding.turn()
    assert [path.stat().st_ino for path in files] == written  # an idle clerk leaves the disk alone
    told = Shown(1, is_exact=True, by_country={"ES": 1}, by_language={"en": 1})
    assert read_shown(config.counts) == {HERS: told}
    assert read_snapshot(config.confirmed).counts == {HERS: Counts(1, {"ES": 1}, {"en": 1})}


def test_whoever_signs_in_a_crowd_waits_for_the_next_look_only_while_it_keeps_up(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is there is folded whole; the next turn comes at once only if a whole batch was waiting."""
    monkeypatch.setattr("habeas.ledger.recorder.BATCH", 4)
    take(config, epoch(), signs(MARIA), signs(OMAR), confirms(MARIA), confirms(OMAR))
    folding = Folding(config)

    assert folding.turn()
    assert not folding.turn()
    assert folding._store.counts()[CAMPAIGN].total == 2


def test_a_clerk_that_starts_writes_the_count_it_finds(config: Config) -> None:
    """Somebody deleted the file, and nobody signed since."""
    take(config, epoch(HERS), signs(MARIA, campaign=HERS), confirms(MARIA, campaign=HERS))
    Folding(config).turn()
    config.counts.unlink()
    Folding(config).turn()

    assert read_shown(config.counts)[HERS].total == 1


def test_a_day_later_the_number_of_the_day_is_told_though_nobody_signs(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clerk looks at the clock as well as into the journal."""
    write(config.editions, draft(config, {SELMA: "open"}, CountRule(count_every="day")))
    monkeypatch.setattr(clock, "this_hour", lambda: NOON)
    folding = Folding(config)
    folding.turn()
    take(config, epoch(HERS), signs(MARIA, campaign=HERS), confirms(MARIA, campaign=HERS))
    folding.turn()
    assert read_shown(config.counts) == {HERS: NOTHING}

    monkeypatch.setattr(clock, "this_hour", lambda: NOON + 12)
    assert not folding.turn()
    assert read_shown(config.counts) == {HERS: Shown(1, is_exact=True)}


def test_who_never_confirmed_is_forgotten_in_time(config: Config) -> None:
    """And who did is kept."""
    long_ago = clock.today() - 4
    take(
        config, epoch(), signs(MARIA, day=long_ago), confirms(MARIA, day=long_ago), signs(OMAR, day=long_ago)
    )
    folding = Folding(config)
    folding.turn()
    store = SQLiteStore(config.store)
    for who in (MARIA, OMAR):
        store.mail_sent(CAMPAIGN, who.signer, long_ago)
    assert config.retention == Retention(unconfirmed_days=3)
    folding._next_housekeeping = 0.0
    folding.turn()

    assert store.counts()[CAMPAIGN].total == 1
    assert store.forget_unconfirmed(clock.today()) == 0


def test_the_journals_forget_too(config: Config) -> None:
    """In a turn that has nothing else to do."""
    long_ago = clock.today() - 5
    take(config, epoch(), signs(MARIA, day=long_ago))
    folding = Folding(config)
    folding.turn()
    store = SQLiteStore(config.store)
    store.mail_sent(CAMPAIGN, MARIA.signer, long_ago)
    store.close()
    folding._next_housekeeping = 0.0
    turn_until(
        folding, lambda: not any(MARIA.signer in file.read_bytes() for file in config.journal.iterdir())
    )


def test_folding_goes_on_while_a_large_journal_is_thinned(config: Config) -> None:
    """A turn empties one slice at the most, so whoever signs meanwhile is counted in the next."""
    crowd = [Person(f"crowd {number}", f"{number}@example.org", "FR", "fr") for number in range(3 * SLICE)]
    take(config, epoch(), *(signs(person, day=clock.today() - 5) for person in crowd))
    take(config, epoch())  # of today: the door goes on in another file
    folding = Folding(config)
    while folding.turn():
        pass
    with sqlite3.connect(config.store) as connection:
        connection.execute("DELETE FROM signer")  # they are forgotten
    connection.close()
    left: list[int] = []
    folding._next_housekeeping = 0.0
    folding.turn()
    for count, person in enumerate((MARIA, OMAR), 1):
        turn_until(folding, lambda: emptied(config) > sum(left))
        left.append(emptied(config) - sum(left))
        take(config, signs(person), confirms(person))
        folding.turn()
        assert folding._store.counts()[CAMPAIGN].total == count

    assert left == [SLICE - 1, SLICE]  # the header of the epoch stays
    turn_until(folding, lambda: emptied(config) == len(crowd) and next(folding._thinning, None) is None)
    assert verify(config.journal, config.store, today=clock.today()).is_well


def turn_until(folding: Folding, is_done: Callable[[], bool]) -> None:
    """Turn as the clerk does; pages are packed in a thread of their own."""
    for _ in range(2_000):
        folding.turn()
        if is_done():
            return
        time.sleep(0.005)
    pytest.fail("it is never done")


def emptied(config: Config) -> int:
    with JournalReader(config.journal / "00.journal") as reader:
        return sum(record.body == entry.FORGOTTEN for record in reader.read(0, 100_000).records)


class Wheel:
    """Something to be turned; each turn does the next thing it was told."""

    def __init__(self, script: list[object], stop: threading.Event) -> None:
        self.script, self.stop, self.made = script, stop, 0

    def make(self) -> "Wheel":
        self.made += 1
        return self

    def turn(self) -> bool:
        step = self.script.pop(0)
        if not self.script:
            self.stop.set()
        if isinstance(step, Exception):
            raise step
        return bool(step)


def test_doors_go_before_the_count_until_people_have_waited_too_long_for_it(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside a full door the clerk gives way; far behind it takes its share, and later gives way again."""
    priorities, yielded = [], 0

    def turn(folding: Folding) -> None:
        priorities.append(os.nice(0))
        folding._give_way()

    def counted() -> None:
        nonlocal yielded
        yielded += 1

    monkeypatch.setattr(Folding, "turn", turn)
    monkeypatch.setattr(os, "sched_yield", counted)
    usual, clerks = os.nice(0), PatientFolding(config)

    for patience in (10.0, -1.0, 10.0):
        monkeypatch.setattr(clerk, "_PATIENCE_SECONDS", patience)
        clerks.turn()

    assert [priority - usual for priority in priorities] == [10, 0, 10]
    assert yielded == 2


class Stop(threading.Event):
    """Tells the clerk to stop; remembers how long it meant to wait, and does not."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        return self.is_set()


@pytest.fixture
def turn() -> Callable[..., tuple[int, list[float | None]]]:
    """Turn a wheel through a script; give how often it was made, and the pauses between."""

    def turned(*script: object) -> tuple[int, list[float | None]]:
        stop = Stop()
        wheel = Wheel(list(script), stop)
        clerk._keep_turning(wheel.make, stop)  # type: ignore[arg-type]
        return wheel.made, stop.waits

    return turned


def test_the_clerk_rests_only_when_there_is_nothing_to_do(turn: Callable[..., object]) -> None:
    """In a rush it goes on at once."""
    assert turn(True, True, True, False) == (1, [0.2])  # noqa: FBT003


def test_a_relay_that_is_away_is_asked_less_and_less_often(turn: Callable[..., object]) -> None:
    """And as soon as it is back, as often as before."""
    away = [NotNow("closing")] * 6

    assert turn(*away, False, False) == (1, [1, 5, 15, 60, 300, 300, 0.2, 0.2])  # noqa: FBT003


def test_whatever_else_goes_wrong_is_tried_again_with_everything_made_anew(
    turn: Callable[..., object], caplog: pytest.LogCaptureFixture
) -> None:
    """A connection that broke is not used again."""
    assert turn(OSError("disk"), ValueError("?"), False) == (3, [1, 5, 0.2])  # noqa: FBT003
    assert caplog.text.count("the clerk could not go on") == 2
