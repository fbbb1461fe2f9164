"""A request and an answer, as plain values: the whole door is functions between the two."""

from collections.abc import Callable, Mapping

from msgspec import Struct, field

Headers = list[tuple[str, str]]
Settle = Callable[[bool], None]

_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors "
)


def _security(ancestors: str) -> Headers:
    return [
        ("content-security-policy", _POLICY + ancestors),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
    ]


# Said with every answer: nothing from elsewhere, nothing embedded, nothing told to the next site.
SECURITY = _security("'none'")
# Said with the form that partners show on their sites, and with what follows from it there.
FRAMED = _security("*")


class Request(Struct, frozen=True):
    """What the door looks at; a server adapter fills it and passes nothing else on."""

    method: str
    path: str  # percent-decoded, without the query
    headers: Mapping[str, str] = field(default_factory=dict)  # lower-case names
    body: bytes | None = b""  # None when it was larger than the door reads
    cut_off: int = 0  # the body was not read to its end: the status that says why
    source: bytes | None = None  # of its network (door.limits), None if not counted

    def __repr__(self) -> str:
        """Keep what people send, and where from, out of logs and tracebacks."""
        return f"Request({self.method} …)"


class Response(Struct, frozen=True):
    """An answer, ready to be sent."""

    status: int
    headers: Headers
    body: bytes = b""


class Pending(Struct, frozen=True):
    """An answer that may go out once what it answers for is durable."""

    entries: list[bytes]  # to become durable together, in this order
    answer: Response
    settle: Settle | None = None  # called with whether they did


def html(status: int, body: bytes, *, is_framed: bool = False) -> Response:
    """Return a page that no cache and no browser history keeps.

    is_framed  whether other sites may show it in a frame
    """
    kept_nowhere = [("content-type", "text/html; charset=utf-8"), ("cache-control", "no-store")]
    return Response(status, [*kept_nowhere, *(FRAMED if is_framed else SECURITY)], body)


def redirect(status: int, path: str, *more: tuple[str, str]) -> Response:
    """Return a redirection to `path` on this door."""
    return Response(status, [("location", path), ("cache-control", "no-store"), *more, *SECURITY])
