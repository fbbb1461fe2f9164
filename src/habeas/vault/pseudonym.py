"""Signer tokens: how a person is counted once without their address being stored.

A plain hash of an address can be guessed at two million tries a second. A keyed one cannot without
the key, which is the campaign's own, lies apart from the store, and is destroyed with the campaign.
"""

from habeas.vault.keyed import Keyed

TOKEN_BYTES = 16


class Pseudonyms:
    """The signer tokens of one campaign."""

    def __init__(self, key: bytes) -> None:
        """Begin with `key`: 32 bytes (vault.keys.index_key)."""
        self._keyed = Keyed(key)

    def of(self, canonical: str) -> bytes:
        """Return the 16 bytes that stand for the mailbox `canonical` (lib.addresses) in this campaign."""
        return self._keyed.of(canonical.encode())[:TOKEN_BYTES]
