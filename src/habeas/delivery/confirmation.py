"""The one mail that asks a person to confirm.

It names neither the case nor the organisation's cause in anything a mailbox lists (subject, sender,
Message-ID, address of the link): a seized phone should not tell on its owner.
"""

from habeas.delivery.mailroom import A_BATCH, Letter, Mailroom
from habeas.ledger.store import Key, Recipient
from habeas.lib import clock, languages
from habeas.vault.links import Purpose


class Confirmations:
    """Sends confirmation mails that are due."""

    def __init__(self, mailroom: Mailroom) -> None:
        self._mailroom = mailroom
        self._after: Key | None = None

    def send_due(self) -> int:
        """Send one batch of what is due, and return how many people it was for; 0 once all had their turn.

        A person is noted as written to after the mail left: dying in between sends the same mail,
        with the same Message-ID, again.

        raises  NotNow if the relay takes nothing at the moment; the rest stays due
        """
        batch = self._mailroom.store.mail_due(A_BATCH, after=self._after)
        for recipient in batch:
            self._send(recipient)
        # People who cannot be reached stay due; going on behind them, they hold nobody up.
        self._after = batch[-1].key if batch else None
        return len(batch)

    def _send(self, recipient: Recipient) -> None:
        if self._mailroom.waits(recipient.key):
            return
        today = clock.today()
        if self._mailroom.send(recipient.key, recipient, self._letter(recipient, today)):
            self._mailroom.store.mail_sent(recipient.campaign, recipient.signer, today)

    def _letter(self, recipient: Recipient, today: int) -> Letter:
        language, post = recipient.language, self._mailroom.post
        hours = self._mailroom.config.retention.confirm_hours
        url = self._mailroom.link(Purpose.CONFIRM, language, recipient, hours)
        day = today.to_bytes(4, "big")
        return Letter(
            message_id=post.message_id(b"confirm", *recipient.key, bytes([recipient.round]), day),
            subject=languages.words(language).gettext("Please confirm"),
            text=post.text("confirm.txt", language, confirm_url=url, hours=hours),
        )
