"""A minute of people signing without a pause, sent whether answers come or not, with the fold beside it."""

import click

from habeas.ops.bench import folding
from habeas.ops.bench.figures import Figure
from habeas.ops.bench.ground import Ground, peak_megabytes
from habeas.ops.bench.wrk import Paced, pace

RATE = 15_000  # signatures a second
SECONDS = 60
_WARM_SECONDS = 2
_STEP = 0.85  # of the rate before, when that did not hold
_MOST_STEPS = 6
_STEP_SECONDS = 20
_CATCH_UP_SECONDS = 300
_CONNECTIONS = 256
_P99, _P999 = 20, 60  # ms


def steady(ground: Ground) -> list[Figure]:
    """Measure a rate that is held, without one error; where it is not, look for the highest that is."""
    rate, seconds = ground.wishes.rate or RATE, ground.wishes.seconds or SECONDS
    folding.fold(ground, "as the clerk")  # what an earlier measurement left behind
    with ground.door() as door, folding.beside(ground) as folds:
        _load(ground, rate / 4, _WARM_SECONDS)
        load = _load(ground, rate, seconds)
        behind = folding.waiting(ground.config)
        later = folding.caught_up(ground.config, _CATCH_UP_SECONDS)
        held = rate if holds(load) else _highest(ground, rate)
        workers = max(peak_megabytes(door.pid))
    return [
        *_figures(rate, load),
        Figure("steady: highest rate tried that holds", held, "/s", rate),
        Figure("steady: entries the fold was behind at the end", behind, ""),
        Figure("steady: seconds until it had caught up", later, "s"),
        Figure("steady: most memory of a door worker", workers, "MB"),
        Figure("steady: most memory of the fold", folds[0].megabytes, "MB"),
    ]


def holds(load: Paced) -> bool:
    """Say whether nobody was let down and few waited."""
    return not load.errors and load.p99 <= _P99 and load.p999 <= _P999


def _load(ground: Ground, rate: float, seconds: int) -> Paced:
    return pace(
        ground.url, rate=rate, seconds=seconds, connections=_CONNECTIONS, script="sign_from_browsers.lua"
    )


def _highest(ground: Ground, rate: float) -> float:
    """Return the highest rate that holds, going down by steps; 0 if none of them does."""
    for _ in range(_MOST_STEPS):
        rate *= _STEP
        folding.caught_up(ground.config, _CATCH_UP_SECONDS)
        load = _load(ground, rate, _STEP_SECONDS)
        click.echo(f"    {rate:,.0f}/s: p99 {load.p99:.3g} ms, {load.errors} errors", err=True)
        if holds(load):
            return rate
    return 0.0


def _figures(rate: int, load: Paced) -> list[Figure]:
    return [
        Figure(f"steady: answered of {rate:,} sent a second", load.per_second, "/s", 0.99 * rate),
        Figure("steady: errors", load.errors, "", 0, is_ceiling=True),
        Figure("steady: p50", load.p50, "ms"),
        Figure("steady: p99", load.p99, "ms", _P99, is_ceiling=True),
        Figure("steady: p99.9", load.p999, "ms", _P999, is_ceiling=True),
        Figure("steady: longest", load.longest, "ms"),
        Figure("steady: of this, the client was late by, p99", load.late, "ms"),
    ]
