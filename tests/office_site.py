"""The office with the demonstration in it: made once, copied for each file of tests, alike for each test."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, connections, transaction
from pytest_django import DjangoDbBlocker
from wagtail.signal_handlers import disable_reference_index_auto_update

from habeas.campaigns.demo import load
from habeas.campaigns.models import Campaign
from habeas.campaigns.setup import ensure_demands, ensure_languages
from habeas.config import Config, Site
from habeas.edition import read
from habeas.edition.read import Edition
from made_once import made_once

MKHAITIR, SELMA = "free-mkhaitir", "free-selma"
DOOR = "https://act.example.org"
DATABASE = "office.sqlite3"


def installed_at(folder: Path) -> Config:
    """Return the configuration of an installation whose data lie in `folder`."""
    return msgspec.structs.replace(settings.CONFIG, data=str(folder), site=Site(url=DOOR))


@pytest.fixture(scope="session")
def demonstration_template(
    django_db_setup: None,
    template_database: Path,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """The demonstration, loaded once for all processes: a data folder. Copy it; never write to it."""

    def make(folder: Path) -> None:
        folder.mkdir()
        shutil.copyfile(template_database, folder / DATABASE)
        with django_db_blocker.unblock(), _connected_to(folder / DATABASE):
            _load_into(folder)

    return made_once(tmp_path_factory, "demonstration-template", make)


@pytest.fixture(scope="module")
def demonstration(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Path]:
    """Have the demonstration in the database until the end of the file; give its data folder."""
    folder = tmp_path_factory.mktemp("demonstration")
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            shutil.copytree(request.getfixturevalue("demonstration_template"), folder, dirs_exist_ok=True)
            with _connected_to(folder / DATABASE):
                yield folder
        else:
            with transaction.atomic():
                _load_into(folder)
                yield folder
                transaction.set_rollback(True)


@contextmanager
def _connected_to(database: Path) -> Iterator[None]:
    before = connection.settings_dict["NAME"]
    connections.close_all()
    connection.settings_dict["NAME"] = str(database)
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = before


def _load_into(folder: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "CONFIG", installed_at(folder))
        with disable_reference_index_auto_update():
            load_demonstration()


def load_demonstration() -> None:
    """Do what `habeas demo` does before it runs the processes."""
    ensure_languages(settings.CONFIG)
    ensure_demands()
    editor = User.objects.filter(username="editor").first()
    editor = editor or User.objects.create_superuser("editor", password="not-a-secret-here")
    load.import_cases(by=editor)
    load.create_campaigns(by=editor)


@pytest.fixture
def office(demonstration: Path, db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """Give the installation with the demonstration: both campaigns are open, edition 2 shows them."""
    shutil.copytree(demonstration, tmp_path / "data")
    config = installed_at(tmp_path / "data")
    monkeypatch.setattr(settings, "CONFIG", config)
    return config


@pytest.fixture
def editor(office: Config) -> User:
    """Somebody who publishes."""
    return User.objects.get(username="editor")


@pytest.fixture
def mkhaitir(office: Config) -> Campaign:
    """The campaign for Mohamed Mkhaïtir."""
    return campaign(MKHAITIR)


def campaign(slug: str) -> Campaign:
    """Return a campaign as it is in the database."""
    return Campaign.objects.get(slug=slug)


def current_edition(config: Config) -> Edition:
    """Return what the door would serve."""
    return read.load(config.editions, read.current_number(config.editions))


def page_of(config: Config, path: str) -> str:
    """Return a page as the current edition has it."""
    edition = current_edition(config)
    [file] = [page.file for page in edition.manifest.pages if page.path == path]
    return edition.files[file].decode()
