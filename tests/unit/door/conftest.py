"""A door with a small edition behind it, and somebody in front of it."""

from pathlib import Path
from types import ModuleType

import pytest

from granian_side import Clock
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


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rsgi(config: Config, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The adapter, reading the test's own installation; it does not tie its life to the test's parent."""
    monkeypatch.setenv("HABEAS_DATA", config.data)
    from habeas.door import rsgi as module  # noqa: PLC0415  it reads the configuration when it is imported

    monkeypatch.setattr(module, "end_with_server", lambda: None)
    write(config.editions, draft(config))
    return module
