"""Link tokens: what a link in a mail carries, so that the door can trust it without asking anyone.

A token names nobody: it holds a campaign identifier, a signer token and a round, and only our key can
have made it. It may be used any number of times until it expires; the fold counts a person once.
"""

import hmac
import struct
from enum import IntEnum

from msgspec import Struct

from habeas.lib import ids
from habeas.lib.errors import HabeasError
from habeas.vault.keyed import keyed

_VERSION = 1
_MAC_BYTES = 16
_BODY = struct.Struct(">BB8s16sBI")  # version, purpose, campaign, signer, round, expires_hour
_TEXT_LENGTH = -(-(_BODY.size + _MAC_BYTES) * 8 // 6)
_CONTEXT = b"habeas link"


class Purpose(IntEnum):
    """What a link is for; a link for one thing does nothing else."""

    CONFIRM = 1
    UNSUBSCRIBE = 2
    WITHDRAW = 3


_PURPOSES = frozenset(Purpose)


class LinkAltered(HabeasError):
    """The link is not one we made for this: a character was lost or changed, or it is for something else."""


class LinkExpired(HabeasError):
    """The link was ours, but its time is over: signing again brings a new one."""


class Link(Struct, frozen=True):
    """What a valid token says."""

    purpose: Purpose
    campaign: bytes  # 8 bytes
    signer: bytes  # 16 bytes (vault.pseudonym)
    round: int  # which confirmation it belongs to, 0 to 255
    expires_hour: int  # hours since 1970-01-01T00Z; the link works before it, not in it


def make(
    key: bytes, purpose: Purpose, *, campaign: bytes, signer: bytes, round_: int, expires_hour: int
) -> str:
    """Return the text of a link token.

    key  32 bytes (vault.keys.link_key)
    """
    body = _BODY.pack(_VERSION, purpose, campaign, signer, round_, expires_hour)
    return ids.to_text(body + _mac(key, body))


def read(key: bytes, purpose: Purpose, text: str, now_hour: int) -> Link:
    """Return what the token `text` says.

    purpose   what the page asks for; a token for anything else is refused as altered
    now_hour  `lib.clock.this_hour()`
    raises    LinkAltered, LinkExpired
    """
    link = _parse(key, text)
    if link.purpose != purpose:
        raise LinkAltered("the link is for something else")
    if now_hour >= link.expires_hour:
        raise LinkExpired("the link has expired")
    return link


def _parse(key: bytes, text: str) -> Link:
    if len(text) != _TEXT_LENGTH:
        raise LinkAltered("the link has lost or gained characters")
    try:
        token = ids.from_text(text)
    except ids.NotBase64 as error:
        raise LinkAltered("the link holds characters we do not use") from error
    body, mac = token[: _BODY.size], token[_BODY.size :]
    if not hmac.compare_digest(mac, _mac(key, body)):
        raise LinkAltered("the link was changed")
    version, purpose, campaign, signer, round_, expires_hour = _BODY.unpack(body)
    if version != _VERSION or purpose not in _PURPOSES:
        raise LinkAltered("the link is of a version or purpose we do not know")
    return Link(Purpose(purpose), campaign, signer, round_, expires_hour)


def _mac(key: bytes, body: bytes) -> bytes:
    """Authenticate `body` with each part behind its length, so that no two tokens share an input."""
    parts = (_CONTEXT, body)
    framed = b"".join(len(part).to_bytes(2, "big") + part for part in parts)
    return keyed(key).of(framed)[:_MAC_BYTES]
