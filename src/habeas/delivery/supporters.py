"""The one place that opens sealed records: a person's address, for as long as it takes to write to them."""

from contextlib import suppress
from pathlib import Path

from habeas.ledger.store import Recipient, Store
from habeas.lib import addresses, clock
from habeas.lib.errors import HabeasError
from habeas.vault import keys
from habeas.vault.keys import KeysDamaged, KeysMissing
from habeas.vault.personal import NotPersonal, Personal
from habeas.vault.pseudonym import Pseudonyms
from habeas.vault.suite import BadPadding, EpochHeader
from habeas.vault.unseal import CannotOpen, Unsealer


class CannotReach(HabeasError):
    """A record cannot be opened here: its key or its epoch is missing, or it is damaged."""


class Supporters:
    """Opens the records of every campaign whose private key is in the key folder."""

    def __init__(self, store: Store, key_folder: Path) -> None:
        self._store = store
        self._key_folder = key_folder
        self._unsealers: dict[bytes, Unsealer] = {}
        self._pseudonyms: dict[bytes, Pseudonyms] = {}

    def open(self, recipient: Recipient) -> Personal:
        """Return who the recipient is; the caller writes to them and forgets.

        raises  CannotReach
        """
        try:
            unsealer = self._unsealer(recipient.campaign)
            self._open_epoch(unsealer, recipient)
            return unsealer.unseal(recipient.record, recipient.epoch, recipient.envelope)
        except (KeysMissing, KeysDamaged, CannotOpen, BadPadding, NotPersonal) as error:
            raise CannotReach(f"campaign {recipient.campaign.hex()}: {error}") from error

    def written(self, email: str) -> list[float]:
        """Return how many seconds ago, at the least, each campaign sent its newest confirmation to `email`.

        The signer tokens of one mailbox are made here from the keys of all campaigns, and forgotten:
        nothing that would link a person's signatures is kept. Rows that were deleted tell nothing.
        """
        local, _, domain = email.rpartition("@")
        mailbox = addresses.canonical(local, domain)
        self._read_index_keys()
        rows = [(campaign, names.of(mailbox)) for campaign, names in self._pseudonyms.items()]
        return [clock.seconds_since(day) for day in self._store.mailed(rows)]

    def _read_index_keys(self) -> None:
        for campaign in keys.campaigns(self._key_folder):
            if campaign not in self._pseudonyms:
                with suppress(KeysMissing, KeysDamaged):  # no reason to write to nobody
                    self._pseudonyms[campaign] = Pseudonyms(keys.index_key(self._key_folder, campaign))

    def _unsealer(self, campaign: bytes) -> Unsealer:
        if campaign not in self._unsealers:
            self._unsealers[campaign] = Unsealer.load(self._key_folder, campaign)
        return self._unsealers[campaign]

    def _open_epoch(self, unsealer: Unsealer, recipient: Recipient) -> None:
        if unsealer.has_epoch(recipient.epoch):
            return
        header = self._store.epoch(recipient.campaign, recipient.epoch)
        if header is None:
            raise CannotReach(f"campaign {recipient.campaign.hex()}: the epoch of a record never came")
        unsealer.open_epoch(EpochHeader(header.epoch, header.key_id, header.header))
