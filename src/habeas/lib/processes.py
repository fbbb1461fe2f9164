"""Processes that belong together end together."""

import ctypes
import multiprocessing
import os
import signal
from contextlib import suppress
from pathlib import Path

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def end_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent dies, however the parent dies (prctl(2)).

    Without it a killed supervisor would leave processes behind that hold the port and the journal.
    Killing is safe: whatever was answered for is on the disk.

    parent  the process that started this one; if it is gone already, so is this one
    """
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def end_with_server() -> None:
    """In a worker that a server forked or spawned, end with that server; elsewhere do nothing."""
    server = multiprocessing.parent_process()
    if server is not None and server.pid is not None:
        end_with_parent(server.pid)


def wait_for_turns() -> None:
    """Have this thread, and those it starts later, interrupt nobody when they are woken (sched(7))."""
    with suppress(AttributeError, OSError):  # another system, or a container that forbids it: slower, no more
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def keep_to_one_core(number: int) -> None:
    """In a worker that a server forked or spawned, let its threads take turns on one core; elsewhere nothing.

    The interpreter has one lock, so they take turns anyhow; on two cores each turn wakes the other core. And
    as batch work (sched(7)) who is woken does not interrupt who woke them: a whole round of requests is read,
    then answered, then sent, where each was carried through by itself before.

    number  of the worker, from 0: neighbours get cores of their own, as long as there are some
    """
    if multiprocessing.parent_process() is None or not hasattr(os, "sched_setaffinity"):
        return
    cores = sorted(os.sched_getaffinity(0))
    for thread in Path("/proc/self/task").iterdir():
        with suppress(OSError):  # it ended meanwhile, or we are forbidden to: slower, no more
            os.sched_setaffinity(int(thread.name), {cores[number % len(cores)]})
            os.sched_setscheduler(int(thread.name), os.SCHED_BATCH, os.sched_param(0))
