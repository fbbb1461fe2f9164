"""Installations for the journeys: filled once, copied for each that changes what cannot be undone."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from running import Installation, wait_for

CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="session")
def filled(template_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as `habeas demo` leaves it. Copy it; never run on it."""
    installation = Installation(tmp_path_factory.mktemp("filled") / "data")
    installation.data.mkdir(mode=0o700)
    shutil.copyfile(template_database, installation.data / "office.sqlite3")
    with installation.running("demo") as process:
        installation.wait_until_serving(process)
        wait_for("the staff login", lambda: "password" in installation.log.read_text(), 30)
    assert process.returncode == 0, installation.log.read_text()
    return installation.data


@pytest.fixture(scope="module")
def installation(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """A filled installation that does not run yet."""
    data = tmp_path_factory.mktemp("installation") / "data"
    shutil.copytree(filled, data)
    return Installation(data)


@pytest.fixture(scope="module")
def site(installation: Installation) -> Iterator[Installation]:
    """A filled installation with door, office and clerk running."""
    with installation.running("up") as supervisor:
        installation.wait_until_serving(supervisor)
        yield installation


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Use Debian's Chromium, and let it call nobody."""
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium on a CI machine: browser tests have to run there")
        pytest.skip("no Chromium: on Debian, apt-get install chromium")
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": ["--no-sandbox", "--disable-background-networking", "--no-first-run"],
    }
