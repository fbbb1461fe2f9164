import pytest

from habeas.cases import dates


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2014-01-05", "2014-01-05", "2014-01-05"),
        ("2014-02", "2014-02-01", "2014-02-28"),
        ("2016-02", "2016-02-01", "2016-02-29"),
        ("2014", "2014-01-01", "2014-12-31"),
        ("2014-12/2016", "2014-12-01", "2016-12-31"),
        ("2014~", "2014-01-01", "2014-12-31"),
        ("2014-01?", "2014-01-01", "2014-01-31"),
        ("201X", "2010-01-01", "2019-12-31"),
        ("2014-01-XX", "2014-01-01", "2014-01-31"),
        ("2014-02/2014-03-05~", "2014-02-01", "2014-03-05"),
    ],
)
def test_a_date_is_every_day_it_can_mean(text: str, earliest: str, latest: str) -> None:
    date = dates.parse(text)

    assert (str(date.earliest), str(date.latest)) == (earliest, latest)


def test_an_open_end_stays_open() -> None:
    assert dates.parse("2014/..").latest is None
    assert dates.parse("../2014").earliest is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "5 January 2014",
        "05/01/2014",
        "2014-13",
        "2014-00",
        "2014-02-30",
        "2014-1-5",
        "0000",
        "XXXX",
        "2014-1X",
        "2014-21",  # a season, and of which hemisphere?
        "2014-01-05T10:00",
        "2014-12/",
        "/2014",
        "..",
        "../..",
        "2014/2015/2016",
        "٢٠١٤",
    ],
)
def test_what_is_not_a_date_is_refused_with_what_to_write_instead(text: str) -> None:
    with pytest.raises(dates.NotADate, match="write 2014-01-05"):
        dates.parse(text)


def test_a_reversed_range_is_refused() -> None:
    with pytest.raises(dates.NotADate, match="ends before it begins"):
        dates.parse("2016/2014-12")


@pytest.mark.parametrize(
    ("text", "english", "french", "arabic"),
    [
        ("2014-01-05", "5 January 2014", "5 janvier 2014", "5 يناير 2014"),
        ("2014-01", "January 2014", "janvier 2014", "يناير 2014"),
        ("2014", "2014", "2014", "2014"),
    ],
)
def test_a_date_is_said_as_people_say_it(text: str, english: str, french: str, arabic: str) -> None:
    assert [dates.in_words(text, code) for code in ("en", "fr", "ar")] == [english, french, arabic]


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("2014~", "about 2014"),
        ("2014-01%", "about January 2014"),
        ("2014-01-05?", "perhaps 5 January 2014"),
        ("2014-12/2016", "between December 2014 and 2016"),
        ("2014~/2016-05", "between about 2014 and May 2016"),
        ("2014/..", "2014 or later"),
        ("../2014", "2014 or earlier"),
        ("201X", "between 1 January 2010 and 31 December 2019"),
    ],
)
def test_doubt_is_said_in_words_too(text: str, english: str) -> None:
    assert dates.in_words(text, "en") == english


@pytest.mark.parametrize(("code", "month"), [("fr", "décembre 2014"), ("ar", "ديسمبر 2014")])
def test_doubt_is_said_in_the_readers_language(code: str, month: str) -> None:
    words = dates.in_words("2014-12/2016", code)

    assert month in words
    assert "between" not in words


def test_readers_get_the_digits_of_their_language() -> None:
    assert dates.in_words("2014-01-05", "fa") == "۵ ژانویهٔ ۲۰۱۴"


@pytest.mark.parametrize(
    ("text", "machine"),
    [
        ("2014-01-05", "2014-01-05"),
        ("2014-01", "2014-01"),
        ("2014", "2014"),
        ("2014~", ""),
        ("2014/2016", ""),
    ],
)
def test_machines_get_a_date_only_where_it_is_exact(text: str, machine: str) -> None:
    assert dates.machine(text) == machine


@pytest.mark.parametrize(
    ("first", "second", "days"),
    [
        ("2014-01-02", "2019-07-29", (2034, 2034)),
        ("2014-01", "2014-01", (0, 30)),
        ("2014-01", "2014-03", (29, 89)),
        ("2014-01-05", "2014-12/2016", (330, 1091)),
    ],
)
def test_a_duration_is_no_more_exact_than_its_dates(first: str, second: str, days: tuple[int, int]) -> None:
    assert dates.duration(dates.parse(first), dates.parse(second)) == days


@pytest.mark.parametrize(("first", "second"), [("2014", "2013"), ("2014/..", "2019"), ("2014", "2019/..")])
def test_no_duration_is_made_up(first: str, second: str) -> None:
    with pytest.raises(dates.NotADuration):
        dates.duration(dates.parse(first), dates.parse(second))
