"""What is drawn for pages, kept so that it is drawn once: a name that changes with all that decides the look.

A take-down from the shell begins with nothing in memory, and cannot wait for everybody else's picture.
"""

import hashlib
from collections.abc import Callable, Container
from pathlib import Path

from habeas.lib import durable


def name(told: object, ending: str) -> str:
    """Return the name of the file that is drawn from `told`, whose repr says all of it."""
    return f"{hashlib.sha256(repr(told).encode()).hexdigest()}.{ending}"


def kept(path: Path, draw: Callable[[], bytes]) -> bytes:
    """Return what lies at `path`, drawn and put there if nothing does."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        made = draw()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    durable.write(path, made)
    return made


def forget_others(names: Container[str], folder: Path) -> None:
    """Remove from `folder` what is drawn and not among `names`: nobody taken down stays in it."""
    for ending in ("png", "pdf"):
        for path in folder.glob(f"*.{ending}"):
            if path.name not in names:
                path.unlink(missing_ok=True)
