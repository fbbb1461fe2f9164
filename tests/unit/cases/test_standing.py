"""What the registry says of a case on a day, as staff and scripts are told."""

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from habeas.cases import queries, standing, status
from habeas.cases.models import Case
from habeas.cases.standing import PersonStanding, Standing
from habeas.cases.status import words
from habeas.cases.vocabulary import CONDITIONS

IN_JUNE = date(2018, 6, 1)


@pytest.fixture
def stands(mkhaitir: Case) -> Standing:
    """How the case stood in June 2018."""
    return standing.standing(mkhaitir, IN_JUNE, by=None)


def of_person(known: Standing) -> PersonStanding:
    [person] = known.persons
    return person


def types(known: Standing, *events: str | None) -> list[str]:
    """Return the types of events that are named by their identifiers."""
    by_id = {row.event: row.type for row in known.timeline}
    return [by_id[event] for event in events if event]


def test_a_recorded_case_stands_as_its_file_says(stands: Standing) -> None:
    person = of_person(stands)

    assert person.name == "Mohamed Mkhaïtir"
    assert person.text == "in custody, whereabouts undisclosed, held past the legal end of the sentence"
    assert (person.esf_25, stands.findings, stands.blocks_publishing) == ("020204", (), False)


def test_his_isolation_is_part_of_where_he_stood(mkhaitir: Case) -> None:
    person = of_person(standing.standing(mkhaitir, date(2016, 6, 1), by=None))

    assert person.text.endswith("on death row, in solitary confinement")
    assert "in solitary confinement" not in of_person(standing.standing(mkhaitir, IN_JUNE, by=None)).text


def test_each_region_names_the_event_that_moved_it(stands: Standing) -> None:
    person = of_person(stands)
    [proceeding] = person.proceedings
    states = (person.liberty, person.whereabouts, proceeding.stage, proceeding.death_penalty)

    assert [state.state for state in states] == ["custody", "undisclosed", "appeal_pending", "lifted"]
    assert types(stands, *(state.event for state in states)) == [
        "arrest",
        "whereabouts_undisclosed",
        "appeal_lodged",
        "death_lifted",
    ]


def test_durations_name_their_events_and_tell_what_each_source_makes_of_them(mkhaitir: Case) -> None:
    known = standing.standing(mkhaitir, date(2020, 1, 1), by=None)
    held = next(line for line in of_person(known).durations if line.kind == "held")
    by_counsel = held.according_to["counsel-letter"]

    assert types(known, held.since, held.until) == ["arrest", "release"]
    assert (by_counsel.least_days, by_counsel.calendar) == (2034, "5y 6m 27d")
    assert (held.least_days, held.may_say) == (2031, "more than 5 years")


def test_the_timeline_says_who_says_so_and_who_says_otherwise(stands: Standing) -> None:
    arrest = next(row for row in stands.timeline if row.type == "arrest")

    assert (arrest.seq, arrest.label, arrest.when) == (20, "Arrest", "5 January 2014")
    assert [title.partition(" of ")[0] for title in arrest.sources] == ["Campaign page"]
    assert list(arrest.differing.values()) == ["2 January 2014"]
    assert [row.authority for row in stands.timeline if row.type == "remitted"] == [
        "Supreme Court of Mauritania"
    ]


def test_the_timeline_is_in_the_readers_language(mkhaitir: Case) -> None:
    rows = standing.standing(mkhaitir, IN_JUNE, by=None, language="fr").timeline

    assert [row.when for row in rows if row.type == "arrest"] == ["5 janvier 2014"]


def test_what_was_refuted_did_not_happen(mkhaitir: Case) -> None:
    recorded = queries.timeline(mkhaitir, by=None)
    for event in recorded:
        if event.type == "release":
            event.verification = "refuted"

    assert "release" not in [event.type for event in standing.history(mkhaitir, recorded)]


def test_a_gap_is_told_beside_the_event(mkhaitir: Case) -> None:
    recorded = [event for event in queries.timeline(mkhaitir, by=None) if event.type != "charge"]
    found = status.check(standing.history(mkhaitir, recorded))

    told = [row for row in standing.timeline_rows(recorded, found, "en") if row.findings]

    assert [(row.type, row.findings[0][:34]) for row in told] == [
        ("trial_open", "Before “Trial opens” (23 December ")
    ]
    assert [finding.assumed for finding in found] == [("charge",)]


def test_findings_can_be_asked_for_alone(mkhaitir: Case) -> None:
    assert standing.findings(mkhaitir, by=None) == ()


def test_events_of_the_only_proceeding_need_not_name_it(mkhaitir: Case) -> None:
    recorded = queries.timeline(mkhaitir, by=None)
    recorded[0].proceeding_id = mkhaitir.pk  # any identifier will do

    assert {event.proceeding for event in standing.history(mkhaitir, recorded)} == {str(mkhaitir.pk)}


@pytest.mark.parametrize(
    "kind",
    [
        standing.Standing,
        standing.PersonStanding,
        standing.ProceedingState,
        standing.State,
        standing.LabelLine,
        standing.Otherwise,
        standing.DurationLine,
        standing.FindingLine,
        standing.TimelineRow,
    ],
)
def test_everything_that_scripts_are_told_is_written_down(kind: type[msgspec.Struct]) -> None:
    page = (Path(__file__).parents[3] / "docs" / "legal-status.md").read_text(encoding="utf-8")

    assert [field for field in kind.__struct_fields__ if f"`{field}`" not in page] == []


def test_every_label_is_written_down() -> None:
    page = (Path(__file__).parents[3] / "docs" / "legal-status.md").read_text(encoding="utf-8")

    assert [key for key in words.LABELS if f"`{key}`" not in page and key not in CONDITIONS] == []


def test_a_case_takes_a_dozen_questions_to_the_database_however_long_it_is(
    mkhaitir: Case, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12):
        standing.standing(mkhaitir, IN_JUNE, by=None)
