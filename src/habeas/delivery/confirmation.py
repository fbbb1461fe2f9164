"""The one mail that asks a person to confirm.

It names neither the case nor the organisation's cause in anything a mailbox lists (subject, sender,
Message-ID, address of the link): a seized phone should not tell on its owner.
"""

import logging

from habeas.config import Config
from habeas.delivery.patience import Patience
from habeas.delivery.post import NeverAgain, NotYet, Post
from habeas.delivery.supporters import CannotReach, Supporters
from habeas.ledger.store import Key, Recipient, Store
from habeas.lib import clock, languages
from habeas.vault import links

log = logging.getLogger("habeas.delivery")

A_BATCH = 50  # between two looks at whether the clerk should stop


class Confirmations:
    """Sends confirmation mails that are due."""

    def __init__(
        self, config: Config, store: Store, supporters: Supporters, post: Post, link_key: bytes
    ) -> None:
        self._config = config
        self._store = store
        self._supporters = supporters
        self._post = post
        self._link_key = link_key
        self._after: Key | None = None
        self._patience = Patience()

    def send_due(self) -> int:
        """Send one batch of what is due, and return how many people it was for; 0 once all had their turn.

        A person is noted as written to after the mail left: dying in between sends the same mail,
        with the same Message-ID, again.

        raises  NotNow if the relay takes nothing at the moment; the rest stays due
        """
        batch = self._store.mail_due(A_BATCH, after=self._after)
        for recipient in batch:
            self._send(recipient)
        # People who cannot be reached stay due; going on behind them, they hold nobody up.
        self._after = batch[-1].key if batch else None
        return len(batch)

    def _send(self, recipient: Recipient) -> None:
        if self._patience.waits(recipient.key):
            return
        today = clock.today()
        try:
            self._write_to(recipient, today)
        except CannotReach as reason:
            log.warning("a confirmation mail waits: %s", reason)
            self._patience.put_off(recipient.key)
            return
        except NotYet as reason:
            log.info("a confirmation mail waits: %s", reason)
            self._patience.put_off_by_relay(recipient.key)
            return
        except NeverAgain as reason:
            log.info("a confirmation mail was refused for good: %s", reason)
        self._patience.done(recipient.key)
        self._store.mail_sent(recipient.campaign, recipient.signer, today)

    def _write_to(self, recipient: Recipient, today: int) -> None:
        language, hours = recipient.language, self._config.retention.confirm_hours
        token = links.make(
            self._link_key,
            links.Purpose.CONFIRM,
            campaign=recipient.campaign,
            signer=recipient.signer,
            round_=recipient.round,
            expires_hour=clock.this_hour() + hours + 1,
        )
        url = f"{self._config.door_url}/{language}/confirm/{token}"
        day = today.to_bytes(4, "big")
        headers = {
            "Message-ID": self._post.message_id(b"confirm", *recipient.key, bytes([recipient.round]), day),
            "Auto-Submitted": "auto-generated",  # RFC 3834: no vacation answers
        }
        self._post.send(
            to=self._supporters.open(recipient).email,
            subject=languages.words(language).gettext("Please confirm"),
            text=self._post.text("confirm.txt", language, confirm_url=url, hours=hours),
            headers=headers,
        )
