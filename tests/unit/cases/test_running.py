"""Since when somebody has been held: certain, or not said."""

from datetime import date

import pytest

from habeas.cases import status
from habeas.cases.status import Running
from histories import history

TODAY = date(2026, 11, 22)


def held(*lines: str, day: date = TODAY) -> Running | None:
    return status.running(day, history(*lines))


def test_whoever_was_arrested_and_not_released_is_held_since_that_day() -> None:
    found = held("arrest 2014-01-02", "charge 2014-01")

    assert found
    assert (found.kind, found.last_start, found.is_exact) == ("detention", date(2014, 1, 2), True)
    assert found.until is None


def test_a_month_begins_at_its_last_day_and_is_not_exact() -> None:
    """Whichever day it really was, "more than" counted from there is true."""
    found = held("arrest 2014-01")

    assert found
    assert (found.last_start, found.is_exact) == (date(2014, 1, 31), False)


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("charge 2014-01-02",),
        ("arrest 2014-01-02", "release 2019-07-29"),
        ("arrest 2014-01-02", "death_in_custody 2015"),
        ("arrest 2014-01-02", "release 2026"),  # may have happened already
        ("arrest ../2014-01-02", "release ../2026-11-22"),
        ("arrest 2026-12-01",),
    ],
)
def test_nothing_is_said_of_whoever_is_free_or_may_be(lines: tuple[str, ...]) -> None:
    """A page that says "held" of somebody who is at home would be a lie."""
    assert held(*lines) is None


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (("abduction 2014-01-02",), "missing"),
        (("house_arrest 2014-01-02",), "house_arrest"),
        (("house_arrest 2014-01-02", "arrest 2015-01-02"), "liberty"),
    ],
)
def test_the_way_of_being_held_is_the_one_it_was_all_the_time(lines: tuple[str, ...], kind: str) -> None:
    """No day under house arrest is counted as one in detention."""
    found = held(*lines)

    assert found
    assert found.kind == kind


def test_a_page_that_is_not_made_anew_falls_silent_before_a_day_that_may_change_things() -> None:
    """A release that is announced for a day is in the record before that day."""
    found = held("arrest 2014-01-02", "release 2026-12-24")

    assert found
    assert found.until == date(2026, 12, 23)


def test_how_long_it_was_is_known_once_it_is_over() -> None:
    span = status.over(TODAY, history("arrest 2014-01-02", "release 2019-07-29"))

    assert span
    assert span.least == span.most == 2_034
    assert status.over(TODAY, history("arrest 2014-01-02")) is None
