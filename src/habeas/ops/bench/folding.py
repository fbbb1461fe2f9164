"""The clerk's fold in a process of its own, without the mail: beside a load, or as fast as it goes."""

import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import msgspec
from msgspec import Struct

from habeas.config import Config, load
from habeas.ledger.journal_file import journals
from habeas.ledger.journal_reader import NEWEST, JournalReader
from habeas.ledger.store_sqlite import SQLiteStore
from habeas.lib.errors import HabeasError
from habeas.lib.processes import wait_for_turns
from habeas.ops.bench.ground import Ground, own_peak_megabytes

How = Literal["as the clerk", "until stopped"]

_IDLE_SECONDS = 0.2  # as the clerk
_LOOK_SECONDS = 0.05
_READY = b"ready\n"


class FoldFailed(HabeasError):
    """The process that folds ended with an error, or does not get on."""


class Folded(Struct, frozen=True):
    """What one fold did."""

    seconds: float
    cpu_seconds: float
    megabytes: float  # at most


def fold(ground: Ground, how: How) -> Folded:
    """Fold all that the journals of `ground` hold.

    raises  FoldFailed
    """
    return _told(_spawn(ground, how))


@contextmanager
def beside(ground: Ground) -> Iterator[list[Folded]]:
    """Fold as the clerk does until the block ends; then what it did stands in the list that is yielded.

    The block begins once it has started: that takes more than a second of a core, and nobody starts a clerk
    with every load.
    """
    process = _spawn(ground, "until stopped")
    _wait_for_start(process)
    told: list[Folded] = []
    try:
        yield told
    finally:
        process.terminate()
        told.append(_told(process))


def waiting(config: Config) -> int:
    """Return how many entries are in the journals and not yet in the store."""
    store, behind = SQLiteStore(config.store), 0
    for path in journals(config.journal):
        with JournalReader(path) as journal:
            position = store.position(journal.identity)
        reading = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
        behind += reading.execute(NEWEST).fetchone()[0] - position
        reading.close()
    store.close()
    return behind


def caught_up(config: Config, patience: float) -> float:
    """Return how many seconds it took until nothing waited any more.

    raises  FoldFailed if that takes longer than `patience` seconds
    """
    begun = time.monotonic()
    while waiting(config):
        if time.monotonic() - begun > patience:
            raise FoldFailed("the fold does not catch up")
        time.sleep(_LOOK_SECONDS)
    return time.monotonic() - begun


def _spawn(ground: Ground, how: How) -> subprocess.Popen[bytes]:
    start = "from habeas.ops.bench.folding import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", start, how], env=ground.environment, stdout=subprocess.PIPE
    )


def _wait_for_start(process: subprocess.Popen[bytes]) -> None:
    if process.stdout is None or process.stdout.readline() != _READY:
        raise FoldFailed("the fold did not start")


def _told(process: subprocess.Popen[bytes]) -> Folded:
    told, _ = process.communicate()
    if process.returncode:
        raise FoldFailed(f"the fold ended with {process.returncode}")
    return msgspec.json.decode(told, type=Folded)


def main() -> None:
    """Fold as the command line says, and tell what it took."""
    stop, how = threading.Event(), sys.argv[1]
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    from habeas.ops.django_setup import start_django

    start_django()
    from habeas.ops.clerk import Folding, PatientFolding

    config = load()
    if how == "until stopped":
        wait_for_turns()
        sys.stdout.buffer.write(_READY)
        sys.stdout.buffer.flush()
    begun, cpu = time.perf_counter(), time.process_time()
    clerk = PatientFolding(config) if how == "until stopped" else Folding(config)
    while not stop.is_set():
        is_busy = clerk.turn()
        if not is_busy and how == "as the clerk":
            break
        if not is_busy:
            stop.wait(_IDLE_SECONDS)
    seconds, used = time.perf_counter() - begun, time.process_time() - cpu
    told = Folded(seconds, used, own_peak_megabytes())
    sys.stdout.buffer.write(msgspec.json.encode(told))
