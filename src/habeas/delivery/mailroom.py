"""What every mail to a supporter shares: their address, their links, and what becomes of a refusal."""

import logging
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from habeas.config import Config
from habeas.delivery.patience import Patience
from habeas.delivery.post import NeverAgain, NotYet, Post
from habeas.delivery.supporters import CannotReach, Supporters
from habeas.ledger.store import Recipient, Store
from habeas.lib import clock
from habeas.vault import links

log = logging.getLogger("habeas.delivery")

A_BATCH = 50  # mails between two looks at whether the clerk should stop


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail, but for the address it goes to."""

    message_id: str
    subject: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mailroom:
    """Sends letters to people whose addresses only `supporters` can open."""

    config: Config
    store: Store
    supporters: Supporters
    post: Post
    link_key: bytes
    patience: Patience = field(default_factory=Patience)

    def link(self, purpose: links.Purpose, language: str, recipient: Recipient, hours: int) -> str:
        """Return the address of a page with one button that only this recipient was given.

        hours  how long it works
        """
        token = links.make(
            self.link_key,
            purpose,
            campaign=recipient.campaign,
            signer=recipient.signer,
            round_=recipient.round,
            expires_hour=clock.this_hour() + hours + 1,
        )
        return f"{self.config.door_url}/{language}/{purpose.name.lower()}/{token}"

    def waits(self, mail: Hashable) -> bool:
        """Say whether it is too early to try `mail` again."""
        return self.patience.waits(mail)

    def address(self, mail: Hashable, recipient: Recipient) -> str | None:
        """Return where `mail` to this person goes; None if that cannot be known now, and it is put off.

        mail  names one letter to one person, for as long as it is put off
        """
        try:
            return self.supporters.open(recipient).email
        except CannotReach as reason:
            log.warning("a mail waits: %s", reason)
            self.patience.put_off(mail)
            return None

    def send(self, mail: Hashable, address: str, letter: Letter) -> bool:
        """Send `letter`; return whether the matter is settled: it left, or was refused for good.

        raises  NotNow if the relay takes nothing at the moment
        """
        try:
            self._send(address, letter)
        except NotYet as reason:
            log.info("a mail waits: %s", reason)
            self.patience.put_off_by_relay(mail)
            return False
        except NeverAgain as reason:
            log.info("a mail was refused for good: %s", reason)
        self.patience.done(mail)
        return True

    def _send(self, address: str, letter: Letter) -> None:
        headers = {
            "Message-ID": letter.message_id,
            "Auto-Submitted": "auto-generated",  # RFC 3834: no vacation answers
            **letter.headers,
        }
        self.post.send(to=address, subject=letter.subject, text=letter.text, headers=headers)
