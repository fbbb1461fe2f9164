"""A real installation to measure on: the demonstration's campaign in a folder of its own."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from habeas.config import Config, load
from habeas.lib.errors import HabeasError
from habeas.ops import ports

SLUG = "free-mkhaitir"
PAGE = f"/en/c/{SLUG}/"
_START_SECONDS = 30.0


class DoorSilent(HabeasError):
    """The door that was to be measured does not answer."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the load goes, and for how long."""

    config: Config
    seconds: int

    @property
    def url(self) -> str:
        """The address of the campaign page."""
        return self.config.door_url + PAGE

    @contextmanager
    def door(self) -> Iterator[subprocess.Popen[bytes]]:
        """Run the door, with nothing else, until the block ends."""
        process = subprocess.Popen([sys.executable, "-m", "habeas", "door"], env=_environment(self.config))
        try:
            self._wait(process)
            yield process
        finally:
            process.terminate()
            process.wait()

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + _START_SECONDS
        while not ports.answers(self.config.door.host, self.config.door.port):
            if process.poll() is not None or time.monotonic() > end:
                raise DoorSilent("the door to be measured did not start")
            time.sleep(0.01)


def prepared(folder: Path, seconds: int) -> Ground:
    """Return a ground with the demonstration published in `folder`."""
    os.environ.update(HABEAS_DATA=str(folder), HABEAS_DOOR_PORT=str(random.randrange(20_000, 30_000)))  # noqa: S311  a port
    config = load()
    from habeas.ops.demo import fill
    from habeas.ops.prepare import prepare

    prepare(config)
    fill()
    return Ground(config, seconds)


def _environment(config: Config) -> dict[str, str]:
    return {**os.environ, "HABEAS_DATA": str(config.folder), "HABEAS_DOOR_PORT": str(config.door.port)}


def resident_megabytes(process: int) -> list[float]:
    """Return the resident memory of each worker below a server process, in MB."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
        except OSError:
            continue
        if lines.get("PPid", "").strip() == str(process) and "VmRSS" in lines:
            found.append(int(lines["VmRSS"].split()[0]) / 1024)
    return found
