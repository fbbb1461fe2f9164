"""Sealing something short that is read rarely, by few: who a source is.

One public-key operation a box, with the same suite as signatures (vault.suite): hybrid, so that what is
copied today stays closed if either half holds. docs/formats/envelope.md describes the bytes. Boxes are
opened in vault.unseal and nowhere else.
"""

from habeas.lib.errors import HabeasError
from habeas.vault import suite

VERSION = b"\x01"


class TooLongForABox(HabeasError):
    """The text is longer than a box holds: 65,533 bytes."""


def seal(content: bytes, public_key: bytes, about: bytes) -> bytes:
    """Return `content` sealed; its length shows in steps of 128 bytes only.

    public_key  as `vault.keys.create_registry_keys` returns it
    about       what it belongs to: the box opens for nothing else
    raises      NotAPublicKey, TooLongForABox
    """
    if len(content) > suite.LONGEST_PLAINTEXT - 2:
        raise TooLongForABox("longer than a box holds")
    key = suite.key_id(public_key)
    ciphertext = suite.SUITE.encrypt(
        suite.pad(content), suite.decode_public(public_key), info=context(about, key)
    )
    return VERSION + key + ciphertext


def context(about: bytes, key: bytes) -> bytes:
    """Return the HPKE `info` of a box: moved elsewhere, or under another key, it does not open."""
    return b"habeas box 1" + key + about
