"""What the public is told, whatever people do: never more than is true, never when they did it."""

from hypothesis import given
from hypothesis import strategies as st

from habeas.edition.manifest import CountRule
from habeas.ledger.counts import Counts, Taken
from habeas.ledger.shown import HOURS, Shown, shown, take, told

HOUR = 20_000 * 24
people = st.integers(0, 1_000)
every = st.sampled_from(["hour", "day"])
held_back = st.builds(CountRule, people, st.integers(1, 120), every)
rules = held_back | st.builds(CountRule, people)
moves = st.lists(st.tuples(st.integers(0, 9), st.integers(-3, 3)), max_size=60)  # (hours later, people more)
A_TURN = 4  # turns of the clerk in an hour
TURNS = range(2 * 24 * A_TURN)


def watch(rule: CountRule, story: list[tuple[int, int]]) -> list[tuple[int, int, Shown]]:
    """Return (hour, people, what the public is told) after each move, from an empty campaign on."""
    taken, hour, count, seen = Taken(0, HOUR), HOUR, 0, []
    for hours, more in story:
        hour, count = hour + hours, max(0, count + more)
        taken = take(taken, rule, count, hour)
        seen.append((hour, count, shown(rule, Counts(count), taken)))
    return seen


@given(rules, people, people)
def test_more_people_never_make_the_number_smaller(rule: CountRule, some: int, more: int) -> None:
    """And no number is less than any."""
    fewer, many = (told(rule, count) for count in sorted((some, more)))

    assert (-1 if fewer is None else fewer) <= (-1 if many is None else many)


@given(rules, people)
def test_the_number_is_never_above_the_people(rule: CountRule, count: int) -> None:
    """It is a multiple of the step, more than one step is never missing, and "more than" is meant."""
    number = told(rule, count)
    if number is None:
        assert count < max(rule.count_from, 1) or count <= rule.count_step
    elif rule.count_step == 1:
        assert number == count >= rule.count_from
    else:
        assert number % rule.count_step == 0
        assert number < count <= number + rule.count_step
        assert count >= rule.count_from


@given(held_back, moves)
def test_the_number_changes_at_most_once_an_hour_or_a_day(
    rule: CountRule, story: list[tuple[int, int]]
) -> None:
    """Whoever signs or withdraws within it changes nothing that can be seen."""
    hours = HOURS[rule.count_every]
    told_in: dict[int, set[int | None]] = {}
    for hour, _, seen in watch(rule, story):
        told_in.setdefault(hour // hours, set()).add(seen.total)

    assert all(len(totals) == 1 for period, totals in told_in.items() if period != HOUR // hours)
    assert told_in.get(HOUR // hours, {None}) == {None}


def view(rule: CountRule, signings: list[int]) -> list[Shown]:
    """Return what is told at each turn of the clerk, people having confirmed before some of them."""
    return [
        told for _, _, told in watch(rule, [(turn % A_TURN == 0, signings.count(turn)) for turn in TURNS])
    ]


@given(held_back, st.lists(st.sampled_from(TURNS), min_size=1, max_size=150), st.data())
def test_whoever_watches_the_number_cannot_tell_when_one_person_signed(
    rule: CountRule, signings: list[int], data: st.DataObject
) -> None:
    """Had she signed at any other moment of the same hour or day, everything would have looked the same."""
    hers, period = signings[0], A_TURN * HOURS[rule.count_every]
    told_at = -(-(hers + A_TURN) // period) * period - A_TURN  # the clerk's first turn of the next one
    other = data.draw(st.integers(max(0, told_at - period + 1), min(told_at, TURNS[-1])))

    assert view(rule, [other, *signings[1:]]) == view(rule, signings)


@given(rules, moves)
def test_the_number_was_true_when_it_was_taken(rule: CountRule, story: list[tuple[int, int]]) -> None:
    """Of some moment no longer ago than the hour or day lasts."""
    past = {0}
    for _, count, seen in watch(rule, story):
        past.add(count)
        assert seen.total is None or seen.total <= max(past)
        assert seen.total is None or any(told(rule, then) == seen.total for then in past)
