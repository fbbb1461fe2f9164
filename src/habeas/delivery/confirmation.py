"""The one mail that asks a person to confirm.

It names neither the case nor the organisation's cause in anything a mailbox lists (subject, sender,
Message-ID, address of the link): a seized phone should not tell on its owner.

Campaigns take turns, and nobody stands in line behind a person whose mail has to wait: a flood of one
campaign, domain or mailbox delays itself.
"""

from collections import Counter
from collections.abc import Iterator

from habeas.delivery.budgets import Budgets, Over
from habeas.delivery.mailroom import A_BATCH, Letter, Mailroom
from habeas.delivery.status import MailStatus
from habeas.ledger.store import Key, Recipient
from habeas.lib import clock, languages
from habeas.vault.links import Purpose

_PAGES = 40  # of A_BATCH people, looked at in one turn of a campaign: some 50 ms if all of them wait
_AFTER_EVERYBODY = b"\xff" * 17  # comes after every signer


class Confirmations:
    """Sends confirmation mails that are due, within the budgets."""

    def __init__(self, mailroom: Mailroom, budgets: Budgets | None = None) -> None:
        """Begin at the first campaign.

        budgets  what was spent of them stays spent; none: new ones
        """
        self._mailroom = mailroom
        self._budgets = budgets or Budgets(mailroom.config.mail)
        self._last = b""  # the campaign that had its turn last
        self._places: dict[bytes, bytes] = {}  # campaign: the person who had their turn last
        self._seen: dict[bytes, Counter[Over]] = {}  # campaign: who waits for a budget, so far
        self._waiting: dict[bytes, Counter[Over]] = {}  # the same, when the campaign was last seen whole

    def send_due(self) -> int:
        """Give each campaign a turn, and return how many mails were tried: 0 once all are sent or wait.

        A person is noted as written to after the mail left: dying in between sends the same mail,
        with the same Message-ID, again.

        raises  NotNow if the relay takes nothing at the moment; the rest stays due
        """
        self._budgets.forget()
        tried = 0
        if self._budgets.is_spent():
            return tried
        campaigns = self._campaigns()
        for campaign in campaigns:
            self._last = campaign
            tried += self._turn(campaign, -(-A_BATCH // len(campaigns)))
            if self._budgets.is_spent():
                break  # the next campaign comes first when there is something left again
        return tried

    def status(self) -> MailStatus:
        """Return who waits; those who wait for a budget as of when each campaign was last seen whole."""
        waiting: Counter[Over] = sum(self._waiting.values(), Counter())
        return MailStatus(
            self._mailroom.store.mails_due(),
            waiting["mailbox"],
            waiting["domain"],
            self._budgets.is_spent(),
        )

    def _campaigns(self) -> list[bytes]:
        """Return the campaigns in which a mail is due, those first that have not had their turn."""
        found: list[bytes] = []
        after: Key | None = None
        while first := self._mailroom.store.mail_due(1, after=after):
            found.append(first[0].campaign)
            after = (found[-1], _AFTER_EVERYBODY)
        for ended in self._waiting.keys() - set(found):
            del self._waiting[ended]
        return [c for c in found if c > self._last] + [c for c in found if c <= self._last]

    def _turn(self, campaign: bytes, most: int) -> int:
        """Try up to `most` mails of a campaign; return how many it were."""
        tried = 0
        for recipient in self._people(campaign):
            tried += self._send(recipient)
            self._places[campaign] = recipient.signer
            if tried >= most or self._budgets.is_spent():
                break
        return tried

    def _people(self, campaign: bytes) -> Iterator[Recipient]:
        """Yield people of a campaign from where its last turn ended, a bounded number of them."""
        for _ in range(_PAGES):
            after = (campaign, self._places.get(campaign, b""))
            page = self._mailroom.store.mail_due(A_BATCH, after=after)
            yield from (recipient for recipient in page if recipient.campaign == campaign)
            if len(page) < A_BATCH or page[-1].campaign != campaign:
                self._places.pop(campaign, None)
                self._waiting[campaign] = self._seen.pop(campaign, Counter())
                return

    def _send(self, recipient: Recipient) -> bool:
        """Send a mail unless it has to wait; return whether it was tried."""
        room, mail = self._mailroom, b"".join((*recipient.key, bytes([recipient.round])))
        if room.waits(recipient.key):
            return False
        address = room.address(recipient.key, recipient)
        if address is None:
            return True
        over = self._budgets.over(mail, address, room.supporters.written)
        if over:
            self._seen.setdefault(recipient.campaign, Counter())[over] += 1
            return False
        today = clock.today()
        if room.send(recipient.key, address, self._letter(recipient, today)):
            self._budgets.spend(mail, address)
            room.store.mail_sent(recipient.campaign, recipient.signer, today)
        return True

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
