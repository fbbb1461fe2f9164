"""Signer tokens: how a person is counted once without their address being stored.

A plain hash of an address can be guessed at two million tries a second. A keyed one cannot without
the key, which is the campaign's own, lies apart from the store, and is destroyed with the campaign.
"""

from cryptography.hazmat.primitives import hashes, hmac

TOKEN_BYTES = 16


class Pseudonyms:
    """The signer tokens of one campaign."""

    def __init__(self, key: bytes) -> None:
        """Begin with `key`: 32 bytes (vault.keys.index_key)."""
        # Keyed once and copied: hashing in one call lets go of the interpreter, and to get it back
        # from the journal's thread costs ten times the hash.
        self._keyed = hmac.HMAC(key, hashes.SHA256())

    def of(self, canonical: str) -> bytes:
        """Return the 16 bytes that stand for the mailbox `canonical` (lib.addresses) in this campaign."""
        keyed = self._keyed.copy()
        keyed.update(canonical.encode())
        return keyed.finalize()[:TOKEN_BYTES]
