"""A door in small that is cut, slowed and failed: it says what it hands to the journal, and what is answered.

Run as a program: `writing_door.py FOLDER [name=value …]`. On its standard output, outside the disk that is
cut, it writes nine bytes before an append and nine after its answer: a letter, and the number of the append.
"""

import os
import random
import signal
import sys
import threading
import time
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

import people
from habeas.ledger import journal
from habeas.ledger.entry import pack
from habeas.ledger.journal import Journal
from habeas.lib.errors import HabeasError

HANDED, DURABLE, REFUSED, OPEN, FATAL = b"hdrof"
NUMBER_BYTES = 8
MESSAGE_BYTES = 1 + NUMBER_BYTES
ENVELOPE_BYTES = 480  # about what a name and an address come to, sealed and padded


class Wish(Struct, frozen=True):
    """How the door writes."""

    appenders: int = 8  # people who sign at the same time
    appends: int = 0  # of each of them; 0: for ever
    first: int = 0  # number of the first append
    rate: int = 0  # appends a second of each, who then wait for no answer
    pause: float = 0.008  # seconds at most between an answer and the same person's next append
    synchronous: str = "FULL"  # anything else loses what was acknowledged: that is what the harness must see
    write_back: int = 1 << 18  # bytes in the write-ahead log before they are moved: small, so that it happens
    rotate: int = 1 << 40  # bytes after which the next file is begun
    end: str = "close"  # or "kill": what a finite door does after its last answer


def entries(number: int) -> tuple[bytes, ...]:
    """Return what append `number` holds; no two appends have an entry in common."""
    who = people.EVERYONE[number % len(people.EVERYONE)]
    name = number.to_bytes(8, "big")
    if number % 5 == 4:
        return (pack(people.confirms(who, day=number & 0xFFFFFF)),)
    signed = replace(people.signs(who, record=number), envelope=name * (ENVELOPE_BYTES // len(name)))
    if number % 16 == 0:  # a new epoch goes with its first signature or not at all
        return pack(people.epoch(name=name)), pack(signed)
    return (pack(signed),)


def say(letter: int, number: int = 0) -> None:
    """Tell the one who holds the other end; one write a message."""
    os.write(1, bytes([letter]) + number.to_bytes(NUMBER_BYTES, "big"))


def _answered(number: int, waiter: threading.Event, error: Exception | None) -> None:
    say(DURABLE if error is None else REFUSED, number)
    waiter.set()


def _sign(target: Journal, wish: Wish, appender: int) -> None:
    chance = random.Random(appender)
    number, start = wish.first + appender, time.monotonic()
    while not wish.appends or number < wish.first + wish.appends * wish.appenders:
        waiter = threading.Event()
        say(HANDED, number)
        try:
            target.append(entries(number), partial(_answered, number, waiter))
        except HabeasError:
            say(REFUSED, number)
            waiter.set()
        if wish.rate:
            start += 1 / wish.rate
            time.sleep(max(0.0, start - time.monotonic()))
        else:
            waiter.wait()
            if wish.pause:
                time.sleep(chance.uniform(0, wish.pause))
        number += wish.appenders


def main(folder: str, *wishes: str) -> None:
    """Append as wished, then close; killed before that if it is for ever."""
    kinds = {
        name: type(value)
        for name, value in zip(Wish.__struct_fields__, Wish.__struct_defaults__, strict=True)
    }
    given = dict(wish.split("=") for wish in wishes)
    wish = Wish(**{name: kinds[name](value) for name, value in given.items()})
    journal._WRITE_BACK_BYTES = wish.write_back
    full = "PRAGMA synchronous = FULL"
    assert full in journal.SETTINGS
    settings = [text.replace(full, f"PRAGMA synchronous = {wish.synchronous}") for text in journal.SETTINGS]
    journal.SETTINGS = tuple(settings)  # type: ignore[assignment]
    target = Journal(
        Path(folder), on_fatal=lambda _: say(FATAL), rotate_bytes=wish.rotate, today=lambda: people.DAY
    )
    say(OPEN)
    signers = [
        threading.Thread(target=_sign, args=(target, wish, number)) for number in range(wish.appenders)
    ]
    for signer in signers:
        signer.start()
    for signer in signers:
        signer.join()
    if wish.end == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    target.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
