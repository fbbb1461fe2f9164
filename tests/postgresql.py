"""A PostgreSQL of the tests' own: in a temporary folder, without a network, gone afterwards.

Whatever touches the office's database, on it: `make test-postgresql`
Some of it: `.venv/bin/python tests/postgresql.py tests/unit/cases -n 2`
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, connections
from psycopg.conninfo import make_conninfo

from databases import OURS, TEMPLATE, VARIABLE, connected
from running import wait_for

MISSING = "PostgreSQL is not installed. On Debian: apt-get install postgresql"
_MAKING = f"{TEMPLATE}_unfinished"
# As the Estonians do, z before t: what relied on the order of English letters would fail.
_SORTING = "LOCALE_PROVIDER icu ICU_LOCALE 'et' LOCALE 'C'"
_SORTS_BY_ICU = 150_000  # versions from 15 on
_FAST = ("-h", "", "-F", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")  # and no network


def programs() -> Path | None:
    """Return the folder with what runs a PostgreSQL: Debian's newest, or what is on the PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parts[-2]))
    on_path = [Path(folder) for folder in os.get_exec_path()]
    found = (folder for folder in [*reversed(debian), *on_path] if _is_whole(folder))
    return next(found, None)


def _is_whole(folder: Path) -> bool:
    return all((folder / name).exists() for name in ("initdb", "postgres", "pg_isready"))


@contextmanager
def postgresql() -> Iterator[str]:
    """Run a fresh PostgreSQL until the block ends, and give the address of its database "postgres"."""
    assert programs(), MISSING
    with tempfile.TemporaryDirectory(prefix="habeas-pg-", dir="/tmp") as here:  # a socket's path is short
        if os.geteuid() == 0:
            shutil.chown(here, "postgres")
        make = ("initdb", "-D", f"{here}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        subprocess.run([*_as_user(), *_program(*make)], check=True, cwd="/", stdout=subprocess.DEVNULL)
        with _serving(here):
            yield f"postgresql://postgres@/postgres?host={here}"


@contextmanager
def _serving(here: str) -> Iterator[None]:
    serve = _program("postgres", "-D", f"{here}/data", "-k", here, *_FAST)
    with Path(here, "log").open("wb") as log:
        # Whoever ends us, even by force, ends it too.
        process = subprocess.Popen([*_as_user(), "--pdeathsig=QUIT", *serve], cwd="/", stderr=log)
    try:
        wait_for("PostgreSQL", lambda: _answers(here))
        yield
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(30)


def _answers(here: str) -> bool:
    return subprocess.run(_program("pg_isready", "-q", "-h", here), check=False).returncode == 0


def _as_user() -> list[str]:
    """Begin a command that is run as somebody who may: PostgreSQL refuses to be run by root."""
    other = ["--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
    return ["setpriv", *other]


def _program(name: str, *words: str) -> list[str]:
    return [str((programs() or Path()) / name), *words]


def run_tests(words: Sequence[str], url: str, output: int | None = None) -> subprocess.CompletedProcess[str]:
    """Run pytest with `words` on the PostgreSQL at `url`, and return what came of it.

    output  subprocess.PIPE to keep what it says
    """
    kept = {name: told for name, told in os.environ.items() if not name.startswith(("HABEAS_", "PYTEST_"))}
    return subprocess.run(
        [sys.executable, "-m", "pytest", *words],
        env={**kept, VARIABLE: url, OURS: "1"},
        cwd=Path(__file__).parent.parent,
        stdout=output,
        stderr=output and subprocess.STDOUT,
        text=True,
        check=False,
    )


def copies_of(prepare: Callable[[], None]) -> Callable[[], None]:
    """Return what gives the tests a database that `prepare` has filled, fresh each time it is called.

    All processes of a run share one template; each has a database of its own.
    """
    ours = f"{TEMPLATE}_{os.getpid()}"
    with connected() as server:
        server.execute("SELECT pg_advisory_lock(1)")  # who made the same beside this one would slow both
        if not server.execute("SELECT FROM pg_database WHERE datname = %s", [TEMPLATE]).rowcount:
            sorting = _SORTING if server.info.server_version >= _SORTS_BY_ICU else ""
            server.execute(f"CREATE DATABASE {_MAKING} TEMPLATE template0 {sorting}")
            _use(_MAKING)
            prepare()
            connections.close_all()
            server.execute(f"ALTER DATABASE {_MAKING} RENAME TO {TEMPLATE}")

    def renew() -> None:
        connections.close_all()
        with connected() as server:
            server.execute(f"DROP DATABASE IF EXISTS {ours} WITH (FORCE)")
            server.execute(f"CREATE DATABASE {ours} TEMPLATE {TEMPLATE}")
        _use(ours)

    return renew


def kept(file: Path, prepare: Callable[[], None]) -> Callable[[], None]:
    """Return what fills a database as `prepare` does: or from `file`, which an earlier run left.

    The migrations take half a minute of computing, what they come to a second.
    """

    def fill() -> None:
        if file.exists():
            _tool("psql", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--file={file}")
            return
        prepare()
        unfinished = file.with_suffix(f".{os.getpid()}")
        _tool("pg_dump", "--no-owner", f"--file={unfinished}")
        unfinished.replace(file)

    return fill


def _tool(name: str, *words: str) -> None:
    """Run a program of PostgreSQL on the database in use."""
    address = make_conninfo(os.environ[VARIABLE], dbname=connection.settings_dict["NAME"])
    subprocess.run([*_program(name, *words), address], check=True, stdout=subprocess.DEVNULL)


def _use(name: str) -> None:
    connections.close_all()
    connection.settings_dict["NAME"] = name


if __name__ == "__main__":
    with postgresql() as address:
        sys.exit(run_tests(sys.argv[1:], address).returncode)
