"""Opening sealed records: the only module that reads private keys.

import-linter names the modules that may import it; the door is not among them.
"""

from collections import OrderedDict
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hmac, hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from habeas.lib.errors import HabeasError
from habeas.vault import box, keys, personal, suite
from habeas.vault.personal import Personal
from habeas.vault.suite import EpochHeader

EPOCHS_KEPT = 256  # a day of one door worker is 144 epochs
_SEED_BYTES = 64
_X25519_BYTES = 32
_PAIR_BYTES = suite.PUBLIC_BYTES + len(suite.KEY_VERSION) + _SEED_BYTES + _X25519_BYTES


class CannotOpen(HabeasError):
    """A sealed record or epoch does not open: altered, moved from elsewhere, or sealed with another key."""


class UnknownEpoch(HabeasError):
    """The epoch of the record is not open; its header has to be given to `open_epoch` first."""


class Unsealer:
    """Opens the records of one campaign; keeps the keys of a bounded number of epochs in memory."""

    def __init__(self, campaign: bytes, pair: bytes) -> None:
        """Make an unsealer of `pair`, the content of the campaign's `.seal` file.

        raises  KeysDamaged if it is not a key pair, or its halves do not belong together
        """
        self._campaign = campaign
        self._private_key = _decode_pair(pair)
        self._key_id = suite.key_id(pair[: suite.PUBLIC_BYTES])
        self._epochs: OrderedDict[bytes, hmac.HMAC] = OrderedDict()

    @classmethod
    def load(cls, folder: Path, campaign: bytes) -> Self:
        """Return the unsealer of `campaign` from the keys folder.

        raises  KeysMissing, KeysDamaged
        """
        path = keys.private_key_path(folder, campaign)
        try:
            return cls(campaign, path.read_bytes())
        except FileNotFoundError as error:
            raise keys.KeysMissing(f"no sealing key at {path}") from error

    def has_epoch(self, epoch: bytes) -> bool:
        """Tell whether records of `epoch` open without its header."""
        return epoch in self._epochs

    def open_epoch(self, header: EpochHeader) -> None:
        """Make the records of an epoch open; the longest unused epoch is forgotten beyond the bound.

        raises  CannotOpen if the header is altered, or not for this campaign and key
        """
        if header.key_id != self._key_id:
            raise CannotOpen("the epoch was sealed with another key")
        context = suite.epoch_context(self._campaign, header.key_id, header.epoch)
        try:
            key = suite.SUITE.decrypt(header.ciphertext, self._private_key, info=context)
        except (InvalidTag, ValueError) as error:
            raise CannotOpen("the epoch header does not open") from error
        self._epochs[header.epoch] = suite.schedule(key, self._campaign)
        while len(self._epochs) > EPOCHS_KEPT:
            self._epochs.popitem(last=False)

    def unseal(self, record: bytes, epoch: bytes, envelope: bytes) -> Personal:
        """Return the person in `envelope`.

        raises  UnknownEpoch if the epoch is not open
                CannotOpen if a single bit of envelope, record, epoch or campaign is another
        """
        started = self._epochs.get(epoch)
        if started is None:
            raise UnknownEpoch("the epoch of the record is not open")
        self._epochs.move_to_end(epoch)
        if envelope[:1] != suite.ENVELOPE_VERSION:
            raise CannotOpen("not an envelope of a version we know")
        context = suite.associated_data(self._campaign, record, epoch, self._key_id)
        cipher = suite.cipher(started, record)
        try:
            padded = cipher.decrypt(suite.NONCE, envelope[1:], context)
        except InvalidTag as error:
            raise CannotOpen("the record was altered or belongs elsewhere") from error
        return personal.decode(suite.unpad(padded))


def open_box(sealed: bytes, folder: Path, case: bytes, about: bytes) -> bytes:
    """Return what was sealed in a box to the key of a case.

    about   what it belongs to, as it was sealed
    raises  KeysMissing, KeysDamaged; CannotOpen if a single bit is another, or it belongs elsewhere
    """
    path = keys.registry_key_path(folder, case)
    try:
        pair = path.read_bytes()
    except FileNotFoundError as error:
        raise keys.KeysMissing(f"no registry key at {path}") from error
    private, key = _decode_pair(pair), suite.key_id(pair[: suite.PUBLIC_BYTES])
    head = box.VERSION + key
    if not sealed.startswith(head):
        raise CannotOpen("not a box sealed with this key")
    try:
        padded = suite.SUITE.decrypt(sealed[len(head) :], private, info=box.context(about, key))
    except (InvalidTag, ValueError) as error:
        raise CannotOpen("the box was altered or belongs elsewhere") from error
    return suite.unpad(padded)


def _decode_pair(pair: bytes) -> hpke.MLKEM768X25519PrivateKey:
    public, private = pair[: suite.PUBLIC_BYTES], pair[suite.PUBLIC_BYTES :]
    if len(pair) != _PAIR_BYTES or private[:1] != suite.KEY_VERSION:
        raise keys.KeysDamaged("not a sealing key pair")
    mlkem = MLKEM768PrivateKey.from_seed_bytes(private[1 : 1 + _SEED_BYTES])
    x25519 = X25519PrivateKey.from_private_bytes(private[1 + _SEED_BYTES :])
    theirs = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
    if suite.KEY_VERSION + theirs != public:
        raise keys.KeysDamaged("the public and the private key do not belong together")
    return hpke.MLKEM768X25519PrivateKey(mlkem, x25519)
