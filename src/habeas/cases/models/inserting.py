"""Many new rows into one table: the SQL made once, the values handed over as they are.

Django's `bulk_create` compiles every value of every row as an expression; for a list of 100,000 cases
that is two minutes of a minute's work.
"""

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

_Prepare = Callable[[Any], Any]
_AS_THEY_ARE = (models.CharField, models.TextField, models.IntegerField, models.BooleanField)
_HEX = attrgetter("hex")  # of a UUID


def insert(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one model, which then count as saved. No signal is sent."""
    if not rows:
        return
    database = connections[DEFAULT_DB_ALIAS]
    options = type(rows[0])._meta  # noqa: SLF001  Django's public name
    fields = [field for field in options.concrete_fields if not isinstance(field, models.AutoField)]
    columns = ", ".join(database.ops.quote_name(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {database.ops.quote_name(options.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608  names of our own tables
    with database.cursor() as cursor:
        cursor.executemany(
            sql, _values(rows, [(field.attname, _preparation(field, database)) for field in fields])
        )
    for row in rows:
        row._state.adding, row._state.db = False, database.alias  # noqa: SLF001  as Django's bulk_create


def _values(rows: Iterable[models.Model], columns: Sequence[tuple[str, _Prepare]]) -> list[list[Any]]:
    return [
        [None if row.__dict__[name] is None else prepare(row.__dict__[name]) for name, prepare in columns]
        for row in rows
    ]


def _preparation(field: "models.Field[Any, Any]", database: BaseDatabaseWrapper) -> _Prepare:
    """Return what turns a value into one of the database."""
    if isinstance(field, _AS_THEY_ARE):
        return _bare
    column = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(column, models.UUIDField) and not database.features.has_native_uuid_field:
        return _HEX
    if isinstance(field, models.JSONField):
        return _remembering(lambda value: field.get_db_prep_save(value, database))
    return lambda value: field.get_db_prep_save(value, database)


def _remembering(prepare: _Prepare) -> _Prepare:
    """Return the same, without doing it again for a value met before: most are one of a few."""
    known: dict[str, Any] = {}

    def remember(value: Any) -> Any:
        key = repr(value)
        if key not in known:
            known[key] = prepare(value)
        return known[key]

    return remember


def _bare(value: Any) -> Any:
    """Return a value without the name that a choice has."""
    return value if type(value) in {str, int, bool} else _without_name(value)


def _without_name(value: Any) -> Any:
    return str(value) if isinstance(value, str) else int(value)
