"""Nothing is overwritten, nothing is written without a name, and the log repeats nobody's story."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, models

import habeas
from habeas.cases import queries
from habeas.cases.access import MayNotRead
from habeas.cases.actions import BadRecord, NoReason, amend, erase, record, supersede, withdraw
from habeas.cases.custody import take_in
from habeas.cases.models import Case, Change, Claim, CustodyEntry, Event, Person, Record, Source
from habeas.cases.models.acting import OutsideAnAct
from habeas.cases.models.change import AppendOnly
from habeas.cases.models.record import ChangedMeanwhile
from registry_cast import member

ALL_RECORDS = [model for model in Record.__subclasses__() if not model._meta.abstract]


def arrest(case: Case) -> Event:
    return Event.objects.get(case=case, type="arrest")


def test_what_was_recorded_first_can_be_read_after_every_change(mkhaitir: Case, researcher: User) -> None:
    event = arrest(mkhaitir)
    amend(event, {"date_edtf": "2014-01-02"}, by=researcher, reason="Counsel was there")
    amend(event, {"date_edtf": "2014-01-02~", "note": "At home"}, by=researcher)

    versions = arrest(mkhaitir).versions()
    assert [(one.version, one.date_edtf, one.note) for one in versions] == [
        (1, "2014-01-05", ""),
        (2, "2014-01-02", ""),
        (3, "2014-01-02~", "At home"),
    ]
    assert versions[-1].pk == event.pk
    assert [one.replaced_at is None for one in versions] == [False, False, True]


def test_a_change_says_who_when_which_fields_and_why(mkhaitir: Case, researcher: User) -> None:
    amend(arrest(mkhaitir), {"date_edtf": "2014-01-02"}, by=researcher, reason="Counsel was there")
    change = Change.objects.for_instance(arrest(mkhaitir)).first()

    assert change is not None
    assert (change.user, change.action, change.version) == (researcher, "cases.amend", 2)
    assert change.reason == "Counsel was there"
    assert change.fields == ["date_edtf", "earliest", "latest"]
    assert change.timestamp is not None


def test_who_took_part_is_part_of_what_an_event_said(mkhaitir: Case, researcher: User) -> None:
    event, him = arrest(mkhaitir), Person.objects.get()
    brother = record(Person(occupation="teacher"), by=researcher)
    amend(event, {"persons": [him, brother]}, by=researcher)

    first, now = arrest(mkhaitir).versions()
    assert set(first.persons.all()) == {him}
    assert set(now.persons.all()) == {him, brother}
    assert list(brother.events.all()) == [event]


def test_saving_what_is_the_same_makes_no_version(mkhaitir: Case, researcher: User) -> None:
    before = Change.objects.count()
    amend(arrest(mkhaitir), {"date_edtf": "2014-01-05"}, by=researcher)

    assert arrest(mkhaitir).version == 1
    assert Change.objects.count() == before


def test_the_log_repeats_nothing_that_is_said_of_people(mkhaitir: Case, researcher: User) -> None:
    person = queries.subject(mkhaitir, by=None)
    amend(person, {"health_note": "Needs insulin"}, by=researcher)
    amend(person.names.get(preferred=True), {"text": "Somebody Else"}, by=researcher)
    with connection.cursor() as cursor:
        cursor.execute("SELECT label, data, fields, reason FROM cases_change")
        told = str(cursor.fetchall())

    for word in ("Mkha", "insulin", "Somebody Else", "blogger"):
        assert word not in told
    assert "health_note" in told


def test_earlier_versions_are_in_no_list(mkhaitir: Case, researcher: User) -> None:
    before = {model: model.objects.count() for model in ALL_RECORDS}
    amend(mkhaitir, {"title": "Another title"}, by=researcher)
    amend(arrest(mkhaitir), {"note": "At home"}, by=researcher)

    assert {model: model.objects.count() for model in ALL_RECORDS} == before
    assert mkhaitir.events.count() == 22
    assert len(queries.timeline(mkhaitir, by=None)) == 22


def test_what_is_withdrawn_stays_with_its_reason_and_counts_no_more(mkhaitir: Case, researcher: User) -> None:
    event = withdraw(arrest(mkhaitir), by=researcher, reason="It was somebody else")

    assert arrest(mkhaitir).withdrawn_reason == "It was somebody else"
    assert event.pk not in {one.pk for one in queries.timeline(mkhaitir, by=None)}
    assert [one.is_withdrawn for one in event.versions()] == [False, True]


def test_a_better_event_takes_the_place_of_a_wrong_one(mkhaitir: Case, researcher: User) -> None:
    wrong = arrest(mkhaitir)
    better = Event(case=mkhaitir, seq=wrong.seq, type="detention", date_edtf="2014-01-05")
    supersede(wrong, better, by=researcher, reason="Nobody saw the arrest")

    told = queries.timeline(mkhaitir, by=None)
    assert better in told
    assert wrong not in told
    assert better.supersedes == wrong


def test_weighty_acts_need_a_reason(mkhaitir: Case, researcher: User) -> None:
    with pytest.raises(NoReason):
        withdraw(arrest(mkhaitir), by=researcher, reason="")

    assert not arrest(mkhaitir).is_withdrawn


def test_two_people_do_not_overwrite_each_other(mkhaitir: Case, researcher: User) -> None:
    hers, his = arrest(mkhaitir), arrest(mkhaitir)
    amend(hers, {"note": "At home"}, by=researcher)
    with pytest.raises(ChangedMeanwhile):
        amend(his, {"note": "In the street"}, by=researcher)

    assert arrest(mkhaitir).note == "At home"


def test_what_is_not_in_order_is_not_written(mkhaitir: Case, researcher: User) -> None:
    with pytest.raises(BadRecord, match="An event with this order already exists"):
        record(Event(case=mkhaitir, seq=20, type="arrest", date_edtf="2014"), by=researcher)
    with pytest.raises(BadRecord, match="is not a date"):
        amend(arrest(mkhaitir), {"date_edtf": "soon"}, by=researcher)


def test_erased_is_erased_with_every_version(mkhaitir: Case, researcher: User) -> None:
    """And the log still says that somebody did it."""
    event = arrest(mkhaitir)
    amend(event, {"note": "At home"}, by=researcher)
    key = event.pk
    erase(event, by=researcher, reason="He asks to be forgotten")

    assert not Event.every.filter(models.Q(pk=key) | models.Q(version_of=key)).exists()
    assert not Claim.every.filter(event=key).exists()
    [erased] = Change.objects.filter(object_id=str(key), action="cases.erase")
    assert (erased.user, erased.deleted, erased.reason) == (researcher, True, "He asks to be forgotten")


@pytest.mark.parametrize("model", ALL_RECORDS)
def test_no_record_is_written_without_a_name(db: None, model: type[Record]) -> None:
    """Whatever part of the program forgets to say who acts is stopped."""
    for attempt in (
        lambda: model().save(),
        lambda: model.objects.update(access=0),
        lambda: model.objects.all().delete(),
        lambda: model.objects.bulk_create([model()]),
        lambda: model.objects.bulk_update([model()], ["access"]),
    ):
        with pytest.raises(OutsideAnAct):
            attempt()


def test_no_code_goes_round_the_verbs() -> None:
    """The manager that sees earlier versions is for the record itself and for counting originals."""
    package = Path(habeas.__file__).parent
    users = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if re.search(r"\.every\b", path.read_text(encoding="utf-8")) and "migrations" not in path.parts
    }

    assert users == {"cases/models/record.py", "cases/originals.py"}


@pytest.mark.parametrize("kind", [Change, CustodyEntry])
def test_no_line_of_a_log_is_changed_or_removed(mkhaitir: Case, researcher: User, kind: Any) -> None:
    take_in(mkhaitir, b"a letter", "letter.txt", by=researcher)
    line = kind.objects.first()
    for attempt in (line.save, line.delete, kind.objects.all().delete, lambda: kind.objects.update(id=1)):
        with pytest.raises(AppendOnly):
            attempt()


def test_a_record_of_others_cannot_be_changed(mkhaitir: Case, db: None) -> None:
    """Though one knows its identifier."""
    source = Source.objects.filter(case=mkhaitir).first()
    assert source is not None
    amend(mkhaitir, {"access": 3}, by=None)
    with pytest.raises(MayNotRead):
        amend(source, {"title": "Nonsense"}, by=member("outsider"))
