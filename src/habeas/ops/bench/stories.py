"""What people do, written straight into a journal: sign, perhaps twice, and mostly confirm.

Millions of them are written by a process a journal; the door would take longer.
"""

import hashlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from habeas.ledger.entry import Confirm, Sign, pack
from habeas.ledger.journal import Journal
from habeas.lib import clock, ids
from habeas.ops.bench.forms import DUPLICATE_EVERY, LEFT_OPEN_EVERY

_COUNTRIES = ("FR", "MR", "SN", "DE", "US", "BR", "ES", "TN")
_LANGUAGES = ("en", "fr", "ar")
_GROUP = 5_000  # people whose entries become durable together
_MOST_GROUPS = 4  # under way, so that memory does not grow with the journal
_ENVELOPE_BYTES = 145
_records = ids.RecordIds()


def confirmed(number: int) -> int:
    """Return how many of `number` people, from a multiple of 20 on, confirm."""
    return number - len(range(0, number, LEFT_OPEN_EVERY))


def write(folder: Path, first: int, number: int, campaign: bytes) -> int:
    """Write what `number` people do into a journal of `folder`; return how many entries that is."""
    journal = Journal(folder, on_fatal=lambda _: None, most_waiting=_GROUP * 3 * (_MOST_GROUPS + 1))
    room, written, day = threading.Semaphore(_MOST_GROUPS), 0, clock.today()
    for start in range(first, first + number, _GROUP):
        people = range(start, min(start + _GROUP, first + number))
        bodies = tuple(body for person in people for body in _story(person, campaign, day))
        room.acquire()
        journal.append(bodies, lambda _: room.release())
        written += len(bodies)
    journal.close()
    return written


def write_in_two(folder: Path, first: int, number: int, campaign: bytes) -> None:
    """Write what `number` people do into two journals at the same time, in processes of their own.

    raises  subprocess.CalledProcessError
    """
    half = number // 2
    parts = [(first, half), (first + half, number - half)]
    start = "from habeas.ops.bench.stories import main; main()"
    running = [
        subprocess.Popen([sys.executable, "-c", start, str(folder), *map(str, part), campaign.hex()])
        for part in parts
    ]
    for process in running:
        if process.wait():
            raise subprocess.CalledProcessError(process.returncode, process.args)


def main() -> None:
    """Write one part of `write_in_two`."""
    folder, first, number, campaign = sys.argv[1:]
    write(Path(folder), int(first), int(number), bytes.fromhex(campaign))


def _story(person: int, campaign: bytes, day: int) -> Iterator[bytes]:
    # Like a pseudonym: evenly spread, so that the store meets them in no order.
    signer = hashlib.blake2b(person.to_bytes(8, "big"), digest_size=16).digest()
    yield _sign(person, signer, campaign, day)
    if person % DUPLICATE_EVERY == 0:
        yield _sign(person, signer, campaign, day)
    if person % LEFT_OPEN_EVERY:
        yield pack(Confirm(campaign, signer, 0, day))


def _sign(person: int, signer: bytes, campaign: bytes, day: int) -> bytes:
    return pack(
        Sign(
            campaign,
            signer,
            record=_records.new(),
            day=day,
            language=_LANGUAGES[person % 3],
            country=_COUNTRIES[person % 8],
            updates=True,
            text_version=bytes(8),
            epoch=bytes(8),
            envelope=os.urandom(_ENVELOPE_BYTES),
        )
    )
