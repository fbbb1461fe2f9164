"""Dates of any shape keep their order, their bounds and their text."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from habeas.cases import dates
from habeas.cases.dates import FuzzyDate

days = st.dates(min_value=date(1000, 1, 1))
texts = st.builds(lambda day, length: day.isoformat()[:length], days, st.sampled_from([4, 7, 10]))
qualified = st.builds(lambda text, mark: text + mark, texts, st.sampled_from(["", "~", "?", "%"]))


def somewhere_between(first: str, second: str) -> str:
    earlier, later = sorted((first, second), key=lambda text: dates.parse(text).earliest or date.min)
    return f"{earlier}/{later}" if reads(f"{earlier}/{later}") else earlier


def reads(text: str) -> bool:
    try:
        dates.parse(text)
    except dates.NotADate:
        return False
    return True


fuzzy = st.one_of(texts, qualified, st.builds(somewhere_between, texts, qualified))


def ends(when: FuzzyDate) -> tuple[date, date]:
    assert when.earliest
    assert when.latest
    return when.earliest, when.latest


@given(fuzzy)
def test_the_first_day_a_date_can_mean_is_never_after_the_last(text: str) -> None:
    earliest, latest = ends(dates.parse(text))

    assert earliest <= latest


@given(fuzzy)
def test_a_date_keeps_the_text_its_source_gave(text: str) -> None:
    assert dates.parse(dates.parse(f" {text}\n").text) == dates.parse(text)


@given(days)
def test_an_exact_day_means_that_day_and_no_other(day: date) -> None:
    assert ends(dates.parse(day.isoformat())) == (day, day)


@given(days, st.sampled_from([4, 7]))
def test_a_month_or_year_means_every_day_in_it(day: date, length: int) -> None:
    earliest, latest = ends(dates.parse(day.isoformat()[:length]))

    assert earliest <= day <= latest
    assert earliest.isoformat()[:length] == latest.isoformat()[:length] == day.isoformat()[:length]


@given(texts, texts)
def test_between_two_dates_reaches_from_the_first_day_of_one_to_the_last_of_the_other(a: str, b: str) -> None:
    between = somewhere_between(a, b)
    first, _, second = between.partition("/")

    assert ends(dates.parse(between)) == (ends(dates.parse(first))[0], ends(dates.parse(second or first))[1])


@given(fuzzy, fuzzy, st.data())
def test_a_duration_holds_for_whatever_days_the_dates_really_were(
    a: str, b: str, data: st.DataObject
) -> None:
    first, second = sorted((dates.parse(a), dates.parse(b)), key=ends)
    began, ended = (data.draw(st.dates(*ends(when))) for when in (first, second))

    least, most = dates.duration(first, second)

    assert 0 <= least <= most
    assert (ended - began).days <= most
    assert began > ended or least <= (ended - began).days


@given(fuzzy, st.sampled_from(["en", "fr", "ar"]))
def test_every_date_can_be_said_in_every_language(text: str, language: str) -> None:
    assert dates.in_words(text, language)


@given(texts)
def test_what_machines_read_is_what_the_source_gave(text: str) -> None:
    assert dates.machine(text) == text
    assert dates.machine(f"{text}~") == ""
