"""A link in a mail does what it was made for, for a time, and nothing else."""

import pytest

from habeas.lib import ids
from habeas.vault import links
from habeas.vault.links import Link, LinkAltered, LinkExpired, Purpose
from people import CAMPAIGN, MARIA

KEY = bytes(32)
NOW = 480_000


def link(purpose: Purpose = Purpose.CONFIRM, key: bytes = KEY) -> str:
    return links.make(key, purpose, campaign=CAMPAIGN, signer=MARIA.signer, round_=3, expires_hour=NOW + 48)


def test_a_link_says_what_was_put_into_it() -> None:
    """The door knows whom it is about without asking the store."""
    assert links.read(KEY, Purpose.CONFIRM, link(), NOW) == Link(
        Purpose.CONFIRM, CAMPAIGN, MARIA.signer, 3, NOW + 48
    )


def test_a_link_works_until_its_hour_and_not_in_it() -> None:
    """A mailbox read years later opens nothing."""
    assert links.read(KEY, Purpose.CONFIRM, link(), NOW + 47)
    with pytest.raises(LinkExpired):
        links.read(KEY, Purpose.CONFIRM, link(), NOW + 48)


def test_a_link_to_confirm_does_not_withdraw() -> None:
    """Each button needs its own link."""
    for purpose in (Purpose.UNSUBSCRIBE, Purpose.WITHDRAW):
        with pytest.raises(LinkAltered):
            links.read(KEY, purpose, link(), NOW)


def test_a_link_of_another_installation_is_refused() -> None:
    """Only our key makes our links."""
    with pytest.raises(LinkAltered):
        links.read(KEY, Purpose.CONFIRM, link(key=b"k" * 32), NOW)


def test_any_flipped_bit_is_refused() -> None:
    """Every single bit of the token is covered, the expiry too."""
    token = ids.from_text(link())
    for bit in range(len(token) * 8):
        altered = bytearray(token)
        altered[bit // 8] ^= 1 << bit % 8
        with pytest.raises(LinkAltered):
            links.read(KEY, Purpose.CONFIRM, ids.to_text(bytes(altered)), NOW)


@pytest.mark.parametrize("text", ["", "x", "é" * 63, "=" * 63, "A" * 63, "A" * 64, " " * 63, "A" * 10_000])
def test_what_is_not_a_link_is_refused(text: str) -> None:
    """Mail programs break links, and people paste anything."""
    with pytest.raises(LinkAltered):
        links.read(KEY, Purpose.CONFIRM, text, NOW)
