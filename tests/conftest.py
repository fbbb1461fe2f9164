"""What every test may rely on: settings no shell reaches, a database in no time, a real case."""

import fcntl
import hashlib
import importlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import django
import hypothesis
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, connections
from pytest_django import DjangoDbBlocker
from wagtail.signal_handlers import disable_reference_index_auto_update

import databases
import habeas
import postgresql
from habeas.cases.actions import import_case
from habeas.cases.models import Case
from made_once import made_once
from running import Installation, wait_for

SETTINGS = "habeas.office.settings"
RENEW = pytest.StashKey[Callable[[], None]]()  # puts the tests' database back, once there is one


def pytest_configure(config: pytest.Config) -> None:
    """Give the tests settings of their own, whatever the developer has set up."""
    folder = tempfile.TemporaryDirectory(prefix="habeas-tests-")
    config.add_cleanup(folder.cleanup)
    if os.environ.get(databases.VARIABLE) and not databases.are_on_postgresql():
        raise pytest.UsageError(
            f"unset {databases.VARIABLE}: tests make databases of their own (tests/postgresql.py)"
        )
    for name in [name for name in os.environ if name.startswith("HABEAS_") and name != databases.VARIABLE]:
        del os.environ[name]
    _load_settings(Path(folder.name))
    hypothesis.settings.register_profile("patient", deadline=None)  # a busy machine is no failure
    hypothesis.settings.load_profile("patient")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast, for invented people


def _load_settings(folder: Path) -> None:
    """Read the settings again with defaults alone and the data in `folder`."""
    alone = folder / "habeas.toml"
    alone.write_text(f'data = "{folder / "data"}"\n')
    os.environ["HABEAS_CONFIG"] = str(alone)
    try:
        fresh = importlib.reload(importlib.import_module(SETTINGS))
    finally:
        del os.environ["HABEAS_CONFIG"]  # a test that starts a process gives it its own
    for name in filter(str.isupper, dir(fresh)):
        setattr(settings, name, getattr(fresh, name))


