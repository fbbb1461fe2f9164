"""Many new rows into one table: the SQL made once, the values handed over column by column.

Django's `bulk_create` makes an object of every row and compiles every value of it as an expression; for a
list of 100,000 cases that is two minutes of a minute's work.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import repeat
from operator import attrgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

_Column = Sequence[Any]  # the values of one column, in the order of the rows
_Prepare = Callable[[_Column], Iterable[Any]]
_AS_THEY_ARE = (models.CharField, models.TextField, models.IntegerField, models.BooleanField)
_BARE = frozenset({str, int, bool, type(None)})
_HEX = attrgetter("hex")  # of a UUID
_AT_ONCE = 2_000  # rows of a statement that returns something


def insert_values(
    kind: type[models.Model],
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    same: Mapping[str, Any] | None = None,
) -> None:
    """Insert new rows of a model from values alone. No signal is sent.

    names  columns ("case_id"), in the order of the values; the others are as in a new object
    same   values of further columns, the same in every row
    """
    database = connections[DEFAULT_DB_ALIAS]
    statement = _Statement(kind, names, same or {}, database)
    with database.cursor() as cursor:
        cursor.executemany(f"{statement.begins} VALUES {statement.marks}", statement.prepared(list(rows)))


def insert_numbered(
    kind: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]
) -> list[int]:
    """Insert like `insert_values`, and return the numbers that the database gave the rows, in their order.

    As `bulk_create` does, it relies on SQLite and PostgreSQL to tell them in the order of the values.
    """
    database = connections[DEFAULT_DB_ALIAS]
    statement = _Statement(kind, names, {}, database)
    made: list[int] = []
    with database.cursor() as cursor:
        for start in range(0, len(rows), _AT_ONCE):
            some = statement.prepared(rows[start : start + _AT_ONCE])
            every = ", ".join([statement.marks] * len(some))
            told = [value for row in some for value in row]
            cursor.execute(f"{statement.begins} VALUES {every} RETURNING id", told)
            made += (number for (number,) in cursor.fetchall())
    return made


class _Statement:
    """The SQL that inserts rows of a model, and what makes values those of the database."""

    def __init__(
        self,
        kind: type[models.Model],
        names: Sequence[str],
        same: Mapping[str, Any],
        database: BaseDatabaseWrapper,
    ) -> None:
        options, quoted = kind._meta, database.ops.quote_name  # noqa: SLF001  Django's public name
        fields = {field.attname: field for field in options.concrete_fields}
        others = [
            field
            for name, field in fields.items()
            if name not in names and not isinstance(field, models.AutoField)
        ]
        told = [fields[name] for name in names]
        columns = ", ".join(quoted(str(field.column)) for field in (*told, *others))
        self.begins = f"INSERT INTO {quoted(options.db_table)} ({columns})"
        self.marks = f"({', '.join(['%s'] * (len(told) + len(others)))})"
        self._ways = [_preparation(field, database) for field in told]
        self._same = [
            field.get_db_prep_save(_first_of(same, field), database)  # also where it is None: as in Django
            for field in others
        ]

    def prepared(self, rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
        """Return rows as the database takes them."""
        if not rows:
            return []
        told = zip(*rows, strict=True)
        columns = (prepare(column) for prepare, column in zip(self._ways, told, strict=True))
        return list(zip(*columns, *(repeat(value, len(rows)) for value in self._same), strict=True))


def _first_of(same: Mapping[str, Any], field: "models.Field[Any, Any]") -> Any:
    return same[field.attname] if field.attname in same else field.get_default()


def _preparation(field: "models.Field[Any, Any]", database: BaseDatabaseWrapper) -> _Prepare:
    """Return what turns values into those of the database."""
    column = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(column, _AS_THEY_ARE):
        return _bare
    if isinstance(column, models.UUIDField) and not database.features.has_native_uuid_field:
        return partial(_each, _HEX)
    prepare = partial(field.get_db_prep_save, connection=database)
    return partial(_each, _remembering(prepare, repr if isinstance(field, models.JSONField) else _itself))


def _each(prepare: Callable[[Any], Any], column: _Column) -> Iterable[Any]:
    return [None if value is None else prepare(value) for value in column]


def _remembering(prepare: Callable[[Any], Any], key_of: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return the same, without doing it again for a value met before: most are one of a few."""
    known: dict[Any, Any] = {}

    def remember(value: Any) -> Any:
        key = key_of(value)
        if key not in known:
            known[key] = prepare(value)
        return known[key]

    return remember


def _itself(value: Any) -> Any:
    return value


def _bare(column: _Column) -> Iterable[Any]:
    """Return values without the names that choices have."""
    return column if _BARE.issuperset(map(type, column)) else list(map(_without_name, column))


def _without_name(value: Any) -> Any:
    if type(value) in _BARE:
        return value
    return str(value) if isinstance(value, str) else int(value)
