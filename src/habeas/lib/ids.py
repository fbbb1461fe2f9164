"""Identifiers: time-ordered UUIDs for staff records, random bytes for the ledger."""

import base64
import binascii
import os
import secrets
import time
import uuid

from habeas.lib.errors import HabeasError

CAMPAIGN_BYTES = 8  # long enough never to collide, short enough for a link in a mail
RECORD_BYTES = 12
_RECORDS_A_DRAW = 512
_UUID_BYTES = 10  # drawn for a UUID, of which
_UUID_RANDOM = 0xFFF << 64 | (1 << 62) - 1  # these 74 bits are left beside time, version and variant


class NotBase64(HabeasError):
    """The text is not canonical unpadded base64url."""


def uuid7() -> uuid.UUID:
    """Return a time-ordered UUID, version 7 (RFC 9562, section 5.7).

    Only staff records use it: the time inside would betray when a supporter acted.
    """
    return uuid7s(1)[0]


def uuid7s(count: int) -> list[uuid.UUID]:
    """Return so many of them, of one moment: one draw of random bytes instead of one each."""
    milliseconds = time.time_ns() // 1_000_000
    when = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | 0x2 << 62
    drawn = os.urandom(_UUID_BYTES * count)
    return [
        uuid.UUID(int=when | int.from_bytes(drawn[at : at + _UUID_BYTES], "big") & _UUID_RANDOM)
        for at in range(0, len(drawn), _UUID_BYTES)
    ]


def campaign_id() -> bytes:
    """Return a new random campaign identifier of 8 bytes; it tells nothing about the case."""
    return secrets.token_bytes(CAMPAIGN_BYTES)


class RecordIds:
    """Random record identifiers; they tell nothing about order or time. Not to be carried over a fork."""

    def __init__(self) -> None:
        self._pool = b""
        self._at = 0

    def new(self) -> bytes:
        """Return 12 bytes nobody was given before.

        Drawn many at a time: each draw lets go of the interpreter, and to get it back from a busy
        thread costs more than the rest of a signature.
        """
        if self._at == len(self._pool):
            self._pool, self._at = os.urandom(RECORD_BYTES * _RECORDS_A_DRAW), 0
        start, self._at = self._at, self._at + RECORD_BYTES
        return self._pool[start : self._at]


def to_text(value: bytes) -> str:
    """Return `value` as unpadded base64url (RFC 4648, section 5)."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


def from_text(text: str) -> bytes:
    """Return the bytes of unpadded base64url `text`.

    raises  NotBase64 for anything else, including a second spelling of the same bytes: a token has
            exactly one form, so that changing any character of a link breaks it
    """
    try:
        value = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotBase64("not base64url") from error
    if to_text(value) != text:
        raise NotBase64("not canonical base64url")
    return value
