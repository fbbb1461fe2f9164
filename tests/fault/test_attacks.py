"""Attacks, a few seconds of each: people sign meanwhile, and the door's memory stays bounded.

The long ones with the real numbers are `habeas bench attack`; bench/attacks.md has what they gave.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from habeas.ops.bench.attack import Stand, stood
from habeas.ops.bench.attackers import Ambush, Kind, Outcome, carry_out
from running import Installation

PEOPLE_FOR = 1.6  # seconds, at five a second
PATIENCE = 2.0  # seconds; who waits longer counts as kept out
MEGABYTES = 64


class Besieged(Installation):
    """An installation that exempts nobody, not even this machine."""

    @property
    def environment(self) -> dict[str, str]:
        """What a process of this installation is given."""
        return {**super().environment, "HABEAS_LIMITS_EXEMPT": ""}


@pytest.fixture(scope="module")
def door(installation: Installation) -> Iterator[tuple[int, int]]:
    """A door that has done everything once: its port and its process."""
    with _opened(installation) as opened:
        yield opened


@pytest.fixture
def another_door(installation: Installation) -> Iterator[tuple[int, int]]:
    """A door that nobody signed at: who signed within the minute makes a flood look like a crowd."""
    with _opened(installation) as opened:
        yield opened


@contextmanager
def _opened(installation: Installation) -> Iterator[tuple[int, int]]:
    site = Besieged(installation.data)
    with site.running("door") as process:
        site.wait_until_serving(process)
        stood(site.door_port, process.pid, 1.0, lambda: None)
        yield site.door_port, process.pid
    assert "Traceback" not in site.log.read_text()


def attacked(
    door: tuple[int, int], kind: Kind, connections: int, *, are_spread: bool = False, seconds: float = 0.6
) -> tuple[Stand, Outcome]:
    """Return how people fared beside an attack that outlasts them by so many seconds, and how it fared."""
    port, process = door
    ambush = Ambush(kind, port, PEOPLE_FOR + seconds, connections, are_spread)
    stand, outcome = stood(port, process, PEOPLE_FOR, partial(carry_out, ambush), PATIENCE)
    sys.stdout.write(f"\n{outcome} {stand.signers.waited(1):.3f} s, {stand.megabytes:.1f} MB\n")
    return stand, outcome


def held(stand: Stand) -> bool:
    """Say whether everybody was thanked and the door stayed small."""
    return not stand.signers.lost and stand.signers.thanked > 0 and stand.megabytes < MEGABYTES


def test_idle_connections_keep_nobody_out(door: tuple[int, int]) -> None:
    """Two thousand who say nothing, once enough to close the door to everybody."""
    stand, outcome = attacked(door, "idle", 2_000, seconds=PATIENCE + 0.4)

    assert held(stand)
    assert outcome.most == 2_000


def test_dribbled_headers_keep_nobody_out(door: tuple[int, int]) -> None:
    """One header a second, never the last."""
    assert held(attacked(door, "headers", 1_000)[0])


def test_dribbled_forms_keep_nobody_out(door: tuple[int, int]) -> None:
    """A letter a second: those who are too many from one network are cut off within a second."""
    stand, outcome = attacked(door, "bodies", 500)

    assert held(stand)
    assert set(outcome.answers) == {"429"}


def test_dribbled_forms_from_everywhere_keep_nobody_out(door: tuple[int, int]) -> None:
    """No network of theirs stands out."""
    assert held(attacked(door, "bodies", 500, are_spread=True)[0])


def test_who_asks_and_does_not_read_keeps_nobody_out(door: tuple[int, int]) -> None:
    """Two hundred pages each, into a window of four kilobytes."""
    assert held(attacked(door, "readers", 200)[0])


@pytest.mark.parametrize("kind", ["large", "endless"])
def test_forms_without_measure_keep_nobody_out(door: tuple[int, int], kind: Kind) -> None:
    """Fifty megabytes, or no end at all: the answer comes after the first eight kilobytes."""
    stand, outcome = attacked(door, kind, 20)

    assert held(stand)
    assert set(outcome.answers) == {"413"}


def test_a_flood_of_signatures_costs_people_one_more_press(another_door: tuple[int, int]) -> None:
    """Robots sign as fast as they are answered; people are asked to press again, and every one is thanked."""
    stand, outcome = attacked(another_door, "flood", 50, seconds=4.0)

    assert held(stand)
    assert stand.signers.asked_again > 0
    assert set(outcome.answers) <= {"200", "303"}
