"""What the public is told of a count: true to the letter, and no help to who watches the line."""

import pytest

from habeas.edition.manifest import CountRule
from habeas.ledger.counts import Counts, Taken
from habeas.ledger.shown import NOTHING, Shown, shown, shown_of_nobody, take, told

LIVE, HOURLY, DAILY = CountRule(), CountRule(count_every="hour"), CountRule(count_every="day")
CAREFUL = CountRule(count_from=100, count_step=100, count_every="day")
NOON = 20_000 * 24 + 12  # in hours


@pytest.mark.parametrize(
    ("people", "number"),
    [(0, None), (1, None), (99, None), (100, None), (101, 100), (200, 100), (201, 200), (12_345, 12_300)],
)
def test_more_than_a_hundred_is_said_of_a_hundred_and_one(people: int, number: int | None) -> None:
    """A number nobody can call a lie, as it is told with the words "more than"."""
    assert told(CAREFUL, people) == number


@pytest.mark.parametrize(("people", "number"), [(0, None), (49, None), (50, 50), (51, 51)])
def test_a_number_may_wait_until_enough_people_stand_behind_it(people: int, number: int | None) -> None:
    """A campaign that begins does not look as if nobody cared."""
    assert told(CountRule(count_from=50), people) == number


def test_nobody_is_told_to_be_the_first_by_an_old_number() -> None:
    """Only a number that rises at once can be zero."""
    assert told(LIVE, 0) == 0
    assert told(HOURLY, 0) is None
    assert told(DAILY, 0) is None


def test_countries_and_languages_are_told_only_with_every_number() -> None:
    """One more in Mauritania tonight would be one person in Mauritania tonight."""
    counts = Counts.of([("MR", "ar", 1), ("FR", "fr", 300)])
    taken = Taken(301, NOON)

    assert shown(LIVE, counts, taken) == Shown(
        301, is_exact=True, by_country={"MR": 1, "FR": 300}, by_language={"ar": 1, "fr": 300}
    )
    assert shown(HOURLY, counts, taken) == Shown(301, is_exact=True)
    assert shown(CAREFUL, counts, taken) == Shown(300)
    assert shown(CountRule(count_from=302), counts, taken) == NOTHING


@pytest.mark.parametrize(("rule", "hours"), [(HOURLY, 1), (DAILY, 12), (CAREFUL, 12)])
def test_a_number_stays_until_its_hour_or_day_is_over(rule: CountRule, hours: int) -> None:
    """By the clock of Greenwich, so that it is over for everybody at once."""
    noon = Taken(7, NOON)

    assert take(noon, rule, 8, NOON) == noon
    assert take(noon, rule, 8, NOON + hours - 1) == noon
    assert take(noon, rule, 8, NOON + hours) == Taken(8, NOON + hours)


def test_a_number_told_at_once_is_always_the_newest() -> None:
    """People see theirs."""
    assert take(Taken(7, NOON), LIVE, 8, NOON) == Taken(8, NOON)
    assert take(None, LIVE, 8, NOON) == Taken(8, NOON)


def test_the_first_person_does_not_show_when_the_clerk_comes_back() -> None:
    """It was away when the campaign opened, and one person signed meanwhile."""
    assert take(None, HOURLY, 1, NOON) == Taken(0, NOON)


def test_another_rule_tells_nothing_new_before_its_time() -> None:
    """From at once to once a day: the number of the moment stays until midnight."""
    assert take(Taken(57, NOON), DAILY, 58, NOON + 1) == Taken(57, NOON)


def test_a_clock_that_was_wrong_neither_tells_twice_nor_stops_telling() -> None:
    """Set back by a second at the full hour; and back from a year ahead."""
    assert take(Taken(7, NOON), HOURLY, 8, NOON - 1) == Taken(7, NOON)
    assert take(Taken(7, NOON + 24 * 365), HOURLY, 8, NOON) == Taken(8, NOON)


@pytest.mark.parametrize("every", ["hour", "day"])
def test_before_the_clerk_has_counted_a_careful_campaign_says_nothing(every: str) -> None:
    """Nor does it later, of the first who sign: the page is the same."""
    rule = CountRule(count_step=10, count_every=every)  # type: ignore[arg-type]

    assert shown_of_nobody(rule) == NOTHING
    assert shown_of_nobody(LIVE) == Shown(0, is_exact=True, by_country={}, by_language={})


def test_steps_told_at_once_are_refused() -> None:
    """The moment of the hundredth signature would tell who gave it."""
    with pytest.raises(ValueError, match="by the hour or the day"):
        CountRule(count_step=100)
