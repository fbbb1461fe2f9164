"""Which database the office keeps its records in: SQLite in the data folder, or a PostgreSQL.

docs/decisions/0018 says what is done alike on both, and how.
"""

from typing import Any

from habeas.config import BadConfig, Config
from habeas.config.postgresql import read_address

DRIVER = "psycopg[binary]==3.3.9"  # as the extra `postgres` in pyproject.toml names it
_WAIT_SECONDS = 20  # that a writer waits for another
_KEEP_SECONDS = 60  # that a connection waits for the next question


def of(config: Config) -> dict[str, Any]:
    """Return Django's settings of the database.

    raises  BadConfig if it is on PostgreSQL and its driver is missing
    """
    return _postgresql(config.office.database) if config.office.database else _sqlite(config)


def _sqlite(config: Config) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": config.office_database,
        "OPTIONS": {
            # A writer waits for the other process instead of failing half-way through a transaction.
            "transaction_mode": "IMMEDIATE",
            "timeout": _WAIT_SECONDS,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    _check_driver()
    address = read_address(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": address.name,
        "USER": address.user,
        "PASSWORD": address.password,
        "HOST": address.host,
        "PORT": address.port,
        "OPTIONS": {
            "application_name": "habeas",
            # Who may read what makes long questions with short answers. PostgreSQL takes them for heavy and
            # compiles them first, for a second or two; the answer then takes a tenth of one.
            "options": f"-c lock_timeout={_WAIT_SECONDS}s -c jit=off",
            **address.options,
        },
        "CONN_MAX_AGE": _KEEP_SECONDS,
        "CONN_HEALTH_CHECKS": True,  # a restarted PostgreSQL is found by the next question
    }


def _check_driver() -> None:
    try:
        import psycopg  # noqa: F401, PLC0415  only where it is needed
    except ImportError as error:
        raise BadConfig(
            f"office.database: PostgreSQL needs a driver; install it with: pip install '{DRIVER}'"
        ) from error
