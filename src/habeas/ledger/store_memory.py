"""The store that forgets when the process ends: for tests and for trying things out."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

from msgspec import structs

from habeas.ledger import mailing
from habeas.ledger.counts import Counts
from habeas.ledger.entry import Entry, Epoch
from habeas.ledger.fold import NEVER, Signer, without_signature
from habeas.ledger.mailing import Kept
from habeas.ledger.store import (
    Cell,
    Key,
    Recipient,
    about_signers,
    cell,
    cell_changes,
    disagreements,
    keep_all,
    recipient,
)


class MemoryStore:
    """A `Store` of dictionaries."""

    def __init__(self) -> None:
        self._positions: dict[bytes, int] = {}
        self._epochs: dict[tuple[bytes, bytes], Epoch] = {}
        self._rows: dict[Key, Kept] = {}
        self._cells: dict[Cell, int] = {}
        self._dispatches: dict[tuple[bytes, Key], bool] = {}  # (news, person): sent

    def position(self, journal: bytes) -> int:
        """Return the sequence number up to which a journal is recorded; 0 before its first entry."""
        return self._positions.get(journal, 0)

    def record(self, journal: bytes, position: int, entries: Sequence[Entry]) -> None:
        """Fold `entries` and move the journal's position, both or neither."""
        now = keep_all(self._rows, about_signers(entries))
        for where, people in cell_changes(self._rows, now).items():
            self._cells[where] = self._cells.get(where, 0) + people
        self._rows |= now
        for entry in entries:
            if isinstance(entry, Epoch):
                self._epochs.setdefault((entry.campaign, entry.epoch), entry)
        self._positions[journal] = position

    @contextmanager
    def together(self) -> Iterator[None]:
        """Keep what is recorded inside, or nothing of it if the block raises."""
        before = {name: dict(kept) for name, kept in vars(self).items()}
        try:
            yield
        except BaseException:
            vars(self).update(before)
            raise

    def counts(self) -> dict[bytes, Counts]:
        """Return the counts of every campaign in which anybody counts."""
        by_campaign: dict[bytes, list[tuple[str, str, int]]] = {}
        for (campaign, country, language), people in self._cells.items():
            if people:
                by_campaign.setdefault(campaign, []).append((country, language, people))
        return {campaign: Counts.of(sorted(cells)) for campaign, cells in by_campaign.items()}

    def epoch(self, campaign: bytes, epoch: bytes) -> Epoch | None:
        """Return the header that opens the records of an epoch, if it came."""
        return self._epochs.get((campaign, epoch))

    def mail_due(self, limit: int, *, after: Key | None = None) -> list[Recipient]:
        """Return people who are owed a confirmation mail, in the order of their keys."""
        page = self._page(limit, after, lambda _, kept: kept.is_due)
        return [recipient(key, kept, kept.signer.round) for key, kept in page]

    def mails_due(self) -> int:
        """Return how many people are owed a confirmation mail."""
        return sum(kept.is_due for kept in self._rows.values())

    def mailed(self, people: Iterable[Key]) -> list[int]:
        """Return the day of the newest confirmation mail to each of `people` who was sent one."""
        days = [self._rows[key].mailed.day for key in people if key in self._rows]
        return [day for day in days if day != NEVER]

    def mail_sent(self, campaign: bytes, signer: bytes, day: int) -> None:
        """Note that a person was sent (or will never be sent) the mail that was due."""
        kept = self._rows.get((campaign, signer))
        if kept is not None:
            self._rows[campaign, signer] = mailing.sent(kept, day)

    def queue_news(self, news: bytes, campaign: bytes) -> int:
        """Owe a news mail to everyone who wants news of a campaign; return how many were added."""
        wanted = [
            (news, key) for key, kept in self._rows.items() if key[0] == campaign and kept.signer.wants_news
        ]
        added = [dispatch for dispatch in wanted if dispatch not in self._dispatches]
        self._dispatches |= dict.fromkeys(added, False)
        return len(added)

    def news_due(self, news: bytes, limit: int, *, after: Key | None = None) -> list[Recipient]:
        """Return people who are owed a news mail and still want it, in the order of their keys."""
        page = self._page(
            limit,
            after,
            lambda key, kept: self._dispatches.get((news, key)) is False and kept.signer.wants_news,
        )
        return [recipient(key, kept, kept.signer.confirmed) for key, kept in page]

    def news_sent(self, news: bytes, campaign: bytes, signer: bytes) -> None:
        """Note that a person was sent a news mail."""
        if (news, (campaign, signer)) in self._dispatches:
            self._dispatches[news, (campaign, signer)] = True

    def news_wanted(self) -> dict[bytes, dict[str, int]]:
        """Return how many people want news of each campaign, by the language they signed in."""
        wanted: dict[bytes, dict[str, int]] = {}
        for (campaign, _), kept in self._rows.items():
            if kept.signer.wants_news and kept.signer.signature:
                by_language = wanted.setdefault(campaign, {})
                language = kept.signer.signature.language
                by_language[language] = by_language.get(language, 0) + 1
        return wanted

    def news_owed(self) -> dict[bytes, int]:
        """Return to how many people each news mail is still owed; what is owed to nobody is left out."""
        owed: Counter[bytes] = Counter()
        for (news, key), is_sent in self._dispatches.items():
            owed[news] += not is_sent and key in self._rows and self._rows[key].signer.wants_news
        return {news: people for news, people in owed.items() if people}

    def counted(self, campaign: bytes, limit: int, *, after: Key | None = None) -> list[Recipient]:
        """Return the people who count in a campaign, in the order of their keys."""
        page = self._page(limit, after, lambda key, kept: key[0] == campaign and kept.signer.is_counted)
        return [recipient(key, kept, kept.signer.confirmed) for key, kept in page]

    def forget_unconfirmed(self, before_day: int) -> int:
        """Delete people who never confirmed, are owed no mail, and signed and were mailed before a day."""
        gone = [key for key, kept in self._rows.items() if _is_stale(kept, before_day)]
        for key in gone:
            del self._rows[key]
        return len(gone)

    def forget_withdrawn(self, before_day: int) -> int:
        """Take the signature from people who withdrew, were mailed and signed anew before a day."""
        gone = {key: kept for key, kept in self._rows.items() if _is_left(kept, before_day)}
        for key, kept in gone.items():
            self._rows[key] = structs.replace(kept, signer=without_signature(kept.signer))
        return len(gone)

    def known(self, people: Iterable[Key]) -> dict[Key, Signer]:
        """Return what is kept of those of `people` who are not forgotten."""
        return {key: self._rows[key].signer for key in people if key in self._rows}

    def check(self) -> list[str]:
        """Return a sentence for every place where counts and rows disagree; empty when all is well."""
        rows = Counter(where for key, kept in self._rows.items() if (where := cell(key, kept)))
        return disagreements(dict(rows), self._cells)

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""

    def _page(
        self, limit: int, after: Key | None, wanted: Callable[[Key, Kept], bool]
    ) -> list[tuple[Key, Kept]]:
        keys = sorted(key for key in self._rows if after is None or key > after)
        return list(islice(((key, self._rows[key]) for key in keys if wanted(key, self._rows[key])), limit))


def _is_stale(kept: Kept, before_day: int) -> bool:
    if kept.signer.confirmed != NEVER or kept.is_due:
        return False
    return kept.signer.latest < before_day and NEVER < kept.mailed.day < before_day


def _is_left(kept: Kept, before_day: int) -> bool:
    signer = kept.signer
    if signer.signature is None or signer.withdrawn == NEVER or signer.is_counted or kept.is_due:
        return False
    return max(signer.latest, signer.withdrawn_day, kept.mailed.day) < before_day
