"""Finding records by their words: names in any script, titles, references, notes.

Whatever is found was asked of `cases.access` first: a record that is not for the reader is not in a list,
in a count or in a "there may be more". docs/decisions/0016 says why the words stand in tables of ours.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from operator import or_
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.auth.models import User
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

from habeas.cases import spelling
from habeas.cases.access import FIELDS_OF_FEWER, by_level, reads_as_collector, visible, visible_in, whole
from habeas.cases.models import Case, CaseRole, Person, Record, SearchEntry, SearchWord
from habeas.cases.models.search import OF_THEIR_CASE, SEARCHED, SOUND
from habeas.cases.protection import Access
from habeas.lib.errors import HabeasError

# How a record leads to its case, where it is not by a field `case`.
_TO_CASES = {
    "case": ("pk",),
    "claim": ("case", "event__case"),
    "charge": ("event__case",),
}
_OF_PERSONS = {"person": "pk", "personname": "person"}  # persons lead to cases by the part they have there
_FEW = 2_000  # of more cases, it is quicker to ask which are readable at all
MOST = 30_000  # cases that a search may find: what SQLite takes in one question
_AT_ONCE = 10_000  # records asked about in one
SHOWN = 4  # records of a case that a list names
_NOWHERE = Q(pk__in=[])
_LAST = "z"  # sorts behind every other letter of a folded word


class TooMany(HabeasError):
    """A search finds more than anybody can look through."""


@dataclass(frozen=True, slots=True)
class Found:
    """A record in which a word of the search stands."""

    record: Record
    fields: tuple[str, ...]  # in which of its fields: "note"

    @property
    def where(self) -> str:
        """Where the words are, in words: "note of event"."""
        meta = self.record._meta  # noqa: SLF001  Django's public name
        if meta.model_name == "personname":
            return "name"
        names = ", ".join(str(getattr(meta.get_field(field), "verbose_name", field)) for field in self.fields)
        return f"{names} of {meta.verbose_name}"


def cases_with(text: str, by: User | None) -> frozenset[UUID]:
    """Return the cases in which every word of `text` stands, in records that the person may read.

    raises  TooMany
    """
    return frozenset(map(UUID, keys_with(text, by)))


def keys_with(text: str, by: User | None) -> frozenset[str]:
    """Return the same as keys that the database writes: of 13,000 cases, UUIDs take as long as the search.

    raises  TooMany
    """
    found: AbstractSet[str] | None = None
    for word in spelling.asked(text):
        here = _cases_of(word, by)
        found = here if found is None else found & here
    theirs = _readable(found or frozenset(), by)
    if len(theirs) > MOST:
        raise TooMany(f"more than {MOST:,} cases have this: add a word")
    return frozenset(theirs)


def _cases_of(word: spelling.Asked, by: User | None) -> set[str]:
    """Return in which cases a word stands, of those that the person may read."""
    if by is not None and reads_as_collector(by):  # reads what they recorded, whatever its level
        found, others = set[str](), _hits(word)
    else:
        found, others = _cases_beside(word, by), _hits(word, Q(entry__of_case=None))
    for place in _places(_by_kind(others), _in_readable_cases, by):
        found |= _cases(place, by)
    return found


def _cases_beside(word: spelling.Asked, by: User | None) -> set[str]:
    """Return the cases that stand beside a word, in records that are for the person (access.visible_in)."""
    hits = _hits(word, Q(entry__of_case__isnull=False))
    told = list(hits.values_list(_text("entry__of_case"), "entry__access").distinct())
    reader = by_level(by)
    of_all = {case for case, access in told if access <= Access.STAFF}
    return of_all | {case for case, access in told if access > Access.STAFF and reader.reads(case, access)}


def _hits(word: spelling.Asked, among: Q = Q()) -> QuerySet[SearchWord]:  # noqa: B008  nothing changes it
    return SearchWord.objects.filter(_fits(word), among).order_by()


def _by_kind(hits: QuerySet[SearchWord]) -> dict[str, dict[str, set[str]]]:
    """Return in which records words stand: kind, and by field the keys."""
    return _sorted_in(
        _nothing_known(), hits.values_list("entry__kind", "entry__field", _text("entry__record"))
    )


def _sorted_in(
    found: dict[str, dict[str, set[str]]], told: Iterable[tuple[str, str, str]]
) -> dict[str, dict[str, set[str]]]:
    for kind, field, record in told:
        found[kind][field].add(record)
    return found


def _nothing_known() -> dict[str, dict[str, set[str]]]:
    return defaultdict(lambda: defaultdict(set))


def _text(path: str) -> Cast:
    return Cast(path, CharField())


def records_with(text: str, cases: Collection[Case], by: User | None) -> dict[UUID, list[Found]]:
    """Return the records in which words of `text` stand, by their cases, as far as one may read them.

    At most `SHOWN` a case, names before notes.
    """
    words = spelling.asked(text)
    found: dict[UUID, dict[UUID, Found]] = {case.pk: {} for case in cases}
    for place in _places(_near(words, cases), visible, by):
        for case, record, fields in _records_of(words, place, cases, by):
            found[case].setdefault(record.pk, Found(record, fields))
    return {case: list(records.values())[:SHOWN] for case, records in found.items()}


def _near(words: Collection[spelling.Asked], cases: Collection[Case]) -> dict[str, dict[str, set[str]]]:
    """Return records in which words stand, as `_by_kind`, at least those of a few cases; names before notes.

    Of common words, which stand in tens of thousands of records, only those of the cases are looked up.
    Nobody's right to read them is asked here.
    """
    if not words:
        return {}
    hits = SearchWord.objects.filter(_fits_any(words)).order_by()
    entries = list(hits.values_list("entry_id", flat=True)[: _FEW + 1])
    if len(entries) > _FEW:
        found = _of_cases(words, cases)
    else:
        there = SearchEntry.objects.filter(pk__in=entries)
        found = _sorted_in(_nothing_known(), there.values_list("kind", "field", _text("record")))
    return {kind: found[kind] for kind in SEARCHED if kind in found}


def _of_cases(words: Collection[spelling.Asked], cases: Collection[Case]) -> dict[str, dict[str, set[str]]]:
    """Return the same from the cases to their words."""
    keys, found = [case.pk for case in cases], _nothing_known()
    persons = CaseRole.objects.filter(case__in=keys).order_by().values("person")
    for kind in SEARCHED:
        for path in (_OF_PERSONS[kind],) if kind in _OF_PERSONS else _TO_CASES.get(kind, ("case",)):
            there = {f"{path}__in": persons if kind in _OF_PERSONS else keys}
            records = iter(_standing(kind).filter(**there).order_by().values_list(_text("pk"), flat=True))
            while some := list(islice(records, _AT_ONCE)):
                _note_entries(words, some, found)
    return found


def _note_entries(
    words: Collection[spelling.Asked], records: list[str], found: dict[str, dict[str, set[str]]]
) -> None:
    """Add to `found` those of the records in which one of the words stands."""
    entries = SearchEntry.objects.filter(record__in=records)
    told = {key: rest for key, *rest in entries.values_list("pk", "kind", "field", _text("record"))}
    hits = SearchWord.objects.filter(_fits_any(words), entry__in=list(told)).order_by()
    for entry in hits.values_list("entry_id", flat=True):
        kind, field, record = told[entry]
        found[kind][field].add(record)


def persons_without_case(text: str, by: User | None) -> QuerySet[Person]:
    """Return the persons of no case yet in whose names or fields every word of `text` stands."""
    words = spelling.asked(text)
    found = visible(Person.objects.filter(roles=None, withdrawn_at=None), by)
    for word in words:
        ways = (
            Q(pk__in=place.records.values(_OF_PERSONS[place.kind]))
            for place in _places(_by_kind(_hits(word)), visible, by)
            if place.kind in _OF_PERSONS
        )
        found = found.filter(reduce(or_, ways, _NOWHERE))
    return found if words else found.none()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a word stands: fields of records of one kind, and those records that the person may read."""

    kind: str
    fields: tuple[str, ...]
    records: QuerySet[Any]


