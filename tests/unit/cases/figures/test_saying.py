"""What may be said of a count, and how it is said."""

import pytest

from habeas.cases.figures.saying import holds, in_words, meaning, strongest
from habeas.cases.vocabulary import Qualifier


@pytest.mark.parametrize(
    ("qualifier", "value", "lower", "upper", "is_allowed"),
    [
        ("over", 168, 169, 180, True),
        ("over", 168, 168, 180, False),
        ("at least", 168, 168, None, True),
        ("at least", 168, 167, 200, False),
        ("exactly", 168, 168, 168, True),
        ("exactly", 168, 168, 169, False),
        ("exactly", 168, 168, None, False),
        ("about", 170, 168, 180, True),
        ("about", 100, 90, 110, True),
        ("about", 100, 89, 100, False),
        ("about", 100, 100, 111, False),
        ("about", 100, 100, None, False),
        ("about", 0, 0, 0, True),
    ],
)
def test_no_sentence_is_firmer_than_the_count(
    qualifier: str,
    value: int,
    lower: int,
    upper: int | None,
    is_allowed: bool,  # noqa: FBT001  a column of the table
) -> None:
    assert holds(qualifier, value, lower, upper) is is_allowed


def test_the_firmest_is_the_number_itself_or_at_least_what_is_certain() -> None:
    assert strongest(7, 7) == (Qualifier.EXACTLY, 7)
    assert strongest(7, 9) == (Qualifier.AT_LEAST, 7)
    assert strongest(7, None) == (Qualifier.AT_LEAST, 7)


def test_numbers_are_written_as_their_readers_write_them() -> None:
    assert in_words("over", 1168, "en") == "more than 1,168"
    assert in_words("exactly", 1168, "fr").split() == ["1", "168"]
    assert in_words("exactly", 1168, "ar") == "1,168"


@pytest.mark.parametrize("qualifier", Qualifier)
def test_every_way_of_saying_is_explained(qualifier: str) -> None:
    assert meaning(qualifier, "en")
