"""Which day it is: true on every day, whatever the dates allow."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from habeas.edition.manifest import Card, Running
from habeas.edition.slots import _days_of, render_days

START = date(2014, 1, 2)
later = st.integers(0, 20_000)


def card(running: Running) -> Card:
    return Card("00" * 8, "free-selma", "open", ("en",), "", "00" * 8, False, {"en": "Sign"}, running=running)  # noqa: FBT003  a field


def said(day: date, *, is_exact: bool, until: date | None = None) -> str:
    running = Running("detention", START, is_exact, until)
    return render_days(card(running), "en", day).decode()


@given(later)
def test_the_day_it_began_is_day_one_and_each_midnight_adds_one(days: int) -> None:
    day, more_than = _days_of(Running("detention", START, True), START + timedelta(days=days))  # noqa: FBT003  a field

    assert (day, more_than) == (days + 1, 0)


@given(later, st.integers(0, 400))
def test_more_than_is_true_whichever_day_it_began(days: int, earlier: int) -> None:
    """`since` is the last day it can have begun; any earlier one makes it longer still."""
    _, more_than = _days_of(Running("detention", START, False), START + timedelta(days=days))  # noqa: FBT003  a field

    assert more_than == 0 or more_than < days <= days + earlier


@given(later)
def test_a_round_number_never_falls(days: int) -> None:
    """Nor does it lag behind by more than a tenth of what it says."""
    running = Running("detention", START, False)  # noqa: FBT003  a field
    now, next_day = (_days_of(running, START + timedelta(days=number))[1] for number in (days, days + 1))

    assert now <= next_day
    assert days - now <= max(10, days / 9)


def test_it_is_said_in_words() -> None:
    day = date(2018, 6, 1)

    assert "Day 1,612 in detention" in said(day, is_exact=True)
    assert "More than 1,600 days in detention" in said(day, is_exact=False)
    assert said(day, is_exact=True, until=date(2018, 5, 31)).strip() == ""
    assert said(date(2014, 1, 1), is_exact=True).strip() == ""
