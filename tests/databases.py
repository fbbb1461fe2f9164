"""Where the installations of a run keep the office's records: in SQLite, or each in a database of its own.

On PostgreSQL (tests/postgresql.py) a database is named after the data folder it belongs to.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

VARIABLE = "HABEAS_OFFICE_DATABASE"
OURS = "TESTS_ON_POSTGRESQL"  # says that the database of VARIABLE is for tests; nobody's real one is touched

TEMPLATE = "habeas_tests"  # a migrated, empty office database, once the fixture django_db_setup has made it


def are_on_postgresql() -> bool:
    """Say whether this run is of what the office keeps in a PostgreSQL."""
    return OURS in os.environ


def connected(name: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
    """Return a connection to a database of the tests' PostgreSQL."""
    return psycopg.connect(_address(name), autocommit=True)


def told(data: Path) -> dict[str, str]:
    """Return what tells the installation in `data` where its records are; make the place for them."""
    if not are_on_postgresql():
        return {}
    name = _name(data)
    with connected() as server:
        if not server.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount:
            _create(server, name, "template0")
    return {VARIABLE: _address(name)}


def begin(data: Path) -> None:
    """Give the installation in `data` a migrated, empty database."""
    _copy(TEMPLATE, data)


def copy(data: Path, to: Path) -> None:
    """Give the installation in `to` the records of the one in `data`; folders are copied apart."""
    if are_on_postgresql():
        _copy(_name(data), to)


def rows(data: Path) -> Iterator[bytes]:
    """Yield, table by table, all that the office of `data` has in PostgreSQL; on SQLite nothing."""
    if not are_on_postgresql():
        return
    with connected(_name(data)) as database:
        tables = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            everything = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(str(table)))
            with database.cursor().copy(everything) as copied:
                yield b"".join(bytes(block) for block in copied)


def _name(data: Path) -> str:
    return f"habeas_at_{hashlib.sha256(str(data).encode()).hexdigest()[:16]}"


def _address(name: str) -> str:
    return os.environ[VARIABLE].replace("/postgres?", f"/{name}?")


def _copy(name: str, to: Path) -> None:
    with connected() as server:
        _create(server, _name(to), name)


def _create(server: "psycopg.Connection[tuple[object, ...]]", name: str, template: str) -> None:
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    server.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
