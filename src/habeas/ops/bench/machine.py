"""What the machine gives while it is measured: how fast it runs Python, and what it keeps of its cores.

A virtual machine shares its cores with others, and need not say so: the kernel told of no "steal" where, with
both cores busy, a third of the time was missing in pauses of up to 40 ms. Nobody answers in such a pause.
"""

import os
import subprocess
import sys
import time

import msgspec
from msgspec import Struct

from habeas.ops.bench.figures import Figure

_SECONDS = 2.0
_TURNS = 2_000_000
_PAUSE = 0.001  # seconds; the kernel's own work on a busy core takes some hundredths of that


class Core(Struct, frozen=True):
    """What a program met that did nothing but read the clock, on one core."""

    missing: float  # of the time, in pauses
    longest: float  # pause, ms


def machine(when: str) -> list[Figure]:
    """Measure the machine itself, all its cores busy for two seconds.

    when  goes into the names of the figures
    """
    loop = _loop()
    cores = _watched(sorted(os.sched_getaffinity(0)))
    missing = sum(core.missing for core in cores) / len(cores)
    return [
        Figure(f"machine, {when}: a loop of Python", loop, "ms"),
        Figure(f"machine, {when}: time missing while all cores are busy", missing * 100, "%"),
        Figure(f"machine, {when}: longest pause", max(core.longest for core in cores), "ms"),
    ]


def _loop() -> float:
    begun, total = time.perf_counter(), 0
    for number in range(_TURNS):
        total += number * number
    return (time.perf_counter() - begun) * 1e3


def _watched(cores: list[int]) -> list[Core]:
    """Return what each core met, all at the same time."""
    start = "from habeas.ops.bench.machine import main; main()"
    processes = [
        subprocess.Popen([sys.executable, "-c", start, str(core)], stdout=subprocess.PIPE) for core in cores
    ]
    return [msgspec.json.decode(process.communicate()[0], type=Core) for process in processes]


def main() -> None:
    """Watch the clock on the core of the command line."""
    os.sched_setaffinity(0, {int(sys.argv[1])})
    sys.stdout.buffer.write(msgspec.json.encode(watch(_SECONDS)))


def watch(seconds: float) -> Core:
    """Read the clock for so long, and return what was missing."""
    begun = before = time.perf_counter()
    missing = longest = 0.0
    while before - begun < seconds:
        now = time.perf_counter()
        pause = now - before
        before = now
        if pause > _PAUSE:
            missing += pause
            longest = max(longest, pause)
    return Core(missing / (before - begun), longest * 1e3)
