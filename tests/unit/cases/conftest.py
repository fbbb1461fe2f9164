"""Two invented cases' people, a data folder of their own, and the events of a real case."""

from pathlib import Path

import pytest

from habeas.cases.status import Event
from habeas.config import Config
from histories import from_case_file
from office_site import installed_at
from registry_cast import Cast


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """An installation with a data folder of its own."""
    config = installed_at(tmp_path)
    monkeypatch.setattr("django.conf.settings.CONFIG", config)
    return config


@pytest.fixture
def cast(db: None) -> Cast:
    """Who might look at a case."""
    return Cast()


@pytest.fixture(scope="module")
def events(mkhaitir_file: str) -> tuple[Event, ...]:
    """What happened to Mohamed Mkhaïtir."""
    return from_case_file(mkhaitir_file)
