"""Signer tokens: how a person is counted once without their address being stored.

A plain hash of an address can be guessed at two million tries a second. A keyed one cannot without
the key, which is the campaign's own, lies apart from the store, and is destroyed with the campaign.
"""

import hmac

TOKEN_BYTES = 16


def signer_token(key: bytes, canonical: str) -> bytes:
    """Return the 16 bytes that stand for one mailbox in one campaign.

    key        32 bytes (vault.keys.index_key)
    canonical  `Address.canonical` (lib.addresses)
    """
    return hmac.digest(key, canonical.encode(), "sha256")[:TOKEN_BYTES]
