"""Things that take seconds to make: once a run, for all its processes."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that `make` has filled, in this process or another of the same run. Copy it.

    name  tells it from the others
    make  is given a folder that is not there yet
    """
    ours = factory.getbasetemp()
    of_all = ours.parent if "PYTEST_XDIST_WORKER" in os.environ else ours
    folder = of_all / name
    with (of_all / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            unfinished = of_all / f"{name}.unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)  # left by a process that could not
            make(unfinished)
            unfinished.rename(folder)
    return folder
