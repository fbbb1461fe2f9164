"""The address of a PostgreSQL: read as libpq reads it, refused in words, and never repeated."""

import pytest

from habeas.config import BadConfig, Config, load
from habeas.config.postgresql import OPTIONS, Address, read_address

SECRET = "s3cret"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("postgresql:///habeas", Address("habeas")),
        ("postgres://habeas@db/habeas", Address("habeas", "habeas", host="db")),
        (
            "postgresql://anna:p%40ss%2Fword@db.example.org:5433/h%C3%A9",
            Address("hé", "anna", "p@ss/word", "db.example.org", "5433"),
        ),
        ("postgresql://[2001:db8::1]/habeas", Address("habeas", host="2001:db8::1")),
        ("postgresql:///habeas?host=/run/postgresql", Address("habeas", host="/run/postgresql")),
        ("postgresql://%2Frun%2Fpostgresql/habeas", Address("habeas", host="/run/postgresql")),
        (
            "postgresql://db/habeas?sslmode=verify-full&connect_timeout=5",
            Address("habeas", host="db", options={"sslmode": "verify-full", "connect_timeout": "5"}),
        ),
        ("postgresql://?service=habeas", Address("", options={"service": "habeas"})),
        (
            "postgresql:///habeas?passfile=/etc/h.pgpass",
            Address("habeas", options={"passfile": "/etc/h.pgpass"}),
        ),
    ],
)
def test_an_address_is_read_as_its_makers_mean_it(url: str, address: Address) -> None:
    """With a name, over a socket, by a service file: https://www.postgresql.org/docs/current/libpq-connect.html."""
    assert read_address(url) == address
    assert load({"HABEAS_OFFICE_DATABASE": url}).office.database == url


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://habeas:s3cret@db/habeas", "expected an address like postgresql://"),
        ("data/office.sqlite3", "or nothing for SQLite"),
        ("postgresql://habeas:s3cret@db", "names no database"),
        ("postgresql://habeas:s3cret@db/", "names no database"),
        ("postgresql://habeas:s3cret@db/one/two", "expected one name after the host"),
        ("postgresql://habeas:s3cret#x@db/habeas", "write @ as %40"),
        ("postgresql://habeas:/s3cret@db/habeas", "write @ as %40"),
        ("postgresql://habeas:x/s3cret@db/habeas", "write @ as %40"),
        ("postgresql://habeas:s3cret@db:port/habeas", "cannot be read as an address"),
        ("postgresql://habeas:s3cret@db:70000/habeas", "cannot be read as an address"),
        ("postgresql://habeas:s3cret@db:0/habeas", "cannot be read as an address"),
        ("postgresql://habeas:s3cret@[db/habeas", "cannot be read as an address"),
        ("postgresql://habeas:s3 cret@db/habeas", "cannot be read as an address"),
        ("postgresql://habeas:s3cret@db/habeas\n", "cannot be read as an address"),
        ("postgresql://habeas@db/habeas?password=s3cret", "something else cannot be set after the ?"),
        ("postgresql://habeas@db/habeas?options=-c%20role%3Ds3cret", "options cannot be set after the ?"),
        ("postgresql://habeas:x?s3cret@db/habeas", "names no database|has to be like|cannot be read"),
        ("postgresql://habeas@db/habeas?sslmode", "has to be like sslmode=verify-full"),
    ],
)
def test_what_cannot_be_meant_is_refused_without_repeating_it(url: str, words: str) -> None:
    """A slip is easiest in a password with signs in it, and what goes to the terminal may be copied on."""
    with pytest.raises(BadConfig, match=words) as refused:
        load({"HABEAS_OFFICE_DATABASE": url})

    assert str(refused.value).startswith("office.database: ")
    assert "cret" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


def test_a_password_may_come_from_a_file(tmp_path: pytest.TempPathFactory) -> None:
    """Docker, systemd and Kubernetes hand secrets over as files."""
    secret = tmp_path / "url"  # type: ignore[operator]
    secret.write_text("postgresql://habeas:s3cret@db/habeas\n")

    assert read_address(load({"HABEAS_OFFICE_DATABASE_FILE": str(secret)}).office.database).password == SECRET


def test_neither_settings_nor_addresses_say_a_secret_when_they_are_printed() -> None:
    """A debugger, a log line, a report of an error."""
    config = load({"HABEAS_OFFICE_DATABASE": "postgresql://habeas:s3cret@db/habeas"})

    assert SECRET not in f"{config} {config!r} {read_address(config.office.database)!r}"
    assert repr(Config()) == "Config('data')"


def test_nothing_after_the_question_mark_changes_how_records_are_written() -> None:
    """Time zone, encoding and isolation are the office's own."""
    assert not OPTIONS & {"options", "client_encoding", "application_name", "password", "dbname", "user"}
