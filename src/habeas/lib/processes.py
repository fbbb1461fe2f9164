"""Processes that belong together end together."""

import ctypes
import signal

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def end_with_parent(how: signal.Signals) -> None:
    """Have the kernel send this process the signal `how` when its parent dies, however it dies (prctl(2)).

    Without it a killed supervisor would leave workers behind that hold the port and the journal.
    """
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, how, 0, 0, 0)
