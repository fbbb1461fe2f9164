"""A real installation to measure on: the demonstration's campaign in a folder of its own."""

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from msgspec import structs

from habeas.config import Config, load
from habeas.edition import read
from habeas.lib.errors import HabeasError
from habeas.ops import ports
from habeas.ops.bench.plans import Plan

SLUG = "free-mkhaitir"
PAGE = f"/en/c/{SLUG}/"
_START_SECONDS = 30.0
_PROXY = "127.0.0.1/32"  # our load client says for whom it speaks, as a proxy in front of the door does
_PEOPLE = count(0, 100_000_000)  # where the next load's numbers of people begin
_RESIDENT, _PEAK = "VmRSS", "VmHWM"  # proc(5)
_FILLED = ("keys", "editions", "counts", "status")  # what a door needs of a data folder


class DoorSilent(HabeasError):
    """The door that was to be measured does not answer."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked for on the command line, for loads that are long by themselves; None: as they are."""

    seconds: int | None = None
    rate: int | None = None  # signatures a second
    people: int | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the load goes, and for how long."""

    config: Config
    seconds: int
    wishes: Wishes = Wishes()

    @property
    def url(self) -> str:
        """The address of the campaign page."""
        return self.config.door_url + PAGE

    @property
    def campaign(self) -> bytes:
        """The identifier of the campaign that is signed."""
        editions = self.config.editions
        cards = read.load_manifest(editions, read.current_number(editions)).cards
        return next(card.campaign for card in cards if card.slug == SLUG)

    def plan(self, number: int, rate: float, connections: int = 256) -> Plan:
        """Return a plan to replay `number` signatures at `rate`, of people no other plan has."""
        config = self.config
        return Plan(
            config.door.host,
            config.door.port,
            number,
            rate,
            connections,
            first=next(_PEOPLE),
            keys=str(config.keys),
            campaign=self.campaign.hex(),
        )

    def twin(self, name: str) -> "Ground":
        """Return another ground, with the same campaign and nobody who signed, for a door of its own."""
        folder = self.config.folder.with_name(name)
        for part in _FILLED:
            shutil.copytree(self.config.folder / part, folder / part)
        door = structs.replace(self.config.door, port=_free_port())
        return replace(self, config=structs.replace(self.config, data=str(folder), door=door))

    def door(self) -> AbstractContextManager[subprocess.Popen[bytes]]:
        """Run the door, with nothing else, until the block ends."""
        return self.serving("-m", "habeas", "door")

    @contextmanager
    def serving(self, *words: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run a Python program that serves at the door's address until the block ends.

        raises  DoorSilent
        """
        process = subprocess.Popen([sys.executable, *words], env=self.environment)
        try:
            self._wait(process)
            yield process
        finally:
            process.terminate()
            process.wait()

    @property
    def environment(self) -> dict[str, str]:
        """What a process of this installation is given."""
        config = self.config
        return {
            **os.environ,
            "HABEAS_DATA": str(config.folder),
            "HABEAS_DOOR_PORT": str(config.door.port),
        }

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + _START_SECONDS
        while not ports.answers(self.config.door.host, self.config.door.port):
            if process.poll() is not None or time.monotonic() > end:
                raise DoorSilent("the door to be measured did not start")
            time.sleep(0.01)


def prepared(folder: Path, seconds: int, wishes: Wishes = Wishes()) -> Ground:
    """Return a ground with the demonstration published in `folder`."""
    config = keep_to(folder)
    from habeas.ops.demo import fill
    from habeas.ops.prepare import prepare

    prepare(config)
    fill()
    return Ground(config, seconds, wishes)


def keep_to(folder: Path) -> Config:
    """Return a configuration of which nothing leads out of `folder`, for this process and those it starts.

    The database of the organisation is no place for invented people: the office of a ground is on SQLite.
    """
    os.environ.pop("HABEAS_OFFICE_DATABASE_FILE", None)
    os.environ.update(
        HABEAS_DATA=str(folder),
        HABEAS_DOOR_PORT=str(_free_port()),
        HABEAS_OFFICE_DATABASE="",
        HABEAS_LIMITS_TRUSTED_PROXIES=_PROXY,
    )
    return load()


def _free_port() -> int:
    return random.randrange(20_000, 30_000)  # noqa: S311  a port


def resident_megabytes(process: int) -> list[float]:
    """Return the resident memory of each worker below a server process, in MB."""
    return _megabytes(process, _RESIDENT)


def peak_megabytes(process: int) -> list[float]:
    """Return the most that each worker below a server process ever had, in MB."""
    return _megabytes(process, _PEAK)


def own_peak_megabytes() -> float:
    """Return the most memory that this process ever had, in MB.

    getrusage tells the most of the process that started this one, if that was more.
    """
    return _kilobytes(_status(Path("/proc/self/status")), _PEAK) / 1024


def _megabytes(parent: int, line: str) -> list[float]:
    found = []
    for path in Path("/proc").glob("[0-9]*/status"):
        try:
            told = _status(path)
        except OSError:
            continue
        if told.get("PPid", "").strip() == str(parent) and line in told:
            found.append(_kilobytes(told, line) / 1024)
    return found


def _status(path: Path) -> dict[str, str]:
    return dict(text.split(":\t", 1) for text in path.read_text().splitlines() if ":\t" in text)


def _kilobytes(told: dict[str, str], line: str) -> int:
    return int(told[line].split()[0])
