"""Making anew what is derived from the records: words to search, how cases stand, what figures count."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.apps import apps
from django.db import transaction

from habeas.cases import counted, standings
from habeas.cases.locking import Matter, alone
from habeas.cases.models import Case, CaseStanding, CountedEvent, SearchEntry, SearchWord
from habeas.cases.models.search import SEARCHED, columns, note_words

_AT_ONCE = 2_000  # records whose words are written together


@dataclass(frozen=True, slots=True)
class Indexed:
    """What there is to find, and to filter."""

    records: int  # fields of records with words
    words: int
    standings: int
    counted: int  # events in figures, one for each person they name


def make_anew() -> Indexed:
    """Forget what was derived, and derive it from the records; nobody finds half of it meanwhile."""
    with transaction.atomic():
        alone(Matter.REGISTRY)
        SearchWord.objects.all().delete()
        SearchEntry.objects.all().delete()
        for kind in SEARCHED:
            records = _records(kind)
            while some := list(islice(records, _AT_ONCE)):
                note_words(some)
        lines, events = standings.work_out(), counted.work_out()
    return Indexed(SearchEntry.objects.count(), SearchWord.objects.count(), lines, events)


def ensure_made() -> None:
    """Derive what an older version of Habeas did not."""
    if Case.objects.exists() and not CaseStanding.objects.exists():
        make_anew()
    elif not CountedEvent.objects.exists():
        counted.work_out()


def _records(kind: str) -> Iterator[Any]:
    records: Any = apps.get_model("cases", kind)
    found: Iterator[Any] = (
        records.objects.only("pk", *columns(kind)).order_by("pk").iterator(chunk_size=_AT_ONCE)
    )
    return found
