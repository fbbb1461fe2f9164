"""Every single write and fsync of the journal fails once: nobody is thanked for what is then not there.

strace makes the n-th call of a kind on the journal's files return an error, for every n there is. In the last
scene the journal goes on in a new file: the old one is completed, the new one made, and written to.
"""

import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from msgspec import Struct

from fault.power_cut import MEMORY, Door, assert_goes_on, compare, read_back
from habeas.ledger.journal_file import journals

ERRORS = {
    "fdatasync": ("EIO",),
    "fsync": ("EIO",),
    "pwrite64": ("EIO", "ENOSPC"),
    "write": ("EIO", "ENOSPC"),
    "ftruncate": ("EIO", "ENOSPC"),
    "rename": ("EIO", "ENOSPC"),
    "unlink": ("EIO",),
}
AT_ONCE = 3  # straces

# SQLite passes over a failed fsync of the *folder*; the journal has made its names durable itself by then.
FAILED_FSYNC = r"^(\d+) +(?:fsync|fdatasync)\(\d+<[^>]*/00\.journal[^>]*>\).*\(INJECTED\)$"

FILES = ("", "00.journal", "00.journal-wal", "00.journal-journal")  # "": the folder itself
NEXT = ("00-000001.journal", "00-000001.journal-wal", "00-000001.journal-journal")
INDEX = ("00.journal-shm",)  # apart: its calls, all on opening, would fail before those of the same number


class Scene(Struct, frozen=True):
    """What the door does, and which calls fail."""

    wishes: tuple[str, ...]
    has_journal: bool = True  # left behind by a killed door
    files: tuple[str, ...] = FILES


SCENES = {
    "the first signature of a new journal": Scene(
        ("appenders=1", "appends=1", "end=kill"), has_journal=False
    ),
    "one more signature": Scene(("appenders=1", "appends=1", "end=kill")),
    "one more signature, and the index of the log fails": Scene(("appenders=1", "appends=1"), files=INDEX),
    "a group of people at once": Scene(("appenders=6", "appends=1", "pause=0", "end=kill")),
    "a restart, the log moved into the file, an end": Scene(("appenders=1", "appends=3", "write_back=1")),
    "one rotation": Scene(("appenders=1", "appends=3", "rotate=10000", "pause=0"), files=(*FILES, *NEXT)),
}


class Case(Struct, frozen=True):
    """One call that fails."""

    call: str
    error: str
    when: str  # "3": the third alone; "3+": that and all after it


class Seen(Struct, frozen=True):
    """What came of it."""

    case: Case
    calls: Counter[str]  # of the thread that made most
    is_injected: bool
    is_fatal: bool  # an fsync failed in the thread that answers
    door: Door
    found: list[bytes]
    journals: int  # files there were before the new start


@pytest.fixture(scope="module", autouse=True)
def strace() -> None:
    """Tell in one line where there is no strace; on a CI machine that is a failure."""
    if shutil.which("strace") is None:
        tell = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        tell("no strace: on Debian, apt-get install strace")


@pytest.fixture(scope="module")
def left_behind(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal whose door was killed, the write-ahead log unfinished. Copy it."""
    folder = tmp_path_factory.mktemp("left-behind")
    door = Door(folder, "appenders=1", "appends=2", "end=kill", "first=1000000")
    door.hear_out()
    assert len(door.acknowledged) == 2
    return folder


def _look(scene: Scene, left_behind: Path, case: Case | None = None) -> Seen:
    """Play a scene with one failing call, then start anew on what it left."""
    with TemporaryDirectory(prefix="habeas-errors-", dir=MEMORY) as folder:
        journal, trace = Path(folder, "journal"), Path(folder, "trace")
        if scene.has_journal:
            shutil.copytree(left_behind, journal)
        else:
            journal.mkdir()
        before, _ = read_back(journal)
        door = Door(journal, *scene.wishes, under=_strace(scene, journal, trace, case))
        door.hear_out()
        found, _ = read_back(journal)
        assert found[: len(before)] == before
        files = len(journals(journal))
        assert_goes_on(journal)
        return _seen(case, trace.read_text(), door, found[len(before) :], files)


def _strace(scene: Scene, folder: Path, trace: Path, case: Case | None) -> tuple[str, ...]:
    paths = [word for name in scene.files for word in ("-P", str(folder / name).rstrip("/"))]
    inject = ["-e", f"inject={case.call}:error={case.error}:when={case.when}"] if case else []
    watch = f"trace={','.join(ERRORS)}"
    return ("strace", "-f", "-qq", "-y", "--seccomp-bpf", "-o", str(trace), "-e", watch, *paths, *inject)


def _seen(case: Case | None, trace: str, door: Door, found: list[bytes], files: int) -> Seen:
    calls = Counter(re.findall(r"^(\d+) +(\w+)\(", trace, re.MULTILINE))
    most: Counter[str] = Counter()
    for (_, call), count in calls.items():
        most[call] = max(most[call], count)
    first_thread = trace.split(maxsplit=1)[0]
    failed = re.findall(FAILED_FSYNC, trace, re.MULTILINE)
    is_fatal = any(thread != first_thread for thread in failed)
    return Seen(case or Case("", "", ""), most, "(INJECTED)" in trace, is_fatal, door, found, files)


def _cases(calls: Counter[str]) -> Iterator[Case]:
    """Yield every n-th call of every kind, failing alone; the fsyncs also failing from there on."""
    for call, errors in ERRORS.items():
        for number in range(1, calls[call] + 1):
            yield from (Case(call, error, str(number)) for error in errors)
            if call == "fdatasync":
                yield Case(call, "EIO", f"{number}+")


@pytest.mark.parametrize("name", SCENES)
def test_every_failing_call_gets_a_true_answer(name: str, left_behind: Path) -> None:
    """Durable and there, or an error: never thanks for a signature that is gone."""
    scene = SCENES[name]
    whole = _look(scene, left_behind)
    assert whole.door.acknowledged == whole.door.appends
    assert whole.journals == (2 if name == "one rotation" else 1)
    cases = list(_cases(whole.calls))
    with ThreadPoolExecutor(AT_ONCE) as people:
        seen = list(people.map(lambda case: _look(scene, left_behind, case), cases))

    for one in seen:
        tally = compare(one.door.handed, one.door.acknowledged, one.found)
        wrong = (tally.lost, tally.invented, tally.doubled, tally.torn)
        assert wrong == (0, 0, 0, 0), (one.case, tally)
        assert not one.door.after_fatal, one.case
        assert one.door.is_broken or not one.is_fatal, one.case
    assert sum(one.is_injected for one in seen) > len(cases) / 2  # not all: groups form by chance
    if scene.has_journal and scene.files == FILES:  # elsewhere it fails on opening, and nothing is taken
        assert any(one.is_fatal for one in seen)
