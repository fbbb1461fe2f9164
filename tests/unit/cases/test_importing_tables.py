"""A list becomes cases: every row that can be understood once, every other told with its reason."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from habeas.cases.actions import amend, record
from habeas.cases.models import Case, Change, Claim, Event, Person, PersonName, Source
from habeas.cases.models.acting import OutsideAnAct
from habeas.cases.models.record import NewRecords, Record, write_new
from habeas.cases.protection import Access
from habeas.cases.table_import import Outcome, prepare, run
from habeas.lib.ids import uuid7
from messy_list import HEADER, MessyList, messy_list

MAPPING = """
[list]
title = "An invented barometer"
publisher = "Habeas"
as_of = "2024-12-01"
[columns]
name = "Name"
status = "Status"
date = { column = "Date", date_order = "day-first" }
country = "Country"
url = "URL"
"""
SHORT = ("Name", "Status", "Date", "Country", "URL")
SELMA = ("Selma Amari", "Imprisoned", "5 January 2014", "Syria", "https://list.example/selma")


def write(path: Path, header: tuple[str, ...], *rows: tuple[str, ...]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def imported(
    path: Path, mapping: str | None = None, *, by: User | None = None, dry_run: bool = False
) -> Outcome:
    return run(prepare(path, mapping), by=by, dry_run=dry_run)


@pytest.fixture(scope="module")
def messy() -> MessyList:
    return messy_list(400)


@pytest.fixture
def messy_file(messy: MessyList, tmp_path: Path) -> Path:
    return write(tmp_path / "list.csv", HEADER, *messy.rows)


def test_a_messy_list_comes_out_as_an_honest_reader_counts_it(
    db: None, messy: MessyList, messy_file: Path
) -> None:
    """By type of event, country and date, and each refused row for its own reason."""
    outcome = imported(messy_file)

    assert outcome.rows == outcome.new + outcome.known + len(outcome.refused) == len(messy.rows)
    assert {one.row: one.column for one in outcome.refused} == messy.refused
    assert outcome.known == len(outcome.repeated) == messy.repeated
    assert Counter(Event.objects.values_list("type", flat=True)) == messy.events
    assert Counter(Case.objects.values_list("country", flat=True)) == messy.countries
    known = Event.objects.exclude(date_edtf__startswith="../").values_list("date_edtf", flat=True)
    assert Counter(known) == Counter({date: n for date, n in messy.dates.items() if date})


def test_the_list_read_again_brings_nothing_new(db: None, messy_file: Path) -> None:
    """Whatever was recorded is known."""
    first = imported(messy_file)
    again = imported(messy_file)

    assert (again.new, again.known) == (0, first.new + first.known)
    assert again.changed == []
    assert Case.objects.count() == first.new


def test_a_dry_run_tells_the_same_and_writes_nothing(db: None, messy_file: Path) -> None:
    told = imported(messy_file, dry_run=True)

    assert not Case.objects.exists()
    assert not Change.objects.exists()
    done = imported(messy_file)
    assert (told.new, told.known, told.refused) == (done.new, done.known, done.refused)


def test_a_row_is_recorded_with_its_source_and_no_more_open_than_any_case(
    researcher: User, tmp_path: Path
) -> None:
    """The date is the list's claim; the case is for its team, and who imported it is in it."""
    row = ("Selma Amari (سلمى عماري)", *SELMA[1:4], "https://a.example/1 https://b.example/2")
    imported(write(tmp_path / "list.csv", SHORT, row), MAPPING, by=researcher)

    case = Case.objects.get()
    claim = Claim.objects.select_related("source").get()
    assert (case.ref, case.country, case.access, case.created_by) == (
        "SY-2014-001",
        "SY",
        Access.TEAM,
        researcher,
    )
    assert (list(case.team.all()), list(case.named.all())) == ([researcher], [researcher])
    assert [(name.text, name.script) for name in PersonName.objects.order_by("sort_order")] == [
        ("Selma Amari", "Latn"),
        ("سلمى عماري", "Arab"),
    ]
    assert not PersonName.objects.filter(publishable=True).exists()
    event = Event.objects.get()
    assert (event.type, event.date_edtf, event.date_text) == ("arrest", "2014-01-05", "5 January 2014")
    assert (event.earliest, event.latest) == (event.earliest, event.earliest)
    assert list(event.persons.all()) == [Person.objects.get()]
    assert (claim.field, claim.value, claim.source.title) == ("date", "2014-01-05", "An invented barometer")
    assert {source.url for source in Source.objects.all()} == {"https://a.example/1", "https://b.example/2"}
    assert {source.origin for source in Source.objects.all()} == {"An invented barometer"}


