"""Staff order how wary the door is of a campaign."""

from pathlib import Path

import pytest

from granian_side import Clock
from habeas.door.limits import (
    FLOOD,
    QUIET,
    Limits,
)
from habeas.edition.levels import NotOrders, order_level, read_orders
from public_side import SELMA


def test_staff_hold_a_campaign_at_a_level_and_let_go(tmp_path: Path, clock: Clock) -> None:
    """Workers follow at the next look; "auto" gives the decision back."""
    path = tmp_path / "status" / "limits.json"
    made = Limits(orders=path, now=clock)
    order_level(path, SELMA, "wary")
    assert not made.asks_again(SELMA, None)
    made.look()
    assert made.asks_again(SELMA, None)
    assert made.told().levels == {SELMA: "wary"}
    order_level(path, SELMA, "auto")
    made.look()

    assert not made.asks_again(SELMA, None)
    assert read_orders(path) == {}


def test_staff_may_say_that_a_flood_is_none(tmp_path: Path, clock: Clock) -> None:
    """A rally signs from three phones."""
    path = tmp_path / "limits.json"
    made = Limits(orders=path, now=clock)
    for number in range(FLOOD * QUIET + 20):
        made.asks_again(SELMA, b"phone %d " % (number % 3))
    assert made.asks_again(SELMA, b"somebody else")
    order_level(path, SELMA, "normal")
    made.look()

    assert not made.asks_again(SELMA, b"and another")
    assert made.told().levels == {}


@pytest.mark.parametrize(
    "text", [b"", b"{", b'{"levels":{"a":"closed"}}', b'{"levels":{"A B":"wary"}}', b"\xff", b"[]"]
)
def test_orders_that_cannot_be_read_change_nothing(tmp_path: Path, text: bytes, clock: Clock) -> None:
    """The worker goes on with what it knew; the command says what is wrong."""
    path = tmp_path / "limits.json"
    made = Limits(orders=path, now=clock)
    order_level(path, SELMA, "wary")
    made.look()
    path.write_bytes(text)
    made.look()

    assert made.told().levels == {SELMA: "wary"}
    with pytest.raises(NotOrders):
        order_level(path, SELMA, "auto")


def test_an_order_for_what_is_no_campaign_is_refused(tmp_path: Path) -> None:
    """Before it reaches the file."""
    with pytest.raises(NotOrders):
        order_level(tmp_path / "limits.json", "Free Selma!", "wary")
    assert not (tmp_path / "limits.json").exists()
