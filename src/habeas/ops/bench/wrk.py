"""Driving load with wrk (Debian: wrk), and reading what it says."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from habeas.lib.errors import HabeasError
from habeas.ops.bench import forms

_SCRIPTS = Path(__file__).parent
_COMPRESSED = ("-H", "Accept-Encoding: br")
_THREADS = 2  # one might share its core with the busier worker
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


class Paced(Struct, frozen=True):
    """What came of a load at a fixed rate.

    Every wait, in ms, counts from when the request was due: for being sent, and for the answer. Of one
    request only the second is known, so a share's two are added as if they fell on the same people.
    """

    per_second: float
    p50: float
    p99: float
    p999: float
    longest: float
    late: float  # by which the client itself sent at most, for 99 in a hundred
    errors: int


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
    words = ["-s", str(_SCRIPTS / script)] if script else list(_COMPRESSED)
    return _read(_wrk(url, f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--latency", *words))


def pace(url: str, *, rate: float, seconds: int, connections: int = 128, script: str = "") -> Paced:
    """Load `url` with `rate` requests a second, whether answers come or not, and return what came of it.

    A client that waits for an answer before it asks again stops asking just while the server is slow, and
    so never measures it ("coordinated omission"). Requests are as browsers send them.

    script   as for `drive`
    raises   NoWrk
    """
    words = [f"-t{_THREADS}", f"-c{connections}", f"-d{seconds}s", "-s", str(_SCRIPTS / "paced.lua")]
    for header in forms.BROWSER.splitlines():
        words += ["-H", header]
    told = _wrk(
        url,
        *words,
        SIGN_PEOPLE="\n".join(map(urlencode, forms.PEOPLE)),
        PACED_RATE=str(rate / _THREADS),
        PACED_SCRIPT=str(_SCRIPTS / script) if script else "",
    )
    return msgspec.json.decode(next(line for line in told.splitlines() if line.startswith("{")), type=Paced)


def _wrk(url: str, *words: str, **environment: str) -> str:
    program = shutil.which("wrk")
    if program is None:
        raise NoWrk("wrk is not installed; on Debian: apt-get install wrk")
    command, given = [program, *words, url], {**os.environ, **environment}
    return subprocess.run(command, env=given, capture_output=True, text=True, check=True).stdout


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