def test_every_record_has_its_line_in_the_log(researcher: User, tmp_path: Path) -> None:
    """The same as if each had been entered by hand: who, what, which fields, why; one import is one act."""
    imported(write(tmp_path / "list.csv", SHORT, SELMA), MAPPING, by=researcher)
    by_list = _lines()
    event = Event.objects.get()
    by_hand = Event(
        **{name: getattr(event, name) for name in ("case", "type", "date_edtf", "date_text", "details")}
    )
    by_hand.seq = 20
    record(by_hand, by=researcher)

    assert by_list.keys() == {
        str(row.pk) for kind in Record.__subclasses__() for row in kind.objects.all() if row.pk != by_hand.pk
    }
    assert {(line.user, line.action, line.version) for line in by_list.values()} == {
        (researcher, "cases.record", 1)
    }
    assert {line.reason for line in by_list.values()} == {"imported from the list An invented barometer"}
    assert len({line.uuid for line in by_list.values()}) == 1
    assert set(_lines()[str(by_hand.pk)].fields) == set(by_list[str(event.pk)].fields)


def _lines() -> dict[str, Change]:
    return {line.object_id: line for line in Change.objects.all()}


def test_nothing_is_written_by_the_dozen_outside_an_act(db: None) -> None:
    with pytest.raises(OutsideAnAct):
        write_new([NewRecords(Case, ("id", "ref", "country"), [(uuid7(), "AQ-1", "AQ")])], set())
    assert not Case.objects.exists()


def test_a_date_nobody_knows_is_by_the_day_of_the_list(db: None, tmp_path: Path) -> None:
    """It happened, and no later than that."""
    imported(write(tmp_path / "list.csv", SHORT, (*SELMA[:2], "", *SELMA[3:])), MAPPING)

    event = Event.objects.get()
    assert (event.date_edtf, event.earliest) == ("../2024-12-01", None)
    assert Claim.objects.get().field == "happened"


def test_one_person_arrested_twice_is_two_events(db: None, tmp_path: Path) -> None:
    """With one page for both; and the list read again knows both."""
    again = (*SELMA[:2], "3 March 2018", *SELMA[3:])
    path = write(tmp_path / "list.csv", SHORT, SELMA, again)

    assert imported(path, MAPPING).new == 2
    assert (imported(path, MAPPING).new, imported(path, MAPPING).changed) == (0, [])


def test_people_without_a_name_are_not_taken_for_one(db: None, tmp_path: Path) -> None:
    """Three unknown people killed in one attack are three people, also the second time."""
    unknown = ("Unknown", "Killed", "2014", "Syria", "https://list.example/attack")
    path = write(tmp_path / "list.csv", SHORT, unknown, unknown, unknown)

    assert imported(path, MAPPING).new == 3
    assert (imported(path, MAPPING).new, imported(path, MAPPING).known) == (0, 3)
    assert not PersonName.objects.exists()


def test_a_changed_row_is_told_and_the_registry_left_as_it_is(db: None, tmp_path: Path) -> None:
    imported(write(tmp_path / "list.csv", SHORT, SELMA), MAPPING)
    outcome = imported(write(tmp_path / "list.csv", SHORT, (SELMA[0], "Released", *SELMA[2:])), MAPPING)

    assert (outcome.new, outcome.known, [one.ref for one in outcome.changed]) == (0, 1, ["SY-2014-001"])
    assert Event.objects.get().type == "arrest"


def test_what_staff_correct_is_still_known(researcher: User, tmp_path: Path) -> None:
    """A list read again undoes nothing."""
    path = write(tmp_path / "list.csv", SHORT, SELMA)
    imported(path, MAPPING)
    amend(Case.objects.get(), {"ref": "SY-OURS-1", "title": "Ours"}, by=researcher)

    assert imported(path, MAPPING).known == 1
    assert Case.objects.get().ref == "SY-OURS-1"


def test_a_case_that_staff_recorded_from_the_same_page_is_not_recorded_again(
    researcher: User, tmp_path: Path
) -> None:
    """By the page and the name."""
    imported(write(tmp_path / "list.csv", SHORT, SELMA), MAPPING)
    amend(Source.objects.get(), {"key": "our-own"}, by=researcher)
    outcome = imported(
        write(tmp_path / "list.csv", SHORT, SELMA, ("Idris Haddad", *SELMA[1:])), MAPPING, by=researcher
    )

    assert (outcome.known, len(outcome.by_hand), outcome.new) == (1, 1, 1)


def test_two_rows_cannot_have_one_reference(db: None, tmp_path: Path) -> None:
    mapping = MAPPING + 'reference = "Ref"\n'
    header = (*SHORT, "Ref")
    path = write(tmp_path / "list.csv", header, (*SELMA, "x 1"), ("Idris Haddad", *SELMA[1:], "X-1"))

    outcome = imported(path, mapping)

    assert (outcome.new, [(one.row, one.column) for one in outcome.refused]) == (1, [(3, "Ref")])
    assert Case.objects.get().ref == "X-1"


def test_an_order_of_dates_is_asked_for_with_what_the_column_shows(db: None, tmp_path: Path) -> None:
    """One date that can only be read one way is a hint, and no more than that."""
    path = write(
        tmp_path / "list.csv",
        SHORT,
        (*SELMA[:2], "25/12/2014", *SELMA[3:]),
        (*SELMA[:2], "03/04/2014", *SELMA[3:]),
    )

    prepared = prepare(path)

    assert [problem.row for problem in prepared.survey.refused] == [3]
    assert "25/12/2014 (line 2) can only be day-first" in prepared.survey.questions[0]
