"""The door under attack: do people get through meanwhile, how long do they wait, and what does it cost.

Client and door share this machine's cores, so the attack also takes from the door what it needs itself.
docs/decisions/0007-friction-before-refusal.md; the figures are in bench/attacks.md.
"""

import asyncio
import math
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import click

from habeas.ops.bench.attackers import Ambush, Kind, carry_out
from habeas.ops.bench.figures import Figure
from habeas.ops.bench.ground import Ground, resident_megabytes
from habeas.ops.bench.signers import COUNT_TO_THREE, PATIENCE, Signers, sign_steadily
from habeas.ops.bench.wrk import drive

A_SECOND = 5  # people who sign
AFTERWARDS = COUNT_TO_THREE + 1.0  # seconds that an attack goes on, until the last of them is through
Came = TypeVar("Came")

_SHARE = 0.99
_P99_SECONDS = 2.0
_MEMORY_MEGABYTES = 64
_FIRST_SECONDS = 2.0  # people alone, so that a door at rest has done everything once
_LOOK_SECONDS = 0.25
_FLOOD = 1_000  # connections
_EXEMPT = "HABEAS_LIMITS_EXEMPT"

_AMBUSHES: dict[str, tuple[Kind, int, bool]] = {
    "10,000 idle connections": ("idle", 10_000, False),
    "5,000 dribble their headers": ("headers", 5_000, False),
    "2,000 dribble their forms": ("bodies", 2_000, False),
    "2,000 dribble their forms, from 2,000 networks": ("bodies", 2_000, True),
    "1,000 ask and do not read": ("readers", 1_000, False),
    "100 send 50 MB each": ("large", 100, False),
    "100 send without end": ("endless", 100, False),
    "500 robots sign, from 500 networks": ("flood", 500, True),
}


@dataclass(frozen=True, slots=True)
class Stand:
    """How the door stood an attack."""

    signers: Signers
    megabytes: float  # by which its workers grew at most

    def figures(self, what: str) -> list[Figure]:
        """Return it as figures with their goals."""
        return [
            Figure(f"{what}: people thanked", self.signers.share, "", _SHARE),
            Figure(
                f"{what}: they waited, p99", self.signers.waited(0.99), "s", _P99_SECONDS, is_ceiling=True
            ),
            Figure(f"{what}: the door grew", self.megabytes, "MB", _MEMORY_MEGABYTES, is_ceiling=True),
        ]


def attack(ground: Ground) -> list[Figure]:
    """Measure people signing at five a second, alone and beside each attack; nobody is exempt from limits."""
    with _exempt(None), ground.door():
        most = drive(ground.url, seconds=ground.seconds, connections=256, script="sign.lua").per_second
    with _exempt(""):
        stand, _ = _stood(ground, lambda: time.sleep(0))
        figures = [*stand.figures("no attack"), *_flood(ground, most)]
        for what, (kind, connections, are_spread) in _AMBUSHES.items():
            seconds = ground.seconds + AFTERWARDS
            ambush = Ambush(kind, ground.config.door.port, seconds, connections, are_spread)
            stand, outcome = _stood(ground, partial(carry_out, ambush))
            _tell(what, stand, str(outcome))
            figures += [Figure(f"{what}: held at once", outcome.most, ""), *stand.figures(what)]
    return figures


def stood(
    port: int, door: int, seconds: float, attack: Callable[[], Came], patience: float = PATIENCE
) -> tuple[Stand, Came]:
    """Return how the door of process `door` stands `attack`, and what came of that.

    seconds   how long people sign; the attack ends by itself, best after `AFTERWARDS` more
    patience  seconds that each of them waits for an answer at most
    """
    with _growth_of(door) as megabytes, ThreadPoolExecutor(1) as aside:
        came = aside.submit(attack)
        signers = asyncio.run(sign_steadily(port, seconds, A_SECOND, patience))
        return Stand(signers, megabytes()), came.result()


def _stood(ground: Ground, attack: Callable[[], Came]) -> tuple[Stand, Came]:
    port = ground.config.door.port
    with ground.door() as door:
        asyncio.run(sign_steadily(port, _FIRST_SECONDS, A_SECOND))
        return stood(port, door.pid, ground.seconds, attack)


def _flood(ground: Ground, most: float) -> list[Figure]:
    """Measure beside valid signatures from one network, a thousand at a time as fast as they are answered.

    most  signatures a second that the door takes where there are no limits
    """
    flood = partial(drive, ground.url, connections=_FLOOD, script="sign.lua", threads=1)
    stand, load = _stood(ground, partial(flood, seconds=ground.seconds + math.ceil(AFTERWARDS)))
    _tell("flood", stand, str(load))
    return [
        Figure("flood: answered", load.per_second, "/s"),
        Figure("flood: of what the door takes without limits", load.per_second / most, ""),
        *stand.figures("flood"),
    ]


def _tell(what: str, stand: Stand, outcome: str) -> None:
    signers = stand.signers
    click.echo(f"    {what}: {outcome}; {signers.asked_again} asked again, lost: {signers.lost}", err=True)


@contextmanager
def _growth_of(door: int) -> Iterator[Callable[[], float]]:
    """Watch the memory of a door's workers; yield what tells by how many MB it grew at most."""
    before = most = sum(resident_megabytes(door))
    is_over = threading.Event()

    def look() -> None:
        nonlocal most
        while not is_over.wait(_LOOK_SECONDS):
            most = max(most, sum(resident_megabytes(door)))

    watch = threading.Thread(target=look)
    watch.start()
    try:
        yield lambda: most - before
    finally:
        is_over.set()
        watch.join()


@contextmanager
def _exempt(networks: str | None) -> Iterator[None]:
    """Have doors started meanwhile exempt these networks, separated by commas; None: what is usual."""
    before = os.environ.pop(_EXEMPT, None)
    if networks is not None:
        os.environ[_EXEMPT] = networks
    try:
        yield
    finally:
        os.environ.pop(_EXEMPT, None)
        if before is not None:
            os.environ[_EXEMPT] = before
