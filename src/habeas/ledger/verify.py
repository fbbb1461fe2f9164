"""Whether nothing is lost: every journal record checked, and the store compared with what they come to.

Nothing is written to the data folder. Memory stays flat: what the journals say is sorted by person in
a temporary file that SQLite deletes by itself, and walked through beside the rows of the store. That
file holds what a journal holds: keyed tokens and sealed envelopes.
"""

import heapq
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import reduce
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, structs

from habeas.ledger import entry as kinds
from habeas.ledger import journal_file
from habeas.ledger.entry import Confirm, Entry, Epoch, NotAnEntry, Sign, Withdraw, pack, unpack
from habeas.ledger.fold import NEVER, NOBODY, About, Signature, Signer, fold
from habeas.ledger.journal_reader import (
    Damaged,
    JournalReader,
    JournalUnborn,
    JournalUnreadable,
    Record,
)
from habeas.ledger.mailing import Kept
from habeas.ledger.read_only import is_idle, read_only
from habeas.ledger.store import Cell, Key, cell, disagreements
from habeas.ledger.store_sqlite import CELLS, SQLiteStore

BATCH = 20_000  # records held in memory at a time
_LOOKS = 5  # at a journal that changes hands
MOST_NAMED = 100  # disagreements told one by one; the rest are counted

SORTER = (
    "CREATE TABLE said (campaign BLOB, signer BLOB, body BLOB)",
    "CREATE TABLE header (campaign BLOB, epoch BLOB, body BLOB, PRIMARY KEY (campaign, epoch)) WITHOUT ROWID",
)
ADD_SAID = "INSERT INTO said VALUES (?, ?, ?)"
SAID = "SELECT campaign, signer, body FROM said ORDER BY campaign, signer"
ADD_HEADER = "INSERT OR IGNORE INTO header VALUES (?, ?, ?)"
HEADERS = "SELECT body FROM header"
PEOPLE = "SELECT rowid AS number, * FROM signer ORDER BY +campaign, +signer"  # + keeps it off the index
POSITIONS = "SELECT journal, seq FROM position"
OWN_CHECK = "PRAGMA integrity_check(20)"
OWN_CHECK_OF_A_JOURNAL = "PRAGMA quick_check(1)"

Mark = Annotated[int, Meta(ge=0, le=1)]
LastRound = Annotated[int, Meta(ge=NEVER, le=kinds.LAST_ROUND)]
LastDay = Annotated[int, Meta(ge=NEVER, le=0xFFFFFF)]


class Checked(Struct, frozen=True):
    """What was found in the journals, or in the store."""

    entries: int  # intact records of the journals; rows of people in the store
    damaged: tuple[Any, ...]  # `Damaged` of the journals; sentences of the store


class Verified(Struct, frozen=True):
    """What one look at a data folder found."""

    journal: Checked
    store: Checked
    disagreeing: int  # people, cells, headers and journals of which journals and store say different things
    disagreements: tuple[str, ...]  # the first MOST_NAMED of them, in sentences
    waiting: int  # intact records that the clerk has not folded yet
    forgotten: int = 0  # intact records of the journals that hold nothing any more

    @property
    def agree(self) -> bool:
        """The store holds what the journals come to, as far as it has read them."""
        return not self.disagreeing

    @property
    def is_well(self) -> bool:
        """Nothing is damaged and nothing disagrees."""
        return self.agree and not self.journal.damaged and not self.store.damaged


def verify(journals: Path, store: Path, *, today: int) -> Verified:
    """Check every record of a folder of journals, and the store against them.

    journals  the folder; need not exist
    store     the SQLite file of the store; need not exist before the first fold
    today     people who never confirmed may have been forgotten, but not since yesterday

    May run while doors and clerk do: the store is read as it was at one moment, the journals as far as
    it had folded them then. For that long the store's write-ahead log cannot be emptied.
    """
    resting = _resting(journals, store)
    found = _Look(journals, store, today).verified()
    if found.is_well or resting == _resting(journals, store):
        return found
    return _Look(journals, store, today).verified()  # a door or the clerk started under our eyes


def check_journal(
    path: Path, folded: int, take: Callable[[int, Entry], None], *, batch: int = BATCH
) -> list[Damaged]:
    """Read one journal to its end and return what is damaged, in the order of the numbers.

    folded  how many of its records were read before: fewer are no longer an end, but a loss
    take    called with every intact record's number and entry
    batch   how many records are held in memory at a time
    raises  JournalUnborn, JournalUnreadable
    """
    with _reader(path) as reader:
        return _read(reader, folded, take, batch, _Tally())


