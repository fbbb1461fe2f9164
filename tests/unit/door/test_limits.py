"""Budgets and levels: no network is shut out, and a flood is told from a campaign that becomes known."""

import tracemalloc

from granian_side import NOON, Clock
from habeas.door.limits import (
    BUDGET,
    FLOOD,
    FLOODING,
    MEMORY,
    MOST_SOURCES,
    QUIET,
    WARY_SECONDS,
    WINDOW,
    Budgets,
    Limits,
    Pace,
)
from public_side import SELMA


def test_thirty_in_ten_minutes_go_straight_in() -> None:
    """The next window begins with nothing."""
    budgets = Budgets()
    answers = [budgets.is_over(b"school", NOON + number) for number in range(BUDGET + 5)]

    assert answers == [False] * BUDGET + [True] * 5
    assert not budgets.is_over(b"another", NOON)
    assert not budgets.is_over(b"school", NOON + WINDOW)


def test_a_school_does_not_wait_and_a_flood_does() -> None:
    """Only until the window ends."""
    budgets = Budgets()
    for _ in range(FLOODING - 1):
        budgets.is_over(b"school", NOON)
    assert not budgets.is_flooding(b"school")
    budgets.is_over(b"school", NOON)

    assert budgets.is_flooding(b"school")
    assert not budgets.is_flooding(b"another")
    budgets.forget(NOON + WINDOW)
    assert not budgets.is_flooding(b"school")


def test_a_million_networks_cost_bounded_memory() -> None:
    """Whoever owns a /28 of IPv6 can send from a million of them."""
    budgets = Budgets()
    tracemalloc.start()
    try:
        for number in range(1_000_000):
            budgets.is_over(number.to_bytes(8, "big"), NOON)
        used, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert len(budgets) == MOST_SOURCES
    assert max(used, peak) < 20_000_000
    budgets.forget(NOON + WINDOW)
    assert len(budgets) == 0


def test_a_campaign_that_becomes_known_is_not_a_flood() -> None:
    """Two thousand people in a minute, each from home."""
    pace = Pace()
    for number in range(2_000):
        pace.count(number.to_bytes(8, "big"), NOON)

    assert not pace.is_wary(NOON)


def flood(pace: Pace, now: float, signs: int = FLOOD * QUIET + 1) -> None:
    for _ in range(signs):
        pace.count(b"robot", now)


def test_a_flood_from_a_few_raises_the_level_for_half_an_hour() -> None:
    """Up within the minute, down by itself."""
    pace = Pace()
    flood(pace, NOON, FLOOD * QUIET)
    assert not pace.is_wary(NOON)
    flood(pace, NOON, 1)

    assert pace.is_wary(NOON)
    assert pace.is_wary(NOON + WARY_SECONDS - 1)
    assert not pace.is_wary(NOON + WARY_SECONDS)


def test_a_flood_does_not_become_what_is_usual() -> None:
    """However long it lasts, it stays one."""
    pace = Pace()
    for minute in range(2 * MEMORY):
        flood(pace, NOON + 60 * minute)

    assert pace.is_wary(NOON + 60 * 2 * MEMORY)


def test_a_busy_campaign_may_be_busy() -> None:
    """Twenty times its own median, not anybody's."""
    pace = Pace()
    for minute in range(MEMORY):
        flood(pace, NOON + 60 * minute, 50)
    now = NOON + 60 * MEMORY
    flood(pace, now, 50 * FLOOD)
    assert not pace.is_wary(now)
    flood(pace, now, 1)

    assert pace.is_wary(now)


def test_a_quiet_night_is_forgotten_quickly() -> None:
    """A gap of years is closed at once, and counts as quiet minutes."""
    pace = Pace()
    flood(pace, NOON, 50)
    flood(pace, NOON + 10**9)

    assert pace.is_wary(NOON + 10**9)


def test_nobody_is_told_apart_after_the_minute(clock: Clock) -> None:
    """Sources leave memory though nobody signs any more."""
    made = Limits(now=clock)
    made.asks_again(SELMA, b"somebody")
    clock.time += WINDOW
    made.look()

    assert not made._paces[SELMA]._sources
    assert made.told().sources == 0
