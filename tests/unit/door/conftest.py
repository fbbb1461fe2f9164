"""A door with a small edition behind it, and somebody in front of it."""

from pathlib import Path

import pytest

from habeas.config import Config
from habeas.edition.write import write
from public_side import Visitor, draft, visitor


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """An installation with one edition; only read from."""
    config = Config(data=str(tmp_path_factory.mktemp("published")))
    write(config.editions, draft(config))
    return config


@pytest.fixture
def maria(published: Config) -> Visitor:
    """Maria at the door; nobody has signed yet."""
    return visitor(published)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """An installation of the test's own."""
    return Config(data=str(tmp_path / "data"))
