"""The case of Mohamed Mkhaïtir, real and hard: where he stood, for how long, resting on what."""

from datetime import date

import pytest

from habeas.cases import status
from habeas.cases.status import (
    Event,
    Span,
    Stage,
    words,
)
from histories import said


def span_of(known: status.OnADay, kind: str) -> Span:
    return next(span for span in known.spans if span.kind == kind)


def test_a_real_and_hard_case_has_no_finding(events: tuple[Event, ...]) -> None:
    assert status.check(events) == ()


@pytest.mark.parametrize(
    ("day", "text", "code"),
    [
        ("2014-01-04", "not known to be held", ""),
        ("2014-01-05", "in custody, held without charge", "0202"),
        ("2014-02-01", "in custody, in pre-trial detention", "020202"),
        ("2015-02-01", "in custody, serving a sentence, on death row", "020203"),
        ("2017-01-31", "in custody, in pre-trial detention, on death row", "020202"),
        ("2017-11-09", "in custody, held past the legal end of the sentence", "020204"),
        (
            "2018-06-01",
            "in custody, whereabouts undisclosed, held past the legal end of the sentence",
            "020204",
        ),
        ("2019-07-29", "free, proceedings still open", "020105"),
    ],
)
def test_where_he_stood_on_a_day(events: tuple[Event, ...], day: str, text: str, code: str) -> None:
    known = status.on(date.fromisoformat(day), events).known

    assert said(known) == text
    assert known.esf_25 == code


def test_each_thing_said_of_him_names_the_events_it_rests_on(events: tuple[Event, ...]) -> None:
    known = status.on(date(2018, 6, 1), events).known

    assert {label.key: label.rests_on for label in known.labels} == {
        "held_past_legal_end": ("20", "130"),
        "administrative_detention": ("148",),
        "secret_detention": ("140",),
    }
    assert [label.wgad for label in known.labels] == ["I", "", ""]


def test_his_release_closes_no_proceeding(events: tuple[Event, ...]) -> None:
    known = status.on(date(2020, 1, 1), events).known

    assert known.status.courses[""].stage is Stage.APPEAL_PENDING
    assert [(label.key, label.rests_on) for label in known.labels] == [("proceedings_open", ("145",))]


def test_from_his_arrest_to_his_release_by_the_letter_of_counsel(events: tuple[Event, ...]) -> None:
    held = span_of(status.on(date(2020, 1, 1), events), "held")
    by_counsel = status.according_to(held)["counsel-letter"]

    assert (held.since.id, held.least, held.most) == ("20", 2031, 2031)
    assert (by_counsel.least, by_counsel.most) == (2034, 2034)
    assert by_counsel.shortest
    assert status.length(*by_counsel.shortest) == status.Length(5, 6, 27)
    assert by_counsel.more_than(years=5, months=6)  # "more than five and a half years", as was written
    assert words.span_in_words(by_counsel, "en") == "2,034 days (5 years, 6 months, 27 days)"


def test_how_long_he_was_held_past_the_end_of_the_sentence(events: tuple[Event, ...]) -> None:
    past = span_of(status.on(date(2020, 1, 1), events), "held_past_legal_end")

    assert (past.since.id, past.until.id if past.until else None) == ("130", "170")
    assert (past.least, past.most) == (627, 627)


def test_how_long_he_was_held_when_the_death_sentence_was_quashed(events: tuple[Event, ...]) -> None:
    until = span_of(status.on(date(2020, 1, 1), events), "held_until_death_lifted")

    assert (until.least, until.most) == (1404, 1404)
    assert until.at_least(years=3)
    assert not until.at_least(years=4)
    assert words.claim_in_words(until, "en") == "more than 3 years"


def test_an_event_before_one_that_is_over_is_over_too(events: tuple[Event, ...]) -> None:
    """The prosecutor's appeal, "2017-11/2018", stands before an order given by May 2018."""
    known = status.on(date(2018, 6, 1), events)

    assert known.known.status.courses[""].stage is Stage.APPEAL_PENDING
    assert [event.type for event in known.undecided] == ["health_deterioration"]


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_his_status_and_its_length_can_be_said_in_every_language(
    events: tuple[Event, ...], language: str
) -> None:
    known = status.on(date(2018, 6, 1), events)
    here = [said(known.known, language)]
    for span in known.spans:
        here += [words.kind_in_words(span.kind, language), words.span_in_words(span, language)]

    assert all(here)
    assert not any("duration" in text for text in here)  # what CLDR says where it has no word
    assert language == "en" or not any("held" in text or "detention" in text for text in here)
