"""News by mail, to people who confirmed and asked for it; one click ends it (RFC 8058)."""

from collections.abc import Iterable
from uuid import UUID

from django.core.mail import get_connection

from habeas.campaigns.models import Campaign, Update, UpdateText, mailed_in
from habeas.cases import publishable
from habeas.config import Config
from habeas.delivery.mailroom import A_BATCH, Letter, Mailroom
from habeas.delivery.post import Post
from habeas.edition.slots import campaign_path
from habeas.ledger.store import Key, Recipient
from habeas.vault.links import Purpose

_LINK_HOURS = 24 * 365 * 2  # an unsubscribe link has to work as long as the mail may lie around


def preview(config: Config, campaign: Campaign, text: UpdateText) -> str:
    """Return the text of the mail that an update would be, the links of the one who gets it apart."""
    unsubscribe, withdraw = (
        f"{config.door_url}/{text.language}/{purpose.name.lower()}/…"
        for purpose in (Purpose.UNSUBSCRIBE, Purpose.WITHDRAW)
    )
    return _body(config, Post(config, get_connection()), campaign, text, (unsubscribe, withdraw))


def _body(config: Config, post: Post, campaign: Campaign, text: UpdateText, ways_out: tuple[str, str]) -> str:
    unsubscribe, withdraw = ways_out
    return post.text(
        "news.txt",
        text.language,
        text=text.text,
        page_url=config.door_url + campaign_path(campaign.slug, text.language),
        unsubscribe_url=unsubscribe,
        withdraw_url=withdraw,
    )


def _may_be_told(update: Update, texts: Iterable[UpdateText]) -> bool:
    """Tell whether an update may be mailed: what no page shows, no mail tells."""
    look, case = publishable.Look(), update.campaign.case
    hidden = look.names_to_withhold(case)
    named = any(publishable.names_in(f"{text.subject} {text.text}", hidden) for text in texts)
    return look.is_public(case) and not named


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
        mailed = Update.objects.filter(is_mailed=True, taken_back_on=None)
        for update in mailed.select_related("campaign__case").order_by("id"):
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
        if not texts or not _may_be_told(update, texts.values()):
            self._after[update.id] = None
            return 0
        for recipient in batch:
            self._send(update, texts[mailed_in(recipient.language, texts)], recipient)
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
        withdraw = room.link(Purpose.WITHDRAW, language, recipient, _LINK_HOURS)
        body = _body(room.config, room.post, update.campaign, text, (unsubscribe, withdraw))
        return Letter(
            message_id=room.post.message_id(b"news", update.id.bytes, *recipient.key),
            subject=text.subject,
            text=body,
            headers={
                "List-Unsubscribe": f"<{unsubscribe}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )
