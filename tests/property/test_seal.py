"""Sealing keeps every text, and lets no altered byte through."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.vault import keys, suite
from habeas.vault.personal import Personal
from habeas.vault.seal import Sealer
from habeas.vault.suite import BadPadding
from habeas.vault.unseal import CannotOpen, Unsealer
from people import CAMPAIGN

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=600)
people = st.builds(Personal, texts, texts, texts)


@cache
def pair() -> tuple[Sealer, Unsealer]:
    with TemporaryDirectory() as folder:
        sealer = Sealer(CAMPAIGN, keys.create_campaign_keys(Path(folder), CAMPAIGN))
        unsealer = Unsealer.load(Path(folder), CAMPAIGN)
    header = sealer.seal(Personal("", "")).header
    assert header is not None
    unsealer.open_epoch(header)
    return sealer, unsealer


@given(people)
def test_whatever_a_person_types_comes_back(who: Personal) -> None:
    """No text is too odd to be sealed."""
    sealer, unsealer = pair()
    sealed = sealer.seal(who)

    assert unsealer.unseal(sealed.record, sealed.epoch, sealed.envelope) == who
    assert len(sealed.envelope) % suite.BUCKET == 1 + 16  # version and tag


@given(people, st.integers(min_value=0), st.integers(min_value=0, max_value=7))
def test_an_envelope_with_a_flipped_bit_does_not_open(who: Personal, place: int, bit: int) -> None:
    """Whoever can write to the store still cannot put words into a person's mouth."""
    sealer, unsealer = pair()
    sealed = sealer.seal(who)
    altered = bytearray(sealed.envelope)
    altered[place % len(altered)] ^= 1 << bit

    with pytest.raises(CannotOpen):
        unsealer.unseal(sealed.record, sealed.epoch, bytes(altered))


@given(st.integers(min_value=0), st.integers(min_value=0, max_value=7))
def test_an_epoch_header_with_a_flipped_bit_does_not_open(place: int, bit: int) -> None:
    """The key of ten minutes is as well guarded as the records."""
    sealer, unsealer = pair()
    header = sealer.seal(Personal("", "")).header
    assert header is not None
    altered = bytearray(header.epoch + header.key_id + header.ciphertext)
    altered[place % len(altered)] ^= 1 << bit

    with pytest.raises(CannotOpen):
        unsealer.open_epoch(suite.EpochHeader(bytes(altered[:8]), bytes(altered[8:16]), bytes(altered[16:])))


@given(st.binary(max_size=1_000))
def test_padding_comes_off_as_it_went_on(plaintext: bytes) -> None:
    """The length of what was said is hidden, not changed."""
    assert suite.unpad(suite.pad(plaintext)) == plaintext


@given(st.binary(max_size=400))
def test_what_is_not_padded_is_refused(content: bytes) -> None:
    """There is one padded form of everything."""
    try:
        plaintext = suite.unpad(content)
    except BadPadding:
        return
    assert suite.pad(plaintext) == content
