"""Finding records by their words: names in any script, titles, references, notes.

Whatever is found was asked of `cases.access` first: a record that is not for the reader is not in a list,
in a count or in a "there may be more". docs/decisions/0016 says why the words stand in tables of ours.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from habeas.cases import spelling
from habeas.cases.access import FIELDS_OF_FEWER, visible, whole
from habeas.cases.models import Case, CaseRole, Person, Record, SearchWord
from habeas.cases.models.search import SOUND

# How a record leads to its case, where it is not by a field `case`.
_TO_CASES = {
    "case": ("pk",),
    "claim": ("case", "event__case"),
    "charge": ("event__case",),
}
_OF_PERSONS = {"person": "pk", "personname": "person"}  # persons lead to cases by the part they have there
_NOWHERE = Q(pk__in=[])
_LAST = "z"  # sorts behind every other letter of a folded word


@dataclass(frozen=True, slots=True)
class Found:
    """A record in which a word of the search stands."""

    record: Record
    fields: tuple[str, ...]  # in which of its fields: "note"


def cases_with(text: str, by: User | None) -> QuerySet[Case]:
    """Return the cases in which every word of `text` stands, in records that the person may read."""
    found = visible(Case.objects.all(), by)
    for word in spelling.asked(text):
        found = found.filter(reduce(or_, (_cases(place, by) for place in _places(word, by)), _NOWHERE))
    return found


def records_with(text: str, case: Case, by: User | None, limit: int = 6) -> list[Found]:
    """Return records of a case in which words of `text` stand, as far as the person may read them."""
    found: dict[UUID, Found] = {}
    for word in spelling.asked(text):
        for place in _places(word, by):
            for record in place.records.filter(_of_case(place, case, by))[:limit]:
                found.setdefault(record.pk, Found(record, _fields(word, place, record)))
    return list(found.values())[:limit]


def persons_without_case(text: str, by: User | None) -> QuerySet[Person]:
    """Return the persons of no case yet in whose names or fields every word of `text` stands."""
    words = spelling.asked(text)
    found = visible(Person.objects.filter(roles=None, withdrawn_at=None), by)
    for word in words:
        ways = (
            Q(pk__in=place.records.values(_OF_PERSONS[place.kind]))
            for place in _places(word, by)
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


def _places(word: spelling.Asked, by: User | None) -> Iterator[_Place]:
    hits = SearchWord.objects.filter(_fits(word))
    known: dict[str, list[str]] = defaultdict(list)
    for kind, field in hits.order_by().values_list("entry__kind", "entry__field").distinct():
        known[kind].append(field)
    for kind, fields in known.items():
        model: Any = apps.get_model("cases", kind)
        of_fewer = FIELDS_OF_FEWER.get(model, frozenset())
        for readable, names in (
            (visible, tuple(name for name in fields if name not in of_fewer)),
            (whole, tuple(name for name in fields if name in of_fewer)),
        ):
            if names:
                there = hits.filter(entry__kind=kind, entry__field__in=names).values("entry__record")
                standing = model.objects.filter(withdrawn_at=None, pk__in=there)
                yield _Place(kind, names, readable(standing, by))


def _cases(place: _Place, by: User | None) -> Q:
    """Return which cases the records of a place are of."""
    if place.kind in _OF_PERSONS:
        roles = visible(CaseRole.objects.filter(withdrawn_at=None), by)
        persons = place.records.values(_OF_PERSONS[place.kind])
        return Q(pk__in=roles.filter(person__in=persons).values("case"))
    paths = _TO_CASES.get(place.kind, ("case",))
    ways = (Q(pk__in=place.records.exclude(**{path: None}).values(path)) for path in paths)
    return reduce(or_, ways)


def _of_case(place: _Place, case: Case, by: User | None) -> Q:
    """Return which records of a place are of one case."""
    if place.kind in _OF_PERSONS:
        roles = visible(CaseRole.objects.filter(case=case, withdrawn_at=None), by)
        return Q(**{f"{_OF_PERSONS[place.kind]}__in": roles.values("person")})
    return reduce(or_, (Q(**{path: case.pk}) for path in _TO_CASES.get(place.kind, ("case",))))


def _fits(word: spelling.Asked) -> Q:
    """Return which words fit: those that begin so, and names that sound so."""
    last = word.begins.ljust(spelling.LONGEST, _LAST)
    return Q(word__gte=word.begins, word__lte=last) | Q(word__in=[SOUND + sound for sound in word.sounds])


def _fields(word: spelling.Asked, place: _Place, record: Record) -> tuple[str, ...]:
    hits = SearchWord.objects.filter(_fits(word), entry__record=record.pk, entry__field__in=place.fields)
    return tuple(sorted(set(hits.values_list("entry__field", flat=True))))
