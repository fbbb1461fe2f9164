"""Can anybody find out who signed, by the clock? New and repeated signatures side by side.

Whoever signs in somebody's name must not learn from the answer whether that person had signed before.
"""

import random
import re
import socket
import time
from collections.abc import Sequence
from itertools import groupby
from math import sqrt
from statistics import NormalDist, median
from urllib.parse import urlencode

from habeas.lib.errors import HabeasError
from habeas.ops.bench.figures import Figure
from habeas.ops.bench.ground import PAGE, Ground

_PEOPLE = 5_000
_CHANCE = 0.05  # with no difference at all, one run in twenty falls below
_MICROSECONDS = 1e6
_DATE = re.compile(rb"\r\ndate: [^\r]*", re.IGNORECASE)
_THANKS = b"HTTP/1.1 303"  # an answer of headers only
_END = b"\r\n\r\n"


class NotThanked(HabeasError):
    """A signature that was to be measured was not taken."""


def timing(ground: Ground) -> list[Figure]:
    """Measure 5,000 people signing and 5,000 signing again, two by two, who goes first left to chance."""
    with ground.door(), socket.create_connection(("127.0.0.1", ground.config.door.port)) as wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _sign(wire, 0)
        new: list[float] = []
        again: list[float] = []
        answers = set()
        for person in range(1, _PEOPLE + 1):
            pair = [(person, new), (random.randrange(person), again)]  # noqa: S311  chance, not secrecy
            random.shuffle(pair)
            for who, seconds in pair:
                took, answer = _sign(wire, who)
                seconds.append(took)
                answers.add(answer)
    return [
        Figure("timing: a new signer waits, p50", median(new) * _MICROSECONDS, "µs"),
        Figure("timing: a repeated signer waits, p50", median(again) * _MICROSECONDS, "µs"),
        Figure("timing: chance of such a difference if there is none", chance(new, again), "", _CHANCE),
        Figure("timing: answers that can be told apart", len(answers) - 1, "", 0, is_ceiling=True),
    ]


def chance(one: Sequence[float], other: Sequence[float]) -> float:
    """Return how likely two samples differ at least so much in rank if both are of the same kind.

    Mann and Whitney's U test, two-sided, by the normal approximation with their ties corrected for; for
    samples of twenty and more.
    """
    ranks, ties = _ranks([*one, *other])
    n, m = len(one), len(other)
    u = sum(ranks[:n]) - n * (n + 1) / 2
    total = n + m
    variance = n * m / 12 * (total + 1 - ties / (total * (total - 1)))
    if not variance:
        return 1.0
    return 2 * (1 - NormalDist().cdf(abs(u - n * m / 2) / sqrt(variance)))


def _ranks(values: Sequence[float]) -> tuple[list[float], int]:
    """Return the rank of each value from 1 on, the mean one among equals, and the sum of t³-t over these."""
    ranks, ties, before = [0.0] * len(values), 0, 0
    order = sorted(range(len(values)), key=values.__getitem__)
    for _, equals in groupby(order, key=values.__getitem__):
        places = list(equals)
        for place in places:
            ranks[place] = before + (len(places) + 1) / 2
        before += len(places)
        ties += len(places) ** 3 - len(places)
    return ranks, ties


def _sign(wire: socket.socket, person: int) -> tuple[float, bytes]:
    """Have a person sign; return the seconds until the answer was there, and the answer without its date."""
    form = {
        "name": "María Ibáñez",
        "email": f"maria.{person:08}@example.org",
        "country": "ES",
        "website": "",
        "updates": "on",
    }
    body = urlencode(form).encode()
    head = (
        f"POST {PAGE}sign HTTP/1.1\r\nHost: door\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    request, answer = head.encode() + body, b""
    begun = time.perf_counter()
    wire.sendall(request)
    while not answer.endswith(_END):
        part = wire.recv(65_536)
        answer += part
        if not part or not answer.startswith(_THANKS):
            raise NotThanked("the door took no signature")
    return time.perf_counter() - begun, _DATE.sub(b"", answer)
