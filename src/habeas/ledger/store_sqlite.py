"""The store of one machine: an SQLite file that survives a power cut.

All SQL stands here at the top. Rules about people are Python (ledger.fold, ledger.mailing); what they
say of a row is written beside it as 0 or 1, so that SQL only ever looks it up.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from habeas.ledger import mailing
from habeas.ledger.counts import Counts
from habeas.ledger.entry import Entry, Epoch
from habeas.ledger.fold import Signature, Signer
from habeas.ledger.mailing import Kept, Mailed
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

SETTINGS = """
PRAGMA page_size = 2048;        -- of a new store: each new key, being random, rewrites a page of its own
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;      -- NORMAL loses what it acknowledged when the power is cut
PRAGMA secure_delete = ON;      -- a deleted person's bytes are overwritten
PRAGMA cache_size = -65536;     -- 64 MB: the key index decides how fast the fold is
PRAGMA trusted_schema = OFF;
"""

SCHEMA = """
CREATE TABLE IF NOT EXISTS position (    -- how far each journal has been read
    journal BLOB PRIMARY KEY,
    seq INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS epoch (       -- headers that open the envelopes of ten minutes
    campaign BLOB NOT NULL,
    epoch BLOB NOT NULL,
    key_id BLOB NOT NULL,
    header BLOB NOT NULL,
    PRIMARY KEY (campaign, epoch)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS signer (      -- one person in one campaign
    campaign BLOB NOT NULL,
    signer BLOB NOT NULL,
    day INTEGER,                         -- the seven of the signature are NULL until it was read
    record BLOB,
    language TEXT,
    country TEXT,
    text_version BLOB,
    epoch BLOB,
    envelope BLOB,
    updates INTEGER NOT NULL,
    latest INTEGER NOT NULL,
    confirmed INTEGER NOT NULL,
    withdrawn INTEGER NOT NULL,
    withdrawn_day INTEGER NOT NULL,
    unsubscribed INTEGER NOT NULL,
    mail_day INTEGER NOT NULL,
    mail_round INTEGER NOT NULL,
    mail_again INTEGER NOT NULL,
    is_counted INTEGER NOT NULL,         -- what fold and mailing say of the columns above
    wants_news INTEGER NOT NULL,
    is_due INTEGER NOT NULL,
    PRIMARY KEY (campaign, signer)
);
CREATE INDEX IF NOT EXISTS signer_due ON signer (campaign, signer) WHERE is_due = 1;
CREATE INDEX IF NOT EXISTS signer_unconfirmed ON signer (mail_day) WHERE confirmed = -1 AND mail_day > -1;
CREATE INDEX IF NOT EXISTS signer_withdrawn ON signer (withdrawn_day)
WHERE withdrawn > -1 AND record IS NOT NULL;  -- these two: whom to forget, without looking at everybody

CREATE TABLE IF NOT EXISTS cell (        -- people who count
    campaign BLOB NOT NULL,
    country TEXT NOT NULL,
    language TEXT NOT NULL,
    people INTEGER NOT NULL,
    PRIMARY KEY (campaign, country, language)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS dispatch (    -- one news mail to one person
    news BLOB NOT NULL,
    campaign BLOB NOT NULL,
    signer BLOB NOT NULL,
    sent INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (news, campaign, signer)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS dispatch_due ON dispatch (news, campaign, signer) WHERE sent = 0;
"""

POSITION = "SELECT seq FROM position WHERE journal = ?"
SET_POSITION = "INSERT INTO position VALUES (?, ?) ON CONFLICT (journal) DO UPDATE SET seq = excluded.seq"
EPOCH = "SELECT campaign, epoch, key_id, header FROM epoch WHERE campaign = ? AND epoch = ?"
ADD_EPOCH = "INSERT OR IGNORE INTO epoch VALUES (?, ?, ?, ?)"
ROWS_OF = "SELECT * FROM signer WHERE campaign = ? AND signer IN ({})"
ALL_ROWS = "SELECT * FROM signer"
ADD_ROW = "INSERT INTO signer VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
CHANGE_ROW = """
UPDATE signer SET (day, record, language, country, text_version, epoch, envelope,
    updates, latest, confirmed, withdrawn, withdrawn_day, unsubscribed, mail_day, mail_round, mail_again,
    is_counted, wants_news, is_due) = (?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21)
WHERE campaign = ?1 AND signer = ?2"""
CELLS = "SELECT campaign, country, language, people FROM cell ORDER BY campaign, country, language"
MOVE_CELL = """
INSERT INTO cell VALUES (?, ?, ?, ?)
ON CONFLICT (campaign, country, language) DO UPDATE SET people = people + excluded.people"""
MAIL_DUE = """
SELECT * FROM signer WHERE is_due = 1 AND (campaign, signer) > (?, ?)
ORDER BY campaign, signer LIMIT ?"""
MAILS_DUE = "SELECT count(*) FROM signer WHERE is_due = 1"
MAILED = "SELECT mail_day FROM signer WHERE campaign = ? AND signer = ? AND mail_day > -1"
COUNTED = """
SELECT * FROM signer WHERE campaign = ? AND signer > ? AND is_counted = 1
ORDER BY signer LIMIT ?"""
QUEUE_NEWS = """
INSERT OR IGNORE INTO dispatch (news, campaign, signer)
SELECT ?, campaign, signer FROM signer WHERE campaign = ? AND wants_news = 1"""
NEWS_DUE = """
SELECT signer.* FROM dispatch INDEXED BY dispatch_due JOIN signer USING (campaign, signer)
WHERE news = ? AND sent = 0 AND (dispatch.campaign, dispatch.signer) > (?, ?) AND wants_news = 1
ORDER BY dispatch.campaign, dispatch.signer LIMIT ?"""
NEWS_WANTED = """
SELECT campaign, language, count(*) FROM signer NOT INDEXED WHERE wants_news = 1
GROUP BY campaign, language"""  # in the order of the table: by the index each row would be looked up
NEWS_OWED = """
SELECT news, count(*) FROM dispatch INDEXED BY dispatch_due JOIN signer USING (campaign, signer)
WHERE sent = 0 AND wants_news = 1 GROUP BY news"""
NEWS_SENT = "UPDATE dispatch SET sent = 1 WHERE news = ? AND campaign = ? AND signer = ?"
FORGET = """
DELETE FROM signer INDEXED BY signer_unconfirmed
WHERE confirmed = -1 AND is_due = 0 AND latest < :before AND mail_day > -1 AND mail_day < :before"""
FORGET_WITHDRAWN = """
UPDATE signer INDEXED BY signer_withdrawn
SET (day, record, language, country, text_version, epoch, envelope, updates, latest, wants_news)
    = (NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, -1, 0)
WHERE withdrawn > -1 AND record IS NOT NULL AND is_counted = 0 AND is_due = 0
    AND latest < :before AND withdrawn_day < :before AND mail_day < :before"""
PAGES = "PRAGMA page_count"
WRITE_BACK_AFTER = "PRAGMA wal_autocheckpoint = {}"
EMPTY_LOG = "PRAGMA wal_checkpoint(TRUNCATE)"  # the write-ahead log still holds what was deleted

_KEYS_A_QUERY = 1_000
_STEPS = 1_000  # of SQLite's machine: ten people or so, a tenth of a millisecond
_LEAST_LOG = 20_000  # pages of 2 KB, after which they are written back from the log
_LOG_SHARE = 8  # where one part in so many of the store is more, after that
_FIRST: Key = (b"", b"")  # comes before every person
_SIGNATURE = slice(2, 9)
_UPDATES = 9
_MARKS = slice(17, 21)

Row = tuple[Any, ...]  # the columns of `signer`, in order


class SQLiteStore:
    """A `Store` in one SQLite file; each process opens its own, and uses it from one thread at a time."""

    _is_together = False  # what is recorded is made durable by the caller, with more to come

    def __init__(self, path: Path, *, give_way: Callable[[], None] | None = None) -> None:
        """Open the store at `path`, made with its folder if missing.

        give_way  called again and again while a statement runs, so that others need not wait for its end
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, timeout=30.0, isolation_level=None, check_same_thread=False)
        self._connection.executescript(SETTINGS)
        self._connection.executescript(SCHEMA)
        if give_way:
            self._connection.set_progress_handler(give_way, _STEPS)
        self._let_log_grow()

    def position(self, journal: bytes) -> int:
        """Return the sequence number up to which a journal is recorded; 0 before its first entry."""
        found = self._connection.execute(POSITION, (journal,)).fetchone()
        return found[0] if found else 0

    def record(self, journal: bytes, position: int, entries: Sequence[Entry]) -> None:
        """Fold `entries` and move the journal's position, both or neither."""
        by_key = about_signers(entries)
        with self._transaction() as connection:
            before = self._load(by_key)
            now = keep_all(before, by_key)
            self._write(before, now)
            connection.executemany(ADD_EPOCH, _epoch_rows(entries))
            connection.execute(SET_POSITION, (journal, position))

    @contextmanager
    def together(self) -> Iterator[None]:
        """Make what is recorded inside durable at the end, or nothing of it."""
        self._is_together = True
        try:
            yield
            self._end("COMMIT")
        except BaseException:
            self._end("ROLLBACK")
            raise
        finally:
            self._is_together = False
        self._let_log_grow()

    def counts(self) -> dict[bytes, Counts]:
        """Return the counts of every campaign in which anybody counts."""
        by_campaign: dict[bytes, list[tuple[str, str, int]]] = {}
        for campaign, country, language, people in self._connection.execute(CELLS):
            if people:
                by_campaign.setdefault(campaign, []).append((country, language, people))
        return {campaign: Counts.of(cells) for campaign, cells in by_campaign.items()}

    def epoch(self, campaign: bytes, epoch: bytes) -> Epoch | None:
        """Return the header that opens the records of an epoch, if it came."""
        found = self._connection.execute(EPOCH, (campaign, epoch)).fetchone()
        return Epoch(*found) if found else None

    def mail_due(self, limit: int, *, after: Key | None = None) -> list[Recipient]:
        """Return people who are owed a confirmation mail, in the order of their keys."""
        found = self._people(MAIL_DUE, *(after or _FIRST), limit)
        return [recipient(key, kept, kept.signer.round) for key, kept in found]

    def mails_due(self) -> int:
        """Return how many people are owed a confirmation mail."""
        people: int = self._connection.execute(MAILS_DUE).fetchone()[0]
        return people

    def mailed(self, people: Iterable[Key]) -> list[int]:
        """Return the day of the newest confirmation mail to each of `people` who was sent one."""
        return [day for key in people for (day,) in self._connection.execute(MAILED, key)]

    def mail_sent(self, campaign: bytes, signer: bytes, day: int) -> None:
        """Note that a person was sent (or will never be sent) the mail that was due."""
        key = (campaign, signer)
        with self._transaction():
            before = self._load([key])
            self._write(before, {key: mailing.sent(kept, day) for key, kept in before.items()})

    def queue_news(self, news: bytes, campaign: bytes) -> int:
        """Owe a news mail to everyone who wants news of a campaign; return how many were added."""
        return self._connection.execute(QUEUE_NEWS, (news, campaign)).rowcount

    def news_due(self, news: bytes, limit: int, *, after: Key | None = None) -> list[Recipient]:
        """Return people who are owed a news mail and still want it, in the order of their keys."""
        found = self._people(NEWS_DUE, news, *(after or _FIRST), limit)
        return [recipient(key, kept, kept.signer.confirmed) for key, kept in found]

    def news_sent(self, news: bytes, campaign: bytes, signer: bytes) -> None:
        """Note that a person was sent a news mail."""
        self._connection.execute(NEWS_SENT, (news, campaign, signer))

    def news_wanted(self) -> dict[bytes, dict[str, int]]:
        """Return how many people want news of each campaign, by the language they signed in."""
        wanted: dict[bytes, dict[str, int]] = {}
        for campaign, language, people in self._connection.execute(NEWS_WANTED):
            wanted.setdefault(campaign, {})[language] = people
        return wanted

    def news_owed(self) -> dict[bytes, int]:
        """Return to how many people each news mail is still owed; what is owed to nobody is left out."""
        return dict(self._connection.execute(NEWS_OWED))

    def counted(self, campaign: bytes, limit: int, *, after: Key | None = None) -> list[Recipient]:
        """Return the people who count in a campaign, in the order of their keys."""
        found = self._people(COUNTED, campaign, (after or _FIRST)[1], limit)
        return [recipient(key, kept, kept.signer.confirmed) for key, kept in found]

    def forget_unconfirmed(self, before_day: int) -> int:
        """Delete people who never confirmed, are owed no mail, and signed and were mailed before a day."""
        forgotten = self._connection.execute(FORGET, {"before": before_day}).rowcount
        self._connection.execute(EMPTY_LOG).fetchall()
        return forgotten

    def forget_withdrawn(self, before_day: int) -> int:
        """Take the signature from people who withdrew, were mailed and signed anew before a day."""
        forgotten = self._connection.execute(FORGET_WITHDRAWN, {"before": before_day}).rowcount
        self._connection.execute(EMPTY_LOG).fetchall()
        return forgotten

    def known(self, people: Iterable[Key]) -> dict[Key, Signer]:
        """Return what is kept of those of `people` who are not forgotten."""
        return {key: kept.signer for key, kept in self._load(dict.fromkeys(people)).items()}

    def check(self) -> list[str]:
        """Return a sentence for every place where counts and rows disagree; empty when all is well."""
        people: Counter[Cell] = Counter()
        stale = []
        for row in self._connection.execute(ALL_ROWS):
            key, kept = _read(row)
            if (row[_UPDATES], *row[_MARKS]) != (kept.signer.updates, *_marks(kept)):
                stale.append(f"campaign {key[0].hex()}, signer {key[1].hex()}: the marks are not of this row")
            where = cell(key, kept)
            if where:
                people[where] += 1
        cells = {row[:3]: row[3] for row in self._connection.execute(CELLS)}
        return stale + disagreements(dict(people), cells)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _let_log_grow(self) -> None:
        """Let the write-ahead log grow with the store.

        Keys are random, so in a large store every new one changes a page of the index of its own, and
        to write each back soon costs as much as everything else together.
        """
        pages = self._connection.execute(PAGES).fetchone()[0]
        self._connection.execute(WRITE_BACK_AFTER.format(max(_LEAST_LOG, pages // _LOG_SHARE)))

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Commit what is done inside, or nothing of it; within `together`, that is left to its end."""
        if not self._connection.in_transaction:
            self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
            if not self._is_together:
                self._end("COMMIT")
        except BaseException:
            self._end("ROLLBACK")
            raise

    def _end(self, how: Literal["COMMIT", "ROLLBACK"]) -> None:
        """End the transaction, if there is one."""
        if self._connection.in_transaction:
            self._connection.execute(how)

    def _load(self, keys: Sequence[Key] | dict[Key, Any]) -> dict[Key, Kept]:
        """Return what is kept of those of `keys` that have a row."""
        by_campaign: dict[bytes, list[bytes]] = {}
        for campaign, signer in keys:
            by_campaign.setdefault(campaign, []).append(signer)
        found: dict[Key, Kept] = {}
        for campaign, signers in by_campaign.items():
            for start in range(0, len(signers), _KEYS_A_QUERY):
                some = signers[start : start + _KEYS_A_QUERY]
                asked = ROWS_OF.format(",".join("?" * len(some)))
                found |= self._people(asked, campaign, *map(bytearray, some))
        return found

    def _people(self, query: str, *values: object) -> Iterator[tuple[Key, Kept]]:
        return map(_read, self._connection.execute(query, values))

    def _write(self, before: dict[Key, Kept], now: dict[Key, Kept]) -> None:
        """Put the rows and cells that changed; new rows in the order of the index they go into."""
        added = sorted(now.keys() - before.keys())
        changed = [key for key, kept in before.items() if now[key] != kept]
        self._connection.executemany(ADD_ROW, (_row(key, now[key]) for key in added))
        self._connection.executemany(CHANGE_ROW, (_row(key, now[key]) for key in changed))
        moved = cell_changes(before, now)
        self._connection.executemany(MOVE_CELL, ((*where, people) for where, people in moved.items()))


def _epoch_rows(entries: Sequence[Entry]) -> Iterator[Row]:
    return ((e.campaign, e.epoch, e.key_id, e.header) for e in entries if isinstance(e, Epoch))


def _row(key: Key, kept: Kept) -> Row:
    """Return the columns of a person, the marks computed.

    Python's sqlite3 asks bytes, None and bool each time how they want to be stored, which takes longer than
    storing them; it never asks int, str and bytearray.
    """
    signer, mailed = kept.signer, kept.mailed
    return (
        *map(bytearray, key),
        *_signed(signer.signature),
        int(signer.updates),
        signer.latest,
        signer.confirmed,
        signer.withdrawn,
        signer.withdrawn_day,
        signer.unsubscribed,
        mailed.day,
        mailed.round,
        *_marks(kept),
    )


def _marks(kept: Kept) -> tuple[int, int, int, int]:
    """Return the last four columns: what was noted, and what fold and mailing say."""
    signer = kept.signer
    return int(kept.mailed.again), int(signer.is_counted), int(signer.wants_news), int(kept.is_due)


def _signed(signature: Signature | None) -> Row:
    """Return the seven columns of a signature."""
    if signature is None:
        return (None,) * 7
    return (
        signature.day,
        bytearray(signature.record),
        signature.language,
        signature.country,
        bytearray(signature.text_version),
        bytearray(signature.epoch),
        bytearray(signature.envelope),
    )


def _read(row: Row) -> tuple[Key, Kept]:
    """Return the person of the columns that `_row` gave."""
    signature = None if row[2] is None else Signature(*row[_SIGNATURE])
    signer = Signer(signature, bool(row[9]), *row[10:15])
    return (row[0], row[1]), Kept(signer, Mailed(row[15], row[16], bool(row[17])))
