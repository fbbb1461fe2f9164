"""The fold: journal to store, with duplicates, confirmations, and counts by country and language."""

import os
import resource
import time

from habeas.ledger.entry import Confirm, Sign, pack
from habeas.ledger.journal import Journal
from habeas.ledger.recorder import Recorder
from habeas.ledger.store_sqlite import SQLiteStore
from habeas.lib import clock, ids
from habeas.ops.bench.figures import Figure
from habeas.ops.bench.ground import Ground

_PEOPLE = 200_000
_CAMPAIGN = ids.campaign_id()
_COUNTRIES = ("FR", "MR", "SN", "DE", "US", "BR", "ES", "TN")
_LANGUAGES = ("en", "fr", "ar")
_GROUP = 1_000
_BATCH = 20_000
_records = ids.RecordIds()


def fold(ground: Ground) -> list[Figure]:
    """Measure the clerk's work on 200,000 people, one in twenty signing twice, four in five confirming."""
    folder = ground.config.folder / "bench"
    entries = _write_journal(ground)
    store = SQLiteStore(folder / "store.sqlite3")
    recorder, folded = Recorder(store, folder / "journal"), 0
    begun = time.perf_counter()
    while step := recorder.step(_BATCH).entries:
        folded += step
    seconds = time.perf_counter() - begun
    counted = store.counts()[_CAMPAIGN].total
    store.close()
    return [
        Figure("fold: entries", folded / seconds, "/s", 50_000),
        Figure("fold: entries missing", entries - folded, "", 0, is_ceiling=True),
        Figure("fold: people counted wrongly", abs(counted - _confirmed()), "", 0, is_ceiling=True),
        Figure(
            "fold: memory of this process", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB"
        ),
    ]


def _confirmed() -> int:
    return len(range(0, _PEOPLE, 5)) * 4


def _write_journal(ground: Ground) -> int:
    journal = Journal(ground.config.folder / "bench" / "journal", on_fatal=lambda _: None, most_waiting=10**9)
    written = 0
    for start in range(0, _PEOPLE, _GROUP):
        bodies = [body for number in range(start, start + _GROUP) for body in _story(number)]
        journal.append(tuple(bodies), lambda _: None)
        written += len(bodies)
    journal.close()
    return written


def _story(number: int) -> list[bytes]:
    """Return what one person does: sign, perhaps twice, and confirm four times out of five."""
    signer, day = number.to_bytes(16, "big")[::-1], clock.today()
    country, language = _COUNTRIES[number % 8], _LANGUAGES[number % 3]
    envelope = os.urandom(145)

    def signs() -> bytes:
        record = _records.new()
        return pack(
            Sign(
                _CAMPAIGN,
                signer,
                record,
                day,
                language,
                country,
                updates=True,
                text_version=bytes(8),
                epoch=bytes(8),
                envelope=envelope,
            )
        )

    story = [signs()]
    if number % 20 == 0:
        story.append(signs())
    if number % 5:
        story.append(pack(Confirm(_CAMPAIGN, signer, 0, day)))
    return story
