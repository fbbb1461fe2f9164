"""Processes that belong together end together."""

import ctypes
import signal

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def end_with_parent() -> None:
    """Have the kernel kill this process when its parent dies, however the parent dies (prctl(2)).

    Without it a killed supervisor would leave processes behind that hold the port and the journal.
    Killing is safe: whatever was answered for is on the disk.
    """
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
