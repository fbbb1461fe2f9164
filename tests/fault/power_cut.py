"""Power cuts without pulling a plug: what a stopped process has flushed to its disk, and nothing else.

A killed process loses nothing the kernel holds for it, so killing proves little. Here the journal lies on
ext4 in an image file on a loop device; the image has what was written to the *device*. The process is
stopped, the image copied and mounted elsewhere: what only the kernel's memory held is gone.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from msgspec import Struct

from fault.writing_door import DURABLE, FATAL, HANDED, MESSAGE_BYTES, REFUSED, entries
from habeas.ledger.journal import Journal
from habeas.ledger.journal_file import journals
from habeas.ledger.journal_reader import JournalReader, JournalUnborn, JournalUnreadable

DOOR = Path(__file__).with_name("writing_door.py")
MEMORY = Path("/dev/shm")  # noqa: S108  images live in memory: a cut is then a matter of milliseconds
IMAGE_BYTES = 24 << 20
CUTS_A_DISK = 30  # then a new disk, a new door and an empty journal
LONGEST_WAIT = 0.015  # seconds between two cuts, at most
PATIENCE = 30.0  # seconds
_FLUSHES = 15  # the field of Linux' block device statistics


class NoDisk(Exception):
    """No disk can be mounted here: it takes root, and loop devices."""


class Tally(Struct):
    """What a number of cuts came to, in appends unless said otherwise."""

    cuts: int = 0
    acknowledged: int = 0  # before the cut, summed over the cuts
    unanswered: int = 0  # on the disk, cut before the answer: those people sign again and count once
    lost: int = 0  # acknowledged, and not there
    cuts_with_loss: int = 0
    invented: int = 0  # entries that nobody handed in
    doubled: int = 0  # entries more than once
    torn: int = 0  # there in part
    damaged: int = 0  # cuts after which the reader had damage to report
    seconds: float = 0.0

    def add(self, other: "Tally") -> None:
        """Add the cuts of `other`."""
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


def run(*command: str) -> None:
    """Run a command that must succeed.

    raises  NoDisk with its last words
    """
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise NoDisk(f"{' '.join(command)}: {done.stderr.strip()}")


@contextmanager
def mounted(image: Path, folder: Path) -> Iterator[Path]:
    """Have the file system in `image` at `folder`; its loop device goes with the mount."""
    folder.mkdir(exist_ok=True)
    run("mount", "-t", "ext4", "-o", "loop", str(image), str(folder))
    try:
        yield folder
    finally:
        with suppress(NoDisk):
            run("umount", str(folder))
        if folder.is_mount():  # a process is still in it
            run("umount", "--lazy", str(folder))


def format_disk(image: Path) -> None:
    """Make an empty ext4 in `image`."""
    with image.open("wb") as file:
        file.truncate(IMAGE_BYTES)
    run("mkfs.ext4", "-q", "-F", "-b", "1024", "-J", "size=2", "-E", "nodiscard", str(image))


class Door:
    """The process that appends to the journals in `folder`, and what it said so far."""

    def __init__(self, folder: Path, *wishes: str, under: tuple[str, ...] = ()) -> None:
        """Start it; `under` is a command that runs it, such as strace."""
        environment = {**os.environ, "PYTHONPATH": str(DOOR.parents[1])}
        self.process = subprocess.Popen(
            [*under, sys.executable, str(DOOR), str(folder), *wishes],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if under else None,
            env=environment,
        )
        self.handed: dict[bytes, int] = {}  # entry: the append it is of
        self.appends: set[int] = set()
        self.acknowledged: set[int] = set()
        self.refused: set[int] = set()
        self.after_fatal: set[int] = set()  # acknowledged by a journal that had broken
        self.is_broken = False
        self._unread = b""

    @property
    def _said(self) -> BinaryIO:
        stream = self.process.stdout
        assert stream is not None
        return stream  # type: ignore[return-value]

    def listen(self) -> None:
        """Take in all it has said up to now, without waiting."""
        descriptor = self._said.fileno()
        os.set_blocking(descriptor, False)
        with suppress(BlockingIOError):
            while said := os.read(descriptor, 1 << 16):
                self._take_all(said)

    def _take_all(self, said: bytes) -> None:
        self._unread += said
        whole = len(self._unread) // MESSAGE_BYTES * MESSAGE_BYTES
        for start in range(0, whole, MESSAGE_BYTES):
            self._take(self._unread[start : start + MESSAGE_BYTES])
        self._unread = self._unread[whole:]

    def _take(self, message: bytes) -> None:
        letter, number = message[0], int.from_bytes(message[1:], "big")
        if letter == HANDED:
            self.appends.add(number)
            self.handed.update(dict.fromkeys(entries(number), number))
        elif letter == DURABLE:
            self.acknowledged.add(number)
            if self.is_broken:
                self.after_fatal.add(number)
        elif letter == REFUSED:
            self.refused.add(number)
        elif letter == FATAL:
            self.is_broken = True

    def hear_out(self) -> str:
        """Wait for its end, take in all it said, and return what it complained of."""
        said, complaints = self.process.communicate(timeout=PATIENCE)
        self._take_all(said)
        return complaints.decode() if complaints else ""

    def wait_for_answers(self, count: int) -> None:
        """Wait until so many appends were acknowledged."""
        end = time.monotonic() + PATIENCE
        while len(self.acknowledged) < count:
            assert self.process.poll() is None, "the door ended"
            assert time.monotonic() < end, "the door says nothing"
            time.sleep(0.002)
            self.listen()

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Hold it where it is; one system call that is under way may still come to its end."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            self.listen()
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def end(self) -> None:
        """Kill it, if it still runs."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdout, self.process.stderr):
            if stream:
                stream.close()


