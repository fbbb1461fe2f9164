"""Which database the office uses follows from one setting."""

import sys
from pathlib import Path

import pytest

from habeas.config import BadConfig, Config, Office
from habeas.office import databases

ROOT = Path(__file__).parents[3]


def test_without_a_word_the_records_are_in_the_data_folder() -> None:
    """One folder to back up."""
    chosen = databases.of(Config(data="/srv/habeas"))

    assert chosen["ENGINE"].endswith("sqlite3")
    assert chosen["NAME"] == Path("/srv/habeas/office.sqlite3")


def test_a_postgresql_is_gone_to_as_its_address_says() -> None:
    """And no writer waits for another for ever, as on SQLite, nor a reader for a compiler."""
    url = "postgresql://anna:s3cret@db.example.org:5433/habeas?sslmode=verify-full"
    chosen = databases.of(Config(office=Office(database=url)))

    assert chosen["ENGINE"].endswith("postgresql")
    told = {key: chosen[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    assert told == {
        "NAME": "habeas",
        "USER": "anna",
        "PASSWORD": "s3cret",
        "HOST": "db.example.org",
        "PORT": "5433",
    }
    assert chosen["OPTIONS"]["sslmode"] == "verify-full"
    assert chosen["OPTIONS"]["options"] == "-c lock_timeout=20s -c jit=off"


def test_a_missing_driver_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Habeas needs it for nothing else, so it does not come by itself."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(BadConfig, match=r"office\.database: .*pip install 'psycopg\[binary\]==") as refused:
        databases.of(Config(office=Office(database="postgresql://anna:s3cret@db/habeas")))

    assert "s3cret" not in str(refused.value)


def test_what_is_to_be_installed_is_what_was_tested() -> None:
    """The version in the words is the one in the lock."""
    assert f'"{databases.DRIVER}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
