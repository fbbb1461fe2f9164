"""A request and an answer, as plain values: the whole door is functions between the two."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Headers = list[tuple[str, str]]

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# Said with every answer: nothing from elsewhere, nothing embedded, nothing told to the next site.
SECURITY: Headers = [
    ("content-security-policy", _POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "interest-cohort=(), browsing-topics=()"),
]


@dataclass(frozen=True, slots=True)
class Request:
    """What the door looks at; a server adapter fills it and passes nothing else on."""

    method: str
    path: str  # percent-decoded, without the query
    headers: Mapping[str, str] = field(default_factory=dict)  # lower-case names
    body: bytes | None = b""  # None when it was larger than the door reads
    is_cut_off: bool = False  # the body took longer than the door waits
    source: bytes | None = field(
        default=None, repr=False
    )  # of its network (door.limits), None if not counted


@dataclass(frozen=True, slots=True)
class Response:
    """An answer, ready to be sent."""

    status: int
    headers: Headers
    body: bytes = b""


def html(status: int, body: bytes) -> Response:
    """Return a page that no cache and no browser history keeps."""
    kept_nowhere = [("content-type", "text/html; charset=utf-8"), ("cache-control", "no-store")]
    return Response(status, [*kept_nowhere, *SECURITY], body)


def redirect(status: int, path: str, *more: tuple[str, str]) -> Response:
    """Return a redirection to `path` on this door."""
    return Response(status, [("location", path), ("cache-control", "no-store"), *more, *SECURITY])
