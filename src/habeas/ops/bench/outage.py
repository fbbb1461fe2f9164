"""An hour without a clerk: how soon what the door took in alone is folded, while people go on signing.

The hour is scaled down to a minute of a rush. The door's part is played by a process of its own that
appends to the journal as fast as people come; the fold is the clerk's.
"""

import hashlib
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from pathlib import Path

from habeas.ledger.entry import Sign, pack
from habeas.ledger.journal import Journal
from habeas.ledger.recorder import Recorder
from habeas.ledger.store_sqlite import SQLiteStore
from habeas.lib import clock, ids
from habeas.ops.bench.figures import Figure
from habeas.ops.bench.ground import Ground

RATE = 2_500  # signatures a second: a hundred times what the largest campaigns see in their first hours
SECONDS = 60
_TICK = 0.02  # seconds between two groups of those who go on signing
_GROUP = 1_000
_UNDER_WAY = 8  # groups
_CAMPAIGN = ids.campaign_id()
_COUNTRIES = ("FR", "MR", "SN", "DE", "US", "BR", "ES", "TN")


def outage(ground: Ground) -> list[Figure]:
    """Measure catching up with a minute of 2,500 signatures a second, while as many go on coming."""
    folder = ground.config.folder / "outage"
    rate, away = ground.wishes.rate or RATE, ground.wishes.seconds or SECONDS
    _append(folder / "journal", _groups(rate * away))
    store = SQLiteStore(folder / "store.sqlite3")
    recorder = Recorder(store, folder / "journal")
    memory: list[float] = []
    with _signing_on(folder / "journal", rate) as stop:
        begun = time.perf_counter()
        folded = _catch_up(recorder, lambda: memory.append(_resident_megabytes()))
        seconds = time.perf_counter() - begun
        written = stop()
    while step := recorder.step().entries:
        folded += step
    people = store.mails_due()
    store.close()
    return [
        Figure("outage: caught up, times real time", away / seconds, "", 5),
        Figure("outage: longest wait of those who come meanwhile", seconds, "s"),
        Figure("outage: signatures missing", rate * away + written - folded, "", 0, is_ceiling=True),
        Figure("outage: people folded wrongly", abs(people - folded), "", 0, is_ceiling=True),
        # SQLite's cache of 64 MB and a batch; it stays at that however much waits.
        Figure("outage: memory grown on the way", max(memory) - memory[0], "MB", 96, is_ceiling=True),
    ]


def _catch_up(recorder: Recorder, after_each: Callable[[], None]) -> int:
    """Fold until less than a batch is left, and return how many entries that were."""
    folded, is_behind = 0, True
    while is_behind:
        recorded = recorder.step()
        folded, is_behind = folded + recorded.entries, recorded.is_behind
        after_each()
    return folded


@contextmanager
def _signing_on(journal: Path, rate: int) -> Iterator[Callable[[], int]]:
    """Have people go on signing at another door; yield what stops them and returns how many they were."""
    fresh = multiprocessing.get_context("spawn")
    enough, written = fresh.Event(), fresh.Value("q", -1)
    process = fresh.Process(target=_sign_on, args=(journal, rate, enough, written), daemon=True)
    process.start()

    def stop() -> int:
        enough.set()
        process.join()
        return int(written.value)

    try:
        yield stop
    finally:
        stop()


def _sign_on(
    journal: Path, rate: int, enough: Event, written: "multiprocessing.sharedctypes.Synchronized[int]"
) -> None:
    begun = time.monotonic()

    def groups() -> Iterator[tuple[bytes, ...]]:
        done = 0
        while not enough.wait(_TICK):
            come = int((time.monotonic() - begun) * rate) - done
            yield tuple(_signs(-1 - number) for number in range(done, done + come))
            done += come
        written.value = done

    _append(journal, groups())


def _append(folder: Path, groups: Iterator[tuple[bytes, ...]]) -> None:
    journal, room = Journal(folder, on_fatal=print, most_waiting=10**9), threading.Semaphore(_UNDER_WAY)
    for group in groups:
        room.acquire()  # so that memory does not grow with the journal
        journal.append(group, lambda _: room.release())
    journal.close()


def _groups(people: int) -> Iterator[tuple[bytes, ...]]:
    for start in range(0, people, _GROUP):
        yield tuple(map(_signs, range(start, min(start + _GROUP, people))))


def _signs(number: int) -> bytes:
    """Return the entry of one person; while nobody is mailed, nobody confirms."""
    # As spread over the index of signers as a keyed token.
    token = hashlib.blake2b(number.to_bytes(8, "big", signed=True), digest_size=16).digest()
    country, envelope = _COUNTRIES[number % 8], os.urandom(145)
    record = os.urandom(ids.RECORD_BYTES)
    day, none = clock.today(), bytes(8)
    return pack(Sign(_CAMPAIGN, token, record, day, "en", country, True, none, none, envelope))  # noqa: FBT003


def _resident_megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)