def _resting(journals: Path, store: Path) -> dict[Path, tuple[int, int]]:
    """Return the files that nobody has open for writing, each with its size and time of change."""
    files = [path for path in (*journal_file.journals(journals), store) if path.exists() and is_idle(path)]
    return {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in files}


class _Tally(Struct):
    """How many intact records there are."""

    intact: int = 0
    waiting: int = 0  # of those, not folded yet
    forgotten: int = 0  # of those, empty

    def add(self, other: "_Tally") -> None:
        self.intact += other.intact
        self.waiting += other.waiting
        self.forgotten += other.forgotten


class _OneJournal(Struct, frozen=True):
    """What is in one journal."""

    identity: bytes | None  # None if it cannot be read
    damaged: list[Damaged]
    tally: _Tally


class _Look:
    """One look at a data folder."""

    def __init__(self, journals: Path, store: Path, today: int) -> None:
        self._folder, self._file, self._today = journals, store, today
        self._tally = _Tally()
        self._people = self._disagreeing = 0
        self._damaged: list[Damaged] | None = None  # of the journals, once they were read
        self._sentences: list[str] = []  # of the store's own damage
        self._named: list[str] = []  # disagreements
        self._cells: Counter[Cell] = Counter()  # what the journals come to

    def verified(self) -> Verified:
        """Return what there is to say; a store that cannot be read keeps no journal from being checked."""
        with closing(_Sorter()) as sorter:
            try:
                self._look(sorter)
            except (sqlite3.Error, OSError) as error:
                self._sentences.append(f"the store cannot be read: {error}")
                self._disagree("the store cannot be compared with the journals")
            damaged = self._read_journals({}, sorter) if self._damaged is None else self._damaged
        return Verified(
            Checked(self._tally.intact, tuple(damaged)),
            Checked(self._people, tuple(self._sentences)),
            self._disagreeing,
            tuple(self._named),
            self._tally.waiting,
            self._tally.forgotten,
        )

    def _look(self, sorter: "_Sorter") -> None:
        if not self._file.exists():
            return
        with read_only(self._file) as connection:
            store = _QuietStore(connection)
            connection.execute("BEGIN")  # one moment of the store, before the journals: they are never behind
            self._damaged = self._read_journals(store.positions(), sorter)
            self._compare(store, sorter)

    def _disagree(self, sentence: str) -> None:
        self._disagreeing += 1
        if len(self._named) < MOST_NAMED:
            self._named.append(sentence)

    def _read_journals(self, positions: dict[bytes, int], sorter: "_Sorter") -> list[Damaged]:
        """Check every journal; what the store has folded of them goes to the sorter."""
        self._tally = _Tally()  # a store that fails under our hands lets us begin again
        missing, damaged = dict(positions), []
        for path in journal_file.journals(self._folder):
            one = _read_steadily(path, positions, sorter)
            if one.identity is not None:
                missing.pop(one.identity, None)
            damaged += one.damaged
            self._tally.add(one.tally)
        for journal, folded in missing.items():
            self._disagree(
                f"the store has read {folded} records of journal {journal.hex()}: it cannot be read here"
            )
        return damaged

    def _compare(self, store: "_QuietStore", sorter: "_Sorter") -> None:
        self._compare_headers(store, sorter)
        self._sentences += store.own_check()
        undecoded = len(self._sentences)
        for key, said, kept in _side_by_side(sorter.people(), self._people_of(store)):
            self._compare_person(key, said, kept)
        cells, damaged_cells = store.cells()
        self._sentences += damaged_cells
        if len(self._sentences) == undecoded:  # what cannot be decoded cannot be added up either
            self._sentences += store.check()
        for sentence in disagreements(dict(self._cells), cells):
            self._disagree(sentence.replace("the rows say", "the journals say"))

    def _compare_headers(self, store: "_QuietStore", sorter: "_Sorter") -> None:
        """Look for the header of every epoch: without it nobody can open what was sealed in it."""
        for header in sorter.headers():
            if store.epoch(header.campaign, header.epoch) != header:
                self._disagree(
                    f"campaign {header.campaign.hex()}, epoch {header.epoch.hex()}: "
                    "the store does not have the header as the journal has it"
                )

    def _people_of(self, store: "_QuietStore") -> Iterator[tuple[Key, Signer]]:
        """Yield the people of the store whose rows decode, in the order of their keys."""
        for number, found in store.people():
            self._people += 1
            if isinstance(found, str):
                self._sentences.append(f"row {number} of the people does not decode: {found}")
            else:
                yield found

    def _compare_person(self, key: Key, said: list[About], kept: list[Signer]) -> None:
        """Compare what the journals say of one person with the row the store has, or ought to have."""
        come_to, have = reduce(fold, said, NOBODY), kept[0] if kept else None
        if have != (come_to if said else None) and is_forgotten(said, have, self._today):
            come_to = have or NOBODY
        elif sentence := _difference(come_to if said else None, kept):
            self._disagree(f"campaign {key[0].hex()}, signer {key[1].hex()}: {sentence}")
        if where := cell(key, Kept(come_to)):
            self._cells[where] += 1


