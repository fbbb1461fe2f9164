"""The cast of the tests: who signs, and what they do. Every one of them is invented."""

from dataclasses import dataclass

from habeas.ledger.entry import Confirm, Epoch, Sign, Unsubscribe, Withdraw
from habeas.lib import addresses
from habeas.vault.personal import Personal
from habeas.vault.pseudonym import Pseudonyms

DAY = 20_000  # 2024-10-04
INDEX_KEY = bytes(range(32))
CAMPAIGN = b"free-him"
OTHER_CAMPAIGN = b"free-her"
EPOCH = b"an epoch"
TEXT_VERSION = b"demands1"


@dataclass(frozen=True)
class Person:
    """Somebody who may sign."""

    name: str
    email: str
    country: str
    language: str

    @property
    def personal(self) -> Personal:
        """What gets sealed."""
        return Personal(self.name, self.email)

    @property
    def signer(self) -> bytes:
        """The token under which the person is counted once."""
        return Pseudonyms(INDEX_KEY).of(addresses.parse(self.email).canonical)


MARIA = Person("María Ibáñez", "maria@example.org", "ES", "en")
OMAR = Person("عمر", "omar@example.org", "EG", "ar")
AMINATA = Person("Aminata Diallo", "aminata@example.org", "SN", "fr")
JUN = Person("준", "jun@example.org", "", "en")  # tells no country
EVERYONE = (MARIA, OMAR, AMINATA, JUN)


def epoch(campaign: bytes = CAMPAIGN, name: bytes = EPOCH) -> Epoch:
    """A door starts sealing under a new key."""
    return Epoch(campaign, name, b"a key id", b"header of " + name)


def signs(
    who: Person, *, day: int = DAY, record: int = 0, updates: bool = True, campaign: bytes = CAMPAIGN
) -> Sign:
    """Sign as `who`; a different `record` is a different submission of the form."""
    return Sign(
        campaign,
        who.signer,
        record.to_bytes(12, "big"),
        day,
        who.language,
        who.country,
        updates,
        TEXT_VERSION,
        EPOCH,
        b"sealed for " + who.name.encode(),
    )


def confirms(who: Person, *, round_: int = 0, day: int = DAY, campaign: bytes = CAMPAIGN) -> Confirm:
    """Press the button behind the link of the confirmation mail."""
    return Confirm(campaign, who.signer, round_, day)


def withdraws(who: Person, *, round_: int = 0, day: int = DAY, campaign: bytes = CAMPAIGN) -> Withdraw:
    """Take the signature back."""
    return Withdraw(campaign, who.signer, round_, day)


def unsubscribes(who: Person, *, round_: int = 0, day: int = DAY, campaign: bytes = CAMPAIGN) -> Unsubscribe:
    """Ask for no more news."""
    return Unsubscribe(campaign, who.signer, round_, day)