@pytest.fixture(scope="session")
def template_database(pytestconfig: pytest.Config, django_db_blocker: DjangoDbBlocker) -> Path:
    """A migrated, empty office database. Copy it; never write to it.

    Wagtail's migrations take seven seconds, so it is kept between runs until a migration changes.
    """
    template = _kept(pytestconfig, ".sqlite3")
    with template.with_name("lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a process that made the same beside this one would slow both
        if not template.exists():
            with django_db_blocker.unblock():
                _migrate(template)
    return template


def _kept(config: pytest.Config, suffix: str) -> Path:
    """Return where what the migrations made is kept; what others made before one changed is removed."""
    assert config.cache is not None
    folder, name = config.cache.mkdir("template-database"), _migrations_digest()
    for outdated in folder.glob(f"*{suffix}"):
        if outdated.stem != name:
            outdated.unlink(missing_ok=True)
    return (folder / name).with_suffix(suffix)


def _migrations_digest() -> str:
    told = (settings.LANGUAGE_CODE, settings.WAGTAIL_CONTENT_LANGUAGES, django.__version__)
    digest = hashlib.sha256(repr(told).encode())
    for app in apps.get_app_configs():
        for migration in sorted(Path(app.path, "migrations").glob("*.py")):
            digest.update(f"{app.label} {migration.name}".encode())
            digest.update(migration.read_bytes())
    return digest.hexdigest()[:16]


def _migrate(template: Path) -> None:
    """Make the template under a passing name: another run may be making it too."""
    unfinished = template.with_suffix(f".{os.getpid()}")
    _connect_to(unfinished)
    _prepare()
    connections.close_all()
    unfinished.replace(template)


def _prepare() -> None:
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


def _connect_to(database: Path) -> None:
    connections.close_all()
    connection.settings_dict["NAME"] = str(database)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Give the tests a copy of the template, on disk as in production."""
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock():
            renew = postgresql.copies_of(postgresql.kept(_kept(request.config, ".sql"), _prepare))
    else:
        template = request.getfixturevalue("template_database")
        renew = partial(_copy_file, template, tmp_path_factory.mktemp("database") / "office.sqlite3")
    request.config.stash[RENEW] = renew
    with django_db_blocker.unblock():
        renew()
    yield
    with django_db_blocker.unblock():
        connections.close_all()


def _copy_file(template: Path, database: Path) -> None:
    connections.close_all()
    shutil.copyfile(template, database)
    _connect_to(database)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Restore the database after a test that wrote for real, once its fixtures are gone.

    Django empties every table then, also of what migrations put there: Wagtail's root page and languages.
    """
    yield
    if RENEW in item.config.stash and _writes_for_real(item):
        item.config.stash[RENEW]()


def _writes_for_real(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    by_marker = bool(marker and marker.kwargs.get("transaction"))
    return by_marker or not {"transactional_db", "live_server"}.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.fixture
def researcher(db: None) -> User:
    """Somebody on the staff who records cases."""
    return User.objects.create_superuser("researcher", password="not-a-secret-here")


@pytest.fixture(scope="session")
def demo_folder() -> Path:
    """The files of the demonstration, as the package carries them."""
    return Path(habeas.__file__).parent / "campaigns" / "demo"


@pytest.fixture(scope="session")
def mkhaitir_file(demo_folder: Path) -> str:
    """The case file of Mohamed Mkhaïtir: real, and hard."""
    return (demo_folder / "mkhaitir.yaml").read_text(encoding="utf-8")


@pytest.fixture
def mkhaitir(mkhaitir_file: str, researcher: User) -> Case:
    """The case of Mohamed Mkhaïtir, recorded; without Wagtail's index of who uses what, in half the time."""
    with disable_reference_index_auto_update():
        return import_case(mkhaitir_file, by=researcher).case


# The longest first: what begins last ends last, and one process would wait for the other.
LONGEST = ("test_postgresql", "test_permissions", "test_power_cut", "test_attacks", "test_figures")
LONGEST_JOURNEYS = ("test_journey", "test_researcher", "test_translating", "test_campaigner", "test_scripts")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run the functional tests last: a browser keeps an event loop running in its process until the end."""
    items.sort(key=_place)
    if databases.are_on_postgresql():
        config.hook.pytest_deselected(items=[item for item in items if not _touches_the_database(item)])
        items[:] = filter(_touches_the_database, items)


def _place(item: pytest.Item) -> tuple[bool, int]:
    is_journey, name = "functional" in item.path.parts, item.path.stem
    longest = LONGEST_JOURNEYS if is_journey else LONGEST
    return is_journey, longest.index(name) if name in longest else len(longest)


def _touches_the_database(item: pytest.Item) -> bool:
    """Say whether a test asks the office's database, itself or through an installation."""
    through = {"django_db_setup", "demonstrated"}
    by_marker = item.get_closest_marker("django_db") is not None
    return by_marker or not through.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def demonstrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as `habeas demo` leaves it. Copy it; never run on it."""
    if databases.are_on_postgresql():  # whose databases are named after the folder, and stay where they are
        request.getfixturevalue("django_db_setup")
        data = tmp_path_factory.mktemp("demonstrated") / "data"
        data.mkdir(mode=0o700)
        databases.begin(data)
        _demonstrate(data)
        return data
    template: Path = request.getfixturevalue("template_database")

    def make(folder: Path) -> None:
        data = folder / "data"
        data.mkdir(parents=True, mode=0o700)
        shutil.copyfile(template, data / "office.sqlite3")
        _demonstrate(data)

    return made_once(tmp_path_factory, "demonstrated", make) / "data"


def _demonstrate(data: Path) -> None:
    installation = Installation(data)
    with installation.running("demo") as process:
        installation.wait_until_serving(process)
        wait_for("the staff login", lambda: "password" in installation.log.read_text(), 30)
    assert process.returncode == 0, installation.log.read_text()


@pytest.fixture(scope="module")
def installation(demonstrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """A filled installation that does not run yet."""
    data = tmp_path_factory.mktemp("installation") / "data"
    shutil.copytree(demonstrated, data)
    databases.copy(demonstrated, data)
    return Installation(data)
