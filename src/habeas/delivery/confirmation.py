"""The one mail that asks a person to confirm.

It names neither the case nor the organisation's cause in anything a mailbox lists (subject, sender,
Message-ID, address of the link): a seized phone should not tell on its owner.
"""

import logging

from habeas.config import Config
from habeas.delivery.patience import Patience
from habeas.delivery.post import NeverAgain, NotYet, Post
from habeas.delivery.supporters import CannotReach, Supporters
from habeas.ledger.store import Recipient, Store
from habeas.lib import clock, languages
from habeas.vault import links

log = logging.getLogger("habeas.delivery")

A_BATCH = 200


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
        self._patience = Patience()

    def send_due(self) -> int:
        """Send what is due, and return how many went out.

        A person is noted as written to after the mail left: dying in between sends the same mail,
        with the same Message-ID, again.

        raises  NotNow if the relay takes nothing at the moment; the rest stays due
        """
        sent, after = 0, None
        while batch := self._store.mail_due(A_BATCH, after=after):
            sent += sum(self._send(one) for one in batch if not self._patience.waits(one.key))
            after = batch[-1].key
        return sent

    def _send(self, recipient: Recipient) -> int:
        today = clock.today()
        try:
            self._write_to(recipient, today)
        except CannotReach as reason:
            log.error("a confirmation mail cannot be sent: %s", reason)  # noqa: TRY400  a traceback could hold an address
            return 0
        except NotYet as reason:
            log.info("a confirmation mail waits: %s", reason)
            self._patience.put_off(recipient.key)
            return 0
        except NeverAgain as reason:
            log.info("a confirmation mail was refused for good: %s", reason)
        self._patience.done(recipient.key)
        self._store.mail_sent(recipient.campaign, recipient.signer, today)
        return 1

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
