"""Once tokens: a page carries one, so that the door knows it again, filled in as it was, when it comes back.

A token names nobody and tells nothing: it holds the second it was made in and random bytes, and is bound
to a campaign and to what was typed. Whoever checks it has to see to it that it is used only once.
"""

import hmac
import secrets
import struct

from msgspec import Struct

from habeas.lib import ids
from habeas.lib.errors import HabeasError
from habeas.vault.keyed import keyed

_NONCE_BYTES = 8
_MAC_BYTES = 16
_BODY = struct.Struct(f">I{_NONCE_BYTES}s")  # issued second, nonce: the same form twice makes two tokens
TEXT_LENGTH = -(-(_BODY.size + _MAC_BYTES) * 8 // 6)
_CONTEXT = b"habeas once"


class OnceAltered(HabeasError):
    """The token is not one we made for this campaign and these words."""


class Once(Struct, frozen=True):
    """What a genuine token says."""

    issued: int  # seconds since 1970-01-01T00Z
    mac: bytes  # 16 bytes; what has to be remembered once it is used


def key_from(link_key: bytes) -> bytes:
    """Return the 32-byte key of once tokens, the same in every worker that holds `link_key`."""
    return keyed(link_key).of(_CONTEXT)


def make(key: bytes, *, campaign: bytes, content: bytes, issued: int) -> str:
    """Return the text of a token.

    key       32 bytes
    campaign  8 bytes
    content   a digest of what was typed
    issued    seconds since 1970-01-01T00Z
    """
    body = _BODY.pack(issued, secrets.token_bytes(_NONCE_BYTES))
    return ids.to_text(body + _mac(key, body, campaign, content))


def read(key: bytes, text: str, *, campaign: bytes, content: bytes) -> Once:
    """Return what the token `text` says.

    raises  OnceAltered
    """
    if len(text) != TEXT_LENGTH:
        raise OnceAltered("the token has lost or gained characters")
    try:
        token = ids.from_text(text)
    except ids.NotBase64 as error:
        raise OnceAltered("the token holds characters we do not use") from error
    body, mac = token[: _BODY.size], token[_BODY.size :]
    if not hmac.compare_digest(mac, _mac(key, body, campaign, content)):
        raise OnceAltered("the token or what came with it was changed")
    issued, _ = _BODY.unpack(body)
    return Once(issued, mac)


def framed(*parts: bytes) -> bytes:
    """Return `parts` each behind its length, so that no two lists of parts come out the same."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def _mac(key: bytes, body: bytes, campaign: bytes, content: bytes) -> bytes:
    return keyed(key).of(framed(_CONTEXT, body, campaign, content))[:_MAC_BYTES]
