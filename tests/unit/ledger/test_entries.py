"""An entry is read back as it was written, and nothing else is taken for one."""

import msgspec
import pytest

from habeas.ledger.entry import Confirm, Entry, NotAnEntry, Sign, pack, unpack
from people import MARIA, confirms, epoch, signs, unsubscribes, withdraws

EVERY_KIND = [epoch(), signs(MARIA), confirms(MARIA), withdraws(MARIA), unsubscribes(MARIA)]


@pytest.mark.parametrize("entry", EVERY_KIND, ids=lambda entry: type(entry).__name__)
def test_every_kind_is_read_back_as_it_was_written(entry: Entry) -> None:
    """What a person did last year means the same to this year's program."""
    assert unpack(pack(entry)) == entry


def test_the_bytes_of_an_entry_do_not_change() -> None:
    """Journals outlive programs: a change of these bytes is a new format."""
    assert pack(Confirm(b"campaign", b"sixteen bytes...", 3, 20_000)).hex() == (
        "01" + "95" + "03" + "c408" + b"campaign".hex() + "c410" + b"sixteen bytes...".hex() + "03" + "cd4e20"
    )


@pytest.mark.parametrize(
    "change",
    [
        {"campaign": b"short"},
        {"signer": b"x" * 17},
        {"record": b""},
        {"day": -1},
        {"language": "EN"},
        {"country": "es"},
        {"country": "ES\n"},
        {"text_version": b""},
        {"envelope": b""},
    ],
    ids=str,
)
def test_an_entry_that_could_not_be_read_back_is_not_written(change: dict[str, object]) -> None:
    """Otherwise a person would be thanked for a signature that nobody can count."""
    with pytest.raises(NotAnEntry):
        pack(msgspec.structs.replace(signs(MARIA), **change))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x01",
        b"\x02" + pack(confirms(MARIA))[1:],
        pack(confirms(MARIA)) + b"\x00",
        pack(confirms(MARIA))[:-1],
        b"\x01" + msgspec.msgpack.encode({"campaign": b"free-him"}),
        b"\x01" + msgspec.msgpack.encode([99, b"free-him"]),
        b"\x01" + msgspec.msgpack.encode([3, b"free-him", MARIA.signer, 0, 20_000, "more"]),
        b"\x01" + msgspec.msgpack.encode([3, b"free-him", MARIA.signer, 0, 20_000.5]),
        pack(signs(MARIA)).replace(b"\xa2ES", b"\xa2\xff\xfe"),
    ],
    ids=bytes.hex,
)
def test_what_is_not_an_entry_is_refused(body: bytes) -> None:
    """The recorder passes over it and says so."""
    with pytest.raises(NotAnEntry):
        unpack(body)


def test_an_entry_tells_the_day_and_nothing_finer() -> None:
    """An exact time beside a signature could be matched to what the network saw."""
    fields = {field for kind in (Sign, Confirm) for field in kind.__struct_fields__}

    assert "day" in fields
    assert not fields & {"time", "hour", "at", "address", "ip", "agent"}