_Readable = Callable[[QuerySet[Any], User | None], QuerySet[Any]]


def _places(
    known: Mapping[str, Mapping[str, set[str]]], readable: _Readable, by: User | None
) -> Iterator[_Place]:
    """Yield where words stand, by kind, field and records (`_by_kind`), as far as the person may read it."""
    for kind, fields in known.items():
        for names, ask in _by_reader(kind, fields, readable):
            keys = iter({key for name in names for key in fields[name]})
            while some := list(islice(keys, _AT_ONCE)):
                yield _Place(kind, names, ask(_standing(kind).filter(pk__in=some), by))


def _by_reader(
    kind: str, fields: Iterable[str], readable: _Readable
) -> Iterator[tuple[tuple[str, ...], _Readable]]:
    """Yield those of the fields that everybody reads who reads the record, and those that fewer do."""
    of_fewer = FIELDS_OF_FEWER.get(apps.get_model("cases", kind), frozenset())
    for ask, names in (
        (readable, tuple(name for name in fields if name not in of_fewer)),
        (whole, tuple(name for name in fields if name in of_fewer)),
    ):
        if names:
            yield names, ask


def _standing(kind: str) -> QuerySet[Any]:
    model: Any = apps.get_model("cases", kind)
    records: QuerySet[Any] = model.objects.filter(withdrawn_at=None)
    return records


