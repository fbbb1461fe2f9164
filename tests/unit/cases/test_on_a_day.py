"""A day that dates leave open: what may have happened is told apart from what had."""

from datetime import date

from habeas.cases import dates, status
from habeas.cases.status import (
    Condition,
    words,
)
from histories import history, keys, said


def test_what_may_have_happened_by_a_day_is_told_apart_from_what_had() -> None:
    known = status.on(date(2018, 6, 1), history("arrest 2018-05-01", "release 2018"))

    assert said(known.known) == "in custody, held without charge"
    assert [(said(other), other.supposing) for other in known.perhaps] == [("free", ("2",))]
    assert [event.id for event in known.undecided] == ["2"]


def test_each_status_that_the_dates_leave_open_is_told_once() -> None:
    straddling = history("arrest 2018", "transfer 2018", "release 2018")

    known = status.on(date(2018, 6, 1), straddling)

    assert said(known.known) == "not known to be held"
    assert [said(other) for other in known.perhaps] == ["in custody, held without charge", "free"]


def test_how_long_it_goes_on_ends_where_it_may_have_ended() -> None:
    [held] = status.on(date(2018, 6, 1), history("arrest 2018-05-01", "release 2018-05-20/2018-12")).spans

    assert (held.least, held.most, held.until) == (19, 31, None)
    assert held.may_have_ended_by
    assert held.may_have_ended_by.type == "release"
    assert words.day_in_words(held, "en") == ""


def test_a_condition_is_in_force_only_on_days_it_certainly_covers() -> None:
    solitary = Condition("c", "solitary", dates.parse("2020-02"), dates.parse("2020-04"))
    in_prison = history("arrest 2020-01-01")

    def on(day: str) -> tuple[bool, bool]:
        known = status.on(date.fromisoformat(day), in_prison, [solitary])
        return "solitary" in keys(known.known), bool(known.undecided_conditions)

    assert [on(day) for day in ("2020-01-31", "2020-02-15", "2020-03-15", "2020-04-15", "2020-05-01")] == [
        (False, False),
        (False, True),
        (True, False),
        (False, True),
        (False, False),
    ]


def test_conditions_of_one_prisoner_are_not_those_of_another() -> None:
    solitary = Condition("c", "solitary", dates.parse("2019"), persons=("ana",))
    events = history("arrest", persons=("ana", "luis"))

    ana, luis = (status.on(date(2021, 1, 1), events, [solitary], person).known for person in ("ana", "luis"))

    assert ("solitary" in keys(ana), "solitary" in keys(luis)) == (True, False)
