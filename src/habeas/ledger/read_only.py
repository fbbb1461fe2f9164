"""Opening an SQLite file without leaving a trace: a copy, a read-only folder, or one that is in use.

Opened the plain way, a file in WAL mode gets a `-shm` and a `-wal` beside it even from a reader.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

_WAIT_SECONDS = 30.0


@contextmanager
def read_only(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the SQLite file at `path` for as long as the context lasts; nothing beside it is written.

    raises  sqlite3.Error, OSError
    """
    with ExitStack() as stack:
        address = _address(path, stack)
        connection = sqlite3.connect(address, uri=True, timeout=_WAIT_SECONDS, isolation_level=None)
        stack.callback(connection.close)
        yield connection


def is_idle(path: Path) -> bool:
    """Tell whether all there is stands in the file itself: nobody has it open for writing."""
    log = _log(path)
    return not log.exists() or (log.stat().st_size == 0 and not _index(path).exists())


def _address(path: Path, stack: ExitStack) -> str:
    """Return how SQLite is to open `path`.

    Where log and index stand beside it, both are used as they are: a writer's locks are honoured, and
    an index that nobody holds is made anew in memory. A log without its index is the one case that
    SQLite cannot read without writing: file and log are copied for the time.
    """
    if is_idle(path):
        return f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    if _index(path).exists():
        return f"{path.absolute().as_uri()}?mode=ro&readonly_shm=1"
    passing = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="habeas-verify-")))
    for source in (path, _log(path)):
        shutil.copyfile(source, passing / source.name)
    return f"{(passing / path.name).as_uri()}?mode=ro"


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _index(path: Path) -> Path:
    return path.with_name(f"{path.name}-shm")
