"""The server: idle connections do not keep people out."""

import logging
import resource

import pytest

from habeas.door import server

MANY = 16_384
UNLIMITED = resource.RLIM_INFINITY


@pytest.mark.parametrize(
    ("now", "most", "asked", "room"),
    [
        (1_024, 524_288, [(16_512, 524_288)], MANY),
        (1_024, UNLIMITED, [(16_512, UNLIMITED)], MANY),
        (UNLIMITED, UNLIMITED, [], MANY),
        (65_536, 524_288, [], MANY),
        (1_024, 4_096, [(4_096, 4_096)], 3_968),
        (128, 128, [], 64),
    ],
)
def test_a_worker_holds_ten_thousand_connections_where_it_may(
    now: int,
    most: int,
    asked: list[tuple[int, int]],
    room: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It asks for the files that takes; where it gets too few, whoever runs the machine is told."""
    told: list[tuple[int, int]] = []
    caplog.set_level(logging.WARNING)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (now, most))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: told.append(limits))

    assert server._room() == room
    assert told == asked
    assert ("open files" in caplog.text) is (room < 10_000)
