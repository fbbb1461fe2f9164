"""Who waits for whom, where several people write at once.

SQLite lets one transaction write at a time, so that whatever an act reads stays true until it is written.
On PostgreSQL acts run side by side; here they ask for as much of that as they need. A lock is held to the
end of the transaction, and the next who holds it reads what was written under it (docs/decisions/0018).
"""

from enum import StrEnum

from django.db import connection


class Matter(StrEnum):
    """What only one may do at a time."""

    REGISTRY = "registry"  # acts share it; what is derived from all records is made anew alone
    INTAKE = "intake"  # case files and lists: whether a case is there already, and the next free reference
    EDITION = "edition"  # what the public sees is read and written


def alone(matter: Matter) -> None:
    """Wait until nobody else is at `matter`, and keep everybody from it until the transaction ends."""
    _lock("pg_advisory_xact_lock", matter)


def together(matter: Matter) -> None:
    """Wait until nobody is alone at `matter`, and keep everybody from being so until the transaction ends."""
    _lock("pg_advisory_xact_lock_shared", matter)


def _lock(function: str, matter: Matter) -> None:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtext(%s))", [f"habeas {matter}"])
