"""`habeas verify` in words and in JSON: what is damaged has a number, and everything else is kept."""

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from habeas.config import Config
from habeas.ledger.entry import pack
from habeas.ledger.journal import Journal
from habeas.ledger.recorder import Recorder
from habeas.ledger.store_sqlite import SQLiteStore
from habeas.ops.cli import habeas
from people import EVERYONE, confirms, epoch, signs


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """An installation in which four people signed and confirmed."""
    config = Config(data=str(tmp_path / "data"))
    journal, store = Journal(config.journal, on_fatal=print), SQLiteStore(config.store)
    entries = [entry for person in EVERYONE for entry in (signs(person), confirms(person))]
    journal.append((pack(epoch()), *map(pack, entries)), lambda _: None)
    journal.close()
    Recorder(store, config.journal).step()
    store.close()
    return config


def verify(config: Config, *options: str) -> Result:
    return CliRunner().invoke(habeas, ["verify", "--data", str(config.folder), *options])


def change(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_a_whole_installation_is_called_whole(config: Config) -> None:
    """In three sentences, and with 0."""
    result = verify(config)

    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "All 9 entries in the journals are intact.",
        "The store is whole: 4 people who signed.",
        "The store agrees with the journals.",
    ]


def test_scripts_are_told_the_same(config: Config) -> None:
    """The whole document."""
    assert json.loads(verify(config, "--json").output) == {
        "journal": {"entries": 9, "damaged": [], "forgotten": 0},
        "store": {"entries": 4, "damaged": []},
        "agree": True,
    }


def test_every_damaged_record_has_its_number_and_the_others_are_kept(config: Config) -> None:
    """Nobody has to guess whose entry it was, nor fear for the rest."""
    change(config.journal / "00.journal", "UPDATE entry SET body = x'00' WHERE seq IN (3, 6, 7)")
    result = verify(config)
    told = json.loads(verify(config, "--json").output)

    assert result.exit_code == 1
    assert result.output.splitlines()[:3] == [
        "00.journal, record 3: damaged or missing.",
        "00.journal, records 6 to 7: damaged or missing.",
        "All 6 others are intact and kept.",
    ]
    assert told["journal"] == {
        "entries": 6,
        "damaged": [
            {"journal": "00.journal", "first": 3, "last": 3, "reason": "damaged or missing"},
            {"journal": "00.journal", "first": 6, "last": 7, "reason": "damaged or missing"},
        ],
        "forgotten": 0,
    }
    assert told["agree"] is False


def test_a_lowered_count_ends_with_one(config: Config) -> None:
    """In words and in JSON."""
    change(config.store, "UPDATE cell SET people = 0 WHERE country = 'EG'")
    result = verify(config)

    assert result.exit_code == verify(config, "--json").exit_code == 1
    assert "country EG, language ar: the cell says 0, the rows say 1" in result.output
    assert "country EG, language ar: the cell says 0, the journals say 1" in result.output
    assert "agrees" not in result.output


def test_what_waits_for_the_clerk_is_said_to_be_safe(config: Config) -> None:
    """And is no reason to worry."""
    config.store.unlink()
    result = verify(config)

    assert result.exit_code == 0
    assert "9 entries wait for the clerk; they are safe in the journals." in result.output


def test_many_disagreements_are_counted_rather_than_listed(config: Config) -> None:
    """A store of another installation disagrees about everybody."""
    crowd = [signs(EVERYONE[0], campaign=number.to_bytes(8, "big")) for number in range(150)]
    store = SQLiteStore(config.store)
    store.record(b"another journal.", 150, crowd)
    store.close()
    lines = verify(config).output.splitlines()

    assert len(lines) < 110
    assert "So they do in 51 more places." in lines


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither one that was named nor the configured one."""
    monkeypatch.setenv("HABEAS_DATA", str(tmp_path / "data"))

    assert CliRunner().invoke(habeas, ["verify"]).exit_code == 1
    assert CliRunner().invoke(habeas, ["verify", "--data", str(tmp_path / "copy")]).exit_code == 2
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(params=["stopped", "running", "running, index lost"])
def sealed_copy(request: pytest.FixtureRequest, config: Config, tmp_path: Path) -> Iterator[Path]:
    """A copy on which nobody may write, made with door and clerk stopped or running."""
    journal, store = Journal(config.journal, on_fatal=print), SQLiteStore(config.store)
    store.mail_due(1)
    if request.param == "stopped":
        journal.close()
        store.close()
    copy = Path(shutil.copytree(config.folder, tmp_path / "copy"))
    if request.param == "running, index lost":
        for index in copy.rglob("*-shm"):
            index.unlink()
    paths = [copy, *copy.rglob("*")]
    for path in paths:
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~0o222)
    yield copy
    for path in paths:
        path.chmod(0o700)
    if request.param != "stopped":
        journal.close()
        store.close()


def without_privilege() -> list[str]:
    """Return what to put before a command so that permissions bind root too."""
    if os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        pytest.skip("root may write everywhere, and setpriv is not here to forbid it")
    return ["setpriv", "--bounding-set", "-all"]


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*without_privilege(), *command], capture_output=True, text=True, check=False)


def test_a_copy_that_cannot_be_written_is_verified(sealed_copy: Path) -> None:
    """A backup is kept where nothing changes it."""
    before = sorted(sealed_copy.rglob("*"))
    refused = run("touch", str(sealed_copy / "a file"))
    result = run(sys.executable, "-m", "habeas", "verify", "--json", "--data", str(sealed_copy))
    told: dict[str, Any] = json.loads(result.stdout)

    assert refused.returncode == 1
    assert (result.returncode, told["journal"]["entries"], told["agree"]) == (0, 9, True)
    assert sorted(sealed_copy.rglob("*")) == before
