"""The fold: journal to store, with duplicates, confirmations, and counts by country and language."""

import resource
import time

from habeas.ledger.recorder import Recorder
from habeas.ledger.store_sqlite import SQLiteStore
from habeas.lib import ids
from habeas.ops.bench import stories
from habeas.ops.bench.figures import Figure
from habeas.ops.bench.ground import Ground

_PEOPLE = 200_000
_CAMPAIGN = ids.campaign_id()


def fold(ground: Ground) -> list[Figure]:
    """Measure the clerk's work on 200,000 people, one in twenty signing twice, four in five confirming."""
    folder = ground.config.folder / "bench"
    entries = stories.write(folder / "journal", 0, _PEOPLE, _CAMPAIGN)
    store = SQLiteStore(folder / "store.sqlite3")
    recorder, folded = Recorder(store, folder / "journal"), 0
    begun = time.perf_counter()
    while step := recorder.step().entries:
        folded += step
    seconds = time.perf_counter() - begun
    counted = store.counts()[_CAMPAIGN].total
    store.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        Figure("fold: entries", folded / seconds, "/s", 50_000),
        Figure("fold: entries missing", entries - folded, "", 0, is_ceiling=True),
        Figure(
            "fold: people counted wrongly",
            abs(counted - stories.confirmed(_PEOPLE)),
            "",
            0,
            is_ceiling=True,
        ),
        Figure("fold: memory of this process", memory, "MB"),
    ]
