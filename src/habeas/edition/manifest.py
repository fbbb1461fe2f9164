"""What an edition says of itself: `manifest.json`, the contract between office and door.

docs/formats/edition.md describes it for other programs.
"""

import hashlib
from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

FORMAT = 1
FILE = "manifest.json"
CHECKSUM = "manifest.sha256"  # as sha256sum writes it, of manifest.json

State = Literal["open", "paused", "won", "closed"]
Slug = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
FileName = Annotated[str, Meta(pattern=r"^[a-z]+/[A-Za-z0-9._/-]+$")]

NOTICES = ("confirm", "unsubscribe", "unsubscribed", "withdraw", "withdrawn", "link-invalid")
ERRORS = (400, 403, 404, 405, 413, 422, 429, 500, 503)


class CountRule(Struct, frozen=True, forbid_unknown_fields=True):
    """What the public is told of a campaign's count (docs/decisions/0009-count-display.md).

    A step needs an interval: without one, the moment in which a step is reached tells who signed then.
    """

    count_from: Annotated[int, Meta(ge=0)] = 0  # no number while fewer people have confirmed
    count_step: Annotated[int, Meta(ge=1)] = (
        1  # told in multiples of this, as "more than"; 1: the number itself
    )
    count_every: Literal["live", "hour", "day"] = "live"  # what is told changes at most this often

    def __post_init__(self) -> None:
        """Refuse steps that are told at once."""
        if self.count_step > 1 and self.count_every == "live":
            raise ValueError("a count in steps has to be told by the hour or the day")


class Running(Struct, frozen=True, forbid_unknown_fields=True):
    """Since when the person has been held: the door says each day which day that is."""

    kind: Literal["detention", "house_arrest", "missing", "liberty"]  # liberty: in more ways than one
    since: date  # the last day on which it can have begun
    is_exact: bool  # whether it can have begun on no other day; if not, only "more than" is said
    until: date | None = None  # the last day on which what is recorded still says so; None: no end in sight


class Deadline(Struct, frozen=True, forbid_unknown_fields=True):
    """A day that matters for the case: the door says each day how near it is, and nothing once it is over."""

    on: date
    words: dict[str, str]  # language: "Hearing on 14 December 2026"


class Card(Struct, frozen=True, forbid_unknown_fields=True):
    """What the door has to know of one campaign."""

    id: Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$")]
    slug: Slug
    state: State
    languages: tuple[str, ...]
    public_key: str  # base64url of the encoded sealing key (docs/formats/envelope.md)
    text_version: Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$")]  # of the title and demands a person signs
    asks_comment: bool
    buttons: dict[str, str]  # language: "Sign for Mohamed"
    count_rule: CountRule = CountRule()  # editions from before there was a choice told every number at once
    running: Running | None = None  # None: not held, or the registry does not let it be said
    deadline: Deadline | None = None
    milestones: tuple[Annotated[int, Meta(ge=1)], ...] = ()  # numbers to reach, rising; the next one is told
    reached: Annotated[int, Meta(ge=0)] = 0  # the milestone that the pictures of its links name; 0: none

    @property
    def campaign(self) -> bytes:
        """The identifier that ledger entries carry."""
        return bytes.fromhex(self.id)


class Page(Struct, frozen=True, forbid_unknown_fields=True):
    """One file that has an address of its own."""

    path: Annotated[str, Meta(pattern=r"^/")]
    file: FileName
    sha256: Sha256
    type: str  # Content-Type
    language: str = ""  # empty for assets
    card: str = ""  # slug of the campaign whose form and count go into the slots; empty: no slots
    cache: Literal["page", "asset", "none"] = "page"
    is_framed: bool = False  # whether other sites may show it in a frame


class Notice(Struct, frozen=True, forbid_unknown_fields=True):
    """One file the door answers with when it has something to say itself: a link page or an error."""

    name: str  # one of NOTICES, or "error-404"
    language: str
    file: FileName
    sha256: Sha256


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """A whole edition."""

    format: int
    number: Annotated[int, Meta(ge=1)]
    languages: Annotated[tuple[str, ...], Meta(min_length=1)]
    privacy_paths: dict[str, str]  # language: path of the privacy page, linked from the form
    cards: tuple[Card, ...]
    pages: tuple[Page, ...]
    notices: tuple[Notice, ...]


def notice_names() -> tuple[str, ...]:
    """Return the name of every notice an edition must hold in every language."""
    return (*NOTICES, *(f"error-{status}" for status in ERRORS))


def encode(manifest: Manifest) -> bytes:
    """Return the bytes of `manifest.json`."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1)


def checksum(content: bytes) -> bytes:
    """Return the bytes of `manifest.sha256` for a manifest of `content`."""
    return f"{hashlib.sha256(content).hexdigest()}  {FILE}\n".encode()


def decode(content: bytes) -> Manifest:
    """Return the manifest in `content`.

    raises  msgspec.DecodeError, UnicodeDecodeError if it is not JSON
            msgspec.ValidationError if it breaks the contract
    """
    return msgspec.json.decode(content, type=Manifest)
