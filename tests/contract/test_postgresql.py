"""The office keeps on PostgreSQL what it promises on SQLite."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from databases import VARIABLE
from postgresql import MISSING, postgresql, programs, run_tests
from running import HABEAS

SECRET = "s3cret"
# What tells the engines apart; the rest of the suite by hand (CONTRIBUTING.md).
PROMISES = (
    "unit/cases/test_recording_a_case.py",
    "unit/cases/test_search.py",
    "unit/cases/test_at_once.py",
    "unit/campaigns/test_at_once.py",
)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Run a PostgreSQL, and give its address."""
    if not programs():
        pytest.skip(MISSING)
    with postgresql() as address:
        yield address


def database(server: str, name: str, how: str = "") -> str:
    """Make a database on the server, and return its address."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 {how}")
    return server.replace("/postgres?", f"/{name}?")


def habeas(data: Path, url: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command of an installation whose office is on a PostgreSQL."""
    environment = {name: told for name, told in os.environ.items() if not name.startswith("HABEAS_")}
    return subprocess.run(
        [*HABEAS, *words],
        env={**environment, "HABEAS_DATA": str(data), VARIABLE: url},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def told(done: subprocess.CompletedProcess[str], about: str) -> list[tuple[str, str]]:
    """Return what the doctor says about one thing."""
    return [(one["level"], one["text"]) for one in json.loads(done.stdout) if one["about"] == about]


def test_the_office_keeps_its_promises(server: str, pytestconfig: pytest.Config) -> None:
    """Cases are recorded, found in every script by who may read them, and changed by two people at once.

    The tests begin with a database in which nothing is, so that every migration runs too; what they come
    to is kept until one of them, or Django, changes.
    """
    assert pytestconfig.cache is not None
    tests = Path(__file__).parents[1]
    cache = ["-o", f"cache_dir={pytestconfig.cache.mkdir('postgresql')}", "-p", "no:xdist"]
    done = run_tests(
        [*(str(tests / name) for name in PROMISES), "--tb=short", *cache], server, subprocess.PIPE
    )

    assert done.returncode == 0, done.stdout


def test_the_doctor_says_where_the_records_are(server: str, tmp_path: Path) -> None:
    """And that they are a second thing to back up."""
    url = database(server, "fresh").replace("postgres@", f"postgres:{SECRET}@")
    done = habeas(tmp_path, url, "doctor", "--json")

    (first, about), (second, empty) = told(done, "database")
    assert (first, second) == ("ok", "note")
    assert about.startswith("fresh on this machine, PostgreSQL ")
    assert empty == "is empty; habeas up makes its tables"
    assert SECRET not in done.stdout + done.stderr


@pytest.mark.parametrize("words", [("doctor", "--json"), ("campaign", "list")])
def test_a_database_that_does_not_answer_is_said_so_in_one_line(
    server: str, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """In PostgreSQL's words, which name whom it did not let in; never with what they tried."""
    url = server.replace("postgres@/postgres?", f"nobody:{SECRET}@/missing?")
    done = habeas(tmp_path, url, *words)

    said = (done.stdout + done.stderr).replace('\\"', '"')
    assert done.returncode == 1
    assert 'role "nobody" does not exist' in said
    assert "cannot be reached" in said
    assert "Traceback" not in said
    assert SECRET not in said


def test_a_database_that_cannot_hold_every_name_is_refused(server: str, tmp_path: Path) -> None:
    """Before a table is made in it: most clusters are UTF-8, and old ones are not."""
    url = database(server, "old", "ENCODING 'LATIN1' LOCALE 'C'")
    done = habeas(tmp_path / "data", url, "staff", "add", "anna")

    assert done.returncode == 1
    assert "encoded as LATIN1 and cannot hold every name" in done.stderr
    with psycopg.connect(url) as connection:
        assert connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchone() == (0,)