def is_forgotten(said: list[About], have: Signer | None, today: int) -> bool:
    """Tell whether a row is what is left of a person who was forgotten in between.

    said  all that the journals say of the person, or what thinning has left of it
    have  the row, made by what came afterwards; None if nothing did

    The clerk forgets people who signed and did not confirm, and the signature of those who withdrew; at
    the least a day passes before that.
    """
    for cut in [*sorted({entry.day for entry in said}), today + 1]:
        before = [entry for entry in said if entry.day < cut]
        after = [entry for entry in said if entry.day >= cut]
        if max((entry.day for entry in before if isinstance(entry, Sign)), default=NEVER) >= today - 1:
            return False
        if _is_without_signature(before, after, have):
            return True
        if any(isinstance(entry, Confirm) for entry in before):
            continue
        if before and have == (reduce(fold, after, NOBODY) if after else None):
            return True
    return False


def _is_without_signature(before: list[About], after: list[About], have: Signer | None) -> bool:
    """Tell whether a row is of somebody whose signing in `before` is forgotten, and the withdrawal is not."""
    left = [entry for entry in before if not isinstance(entry, Sign)]
    if not any(isinstance(entry, Withdraw) for entry in left) or reduce(fold, before, NOBODY).is_counted:
        return False
    return have == reduce(fold, left + after, NOBODY)


def _difference(come_to: Signer | None, kept: list[Signer]) -> str | None:
    """Return in words how the rows of a person differ from what the journals come to."""
    if len(kept) > 1:
        return "is in the store more than once"
    if come_to is None:
        return "is in the store, and no intact record tells of them"
    if not kept:
        return "is missing from the store"
    fields = [*_differing(come_to, kept[0])]
    return f"the store has another {', '.join(fields)} than the journals" if fields else None


def _differing(come_to: Signer, have: Signer) -> Iterator[str]:
    for name in Signer.__struct_fields__:
        one, other = getattr(come_to, name), getattr(have, name)
        if isinstance(one, Signature) and isinstance(other, Signature):
            yield from (
                part for part in Signature.__struct_fields__ if getattr(one, part) != getattr(other, part)
            )
        elif one != other:
            yield name


# Journals


def _read_steadily(path: Path, positions: dict[bytes, int], sorter: "_Sorter") -> _OneJournal:
    """Read one journal; again if something is wrong with it and it changed hands under our eyes.

    It does when its door closes it, and when the clerk thins it out. What the sorter is given twice
    comes to the same.
    """
    for _ in range(_LOOKS):
        hands = _hands(path)
        one = _read_once(path, positions, sorter)
        if not one.damaged or hands == _hands(path):
            break
    return one


def _hands(path: Path) -> tuple[object, ...]:
    """Return by what can be seen that a journal passes from a door to the clerk, or is written by them."""
    is_resting = is_idle(path)
    status = path.stat()
    return (is_resting, status.st_size, status.st_mtime_ns) if is_resting else (is_resting,)


def _read_once(path: Path, positions: dict[bytes, int], sorter: "_Sorter") -> _OneJournal:
    tally = _Tally()
    try:
        with _reader(path) as reader:
            folded = positions.get(reader.identity, 0)
            damaged = _read(reader, folded, _taking(folded, tally, sorter), BATCH, tally)
            return _OneJournal(reader.identity, damaged, tally)
    except JournalUnborn:
        return _OneJournal(None, [], tally)
    except JournalUnreadable as error:
        return _OneJournal(None, [Damaged(path, 0, 0, str(error))], tally)


