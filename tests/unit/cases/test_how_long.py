"""How long somebody is held is told no more exactly than the dates allow."""

from datetime import date

import pytest

from habeas.cases import status
from habeas.cases.status import (
    Span,
    words,
)
from histories import history


def lasting(since: str, until: str) -> Span:
    first, last = history(f"arrest {since}", f"release {until}")
    return status.span("held", first, last, date(2030, 1, 1))


@pytest.mark.parametrize(
    ("since", "until", "least", "most", "said_of_it"),
    [
        ("2014-01-02", "2019-07-29", 2034, 2034, "2,034 days (5 years, 6 months, 27 days)"),
        ("2014-01", "2014-03", 29, 89, "29 days to 89 days"),
        ("2014-01", "2014-01", 0, 30, "at most 30 days"),
        ("2014-01-05", "2014-01-05", 0, 0, "0 days"),
        ("2014-01-05", "2014-02-05/..", 31, None, "at least 31 days"),
        ("../2014-01-05", "2014-02-05", 31, None, "at least 31 days"),
    ],
)
def test_a_length_is_no_more_exact_than_its_dates(
    since: str, until: str, least: int, most: int | None, said_of_it: str
) -> None:
    span = lasting(since, until)

    assert (span.least, span.most) == (least, most)
    assert words.span_in_words(span, "en") == said_of_it


@pytest.mark.parametrize(
    ("since", "until", "claim"),
    [
        ("2014-01-05", "2017-01-05", "at least 3 years"),
        ("2014-01-05", "2017-01-06", "more than 3 years"),
        ("2014-01", "2017-01-31", "at least 3 years"),
        ("2014-01", "2017-01-30", "more than 2 years"),
        ("2014-01-05", "2014-03-05", "at least 2 months"),
        ("2014-01-31", "2014-02-28", "at least 1 month"),
        ("2014-01-05", "2014-01-08", "at least 3 days"),
        ("2014-01", "2014-01", ""),
        ("2014/..", "2019", ""),
    ],
)
def test_a_text_claims_only_what_is_true_whatever_the_days_were(since: str, until: str, claim: str) -> None:
    assert words.claim_in_words(lasting(since, until), "en") == claim


def test_more_than_is_said_only_if_it_is_more() -> None:
    three_years = lasting("2014-01-05", "2017-01-05")

    assert (three_years.at_least(years=3), three_years.more_than(years=3)) == (True, False)
    assert (three_years.at_least(days=1096), three_years.more_than(days=1095)) == (True, True)
    assert not three_years.at_least(days=1097)


def test_the_day_of_the_arrest_is_the_first_day_in_detention() -> None:
    [first] = status.on(date(2020, 1, 1), history("arrest 2020-01-01")).spans
    [hundredth] = status.on(date(2020, 4, 9), history("arrest 2020-01-01")).spans
    [between] = status.on(date(2020, 4, 9), history("arrest 2020-01")).spans

    assert [words.day_in_words(held, "en") for held in (first, hundredth, between)] == [
        "day 1",
        "day 100",
        "between day 70 and day 100",
    ]


def test_each_time_somebody_was_held_counts_for_itself() -> None:
    twice = history("arrest 2020-01-01", "release 2020-01-11", "arrest 2021-01-01", "bail 2021-01-06")

    assert [span.least for span in status.on(date(2022, 1, 1), twice).spans] == [10, 5]
