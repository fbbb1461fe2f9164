"""An installation that may publish."""

from pathlib import Path

import pytest

from habeas.config import Config


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """An installation of the test's own."""
    return Config(data=str(tmp_path / "data"))
