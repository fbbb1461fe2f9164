"""Entries come back as they went in, and no bytes crash their reader."""

from hypothesis import given
from hypothesis import strategies as st

from habeas.ledger.entry import Confirm, Entry, Epoch, NotAnEntry, Sign, Unsubscribe, Withdraw, pack, unpack
from people import MARIA, confirms, epoch, signs


def exactly(size: int) -> st.SearchStrategy[bytes]:
    return st.binary(min_size=size, max_size=size)


some_bytes = st.binary(min_size=1, max_size=300)
days = st.integers(min_value=0, max_value=0xFFFFFF)
countries = st.sampled_from(["", "ES", "EG", "XK"])
languages = st.sampled_from(["en", "ar", "zh-hans", "fil", "pt-br"])
signatures = st.builds(
    Sign,
    exactly(8),
    exactly(16),
    exactly(12),
    days,
    languages,
    countries,
    st.booleans(),
    exactly(8),
    exactly(8),
    some_bytes,
)
answers = [
    st.builds(kind, exactly(8), exactly(16), st.integers(0, 255), days)
    for kind in (Confirm, Withdraw, Unsubscribe)
]
entries: st.SearchStrategy[Entry] = st.one_of(
    st.builds(Epoch, exactly(8), exactly(8), exactly(8), some_bytes), signatures, *answers
)
SAMPLES = [pack(epoch()), pack(signs(MARIA)), pack(confirms(MARIA))]


@given(entries)
def test_every_entry_is_read_back_as_it_was_written(entry: Entry) -> None:
    """Whatever a form can hold survives the journal."""
    assert unpack(pack(entry)) == entry


def is_entry_or_refused(body: bytes) -> bool:
    try:
        entry = unpack(body)
    except NotAnEntry:
        return True
    return unpack(pack(entry)) == entry


@given(st.binary(max_size=200) | st.binary(max_size=200).map(lambda rest: b"\x01" + rest))
def test_any_bytes_are_an_entry_or_refused(body: bytes) -> None:
    """A damaged journal stops nobody from being counted."""
    assert is_entry_or_refused(body)


@given(st.sampled_from(SAMPLES), st.integers(0, 10_000), st.integers(0, 255), st.integers(0, 400))
def test_an_altered_entry_is_an_entry_or_refused(body: bytes, place: int, value: int, cut: int) -> None:
    """The same for bytes that are almost right."""
    altered = bytearray(body)
    altered[place % len(altered)] = value

    assert is_entry_or_refused(bytes(altered[:cut]))
