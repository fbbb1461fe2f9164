"""From a checked form to entries for the journal: pseudonym, seal, pack. Nothing here waits."""

from functools import partial
from pathlib import Path

from msgspec import Struct

from habeas.door.form import Filled
from habeas.door.http import Settle
from habeas.edition.manifest import Card
from habeas.ledger import entry
from habeas.lib import clock, ids
from habeas.vault import keys
from habeas.vault.personal import Personal
from habeas.vault.pseudonym import Pseudonyms
from habeas.vault.seal import Sealer
from habeas.vault.suite import EpochHeader


class Signature(Struct, frozen=True):
    """One signature, packed."""

    entries: list[bytes]  # to become durable together, in this order
    settle: Settle | None  # to be told whether they did, if the desk has to know


class Desk:
    """What one campaign needs to take signatures: its sealer and its index key."""

    def __init__(self, card: Card, key_folder: Path) -> None:
        self._campaign = card.campaign
        self._pseudonyms = Pseudonyms(keys.index_key(key_folder, card.campaign))
        self._sealer = Sealer(card.campaign, ids.from_text(card.public_key))

    def sign(self, filled: Filled, language: str, text_version: str) -> Signature:
        """Return the entries that record a signature.

        filled        the checked form
        language      of the page it was sent from
        text_version  of the title and demands that were signed, 16 hexadecimal digits
        """
        sealed = self._sealer.seal(Personal(filled.name, filled.address.typed, filled.comment))
        sign = entry.Sign(
            campaign=self._campaign,
            signer=self._pseudonyms.of(filled.address.canonical),
            record=sealed.record,
            day=clock.today(),
            language=language,
            country=filled.country,
            updates=filled.updates,
            text_version=bytes.fromhex(text_version),
            epoch=sealed.epoch,
            envelope=sealed.envelope,
        )
        if sealed.header is None:
            return Signature([entry.pack(sign)], None)
        settle = partial(self._settle, sealed.epoch)
        return Signature([self._epoch_entry(sealed.header), entry.pack(sign)], settle)

    def _settle(self, epoch: bytes, is_durable: bool) -> None:  # noqa: FBT001  the one thing it is told
        if is_durable:
            self._sealer.settle(epoch)

    def _epoch_entry(self, header: EpochHeader) -> bytes:
        return entry.pack(entry.Epoch(self._campaign, header.epoch, header.key_id, header.ciphertext))


class Desks:
    """One desk a campaign, kept while its key stays the same."""

    def __init__(self, key_folder: Path) -> None:
        self._key_folder = key_folder
        self._desks: dict[tuple[str, str], Desk] = {}

    def of(self, card: Card) -> Desk:
        """Return the campaign's desk.

        raises  KeysMissing, KeysDamaged if this door was not given the campaign's index key
                NotBase64, NotAPublicKey if the card holds no sealing key
        """
        desk = self._desks.get((card.id, card.public_key))
        if desk is None:
            desk = self._desks[card.id, card.public_key] = Desk(card, self._key_folder)
        return desk
