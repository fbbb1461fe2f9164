"""The door under load: pages beside nginx, signatures, both at once, memory and start."""

import time
from statistics import median

import click

from habeas.ops.bench import nginx
from habeas.ops.bench.figures import Figure
from habeas.ops.bench.ground import Ground, resident_megabytes
from habeas.ops.bench.wrk import Load, drive, middle, pace

_ROUNDS = 3
_PAGE_P99 = 10  # ms, at half of what the door can do
_SIGN_P99 = 15


def page(ground: Ground) -> list[Figure]:
    """Measure the real campaign page, in turns with nginx serving the same bytes, then at half its rate."""
    with ground.door():
        body, headers = nginx.fetch(ground.url)
        ours, beside = _in_turns(ground, body, headers)
        return [
            *_figures("page", ours),
            Figure("page: size as sent", len(body), "bytes", 14 * 1024, is_ceiling=True),
            *beside,
            *_at_half(ground, "page", "", ours.per_second, _PAGE_P99),
        ]


def sign(ground: Ground) -> list[Figure]:
    """Measure unique people signing: parsed, checked, sealed, durable, answered; then at half that rate."""
    seconds = max(1, ground.seconds // 2)
    with ground.door():
        load = middle(
            [drive(ground.url, seconds=seconds, connections=256, script="sign.lua") for _ in range(_ROUNDS)]
        )
        return [
            *_figures("sign", load, 25_000),
            *_at_half(ground, "sign", "sign_from_browsers.lua", load.per_second, _SIGN_P99),
        ]


def storm(ground: Ground) -> list[Figure]:
    """Measure 340 pages for every signature, beside pages alone."""
    alone, mixed, seconds = [], [], max(1, ground.seconds // 2)
    with ground.door():
        for _ in range(_ROUNDS):
            alone.append(drive(ground.url, seconds=seconds))
            mixed.append(drive(ground.url, seconds=seconds, script="storm.lua"))
    return [
        *_figures("storm", middle(mixed)),
        Figure("storm: share of pages alone", _share(mixed, alone), "", 0.8),
    ]


def at_rest(ground: Ground) -> list[Figure]:
    """Measure memory of an idle worker, and the time to the first answer."""
    begun = time.monotonic()
    with ground.door() as process:
        started = time.monotonic() - begun
        memory = max(resident_megabytes(process.pid))
    return [
        Figure("door: start to first answer", started, "s", 0.5, is_ceiling=True),
        Figure("door: memory of a worker at rest", memory, "MB", 60, is_ceiling=True),
    ]


def _in_turns(ground: Ground, body: bytes, headers: dict[str, str]) -> tuple[Load, list[Figure]]:
    """Return what the door does, and the figures of nginx loaded in turns with it."""
    program, seconds = nginx.program(), max(1, ground.seconds // 2)
    if program is None:
        click.echo("    no nginx to compare with; on Debian: apt-get install nginx-light", err=True)
        return drive(ground.url, seconds=ground.seconds), []
    ours, theirs = [], []
    with nginx.serving(program, ground, body, headers) as url:
        for _ in range(_ROUNDS):
            ours.append(drive(ground.url, seconds=seconds))
            theirs.append(drive(url, seconds=seconds))
    share = Figure("page: share of nginx", _share(ours, theirs), "", 0.6)
    return middle(ours), [*_figures("nginx, same bytes", middle(theirs)), share]


def _share(some: list[Load], others: list[Load]) -> float:
    """Return how much of the others' rate is reached, turn by turn: what disturbs a turn disturbs both."""
    return median(one.per_second / other.per_second for one, other in zip(some, others, strict=True))


def _at_half(ground: Ground, kind: str, script: str, most: float, p99: float) -> list[Figure]:
    """Measure latencies at half of what the door can do, sent whether answers come or not."""
    rate = most / 2
    load = pace(ground.url, rate=rate, seconds=ground.seconds, script=script)
    what = f"{kind}, at half the rate"
    return [
        Figure(f"{what}: sent and answered, of what was due", load.per_second / rate, "", 0.99),
        Figure(f"{what}: p50", load.p50, "ms"),
        Figure(f"{what}: p99", load.p99, "ms", p99, is_ceiling=True),
        Figure(f"{what}: p99.9", load.p999, "ms"),
        Figure(f"{what}: longest", load.longest, "ms"),
        Figure(f"{what}: of this, the client was late by, p99", load.late, "ms"),
        Figure(f"{what}: errors", load.errors, "", 0, is_ceiling=True),
    ]


def _figures(what: str, load: Load, goal: float | None = None) -> list[Figure]:
    return [
        Figure(what, load.per_second, "/s", goal),
        Figure(f"{what}: p50", load.p50, "ms"),
        Figure(f"{what}: p99", load.p99, "ms"),
        Figure(f"{what}: errors", load.errors, "", 0, is_ceiling=True),
    ]
