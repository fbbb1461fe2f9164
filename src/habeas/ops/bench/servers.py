"""Which server for the door: the same worker behind Granian (RSGI) and uvicorn (ASGI), loaded in turns.

docs/decisions has what was chosen, and why.
"""

from statistics import median

from habeas.ops.bench.figures import Figure
from habeas.ops.bench.ground import Ground, peak_megabytes
from habeas.ops.bench.wrk import Load, Paced, drive, middle, pace

_ROUNDS = 5
_SCRIPTS = {"page": "", "sign": "sign.lua"}
_CONNECTIONS = {"page": 64, "sign": 256}
_UVICORN = (
    *("-m", "uvicorn", "habeas.ops.bench.asgi:application", "--lifespan", "on", "--loop", "uvloop"),
    *("--http", "httptools", "--no-access-log", "--log-level", "warning", "--no-server-header"),
)


def servers(ground: Ground) -> list[Figure]:
    """Measure pages and signatures on both, with as many workers each."""
    other = ground.twin("uvicorn")
    host, port, workers = other.config.door.host, other.config.door.port, other.config.door.workers
    uvicorn = (*_UVICORN, "--host", host, "--port", str(port), "--workers", str(workers))
    with ground.door() as ours, other.serving(*uvicorn) as theirs:
        figures = [*_most(ground, other, "page"), *_most(ground, other, "sign")]
        memory = {"granian": peak_megabytes(ours.pid), "uvicorn": peak_megabytes(theirs.pid)}
    return [
        *figures,
        *(Figure(f"{name}: most memory of a worker", max(found), "MB") for name, found in memory.items()),
    ]


def _most(ground: Ground, other: Ground, kind: str) -> list[Figure]:
    """Measure how much of a kind both take, then latencies of both at the same half of the lesser."""
    turns = [(_load(ground, kind), _load(other, kind)) for _ in range(_ROUNDS)]
    ours, theirs = middle([turn[0] for turn in turns]), middle([turn[1] for turn in turns])
    rate = min(ours.per_second, theirs.per_second) / 2
    share = median(their.per_second / our.per_second for our, their in turns)
    return [
        *_figures(f"{kind}: granian", ours, _at(ground, kind, rate), rate),
        *_figures(f"{kind}: uvicorn", theirs, _at(other, kind, rate), rate),
        Figure(f"{kind}: uvicorn, of granian", share, ""),
    ]


def _load(ground: Ground, kind: str) -> Load:
    return drive(ground.url, seconds=ground.seconds, connections=_CONNECTIONS[kind], script=_SCRIPTS[kind])


def _at(ground: Ground, kind: str, rate: float) -> Paced:
    script = "sign_from_browsers.lua" if kind == "sign" else ""
    return pace(ground.url, rate=rate, seconds=ground.seconds, script=script)


def _figures(what: str, load: Load, paced: Paced, rate: float) -> list[Figure]:
    at = f"{what}, at {rate:,.0f}/s"
    return [
        Figure(what, load.per_second, "/s"),
        Figure(f"{what}: p99", load.p99, "ms"),
        Figure(f"{at}: p50", paced.p50, "ms"),
        Figure(f"{at}: p99", paced.p99, "ms"),
        Figure(f"{at}: p99.9", paced.p999, "ms"),
        Figure(f"{what}: errors", load.errors + paced.errors, "", 0, is_ceiling=True),
    ]
