"""What each door worker says of itself, for the office to show: `status/door-NN.json`."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from habeas.lib import durable


class Status(msgspec.Struct, frozen=True):
    """Which edition a door worker serves, and the newest one if it refused it."""

    serving: int  # number of the edition being served, 0 for none
    refused: int = 0  # number of the newest edition, if it was refused
    reason: str = ""  # why it was


def write_status(path: Path, status: Status) -> None:
    """Put `status` at `path`.

    raises  OSError
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    durable.write(path, msgspec.json.encode(status))


def door_statuses(folder: Path) -> Iterator[tuple[str, Status]]:
    """Yield (worker, status) of every door worker that has said anything."""
    for path in sorted(folder.glob("door-*.json")):
        try:
            yield path.stem, msgspec.json.decode(path.read_bytes(), type=Status)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            continue