def _taking(folded: int, tally: _Tally, sorter: "_Sorter") -> Callable[[int, Entry], None]:
    def take(seq: int, entry: Entry) -> None:
        tally.intact += 1
        if seq <= folded:
            sorter.add(entry)
        else:
            tally.waiting += 1

    return take


class _Reader(JournalReader):
    """A `JournalReader` that leaves no trace."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path, self._connection = path, connection
        connection.text_factory = bytes  # a damaged value may claim to be text
        self.identity = self._looked_at()

    def own_check(self) -> str:
        """Return what SQLite says of the tree that holds the records; "ok" if it is whole."""
        with self._named():
            try:
                return bytes(self._connection.execute(OWN_CHECK_OF_A_JOURNAL).fetchone()[0]).decode(
                    errors="replace"
                )
            except sqlite3.DatabaseError as error:
                return str(error)


@contextmanager
def _reader(path: Path) -> Iterator[_Reader]:
    with ExitStack() as stack:
        try:
            connection = stack.enter_context(read_only(path))
        except (sqlite3.Error, OSError) as error:
            raise JournalUnreadable(f"{path}: {error}") from error
        yield _Reader(path, connection)


def _read(
    reader: _Reader, folded: int, take: Callable[[int, Entry], None], size: int, tally: _Tally
) -> list[Damaged]:
    damaged: dict[Damaged, None] = {}  # a damaged end is told of with every batch
    position, is_more = 0, True
    while is_more:
        batch = reader.read(position, size)
        is_more, position = batch.position > position, batch.position
        damaged |= dict.fromkeys([*batch.damaged, *_taken(reader.path, batch.records, take, tally)])
    damaged |= dict.fromkeys(_gone(reader, list(damaged), position, folded))
    return _joined(damaged)


def _taken(
    path: Path, records: list[Record], take: Callable[[int, Entry], None], tally: _Tally
) -> Iterator[Damaged]:
    """Take the entries of `records`; yield what is intact but no entry."""
    for record in records:
        if kinds.is_forgotten(record.body):
            tally.intact += 1
            tally.forgotten += 1
            continue
        try:
            entry = unpack(record.body)
        except NotAnEntry as error:
            yield Damaged(path, record.seq, record.seq, f"not an entry: {error}")
        else:
            take(record.seq, entry)


def _gone(reader: _Reader, damaged: list[Damaged], position: int, folded: int) -> Iterator[Damaged]:
    """Yield what is missing behind the last record: an end that was cut off leaves no gap to see."""
    last = max([position, *(found.last for found in damaged if found.last <= folded)])
    if last < folded:
        yield Damaged(reader.path, last + 1, folded, "read before, and gone: is this an older copy?")
    elif not damaged and (said := reader.own_check()) != "ok":
        yield Damaged(reader.path, last + 1, last + 1, f"records may be missing from here on: {said}")


def _joined(damaged: Iterable[Damaged]) -> list[Damaged]:
    """Return `damaged` by number, with neighbours that have one reason as one range."""
    joined: list[Damaged] = []
    for found in sorted(damaged, key=lambda found: (found.first, found.last)):
        if joined and (joined[-1].last + 1, joined[-1].reason) == (found.first, found.reason):
            joined[-1] = Damaged(found.journal, joined[-1].first, found.last, found.reason)
        else:
            joined.append(found)
    return joined


# The store


class _Signed(Struct, frozen=True):
    """The columns of a signature, of the types that a door writes; all NULL until it was read."""

    day: kinds.Day
    record: kinds.Record
    language: kinds.Language
    country: kinds.Country
    text_version: kinds.TextVersion
    epoch: kinds.EpochId
    envelope: kinds.Sealed


class _Row(Struct, frozen=True):
    """The other columns of a person."""

    campaign: kinds.Campaign
    signer: kinds.SignerToken
    updates: Mark
    latest: LastDay
    confirmed: LastRound
    withdrawn: LastRound
    withdrawn_day: LastDay
    unsubscribed: LastRound
    mail_day: LastDay
    mail_round: LastRound
    mail_again: Mark
    is_counted: Mark
    wants_news: Mark
    is_due: Mark


class _CellRow(Struct, frozen=True):
    campaign: kinds.Campaign
    country: kinds.Country
    language: kinds.Language
    people: Annotated[int, Meta(ge=0)]


class _QuietStore(SQLiteStore):
    """A `SQLiteStore` that leaves no trace and believes no value."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.text_factory = lambda raw: raw.decode(errors="surrogateescape")

    def positions(self) -> dict[bytes, int]:
        """Return how far each journal was folded."""
        return dict(self._connection.execute(POSITIONS))

    def own_check(self) -> list[str]:
        """Return what SQLite says of its tables and indexes; nothing if they are whole."""
        found = [str(row[0]) for row in self._connection.execute(OWN_CHECK)]
        return [] if found == ["ok"] else [f"SQLite: {sentence}" for sentence in found]

    def people(self) -> Iterator[tuple[int, tuple[Key, Signer] | str]]:
        """Yield each row's number, and its person or why it has none."""
        rows = self._connection.execute(PEOPLE)
        names = [column[0] for column in rows.description]
        for row in rows:
            yield row[0], _person(dict(zip(names, row, strict=True)))

    def cells(self) -> tuple[dict[Cell, int], list[str]]:
        """Return the cells, and a sentence for each that does not decode."""
        cells: dict[Cell, int] = {}
        damaged = []
        for row in self._connection.execute(CELLS):
            try:
                one = msgspec.convert(dict(zip(_CellRow.__struct_fields__, row, strict=True)), _CellRow)
                cells[one.campaign, one.country, one.language] = one.people
            except msgspec.ValidationError as error:
                damaged.append(f"a count cell does not decode: {error}")
        return cells, damaged


