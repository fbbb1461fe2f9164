"""A measurement says what the machine itself withheld, so that nobody takes that for the product's."""

import os
import signal
import subprocess
import sys
import time

import msgspec

from habeas.ops.bench.machine import Core, watch

WATCH = """
import msgspec
from habeas.ops.bench.machine import watch
print("begun", flush=True)
print(msgspec.json.encode(watch(1.0)).decode())
"""


def test_a_pause_of_the_machine_is_found() -> None:
    """As long as it was."""
    watching = subprocess.Popen([sys.executable, "-c", WATCH], stdout=subprocess.PIPE)
    assert watching.stdout
    watching.stdout.readline()
    time.sleep(0.2)
    os.kill(watching.pid, signal.SIGSTOP)
    time.sleep(0.3)
    os.kill(watching.pid, signal.SIGCONT)
    core = msgspec.json.decode(watching.communicate()[0], type=Core)

    assert core.longest >= 290
    assert core.missing >= 0.2


def test_it_ends_when_it_was_told_to() -> None:
    """Nobody waits for a figure about nothing."""
    begun = time.monotonic()
    core = watch(0.05)

    assert time.monotonic() - begun >= 0.05
    assert 0 <= core.missing <= 1