def read_back(folder: Path) -> tuple[list[bytes], bool]:
    """Return all entries of the journals in `folder`, and whether a reader had damage to report."""
    found: list[bytes] = []
    is_damaged = False
    for path in journals(folder):
        try:
            with JournalReader(path) as reader:
                position = 0
                while (batch := reader.read(position, 10_000)).records:
                    found += [record.body for record in batch.records]
                    position = batch.position
                is_damaged |= bool(batch.damaged)
        except JournalUnborn:
            continue  # cut while a door made it: nothing was ever acknowledged in it
        except JournalUnreadable:
            is_damaged = True
    return found, is_damaged


def compare(handed: dict[bytes, int], acknowledged: AbstractSet[int], found: list[bytes]) -> Tally:
    """Return what is wrong with the entries `found`, if those appends were handed in and acknowledged."""
    times = Counter(found)
    there = Counter(handed[body] for body in times if body in handed)
    lost = acknowledged - there.keys()
    return Tally(
        cuts=1,
        acknowledged=len(acknowledged),
        unanswered=len(there.keys() - acknowledged),
        lost=len(lost),
        cuts_with_loss=bool(lost),
        invented=sum(body not in handed for body in times),
        doubled=len(found) - len(times),
        torn=sum(count < len(entries(number)) for number, count in there.items()),
    )


def cut_power(cuts: int, *wishes: str, seed: int = 1) -> Tally:
    """Cut the power of a writing door `cuts` times and return what was found afterwards."""
    chance = random.Random(seed)
    tally, start = Tally(), time.monotonic()
    while tally.cuts < cuts:
        with TemporaryDirectory(prefix="habeas-power-", dir=MEMORY) as folder:
            tally.add(_one_disk(Path(folder), min(CUTS_A_DISK, cuts - tally.cuts), chance, wishes))
    tally.seconds = round(time.monotonic() - start, 1)
    return tally


def _one_disk(folder: Path, cuts: int, chance: random.Random, wishes: tuple[str, ...]) -> Tally:
    image, copy, tally = folder / "disk", folder / "copy", Tally()
    format_disk(image)
    with ExitStack() as stack:
        disk = stack.enter_context(mounted(image, folder / "mounted"))
        door = Door(disk / "journal", *wishes)
        stack.callback(door.end)
        door.wait_for_answers(1)
        for left in reversed(range(cuts)):
            time.sleep(chance.uniform(0, LONGEST_WAIT))
            with door.stopped():
                acknowledged = set(door.acknowledged)
                _copy_as_cut(image, copy, disk)
                door.listen()  # what was handed in between the signal and the standstill
            with mounted(copy, folder / "after") as after:
                tally.add(_judged(door.handed, acknowledged, after / "journal"))
                if left == 0:
                    assert_goes_on(after / "journal")
    return tally


def _judged(handed: dict[bytes, int], acknowledged: AbstractSet[int], folder: Path) -> Tally:
    found, is_damaged = read_back(folder)
    tally = compare(handed, acknowledged, found)
    tally.damaged = is_damaged
    return tally


def assert_goes_on(folder: Path) -> None:
    """Assert that a door started after the cut adds to what is there, and changes nothing of it."""
    before, _ = read_back(folder)
    answers: list[Exception | None] = []
    journal = Journal(folder, on_fatal=answers.append)
    journal.append((b"after the cut",), answers.append)
    journal.close()
    assert answers == [None]
    assert read_back(folder) == ([*before, b"after the cut"], False)


def _copy_as_cut(image: Path, copy: Path, disk: Path) -> None:
    """Copy what is on the disk at one moment.

    Copying takes milliseconds, and one fsync of the stopped process may still be under way. Between two
    flushes a disk may keep its writes in any order, so a copy with a part of them is a true power cut;
    a copy during which the disk was flushed is none, and is made again.
    """
    device = disk.stat().st_dev
    statistics = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}/stat")
    while True:
        flushes = statistics.read_text().split()[_FLUSHES]
        _copy_sparse(image, copy)
        if statistics.read_text().split()[_FLUSHES] == flushes:
            return


def _copy_sparse(source: Path, target: Path) -> None:
    with source.open("rb", buffering=0) as old, target.open("wb", buffering=0) as new:
        new.truncate(IMAGE_BYTES)
        end = 0
        while (start := _next_data(old.fileno(), end)) is not None:
            end = os.lseek(old.fileno(), start, os.SEEK_HOLE)
            new.seek(start)
            new.write(os.pread(old.fileno(), end - start, start))


def _next_data(descriptor: int, start: int) -> int | None:
    try:
        return os.lseek(descriptor, start, os.SEEK_DATA)
    except OSError:  # nothing but holes from here on
        return None
