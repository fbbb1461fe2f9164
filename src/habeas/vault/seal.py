"""Sealing personal data to a campaign's public key, fast enough for the first hours of an arrest.

A public-key operation per record would cost more than all the rest of a signature. So a door worker
makes one every ten minutes: it seals a random *epoch key* to the campaign, keeps that key in memory
only, and derives a key for every record from it. Whoever seizes the door can read what was sealed in
the running ten minutes at most. Python cannot wipe memory: a dropped key is gone once its page is reused.
"""

import secrets
import time
from collections.abc import Callable

from msgspec import Struct

from habeas.lib import ids
from habeas.lib.errors import HabeasError
from habeas.vault import personal, suite
from habeas.vault.personal import Personal
from habeas.vault.suite import EpochHeader

EPOCH_SECONDS = 600.0


class TooLongToSeal(HabeasError):
    """The personal data do not fit an envelope: a form field has no limit of its own."""


class Sealed(Struct, frozen=True):
    """One sealed record, ready for its entry."""

    record: bytes  # 12 random bytes; the envelope opens under this identifier only
    epoch: bytes  # 8 bytes: the epoch whose key sealed it
    envelope: bytes
    header: EpochHeader | None  # to be journalled in the same append, while the epoch is not settled


class Sealer:
    """Seals records of one campaign; used from one thread.

    Every record comes with its epoch's header until `settle` is told that the header is durable. The
    first append can fail (a full disk) while the second succeeds; without this rule the second record
    could never be opened.
    """

    def __init__(
        self, campaign: bytes, public_key: bytes, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Make a sealer.

        campaign    8-byte identifier, bound into every envelope
        public_key  as `vault.keys.create_campaign_keys` returns it
        clock       seconds that never go backwards
        raises      NotAPublicKey
        """
        self._public_key = suite.decode_public(public_key)
        self._campaign = campaign
        self._key_id = suite.key_id(public_key)
        self._clock = clock
        self._records = ids.RecordIds()
        self._header: EpochHeader | None
        self._begin()

    def seal(self, who: Personal) -> Sealed:
        """Return `who` sealed under a new record identifier.

        The identifier is made here, not asked for, because a key is derived from it and no key may
        seal twice.

        raises  TooLongToSeal
        """
        if self._clock() >= self._ends:
            self._begin()
        plaintext = personal.encode(who)
        if len(plaintext) > suite.LONGEST_PLAINTEXT:
            raise TooLongToSeal("more personal data than an envelope holds")
        record = self._records.new()
        cipher = suite.cipher(self._started, record)
        context = suite.associated_data(self._campaign, record, self._epoch, self._key_id)
        envelope = suite.ENVELOPE_VERSION + cipher.encrypt(suite.NONCE, suite.pad(plaintext), context)
        return Sealed(record, self._epoch, envelope, self._header)

    def settle(self, epoch: bytes) -> None:
        """Take note that an append with the header of `epoch` is durable; an older epoch is ignored."""
        if epoch == self._epoch:
            self._header = None

    def _begin(self) -> None:
        """Start an epoch under a new key; the old key is dropped."""
        key = secrets.token_bytes(suite.EPOCH_KEY_BYTES)
        self._epoch = secrets.token_bytes(suite.EPOCH_BYTES)
        context = suite.epoch_context(self._campaign, self._key_id, self._epoch)
        ciphertext = suite.SUITE.encrypt(key, self._public_key, info=context)
        self._header = EpochHeader(self._epoch, self._key_id, ciphertext)
        self._started = suite.schedule(key, self._campaign)
        self._ends = self._clock() + EPOCH_SECONDS
