"""Finding records by their words: names in any script, titles, references, notes.

Whatever is found was asked of `cases.access` first: a record that is not for the reader is not in a list,
in a count or in a "there may be more". docs/decisions/0016 says why the words stand in tables of ours.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from operator import or_
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet

from habeas.cases import spelling
from habeas.cases.access import FIELDS_OF_FEWER, visible, visible_in, whole
from habeas.cases.models import Case, CaseRole, Person, Record, SearchWord
from habeas.cases.models.search import SEARCHED, SOUND
from habeas.lib.errors import HabeasError

# How a record leads to its case, where it is not by a field `case`.
_TO_CASES = {
    "case": ("pk",),
    "claim": ("case", "event__case"),
    "charge": ("event__case",),
}
_OF_PERSONS = {"person": "pk", "personname": "person"}  # persons lead to cases by the part they have there
# What rests on its case and on nothing else: of a readable case, its own level decides.
_OF_THEIR_CASE = frozenset({"event", "source", "proceeding", "document", "qualification"})
_ORDER = tuple(SEARCHED)
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
    found: set[UUID] | None = None
    for word in spelling.asked(text):
        here = {case for place in _places(word, _in_readable_cases, by) for case in _cases(place, by)}
        found = here if found is None else found & here
    theirs = _readable(found or frozenset(), by)
    if len(theirs) > MOST:
        raise TooMany(f"more than {MOST:,} cases have this: add a word")
    return frozenset(theirs)


def records_with(text: str, cases: Collection[Case], by: User | None) -> dict[UUID, list[Found]]:
    """Return the records in which words of `text` stand, by their cases, as far as one may read them.

    At most `SHOWN` a case, names before notes.
    """
    found: dict[UUID, dict[UUID, Found]] = {case.pk: {} for case in cases}
    for word in spelling.asked(text):
        for place in _places_near(word, by):
            for case, record, fields in _records_of(word, place, cases, by):
                found[case].setdefault(record.pk, Found(record, fields))
    return {case: list(records.values())[:SHOWN] for case, records in found.items()}


def persons_without_case(text: str, by: User | None) -> QuerySet[Person]:
    """Return the persons of no case yet in whose names or fields every word of `text` stands."""
    words = spelling.asked(text)
    found = visible(Person.objects.filter(roles=None, withdrawn_at=None), by)
    for word in words:
        ways = (
            Q(pk__in=place.records.values(_OF_PERSONS[place.kind]))
            for place in _places(word, visible, by)
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


def _places(word: spelling.Asked, readable: _Readable, by: User | None) -> Iterator[_Place]:
    """Yield where a word stands, anywhere in the registry."""
    hits = SearchWord.objects.filter(_fits(word)).order_by()
    for kind, fields in _known(word).items():
        for names, ask in _by_reader(kind, fields, readable):
            there = hits.filter(entry__kind=kind, entry__field__in=names).values("entry__record")
            yield _Place(kind, names, ask(_standing(kind).filter(pk__in=there), by))


def _places_near(word: spelling.Asked, by: User | None) -> Iterator[_Place]:
    """Yield the same, names before notes, for a few cases: asked of each of their records."""
    for kind, fields in sorted(_known(word).items(), key=lambda known: _ORDER.index(known[0])):
        for names, ask in _by_reader(kind, fields, visible):
            hits = SearchWord.objects.filter(
                _fits(word), entry__record=OuterRef("pk"), entry__kind=kind, entry__field__in=names
            )
            yield _Place(kind, names, ask(_standing(kind).filter(Exists(hits)), by))


def _known(word: spelling.Asked) -> dict[str, list[str]]:
    """Return in which fields of which kinds of records a word stands."""
    hits = SearchWord.objects.filter(_fits(word)).order_by()
    known: dict[str, list[str]] = defaultdict(list)
    for kind, field in hits.values_list("entry__kind", "entry__field").distinct():
        known[kind].append(field)
    return known


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
    rests_on_case = records.model._meta.model_name in _OF_THEIR_CASE  # noqa: SLF001  Django's public name
    return visible_in(records, by) if rests_on_case else visible(records, by)


def _readable(cases: AbstractSet[UUID], by: User | None) -> set[UUID]:
    theirs = visible(Case.objects.all(), by)
    if len(cases) <= _FEW:
        return _among(theirs, "pk", cases, "pk")
    return {case for case in theirs.order_by().values_list("pk", flat=True) if case in cases}


def _cases(place: _Place, by: User | None) -> set[UUID]:
    """Return which cases the records of a place are of.

    Asked step by step: as one question with all its conditions inside each other it is deeper than
    SQLite's parser goes.
    """
    if place.kind in _OF_PERSONS:
        persons = set(place.records.values_list(_OF_PERSONS[place.kind], flat=True))
        roles = visible(CaseRole.objects.filter(withdrawn_at=None), by)
        return _among(roles, "person", persons, "case_id")
    paths = _TO_CASES.get(place.kind, ("case",))
    records = place.records.order_by()  # nothing is sorted that is only counted
    return {case for path in paths for case in records.values_list(path, flat=True).distinct() if case}


def _among(records: QuerySet[Any], field: str, keys: Collection[UUID], wanted: str) -> set[UUID]:
    """Return `wanted` of the records whose `field` is among the keys, however many there are."""
    waiting, found = iter(keys), set[UUID]()
    while some := list(islice(waiting, _AT_ONCE)):
        found.update(records.filter(**{f"{field}__in": some}).values_list(wanted, flat=True))
    return found


def _records_of(
    word: spelling.Asked, place: _Place, cases: Collection[Case], by: User | None
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
    fields = _fields(word, place, records)
    for case, record in pairs:
        yield case, record, tuple(sorted(fields[record.pk]))


def _fits(word: spelling.Asked) -> Q:
    """Return which words fit: those that begin so, and names that sound so."""
    last = word.begins.ljust(spelling.LONGEST, _LAST)
    return Q(word__gte=word.begins, word__lte=last) | Q(word__in=[SOUND + sound for sound in word.sounds])


def _fields(word: spelling.Asked, place: _Place, records: Collection[Record]) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = defaultdict(set)
    hits = SearchWord.objects.filter(_fits(word), entry__record__in=[record.pk for record in records])
    for record, field in hits.filter(entry__field__in=place.fields).values_list(
        "entry__record", "entry__field"
    ):
        found[record].add(field)
    return found
