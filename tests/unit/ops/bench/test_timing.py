"""The test that tells new and repeated signers apart if anything can: it sees a difference, and no ghosts."""

import random

import pytest

from habeas.ops.bench.timing import chance


def test_no_difference_is_seen_where_there_is_none() -> None:
    """Of a thousand comparisons one in twenty falls below 0.05, as it should."""
    chosen = random.Random(1)
    seen = [
        chance([chosen.gauss() for _ in range(50)], [chosen.gauss() for _ in range(50)]) for _ in range(1_000)
    ]

    assert 30 < sum(p < 0.05 for p in seen) < 75


def test_two_percent_of_the_time_an_answer_takes_are_seen() -> None:
    """Five thousand of each, a fifth of a millisecond to and fro: ten microseconds give a person away."""
    chosen = random.Random(2)
    new = [chosen.gauss(500, 100) for _ in range(5_000)]
    again = [chosen.gauss(510, 100) for _ in range(5_000)]

    assert chance(new, again) < 0.001


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (list(range(20)), list(range(20, 40)), 6.302e-08),
        ([1.0] * 30, [1.0] * 30, 1.0),
        ([1, 1, 2, 2, 3] * 5, [2, 2, 3, 3, 4] * 5, 0.00012605),
    ],
)
def test_ranks_and_ties_are_counted_as_in_the_books(
    one: list[float], other: list[float], expected: float
) -> None:
    """Worked out by counting, pair by pair, which of the two is larger."""
    assert chance(one, other) == pytest.approx(expected, rel=1e-3)
