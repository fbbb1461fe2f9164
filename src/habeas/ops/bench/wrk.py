"""Driving load with wrk (Debian: wrk), and reading what it says."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from habeas.lib.errors import HabeasError

_SCRIPTS = Path(__file__).parent
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


class NoWrk(HabeasError):
    """The load generator is missing."""


@dataclass(frozen=True, slots=True)
class Load:
    """What came of one load."""

    per_second: float
    p50: float  # ms
    p99: float  # ms
    errors: int  # refused, cut off, or answered with 400 and above


def middle(loads: list[Load]) -> Load:
    """Return the median of several loads, figure by figure, with the errors of all."""
    return Load(
        median(load.per_second for load in loads),
        median(load.p50 for load in loads),
        median(load.p99 for load in loads),
        sum(load.errors for load in loads),
    )


def drive(url: str, *, seconds: int, connections: int = 64, script: str = "", threads: int = 2) -> Load:
    """Load `url` as fast as it answers and return what came of it.

    script   a Lua file beside this module; none: GET, compressed
    raises   NoWrk
    """
    program = shutil.which("wrk")
    if program is None:
        raise NoWrk("wrk is not installed; on Debian: apt-get install wrk")
    command = [program, f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--latency"]
    command += ["-s", str(_SCRIPTS / script)] if script else ["-H", "Accept-Encoding: br"]
    done = subprocess.run([*command, url], capture_output=True, text=True, check=True)
    return _read(done.stdout)


def _read(text: str) -> Load:
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    cut_off = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    errors = int(refused[1]) if refused else 0
    errors += sum(map(int, cut_off.groups())) if cut_off else 0
    return Load(_rate(text), _latency(text, "50%"), _latency(text, "99%"), errors)


def _rate(text: str) -> float:
    found = re.search(r"Requests/sec:\s+([\d.]+)", text)
    return float(found[1]) if found else 0.0


def _latency(text: str, share: str) -> float:
    found = re.search(rf"^\s+{share}\s+([\d.]+)(us|ms|s|m)\s*$", text, re.MULTILINE)
    return float(found[1]) * _UNITS[found[2]] if found else 0.0
