"""HMAC-SHA256 (RFC 2104) as the door needs it: without letting go of the interpreter."""

from functools import lru_cache

from cryptography.hazmat.primitives import hashes, hmac

_KEYS = 8  # of an installation; more are keyed anew


class Keyed:
    """One key, keyed once and copied for each message.

    Hashing in one call lets go of the interpreter, and to get it back from the journal's thread costs
    ten times the hash.
    """

    def __init__(self, key: bytes) -> None:
        self._keyed = hmac.HMAC(key, hashes.SHA256())

    def of(self, message: bytes) -> bytes:
        """Return the 32 bytes that only who has the key can make of `message`."""
        keyed = self._keyed.copy()
        keyed.update(message)
        return keyed.finalize()


@lru_cache(_KEYS)
def keyed(key: bytes) -> Keyed:
    """Return a key made ready; the same again for the same key."""
    return Keyed(key)
