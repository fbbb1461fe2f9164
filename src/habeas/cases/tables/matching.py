"""Which rows of a list the registry has already, which were changed since, and which come twice."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from habeas.cases.models import Case, CaseRole, PersonName, Source
from habeas.cases.tables.cells import fold
from habeas.cases.tables.records import row_sources, source_key
from habeas.cases.tables.rows import Row, bare_address


class Kind(StrEnum):
    """What a row is to the registry."""

    NEW = "new"
    KNOWN = "known"  # as it stands
    CHANGED = "changed"  # known, and the list says something else now
    REPEATED = "repeated"  # a line before says the very same
    BY_HAND = "by_hand"  # staff recorded the case from the same page
    TAKEN = "taken"  # its reference is another case's: refused


@dataclass(frozen=True, slots=True)
class Match:
    """A row, and what it is to the registry."""

    row: Row
    kind: Kind
    case: UUID | None = None  # that it is known as
    ref: str = ""  # of that case
    before: int = 0  # the line that says the same


@dataclass(frozen=True, slots=True)
class _Known:
    """A row as it was recorded."""

    case: UUID
    ref: str
    digest: str


@dataclass
class _Rows:
    """All rows of one identity: one, nearly always."""

    known: list[_Known]  # recorded, and not yet met in this reading
    in_file: Mapping[str, int]  # digests
    lines: dict[str, int] = field(default_factory=dict)  # digest: where it was met first

    def match(self, row: Row) -> Match:
        digest = row.digest
        before = self.lines.setdefault(digest, row.line)
        if before != row.line and not row.is_nameless:
            return Match(row, Kind.REPEATED, before=before)
        same = next((one for one in self.known if one.digest == digest), None)
        if same:
            self.known.remove(same)
            return Match(row, Kind.KNOWN, same.case, same.ref)
        other = next((one for one in self.known if one.digest not in self.in_file), None)
        if other:
            self.known.remove(other)
            return Match(row, Kind.CHANGED, other.case, other.ref)
        return Match(row, Kind.NEW)


@dataclass
class Matching:
    """Recognises the rows of one table, in their order.

    Rows that share an identity are told apart by what they say: a person who was arrested twice has two
    rows with one page. A row is changed only if nothing else in the table accounts for what was recorded.
    """

    twice: Mapping[str, Counter[str]]  # identity: digests, of rows that share one (survey.twice)
    _shared: dict[str, _Rows] = field(default_factory=dict)
    _references: set[str] = field(default_factory=set)  # that rows of this table have

    def __post_init__(self) -> None:
        """Learn what staff recorded from pages, not from lists."""
        self._by_hand = _recorded_by_hand()

    def match(self, rows: Sequence[Row]) -> list[Match]:
        """Return what each of the next rows of the table is to the registry."""
        known = _recorded_rows(rows)
        owners = _owners(row.reference for row in rows if row.reference)
        return [self._match(row, known.get(source_key(row), []), owners) for row in rows]

    def _match(self, row: Row, known: list[_Known], owners: Mapping[str, UUID]) -> Match:
        found = self._rows(row, known).match(row)
        if found.kind is not Kind.NEW:
            return found
        by_hand = self._found_by_hand(row)
        if by_hand:
            return Match(row, Kind.BY_HAND, *by_hand)
        if row.reference:
            return self._with_its_reference(row, owners)
        return found

    def _rows(self, row: Row, known: list[_Known]) -> _Rows:
        if row.identity not in self.twice:
            return _Rows(known, {row.digest: 1})
        if row.identity not in self._shared:
            self._shared[row.identity] = _Rows(known, self.twice[row.identity])
        return self._shared[row.identity]

    def _with_its_reference(self, row: Row, owners: Mapping[str, UUID]) -> Match:
        if row.reference in self._references:
            return Match(row, Kind.TAKEN, ref=row.reference)
        self._references.add(row.reference)
        if row.reference in owners:
            return Match(row, Kind.BY_HAND, owners[row.reference], row.reference)
        return Match(row, Kind.NEW)

    def _found_by_hand(self, row: Row) -> tuple[UUID, str] | None:
        told = {fold(name.text) for name in row.names}
        for url in row.urls:
            for case, ref, names in self._by_hand.get(bare_address(url), ()):
                if told & names:
                    return case, ref
        return None


def _recorded_rows(rows: Iterable[Row]) -> dict[str, list[_Known]]:
    """Return what was recorded of rows before, by the code name of their source."""
    found: dict[str, list[_Known]] = {}
    sources = Source.objects.filter(key__in={source_key(row) for row in rows})
    for key, case, ref, digest in sources.values_list("key", "case", "case__ref", "case__imported_digest"):
        found.setdefault(key, []).append(_Known(case, ref, digest))
    return found


def _owners(references: Iterable[str]) -> dict[str, UUID]:
    wanted = set(references)
    return dict(Case.objects.filter(ref__in=wanted).values_list("ref", "pk")) if wanted else {}


def _recorded_by_hand() -> dict[str, list[tuple[UUID, str, set[str]]]]:
    """Return the cases that staff or case files recorded, by the pages they rest on, with their names."""
    found: dict[str, list[tuple[UUID, str, set[str]]]] = {}
    sources = Source.objects.exclude(key__startswith=row_sources()).exclude(url="")
    for url, case, ref in sources.values_list("url", "case", "case__ref"):
        found.setdefault(bare_address(url), []).append((case, ref, _names(case)))
    return found


def _names(case: UUID) -> set[str]:
    persons = CaseRole.objects.filter(case=case).values("person")
    texts = PersonName.objects.filter(person__in=persons).values_list("text", flat=True)
    return {fold(text) for text in texts}
