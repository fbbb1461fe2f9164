from typing import Any

import pytest

from habeas.cases import names, queries
from habeas.cases.actions import amend
from habeas.cases.models import Case, Event


def event(case: Case, kind: str) -> Event:
    return queries.events_of(case, kind, by=None)[0]


def said(claims: list[Any]) -> list[tuple[str, str]]:
    return [(claim.source.key, claim.value) for claim in claims]


def test_the_timeline_is_in_the_editors_order(mkhaitir: Case) -> None:
    timeline = queries.timeline(mkhaitir, by=None)

    assert [event.seq for event in timeline] == sorted(event.seq for event in timeline)
    assert [event.type for event in timeline[:4]] == ["publication", "arrest", "interrogation", "charge"]
    assert timeline[-1].type == "release"


def test_both_dates_of_the_arrest_are_kept_with_who_says_so(mkhaitir: Case) -> None:
    arrest = event(mkhaitir, "arrest")

    assert arrest.date_edtf == "2014-01-05"
    assert said(queries.agreeing_claims(arrest)) == [("amnesty-campaign", "2014-01-05")]
    assert said(queries.differing_claims(arrest)) == [("counsel-letter", "2014-01-02")]


def test_sources_differ_on_three_events_only(mkhaitir: Case) -> None:
    disputed = [e.type for e in queries.timeline(mkhaitir, by=None) if queries.differing_claims(e)]

    assert disputed == ["arrest", "conviction", "death_sentence"]


def test_the_end_of_the_isolation_is_no_other_date_for_it(mkhaitir: Case) -> None:
    isolation = event(mkhaitir, "solitary_confinement")

    assert said(queries.date_claims(isolation)) == [("amnesty-campaign", "2015-01")]
    assert queries.ends(isolation) == "2017-11-09"
    assert queries.ends(event(mkhaitir, "arrest")) == ""


def test_a_whole_timeline_takes_a_handful_of_questions_to_the_database(
    mkhaitir: Case, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(5):
        for moment in queries.timeline(mkhaitir, by=None):
            queries.differing_claims(moment)
            [claim.source.title for claim in queries.agreeing_claims(moment)]
            [str(condition) for condition in moment.conditions.all()]


@pytest.mark.parametrize(
    ("language", "here", "elsewhere"),
    [
        ("en", "Mohamed Mkhaïtir", "محمد الشيخ ولد امخيطير"),
        ("fr", "Mohamed Mkhaïtir", "محمد الشيخ ولد امخيطير"),
        ("ar", "محمد الشيخ ولد امخيطير", "Mohamed Mkhaïtir"),
        ("fa", "محمد الشيخ ولد امخيطير", "Mohamed Mkhaïtir"),
        ("zh-hans", "Mohamed Mkhaïtir", "Mohamed Mkhaïtir"),
    ],
)
def test_a_person_is_named_in_the_readers_script(
    mkhaitir: Case, language: str, here: str, elsewhere: str
) -> None:
    person = queries.subject(mkhaitir, by=None)

    assert queries.published_name(person, language).text == here
    assert str(queries.name_elsewhere(person, language)) == elsewhere


def test_a_pen_name_is_not_shown_unless_preferred(mkhaitir: Case) -> None:
    person = queries.subject(mkhaitir, by=None)
    amend(person.names.get(script="Arab"), {"kind": "pen"}, by=None)

    assert queries.published_name(queries.subject(mkhaitir, by=None), "ar").text == "Mohamed Mkhaïtir"


def test_scripts_are_known_by_their_languages() -> None:
    assert [names.script_of(code) for code in ("fr", "ar", "zh-hans", "ru")] == [
        "Latn",
        "Arab",
        "Hans",
        "Cyrl",
    ]


def test_what_is_not_recorded_is_said_in_words(mkhaitir: Case) -> None:
    with pytest.raises(queries.NotRecorded, match="no case XX-1"):
        queries.case_by_ref("XX-1", by=None)
    with pytest.raises(queries.NotRecorded, match="no authority king"):
        queries.authority(mkhaitir, "king", by=None)
    with pytest.raises(queries.NotRecorded, match="press-freedom-report gives no date"):
        queries.date_by(event(mkhaitir, "arrest"), "press-freedom-report")
