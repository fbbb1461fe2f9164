"""What the recorder, delivery and office ask of a store; the same tests run against every one.

A store holds one row for each person in each campaign, the count cells, and how far each journal has
been read. It never learns who a person is: rows carry a keyed token and a sealed envelope.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from msgspec import Struct

from habeas.ledger.counts import Counts
from habeas.ledger.entry import Entry, Epoch
from habeas.ledger.fold import About, Signer
from habeas.ledger.mailing import ABSENT, Kept, keep

Key = tuple[bytes, bytes]  # campaign, signer
Cell = tuple[bytes, str, str]  # campaign, country, language


class Recipient(Struct, frozen=True):
    """One person to be written to, or handed over to a target: still sealed."""

    campaign: bytes
    signer: bytes
    round: int  # goes into the links of the mail
    language: str
    country: str
    text_version: bytes
    record: bytes
    epoch: bytes  # `Store.epoch` has its header
    envelope: bytes

    @property
    def key(self) -> Key:
        """Where this person stands in the order that pages of recipients follow."""
        return self.campaign, self.signer


class Store(Protocol):
    """Where the journals are folded to. Every method is one transaction, but those called in `together`."""

    def position(self, journal: bytes) -> int:
        """Return the sequence number up to which a journal is recorded; 0 before its first entry."""

    def record(self, journal: bytes, position: int, entries: Sequence[Entry]) -> None:
        """Fold `entries` and move the journal's position, both or neither.

        Recording entries again changes nothing. A count cell moves with the row that moves it.
        """

    def together(self) -> AbstractContextManager[None]:
        """Make what is recorded inside durable at the end, or nothing of it if the block raises."""

    def counts(self) -> dict[bytes, Counts]:
        """Return the counts of every campaign in which anybody counts."""

    def epoch(self, campaign: bytes, epoch: bytes) -> Epoch | None:
        """Return the header that opens the records of an epoch, if it came."""

    def mail_due(self, limit: int, *, after: Key | None = None) -> list[Recipient]:
        """Return people who are owed a confirmation mail, in the order of their keys.

        after  start behind this person, so that an address that keeps failing holds nobody up
        """

    def mails_due(self) -> int:
        """Return how many people are owed a confirmation mail."""

    def mailed(self, people: Iterable[Key]) -> list[int]:
        """Return the day of the newest confirmation mail to each of `people` who was sent one."""

    def mail_sent(self, campaign: bytes, signer: bytes, day: int) -> None:
        """Note that a person was sent (or will never be sent) the mail that was due."""

    def queue_news(self, news: bytes, campaign: bytes) -> int:
        """Owe a news mail to everyone who wants news of a campaign; return how many were added.

        news  16-byte identifier; queuing it again adds only those who came since
        """

    def news_due(self, news: bytes, limit: int, *, after: Key | None = None) -> list[Recipient]:
        """Return people who are owed a news mail and still want it, in the order of their keys."""

    def news_sent(self, news: bytes, campaign: bytes, signer: bytes) -> None:
        """Note that a person was sent a news mail."""

    def news_wanted(self) -> dict[bytes, dict[str, int]]:
        """Return how many people want news of each campaign, by the language they signed in.

        It looks at everybody in the store: seconds, where there are millions.
        """

    def news_owed(self) -> dict[bytes, int]:
        """Return to how many people each news mail is still owed; what is owed to nobody is left out."""

    def counted(self, campaign: bytes, limit: int, *, after: Key | None = None) -> list[Recipient]:
        """Return the people who count in a campaign, in the order of their keys."""

    def forget_unconfirmed(self, before_day: int) -> int:
        """Delete people who never confirmed, are owed no mail, and signed and were mailed before a day."""

    def forget_withdrawn(self, before_day: int) -> int:
        """Take the signature from people who withdrew, were mailed and signed anew, if at all, before a day.

        That they withdrew is kept, under the token alone: an old link must not count them again.
        """

    def known(self, people: Iterable[Key]) -> dict[Key, Signer]:
        """Return what is kept of those of `people` who are not forgotten."""

    def check(self) -> list[str]:
        """Return a sentence for every place where counts and rows disagree; empty when all is well."""

    def close(self) -> None:
        """Let go of files and connections."""


def recipient(key: Key, kept: Kept, round_: int) -> Recipient:
    """Return the person at `key` as one to be written to.

    raises  ValueError if the person never signed
    """
    signature = kept.signer.signature
    if signature is None:
        raise ValueError("nobody to write to: the signature has not been read yet")
    return Recipient(
        *key,
        round_,
        signature.language,
        signature.country,
        signature.text_version,
        signature.record,
        signature.epoch,
        signature.envelope,
    )


def about_signers(entries: Iterable[Entry]) -> dict[Key, list[About]]:
    """Return the entries about each signer, in their order; epochs are about nobody."""
    by_key: dict[Key, list[About]] = {}
    for entry in entries:
        if not isinstance(entry, Epoch):
            by_key.setdefault((entry.campaign, entry.signer), []).append(entry)
    return by_key


def keep_all(kept: dict[Key, Kept], by_key: dict[Key, list[About]]) -> dict[Key, Kept]:
    """Return what each signer of `by_key` comes to, given what is kept of them so far."""
    now = {}
    for key, entries in by_key.items():
        state = kept.get(key, ABSENT)
        for entry in entries:
            state = keep(state, entry)
        now[key] = state
    return now


def cell_changes(before: dict[Key, Kept], now: dict[Key, Kept]) -> dict[Cell, int]:
    """Return by how much each cell moves when the rows of `before` become those of `now`."""
    changes: Counter[Cell] = Counter()
    for key, kept in now.items():
        old, new = cell(key, before.get(key, ABSENT)), cell(key, kept)
        if old != new:
            _move(changes, old, new)
    return {where: people for where, people in changes.items() if people}


def cell(key: Key, kept: Kept) -> Cell | None:
    """Return the one cell in which a person counts, if they do."""
    signature = kept.signer.signature
    if signature is None or not kept.signer.is_counted:
        return None
    return key[0], signature.country, signature.language


def _move(changes: Counter[Cell], old: Cell | None, new: Cell | None) -> None:
    if old is not None:
        changes[old] -= 1
    if new is not None:
        changes[new] += 1


def disagreements(rows: dict[Cell, int], cells: dict[Cell, int]) -> list[str]:
    """Return a sentence for every cell whose number is not that of the people in the rows."""
    return [
        f"campaign {where[0].hex()}, country {where[1] or '-'}, language {where[2]}: "
        f"the cell says {cells.get(where, 0)}, the rows say {rows.get(where, 0)}"
        for where in sorted(rows.keys() | cells.keys())
        if rows.get(where, 0) != cells.get(where, 0)
    ]
