"""News by mail, to people who confirmed and asked for it; one click ends it (RFC 8058)."""

from uuid import UUID

from habeas.campaigns.models import Update, UpdateText
from habeas.cases import publishable
from habeas.delivery.mailroom import A_BATCH, Letter, Mailroom
from habeas.edition.slots import campaign_path
from habeas.ledger.store import Key, Recipient
from habeas.vault.links import Purpose

_LINK_HOURS = 24 * 365 * 2  # an unsubscribe link has to work as long as the mail may lie around


class NewsMail:
    """Sends updates that have not reached everybody yet."""

    def __init__(self, mailroom: Mailroom) -> None:
        self._mailroom = mailroom
        self._after: dict[UUID, Key | None] = {}

    def send_due(self) -> int:
        """Owe each new update to everybody who wants news, send one batch of what is owed.

        Returns for how many people it was; 0 once all had their turn. Queuing again after a crash adds
        nobody twice; dying between a mail and its note sends the same mail, with the same Message-ID, again.

        raises  NotNow if the relay takes nothing at the moment; the rest stays due
        """
        for update in Update.objects.select_related("campaign__case").order_by("id"):
            self._queue(update)
            people = self._send_batch(update)
            if people:
                return people
        return 0

    def _queue(self, update: Update) -> None:
        if update.is_queued:
            return
        # Only who counts now: people who sign after a re-arrest are not told that he is free.
        self._mailroom.store.queue_news(update.id.bytes, update.campaign.ledger_bytes)
        update.is_queued = True
        update.save(update_fields=["is_queued"])

    def _send_batch(self, update: Update) -> int:
        batch = self._mailroom.store.news_due(update.id.bytes, A_BATCH, after=self._after.get(update.id))
        texts = {text.language: text for text in update.texts.all()} if batch else {}
        if not texts or not publishable.is_public(update.campaign.case):  # what no page shows, no mail tells
            self._after[update.id] = None
            return 0
        for recipient in batch:
            self._send(update, texts.get(recipient.language) or next(iter(texts.values())), recipient)
        self._after[update.id] = batch[-1].key
        return len(batch)

    def _send(self, update: Update, text: UpdateText, recipient: Recipient) -> None:
        mail = (update.id, recipient.key)
        if self._mailroom.waits(mail):
            return
        address = self._mailroom.address(mail, recipient)
        if address is not None and self._mailroom.send(mail, address, self._letter(update, text, recipient)):
            self._mailroom.store.news_sent(update.id.bytes, recipient.campaign, recipient.signer)

    def _letter(self, update: Update, text: UpdateText, recipient: Recipient) -> Letter:
        room, language = self._mailroom, text.language
        unsubscribe = room.link(Purpose.UNSUBSCRIBE, language, recipient, _LINK_HOURS)
        body = room.post.text(
            "news.txt",
            language,
            text=text.text,
            page_url=room.config.door_url + campaign_path(update.campaign.slug, language),
            unsubscribe_url=unsubscribe,
            withdraw_url=room.link(Purpose.WITHDRAW, language, recipient, _LINK_HOURS),
        )
        return Letter(
            message_id=room.post.message_id(b"news", update.id.bytes, *recipient.key),
            subject=text.subject,
            text=body,
            headers={
                "List-Unsubscribe": f"<{unsubscribe}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )
