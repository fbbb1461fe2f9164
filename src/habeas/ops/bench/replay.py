"""The largest day a petition is known to have had, once more: through the door, with the fold beside it.

6.1 million signatures in a day, of which we let one in twenty be a repetition, and four people in five
press the button in their mail: ten million posts, each of which has to be in the count exactly once.
"""

import time

from habeas.ledger.counts import Counts
from habeas.ledger.store_sqlite import SQLiteStore
from habeas.ops.bench import folding, forms
from habeas.ops.bench.figures import Figure
from habeas.ops.bench.folding import FoldFailed
from habeas.ops.bench.ground import Ground, peak_megabytes
from habeas.ops.bench.open_loop import Running
from habeas.ops.bench.plans import Plan, divided

SIGNATURES = 6_100_000
_SECONDS = 600
_MEGABYTES = 300
_CLIENTS = 1
_CATCH_UP_SECONDS = 1_200


def replay(ground: Ground) -> list[Figure]:
    """Measure the day as fast as the door takes it, until the last person is counted."""
    number = ground.wishes.people or SIGNATURES
    plan = ground.plan(number, rate=float(ground.wishes.rate or 0))
    folding.fold(ground, "as the clerk")  # what an earlier measurement left behind
    before = _counted(ground)
    with ground.door() as door, folding.beside(ground) as folds:
        begun = time.monotonic()
        report = Running(plan, _CLIENTS).report()
        signed = time.monotonic() - begun
        _catch_up(ground)
        seconds = time.monotonic() - begun
        workers = max(peak_megabytes(door.pid))
    wrong = abs(_counted(ground) - before - expected(plan))
    share = number / SIGNATURES
    return [
        Figure(
            f"replay: {number:,} signatures, signed, confirmed and counted",
            seconds,
            "s",
            _SECONDS * share,
            is_ceiling=True,
        ),
        Figure("replay: of these, until the last answer", signed, "s"),
        Figure("replay: signatures and confirmations", report.per_second, "/s"),
        Figure("replay: errors", report.failed, "", 0, is_ceiling=True),
        Figure("replay: people counted wrongly", wrong, "", 0, is_ceiling=True),
        Figure("replay: p99", report.latency(0.99), "ms"),
        Figure("replay: most memory of a door worker", workers, "MB", _MEGABYTES, is_ceiling=True),
        Figure("replay: most memory of the fold", folds[0].megabytes, "MB", _MEGABYTES, is_ceiling=True),
    ]


def expected(plan: Plan) -> int:
    """Return how many people count once `plan` is carried out."""
    return sum(forms.confirmations(part.number) for part in divided(plan, _CLIENTS))


def _catch_up(ground: Ground) -> None:
    try:
        folding.caught_up(ground.config, _CATCH_UP_SECONDS)
    except FoldFailed:
        return  # the figures tell: people are missing from the count


def _counted(ground: Ground) -> int:
    store = SQLiteStore(ground.config.store)
    try:
        return store.counts().get(ground.campaign, Counts()).total
    finally:
        store.close()
