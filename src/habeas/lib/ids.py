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


class NotBase64(HabeasError):
    """The text is not canonical unpadded base64url."""


def uuid7() -> uuid.UUID:
    """Return a time-ordered UUID, version 7 (RFC 9562, section 5.7).

    Only staff records use it: the time inside would betray when a supporter acted.
    """
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


def campaign_id() -> bytes:
    """Return a new random campaign identifier of 8 bytes; it tells nothing about the case."""
    return secrets.token_bytes(CAMPAIGN_BYTES)


def record_id() -> bytes:
    """Return a new random record identifier of 12 bytes; it tells nothing about order or time."""
    return os.urandom(RECORD_BYTES)


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