def _person(columns: dict[str, Any]) -> tuple[Key, Signer] | str:
    """Return the person of a row, or why it cannot be one that the clerk wrote."""
    try:
        row = msgspec.convert(columns, _Row)
        is_signed = any(columns[name] is not None for name in _Signed.__struct_fields__)
        signed = msgspec.convert(columns, _Signed) if is_signed else None
    except msgspec.ValidationError as error:
        return str(error)
    signature = None if signed is None else Signature(*structs.astuple(signed))
    return (row.campaign, row.signer), Signer(
        signature,
        bool(row.updates),
        row.latest,
        row.confirmed,
        row.withdrawn,
        row.withdrawn_day,
        row.unsubscribed,
    )


# Side by side


class _Sorter:
    """What the journals say, in the order of the people it is about; in a temporary file."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect("", isolation_level=None)
        for statement in SORTER:
            self._connection.execute(statement)
        self._connection.execute("BEGIN")
        self._said: list[tuple[bytes, bytes, bytes]] = []

    def add(self, entry: Entry) -> None:
        """Take one entry."""
        if isinstance(entry, Epoch):
            self._connection.execute(ADD_HEADER, (entry.campaign, entry.epoch, pack(entry)))
            return
        self._said.append((entry.campaign, entry.signer, pack(entry)))
        if len(self._said) >= BATCH:
            self._write()

    def headers(self) -> Iterator[Epoch]:
        """Yield the header of every epoch, as it came first."""
        for (body,) in self._connection.execute(HEADERS):
            entry = unpack(body)
            if isinstance(entry, Epoch):
                yield entry

    def people(self) -> Iterator[tuple[Key, About]]:
        """Yield what is said of people, in the order of their keys."""
        self._write()
        for campaign, signer, body in self._connection.execute(SAID):
            entry = unpack(body)
            if not isinstance(entry, Epoch):
                yield (campaign, signer), entry

    def close(self) -> None:
        """Let go of the temporary file."""
        self._connection.close()

    def _write(self) -> None:
        self._connection.executemany(ADD_SAID, self._said)
        self._said.clear()


def _side_by_side(
    said: Iterable[tuple[Key, About]], kept: Iterable[tuple[Key, Signer]]
) -> Iterator[tuple[Key, list[About], list[Signer]]]:
    """Yield every person of either side, both sides being in the order of their keys."""
    both = heapq.merge(said, kept, key=itemgetter(0))
    for key, found in groupby(both, key=itemgetter(0)):
        things = [thing for _, thing in found]
        yield (
            key,
            [thing for thing in things if not isinstance(thing, Signer)],
            [thing for thing in things if isinstance(thing, Signer)],
        )
