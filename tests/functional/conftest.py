"""The journeys: an installation that runs, and the browser that walks through it."""

import os
import shutil
from collections.abc import Iterator

import pytest

from running import Installation

CHROMIUM = shutil.which("chromium")


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
