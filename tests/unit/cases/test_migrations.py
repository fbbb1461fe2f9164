"""An office that came here step by step has the same tables as one that began today."""

import pytest
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

ALL_AT_ONCE = ("cases", "0001_squashed_0010_offices_and_holders_by_language")
THE_LAST_OF_THEM = ("cases", "0010_offices_and_holders_by_language")


def tables(*, at_once: bool) -> ProjectState:
    """Return what the first migrations of the registry say of its tables."""
    loader = MigrationLoader(None, replace_migrations=at_once)
    return loader.project_state(ALL_AT_ONCE if at_once else THE_LAST_OF_THEM)


@pytest.mark.django_db  # one of Wagtail's migrations looks into the database as it is imported
@pytest.mark.parametrize("is_backwards", [False, True])
def test_all_at_once_comes_to_the_same_as_one_after_the_other(*, is_backwards: bool) -> None:
    """Every field, index and constraint of every table: Django would migrate nothing, either way."""
    states = [tables(at_once=True), tables(at_once=False)]
    before, after = reversed(states) if is_backwards else states

    assert len([key for key in before.models if key[0] == "cases"]) == 31
    assert MigrationAutodetector(before, after).changes(MigrationLoader(None).graph) == {}


@pytest.mark.django_db
def test_a_new_office_counts_as_gone_through_each_of_them() -> None:
    """A later migration may rest on any."""
    loader = MigrationLoader(connection, replace_migrations=False)
    replaced = loader.disk_migrations[ALL_AT_ONCE].replaces

    assert len(replaced) == 10
    assert {ALL_AT_ONCE, *replaced} <= loader.applied_migrations.keys()
