"""A door in small, to be killed: signs as fast as it can and prints what it was answered for."""

import os
import sys
import threading
from functools import partial
from pathlib import Path

from habeas.ledger.journal import Journal


def acknowledge(body: bytes, error: Exception | None) -> None:
    """Print an answered entry; one write a line, so that a kill cuts the last line at most."""
    if error is None:
        os.write(1, body + b"\n")


def wake(waiter: threading.Event, _: Exception | None) -> None:
    """Let a thread go on."""
    waiter.set()


def sign(journal: Journal, name: str) -> None:
    """Append entries for ever, twenty at a time."""
    number = 0
    while True:
        answered = threading.Event()
        for number in range(number, number + 20):  # noqa: B020
            body = f"{name} {number}".encode()
            journal.append((body,), partial(acknowledge, body))
        journal.append((f"{name} {number} end".encode(),), partial(wake, answered))
        answered.wait()
        number += 1


def main(folder: str, run: str) -> None:
    """Sign in four threads until killed."""
    journal = Journal(Path(folder), on_fatal=print)
    for thread in range(4):
        threading.Thread(target=sign, args=(journal, f"{run} {thread}")).start()


main(*sys.argv[1:])
