"""News by mail, to people who confirmed and asked for it; one click ends it (RFC 8058)."""

import logging
from uuid import UUID

from habeas.campaigns.models import Campaign, Update, UpdateText
from habeas.config import Config
from habeas.delivery.patience import Patience
from habeas.delivery.post import NeverAgain, NotYet, Post
from habeas.delivery.supporters import CannotReach, Supporters
from habeas.edition.slots import campaign_path
from habeas.ledger.store import Key, Recipient, Store
from habeas.lib import clock
from habeas.vault import links

log = logging.getLogger("habeas.delivery")

A_BATCH = 50  # between two looks at whether the clerk should stop
_LINK_HOURS = 24 * 365 * 2  # an unsubscribe link has to work as long as the mail may lie around


class NewsMail:
    """Sends updates that have not reached everybody yet."""

    def __init__(
        self, config: Config, store: Store, supporters: Supporters, post: Post, link_key: bytes
    ) -> None:
        self._config = config
        self._store = store
        self._supporters = supporters
        self._post = post
        self._link_key = link_key
        self._after: dict[UUID, Key | None] = {}
        self._patience = Patience()

    def send_due(self) -> int:
        """Owe each new update to everybody who wants news, send one batch of what is owed.

        Returns for how many people it was; 0 once all had their turn. Queuing again after a crash adds
        nobody twice; dying between a mail and its note sends the same mail, with the same Message-ID, again.

        raises  NotNow if the relay takes nothing at the moment; the rest stays due
        """
        for update in Update.objects.select_related("campaign").order_by("id"):
            self._queue(update)
            batch = self._store.news_due(update.id.bytes, A_BATCH, after=self._after.get(update.id))
            texts = {text.language: text for text in update.texts.all()} if batch else {}
            if texts:
                for recipient in batch:
                    self._send(update, texts, recipient)
                self._after[update.id] = batch[-1].key
                return len(batch)
            self._after[update.id] = None
        return 0

    def _queue(self, update: Update) -> None:
        if update.is_queued:
            return
        # Only who counts now: people who sign after a re-arrest are not told that he is free.
        self._store.queue_news(update.id.bytes, update.campaign.ledger_bytes)
        update.is_queued = True
        update.save(update_fields=["is_queued"])

    def _send(self, update: Update, texts: dict[str, UpdateText], recipient: Recipient) -> None:
        mail = (update.id, recipient.key)
        if self._patience.waits(mail):
            return
        text = texts.get(recipient.language) or next(iter(texts.values()))
        try:
            self._write_to(update, text, recipient)
        except CannotReach as reason:
            log.warning("news waits: %s", reason)
            self._patience.put_off(mail)
            return
        except NotYet as reason:
            log.info("news waits: %s", reason)
            self._patience.put_off_by_relay(mail)
            return
        except NeverAgain as reason:
            log.info("news was refused for good: %s", reason)
        self._patience.done(mail)
        self._store.news_sent(update.id.bytes, recipient.campaign, recipient.signer)

    def _write_to(self, update: Update, text: UpdateText, recipient: Recipient) -> None:
        unsubscribe = self._link(links.Purpose.UNSUBSCRIBE, "unsubscribe", text.language, recipient)
        withdraw = self._link(links.Purpose.WITHDRAW, "withdraw", text.language, recipient)
        body = self._post.text(
            "news.txt",
            text.language,
            text=text.text,
            page_url=self._page_url(update.campaign, text.language),
            unsubscribe_url=unsubscribe,
            withdraw_url=withdraw,
        )
        headers = {
            "Message-ID": self._post.message_id(b"news", update.id.bytes, *recipient.key),
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        }
        address = self._supporters.open(recipient).email
        self._post.send(to=address, subject=text.subject, text=body, headers=headers)

    def _page_url(self, campaign: Campaign, language: str) -> str:
        return self._config.door_url + campaign_path(campaign.slug, language)

    def _link(self, purpose: links.Purpose, word: str, language: str, recipient: Recipient) -> str:
        token = links.make(
            self._link_key,
            purpose,
            campaign=recipient.campaign,
            signer=recipient.signer,
            round_=recipient.round,
            expires_hour=clock.this_hour() + _LINK_HOURS,
        )
        return f"{self._config.door_url}/{language}/{word}/{token}"
