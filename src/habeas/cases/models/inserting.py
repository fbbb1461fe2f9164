"""Many new rows into one table: the SQL made once, the values handed over as they are.

Django's `bulk_create` compiles every value of every row as an expression; for a list of 100,000 cases
that is two minutes of a minute's work.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

_Prepare = Callable[[Any], Any]
_AS_THEY_ARE = (models.CharField, models.TextField, models.IntegerField, models.BooleanField)
_HEX = attrgetter("hex")  # of a UUID
_AT_ONCE = 2_000  # rows of a statement that returns something


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


def insert_values(kind: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert new rows of a model from values alone, where making an object of each would take longer.

    names  columns ("case_id"), in the order of the values; the others are as in a new object
    """
    database = connections[DEFAULT_DB_ALIAS]
    sql, marks, prepare = _statement(kind, names, database)
    with database.cursor() as cursor:
        cursor.executemany(f"{sql} VALUES {marks}", list(prepare(rows)))


def insert_numbered(
    kind: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]
) -> list[int]:
    """Insert like `insert_values`, and return the numbers that the database gave the rows, in their order.

    As `bulk_create` does, it relies on SQLite and PostgreSQL to tell them in the order of the values.
    """
    database = connections[DEFAULT_DB_ALIAS]
    sql, marks, prepare = _statement(kind, names, database)
    made: list[int] = []
    with database.cursor() as cursor:
        for start in range(0, len(rows), _AT_ONCE):
            some = list(prepare(rows[start : start + _AT_ONCE]))
            every = ", ".join([marks] * len(some))
            cursor.execute(f"{sql} VALUES {every} RETURNING id", [value for row in some for value in row])
            made += (number for (number,) in cursor.fetchall())
    return made


def _statement(
    kind: type[models.Model], names: Sequence[str], database: BaseDatabaseWrapper
) -> tuple[str, str, Callable[[Iterable[Sequence[Any]]], Iterable[Sequence[Any]]]]:
    """Return the beginning of the SQL, the marks of one row, and what prepares rows for them."""
    options = kind._meta  # noqa: SLF001  Django's public name
    fields = {field.attname: field for field in options.concrete_fields}
    others = [
        field
        for name, field in fields.items()
        if name not in names and not isinstance(field, models.AutoField)
    ]
    columns = ", ".join(
        database.ops.quote_name(str(field.column)) for field in (*(fields[name] for name in names), *others)
    )
    marks = ", ".join(["%s"] * (len(names) + len(others)))
    as_new = tuple(field.get_db_prep_save(field.get_default(), database) for field in others)
    ways = [_preparation(fields[name], database) for name in names]

    def prepared(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
        for row in rows:
            told = (None if value is None else way(value) for way, value in zip(ways, row, strict=True))
            yield (*told, *as_new)

    return f"INSERT INTO {database.ops.quote_name(options.db_table)} ({columns})", f"({marks})", prepared


def _values(rows: Iterable[models.Model], columns: Sequence[tuple[str, _Prepare]]) -> list[list[Any]]:
    return [
        [None if row.__dict__[name] is None else prepare(row.__dict__[name]) for name, prepare in columns]
        for row in rows
    ]


def _preparation(field: "models.Field[Any, Any]", database: BaseDatabaseWrapper) -> _Prepare:
    """Return what turns a value into one of the database."""
    column = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(column, _AS_THEY_ARE):
        return _bare
    if isinstance(column, models.UUIDField) and not database.features.has_native_uuid_field:
        return _HEX
    if isinstance(field, models.JSONField):
        return _remembering(lambda value: field.get_db_prep_save(value, database))
    if isinstance(field, models.DateField):  # a moment too; many rows share one
        return lru_cache(maxsize=1_024)(lambda value: field.get_db_prep_save(value, database))
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
