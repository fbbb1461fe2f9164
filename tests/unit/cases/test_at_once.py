"""Two people who work on the same case at the same moment: nothing is lost, and nothing counts twice."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connections

from at_once import at_once
from habeas.cases import indexing, standings, tasks
from habeas.cases.actions import amend, give_task, import_case, record
from habeas.cases.exporting import content
from habeas.cases.models import Assignment, Case, CaseStanding, Change, Event, SearchEntry
from habeas.cases.models.record import ChangedMeanwhile

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def researcher(transactional_db: None) -> User:
    return User.objects.create_superuser("researcher", password="not-a-secret-here")


def arrest(case: Case) -> Event:
    return Event.objects.get(case=case, type="arrest")


def lines(case: Case) -> set[tuple[str, int, int]]:
    return set(CaseStanding.objects.filter(case=case).values_list("text", "gaps", "contradictions"))


def test_of_two_who_change_the_same_record_one_is_told(mkhaitir: Case, researcher: User) -> None:
    """Both had read it as it was; the second would have undone the first without knowing."""
    one, other = arrest(mkhaitir), arrest(mkhaitir)
    first, second = at_once(
        lambda: amend(one, {"note": "At home"}, by=researcher),
        lambda: amend(other, {"note": "In the street"}, by=researcher),
    )

    assert isinstance(first, Event)
    assert isinstance(second, ChangedMeanwhile)
    assert [version.note for version in arrest(mkhaitir).versions()] == ["", "At home"]


def test_the_status_rests_on_what_both_recorded(mkhaitir: Case, researcher: User) -> None:
    """Each works it out from the events; neither may miss the other's."""

    def event(kind: str, day: str, seq: int) -> Event:
        return record(Event(case=mkhaitir, seq=seq, type=kind, date_edtf=day), by=researcher)

    done = at_once(lambda: event("arrest", "2025-01-05", 900), lambda: event("release", "2025-02-05", 901))
    assert [type(one) for one in done] == [Event, Event]
    kept = lines(mkhaitir)
    count = CaseStanding.objects.filter(case=mkhaitir).count()

    standings.work_out([mkhaitir.pk])
    assert kept == lines(mkhaitir)
    assert count == CaseStanding.objects.filter(case=mkhaitir).count()


def test_of_two_who_take_the_same_task_one_has_it(mkhaitir: Case, researcher: User) -> None:
    """The other is told, and nothing is given twice."""
    other = User.objects.create_superuser("other", password="not-a-secret-here")
    amend(mkhaitir, {"team": [researcher, other]}, by=None)
    sentence = Event(case=mkhaitir, seq=1, type="sentence", date_edtf="2010")
    key = tasks.Key("gap", record(sentence, by=None).pk, None)

    def take(user: User) -> Assignment:
        return give_task(mkhaitir, key, user, by=user, seen=0)

    first, second = at_once(lambda: take(researcher), lambda: take(other))
    [given] = Assignment.objects.all()
    assert (given, given.holder) == (first, researcher)
    assert isinstance(second, ChangedMeanwhile)


def test_a_list_that_two_open_on_a_new_day_has_every_case_once(mkhaitir: Case, researcher: User) -> None:
    """Both work out what the day has changed."""
    CaseStanding.objects.update(next_change_on="2020-01-01")
    before = CaseStanding.objects.count()
    at_once(standings.keep_up, standings.keep_up)

    assert CaseStanding.objects.count() == before


def test_the_same_file_brought_by_two_is_one_case(mkhaitir_file: str, researcher: User) -> None:
    """The second is told that it is there."""
    first, second = at_once(
        lambda: import_case(mkhaitir_file, by=researcher), lambda: import_case(mkhaitir_file, by=researcher)
    )

    assert (first.created, second.created) == (True, False)
    assert Case.objects.count() == 1


def test_who_records_while_the_index_is_made_anew_is_found_once(mkhaitir: Case, researcher: User) -> None:
    """With the words of after, not of before."""
    event = arrest(mkhaitir)
    at_once(lambda: amend(event, {"note": "Lighthouse"}, by=researcher), indexing.make_anew)
    entries = SearchEntry.objects.filter(record=event.pk, field="note")

    assert [sorted(word.word for word in entry.words.all()) for entry in entries] == [["lighthouse"]]
    assert Change.objects.for_instance(event).count() == 2


def test_an_export_is_of_one_moment(
    mkhaitir: Case, researcher: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is recorded while it is written is in no part of it: no record, and no line of the log."""
    known = Event.objects.count(), Change.objects.count()
    look = content._not_for

    def meanwhile(by: User | None) -> Iterator[Any]:
        """Let somebody record an arrest when the records are written and the log is not."""
        with ThreadPoolExecutor(1) as somebody:
            somebody.submit(_record_an_arrest, mkhaitir, researcher).result()
        return look(by)

    monkeypatch.setattr(content, "_not_for", meanwhile)
    content.export(tmp_path / "out", [], by=researcher)

    assert Event.objects.count() == known[0] + 1
    assert _lines(tmp_path / "out" / "records" / "event.jsonl") == known[0]
    assert _lines(tmp_path / "out" / "log" / "changes.jsonl") == known[1]


def _record_an_arrest(case: Case, by: User) -> None:
    try:
        record(Event(case=case, seq=900, type="arrest", date_edtf="2025-01-05"), by=by)
    finally:
        connections.close_all()


def _lines(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines())
