"""The one suite of algorithms, and the byte formats that sealing and unsealing share.

docs/formats/envelope.md describes every byte. All contexts are of fixed length, so that joining
their parts cannot be read in two ways.
"""

import hashlib

from cryptography.hazmat.primitives import hashes, hmac, hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from msgspec import Struct

from habeas.lib.errors import HabeasError

# Hybrid: what is copied today stays closed if either of X25519 and ML-KEM holds (trust.md, row 23).
SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)

KEY_VERSION = b"\x01"
ENVELOPE_VERSION = b"\x01"
EPOCH_BYTES = 8
KEY_ID_BYTES = 8
EPOCH_KEY_BYTES = 32
HEADER_BYTES = 1088 + 32 + EPOCH_KEY_BYTES + 16  # ML-KEM ciphertext, X25519 share, epoch key, tag

_MLKEM_BYTES = 1184
_X25519_BYTES = 32
PUBLIC_BYTES = len(KEY_VERSION) + _MLKEM_BYTES + _X25519_BYTES

# Nearly every name and address fits one bucket: the length tells only that somebody wrote a long comment.
BUCKET = 128
_LENGTH_BYTES = 2
LONGEST_PLAINTEXT = 0xFFFF
NONCE = bytes(12)  # every record has a key of its own, used once


class NotAPublicKey(HabeasError):
    """The bytes are not an encoded public sealing key: the campaign's card in the edition is damaged."""


class BadPadding(HabeasError):
    """A decrypted record does not say its own length rightly: it was sealed by a faulty program."""


class EpochHeader(Struct, frozen=True):
    """What the private key needs to open the records of one epoch; holds no secret."""

    epoch: bytes  # 8 random bytes
    key_id: bytes  # 8 bytes: which public key it was sealed with
    ciphertext: bytes  # HPKE: encapsulated key, then the sealed epoch key


def decode_public(encoded: bytes) -> hpke.MLKEM768X25519PublicKey:
    """Return the public key of its encoding: version, ML-KEM-768 key, X25519 key.

    raises  NotAPublicKey if the version or the length is another
    """
    if len(encoded) != PUBLIC_BYTES or encoded[:1] != KEY_VERSION:
        raise NotAPublicKey("not an encoded public sealing key")
    mlkem = encoded[1 : 1 + _MLKEM_BYTES]
    try:
        return hpke.MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(mlkem),
            X25519PublicKey.from_public_bytes(encoded[1 + _MLKEM_BYTES :]),
        )
    except ValueError as error:
        raise NotAPublicKey("not an encoded public sealing key") from error


def key_id(encoded_public: bytes) -> bytes:
    """Return the 8 bytes that name a public key in entries and envelopes."""
    return hashlib.sha256(encoded_public).digest()[:KEY_ID_BYTES]


def epoch_context(campaign: bytes, key: bytes, epoch: bytes) -> bytes:
    """Return the HPKE `info` of an epoch: its key opens for no other campaign, key or epoch."""
    return b"habeas epoch 1" + campaign + key + epoch


def schedule(epoch_key: bytes, campaign: bytes) -> hmac.HMAC:
    """Return the keyed start of every record key of an epoch; copying it costs a third of starting anew."""
    started = hmac.HMAC(epoch_key, hashes.SHA256())
    started.update(b"habeas record 1" + campaign)
    return started


def cipher(started: hmac.HMAC, record: bytes) -> ChaCha20Poly1305:
    """Return the cipher of one record, its key by HKDF-Expand (RFC 5869) of the epoch key.

    The epoch key is 32 uniformly random bytes already, so the extract step would add nothing, and 32
    bytes of output are the one block T(1) = HMAC(epoch key, info || 0x01).
    """
    step = started.copy()
    step.update(record + b"\x01")
    return ChaCha20Poly1305(step.finalize())


def associated_data(campaign: bytes, record: bytes, epoch: bytes, key: bytes) -> bytes:
    """Return what an envelope is bound to besides its content: moved elsewhere, it does not open."""
    return ENVELOPE_VERSION + campaign + record + epoch + key


def pad(plaintext: bytes) -> bytes:
    """Return `plaintext` behind its length, filled with zeros to a multiple of `BUCKET`."""
    length = len(plaintext)
    size = -(-(length + _LENGTH_BYTES) // BUCKET) * BUCKET
    return (length.to_bytes(_LENGTH_BYTES, "big") + plaintext).ljust(size, b"\0")


def unpad(padded: bytes) -> bytes:
    """Return what `pad` was given.

    raises  BadPadding if the bytes are not what `pad` returns for anything
    """
    length = int.from_bytes(padded[:_LENGTH_BYTES], "big")
    plaintext = padded[_LENGTH_BYTES : _LENGTH_BYTES + length]
    if len(plaintext) != length or pad(plaintext) != padded:
        raise BadPadding("not a padded record")
    return plaintext
