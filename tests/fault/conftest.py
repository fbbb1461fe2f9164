"""Real installations to break: filled once, copied for each file of tests."""

import shutil
from pathlib import Path

import pytest

from running import Installation, wait_for


@pytest.fixture(scope="session")
def demonstrated(template_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as `habeas demo` leaves it. Copy it; never run on it."""
    installation = Installation(tmp_path_factory.mktemp("demonstrated") / "data")
    installation.data.mkdir(mode=0o700)
    shutil.copyfile(template_database, installation.data / "office.sqlite3")
    with installation.running("demo") as process:
        installation.wait_until_serving(process)
        wait_for("the staff login", lambda: "password" in installation.log.read_text(), 30)
    assert process.returncode == 0, installation.log.read_text()
    return installation.data


@pytest.fixture(scope="module")
def filled(demonstrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """A filled installation that does not run yet."""
    data = tmp_path_factory.mktemp("installation") / "data"
    shutil.copytree(demonstrated, data)
    return Installation(data)
