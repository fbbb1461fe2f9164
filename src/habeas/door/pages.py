"""Answering with pages: a look-up, no work per request."""

from habeas.door.http import SECURITY, Request, Response, html, redirect
from habeas.door.shelf import Shelf
from habeas.edition.slots import EMBED

_NOT_FOUND, _TOO_MANY, _UNAVAILABLE = 404, 429, 503
_WRITTEN_AS = {"zh": "zh-hans"}  # a language that we have in one script only
_SAID_AS = {408: 400}  # what has no words of its own
_SOON = "5"  # seconds; by then whoever dribbles was cut off


def page(shelf: Shelf, request: Request) -> Response | None:
    """Return the page asked for, None if the edition has none at that address."""
    copy = shelf.copy(request.path, accepted_encoding(request.headers.get("accept-encoding", "")))
    if copy is None:
        return None
    if copy.etag in request.headers.get("if-none-match", ""):
        return Response(
            304, [pair for pair in copy.headers if pair[0] not in {"content-type", "content-encoding"}]
        )
    return Response(200, copy.headers, copy.body)


def accepted_encoding(header: str) -> str:
    """Return the best encoding the client takes of those we keep (RFC 9110, section 12.5.3)."""
    offered = {}
    for part in header.lower().split(","):
        name, _, weight = part.partition(";")
        offered[name.strip()] = weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return next((name for name in ("br", "gzip") if offered.get(name)), "")


def front(shelf: Shelf, request: Request) -> Response:
    """Send a person at the bare address to the home page in a language they read."""
    language = preferred_language(request.headers.get("accept-language", ""), shelf.languages)
    return redirect(302, f"/{language}/", ("vary", "accept-language"))


def preferred_language(header: str, available: tuple[str, ...]) -> str:
    """Return the language of `available` that the browser asks for first (RFC 9110, section 12.5.4)."""
    wishes = sorted(_wish(position, part) for position, part in enumerate(header.lower().split(",")))
    for weight, _, tag in wishes:
        for candidate in (tag, tag.partition("-")[0], _WRITTEN_AS.get(tag.partition("-")[0], "")):
            if candidate in available and weight < 0:
                return candidate
    return available[0]


def _wish(position: int, part: str) -> tuple[float, int, str]:
    tag, _, weight = part.replace(" ", "").partition(";q=")
    return (-_weight(weight), position, tag)


def _weight(text: str) -> float:
    if not text:
        return 1.0
    try:
        return float(text)
    except ValueError:
        return 0.0


def language_of(shelf: Shelf, path: str) -> str:
    """Return the language an address belongs to; the edition's first for one that has none."""
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return first if first in shelf.languages else shelf.languages[0]


def error(shelf: Shelf | None, status: int, path: str) -> Response:
    """Return the page for `status` in the language of `path`; plain words before the first edition.

    Whoever pressed the button in a partner's frame reads it there: it holds nothing to press.
    """
    if shelf is None:
        return Response(
            status,
            [("content-type", "text/plain; charset=utf-8"), ("cache-control", "no-store"), *SECURITY],
            b"Nothing has been published here yet.\n" if status in {404, 503} else b"That did not work.\n",
        )
    body = shelf.notice(f"error-{_SAID_AS.get(status, status)}", language_of(shelf, path))
    answer = html(status, body, is_framed=EMBED in path)
    if status == _TOO_MANY:
        answer.headers.append(("retry-after", _SOON))
    return answer


def missing(shelf: Shelf, path: str) -> Response:
    """Say that there is no page at `path`; of one that is withheld, that it is worth trying again."""
    return error(shelf, _UNAVAILABLE if shelf.withholds(path) else _NOT_FOUND, path)


def count(shelf: Shelf, slug: str) -> Response:
    """Return the count of a campaign as JSON."""
    body = shelf.count_json(slug)
    if body is None:
        return error(shelf, _NOT_FOUND, "/")
    headers = [("content-type", "application/json"), ("cache-control", "no-cache"), *SECURITY]
    return Response(200, headers, body)