def _in_readable_cases(records: QuerySet[Any], by: User | None) -> QuerySet[Any]:
    """Return what somebody may read of cases that they may read; these are asked at the end."""
    rests_on_case = records.model._meta.model_name in OF_THEIR_CASE  # noqa: SLF001  Django's public name
    return visible_in(records, by) if rests_on_case else visible(records, by)


def _readable(cases: AbstractSet[str], by: User | None) -> set[str]:
    theirs = visible(Case.objects.all(), by)
    if len(cases) <= _FEW:
        return _among(theirs, "pk", cases, "pk")
    return set(theirs.order_by().values_list(_text("pk"), flat=True)) & cases


def _cases(place: _Place, by: User | None) -> set[str]:
    """Return which cases the records of a place are of.

    Asked step by step: as one question with all its conditions inside each other it is deeper than
    SQLite's parser goes.
    """
    if place.kind in _OF_PERSONS:
        persons = set(place.records.order_by().values_list(_text(_OF_PERSONS[place.kind]), flat=True))
        roles = visible(CaseRole.objects.filter(withdrawn_at=None), by).order_by()
        return _among(roles, "person", persons, "case_id")
    paths = _TO_CASES.get(place.kind, ("case",))
    records = place.records.order_by()  # nothing is sorted that is only counted
    return {case for path in paths for case in records.values_list(_text(path), flat=True).distinct() if case}


def _among(records: QuerySet[Any], field: str, keys: Collection[Any], wanted: str) -> set[str]:
    """Return `wanted` of the records whose `field` is among the keys, however many there are."""
    waiting, found = iter(keys), set[str]()
    while some := list(islice(waiting, _AT_ONCE)):
        found.update(records.filter(**{f"{field}__in": some}).values_list(_text(wanted), flat=True))
    return found


def _records_of(
    words: Collection[spelling.Asked], place: _Place, cases: Collection[Case], by: User | None
) -> Iterator[tuple[UUID, Record, tuple[str, ...]]]:
    """Yield (case, record, its fields) of the records of a place that are of one of the cases."""
    keys = [case.pk for case in cases]
    if place.kind in _OF_PERSONS:
        to_person = "pk" if place.kind == "person" else "person_id"
        roles = visible(CaseRole.objects.filter(case__in=keys, withdrawn_at=None), by)
        cases_of: dict[UUID, list[UUID]] = defaultdict(list)
        for case, person in roles.values_list("case_id", "person_id"):
            cases_of[person].append(case)
        records = list(place.records.filter(**{f"{_OF_PERSONS[place.kind]}__in": list(cases_of)}))
        pairs = [(case, record) for record in records for case in cases_of[getattr(record, to_person)]]
    else:
        paths = _TO_CASES.get(place.kind, ("case",))
        related = (
            ["event", "source"] if place.kind == "claim" else ["event"] if place.kind == "charge" else []
        )
        near = [place.records.filter(**{f"{path}__in": keys}).select_related(*related) for path in paths]
        records = [record for some in near for record in some]
        pairs = [(case, record) for record in records for case in record.of_cases() if case in keys]
    fields = _fields(words, place, records)
    for case, record in pairs:
        yield case, record, tuple(sorted(fields[record.pk]))


def _fits(word: spelling.Asked) -> Q:
    """Return which words fit: those that begin so, and names that sound so."""
    last = word.begins.ljust(spelling.LONGEST, _LAST)
    return Q(word__gte=word.begins, word__lte=last) | Q(word__in=[SOUND + sound for sound in word.sounds])


def _fits_any(words: Iterable[spelling.Asked]) -> Q:
    return reduce(or_, map(_fits, words))


def _fields(
    words: Collection[spelling.Asked], place: _Place, records: Collection[Record]
) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = defaultdict(set)
    hits = SearchWord.objects.filter(_fits_any(words), entry__record__in=[record.pk for record in records])
    for record, field in hits.filter(entry__field__in=place.fields).values_list(
        "entry__record", "entry__field"
    ):
        found[record].add(field)
    return found
