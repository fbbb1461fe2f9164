"""Asking the office's PostgreSQL how it is; with SQLite there is nothing to ask."""

import ipaddress
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from habeas.lib.errors import HabeasError

_ENCODING = "UTF8"


class WrongEncoding(HabeasError):
    """The database cannot hold every script."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What there is to say of a database."""

    trouble: str = ""  # why it cannot be asked, in the words of PostgreSQL; they never hold a password
    version: str = ""  # "15.18"
    place: str = ""  # "habeas on db.example.org"
    crosses_in_clear: bool = False  # from this machine to another without TLS
    has_tables: bool = False


def condition() -> Condition:
    """Return how the PostgreSQL is that `office.database` names."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        return Condition(trouble=in_one_line(error))
    driver: Any = connection.connection
    told = driver.info
    is_here = not told.hostaddr or ipaddress.ip_address(told.hostaddr).is_loopback  # a socket has no address
    return Condition(
        version=told.parameter_status("server_version").partition(" ")[0],
        place=f"{told.dbname} on {told.host}" if told.hostaddr else f"{told.dbname} on this machine",
        crosses_in_clear=not is_here and not driver.pgconn.ssl_in_use,
        has_tables=MigrationRecorder(connection).has_table(),
    )


def in_one_line(error: Exception) -> str:
    """Return what the driver says, without the breaks in it."""
    return " ".join(str(error).split())


def check_encoding() -> None:
    """Let a database pass that holds every script.

    raises  WrongEncoding
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        (encoding,) = cursor.fetchone() or ("",)
    if encoding != _ENCODING:
        raise WrongEncoding(
            f"the office's database is encoded as {encoding} and cannot hold every name; make it anew with: "
            "createdb --encoding=UTF8 --template=template0 …"
        )
