"""A disk that is full, and one that is slow: people are told the truth, in time and in their language."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from fault.power_cut import Door, compare, read_back
from habeas.ledger import journal
from habeas.ledger.entry import Sign, unpack
from running import SLUG, Installation

SMALL = "size=2m,mode=700"
AT_ONCE = 5  # seconds, on a machine that is busy with other tests: a refusal, not a time-out
RATE = 200  # signatures a second
SECONDS = 5
SLOW = (
    "strace -f -qq --seccomp-bpf -o /dev/null -e trace=fdatasync,fsync"
    " -e inject=fdatasync,fsync:delay_enter=200000"  # microseconds
)
WRITE_BACK = f"write_back={journal._WRITE_BACK_BYTES}"  # as a real door does


def _cannot(what: str) -> None:
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(what)


@pytest.fixture
def small_journals(installation: Installation) -> Iterator[Path]:
    """Give the journals' folder of the installation, empty and on a disk of two megabytes."""
    folder = installation.data / "journal"
    command = ["mount", "-t", "tmpfs", "-o", SMALL, "tmpfs", str(folder)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        _cannot("only root may mount a disk")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))


def test_a_full_disk_stops_signing_and_nothing_else(installation: Installation, small_journals: Path) -> None:
    """Pages go on, people are asked in French to try again, and it passes by itself."""
    with installation.running("door") as door:
        installation.wait_until_serving(door)
        assert installation.sign("Avant", "avant@example.org", language="fr").status == 303
        ballast = small_journals / "ballast"
        _fill(ballast)
        for number in range(4):
            start = time.monotonic()
            answer = installation.sign("Pendant", f"pendant-{number}@example.org", language="fr")
            took = time.monotonic() - start
            sys.stdout.write(f"\nrefused after {took * 1000:.0f} ms")
            assert took < AT_ONCE
            assert answer.status == 503
            assert '<html lang="fr"' in answer.text
            assert installation.ask("GET", f"/fr/c/{SLUG}/").status == 200
        ballast.unlink()
        assert installation.sign("Après", "apres@example.org", language="fr").status == 303
    found, is_damaged = read_back(small_journals)
    signed = [entry for entry in map(unpack, found) if isinstance(entry, Sign)]
    assert len(signed) == 2
    assert not is_damaged


def test_a_slow_disk_makes_larger_groups_and_no_errors(tmp_path: Path) -> None:
    """Every fsync takes a fifth of a second; people come at their pace and wait less than one."""
    if shutil.which("strace") is None:
        _cannot("no strace: on Debian, apt-get install strace")
    door = Door(
        tmp_path,
        "appenders=1",
        f"rate={RATE}",
        f"appends={RATE * SECONDS}",
        WRITE_BACK,
        under=tuple(SLOW.split()),
    )
    most_waiting = 0
    while door.process.poll() is None:
        door.listen()
        most_waiting = max(most_waiting, len(door.appends) - len(door.acknowledged))
        time.sleep(0.005)
    door.hear_out()

    sys.stdout.write(f"\nmost waiting at once: {most_waiting}\n")
    assert len(door.acknowledged) == RATE * SECONDS
    assert not door.refused
    assert RATE // 10 < most_waiting < RATE  # in order, at a steady pace: nobody waited longer than a second
    assert not compare(door.handed, door.acknowledged, read_back(tmp_path)[0]).lost
