"""`office.database`: the address of a PostgreSQL database, as libpq reads it.

    postgresql://user:password@host:port/name?sslmode=verify-full

What cannot be meant is refused in words that never repeat the address: a password may stand in it.
The format: https://www.postgresql.org/docs/current/libpq-connect.html, section 32.1.1.2.
"""

from typing import NoReturn
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from msgspec import Struct

_SCHEMES = ("postgresql", "postgres")
_LIKE = "postgresql://habeas@db.example.org/habeas"
_ENCODED = "in user and password, write @ as %40, : as %3A, / as %2F, # as %23, ? as %3F and % as %25"
# What an address may add: where to, as whom, how far to trust the way there. Nothing that changes how the
# office reads and writes.
OPTIONS = frozenset(
    {
        *("host", "hostaddr", "service", "passfile", "connect_timeout", "target_session_attrs"),
        *("sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "channel_binding", "gssencmode"),
        *("keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout"),
    }
)


class Address(Struct, frozen=True):
    """Where the database is, and as whom to go there; empty: what libpq finds by itself."""

    name: str
    user: str = ""
    password: str = ""
    host: str = ""  # a name, an address, or a folder with a socket
    port: str = ""
    options: dict[str, str] = {}

    def __repr__(self) -> str:
        """Say where it is; the password is nobody's to read."""
        return f"Address({self.name!r} at {self.host!r})"


def read_address(url: str) -> Address:
    """Return what `url` names.

    raises  ValueError with what is wrong, in words that hold nothing of the address
    """
    parts, port = _split(url)
    if parts.scheme not in _SCHEMES:
        _refuse(f"expected an address like {_LIKE}, or nothing for SQLite in the data folder")
    options = _options(parts.query)
    host = options.pop("host", "") or unquote(parts.hostname or "")
    name = unquote(parts.path.removeprefix("/"))
    if "/" in name or parts.fragment:
        _refuse(f"expected one name after the host; {_ENCODED}")
    if not name and "service" not in options:
        _refuse(f"names no database; expected an address like {_LIKE}")
    return Address(name, unquote(parts.username or ""), unquote(parts.password or ""), host, port, options)


def _split(url: str) -> tuple[SplitResult, str]:
    """Return the parts of an address, and its port as text."""
    wrong = f"cannot be read as an address; {_ENCODED}"
    if not url.isprintable() or " " in url:
        _refuse(wrong)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # its message repeats what it could not read
        _refuse(wrong)
    if port == 0:
        _refuse(wrong)
    return parts, "" if port is None else str(port)


def _options(query: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True) if query else []
    except ValueError:
        _refuse("what follows ? has to be like sslmode=verify-full&connect_timeout=5")
    for key, _ in pairs:
        if key not in OPTIONS:
            known = key if key.isidentifier() and key != "password" else "something else"
            _refuse(f"{known} cannot be set after the ?; these can: {', '.join(sorted(OPTIONS))}")
    return dict(pairs)


def _refuse(why: str) -> NoReturn:
    raise ValueError(why) from None
