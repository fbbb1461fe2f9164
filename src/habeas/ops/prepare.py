"""Everything a fresh data folder needs, each step said before it is done; safe to run again."""

import os

import click
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from habeas.config import Config
from habeas.office.secret_key import create_secret_key
from habeas.ops.database import check_encoding
from habeas.ops.django_setup import start_django
from habeas.vault import keys


def prepare(config: Config) -> None:
    """Make folders, secrets, database and languages, as far as they are missing.

    raises  BadConfig, WrongEncoding
    """
    step(f"data folder {os.path.relpath(config.folder)}")
    _make_folders(config)
    create_secret_key(config.keys)
    keys.link_key(config.keys)
    start_django()
    _bring_database_up_to_date()
    from habeas.campaigns.setup import ensure_demands, ensure_languages
    from habeas.campaigns.translating import ensure_noted
    from habeas.cases.indexing import ensure_made
    from habeas.cases.roles import ensure_roles

    ensure_languages(config)
    ensure_demands()
    ensure_noted()
    ensure_roles()
    ensure_made()


def prepare_if_new(config: Config) -> None:
    """Do the same in a data folder in which nothing was made yet, for a command that may be the first."""
    start_django()
    try:
        is_new = not MigrationRecorder(connection).has_table()
    except OperationalError:  # not even a file
        is_new = True
    if is_new:
        connection.close()
        prepare(config)


def _bring_database_up_to_date() -> None:
    check_encoding()
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    step("database (some ten seconds)")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


def step(text: str) -> None:
    """Say what is being done, beside what a script may read."""
    click.echo(f"  · {text}", err=True)


def _make_folders(config: Config) -> None:
    config.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for folder in (config.keys, config.mailbox):
        folder.mkdir(exist_ok=True, mode=0o700)
    for folder in (config.journal, config.editions, config.status, config.counts.parent):
        folder.mkdir(exist_ok=True)
