"""What a person told us can be read with the campaign's private key, and in no other way."""

from pathlib import Path

import msgspec
import pytest

from habeas.vault import keys, personal, suite
from habeas.vault.personal import Personal
from habeas.vault.seal import EPOCH_SECONDS, Sealer, TooLongToSeal
from habeas.vault.unseal import EPOCHS_KEPT, CannotOpen, UnknownEpoch, Unsealer
from people import CAMPAIGN, EVERYONE, MARIA, OMAR, OTHER_CAMPAIGN


class Clock:
    """A clock that goes when told to."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sealer(tmp_path: Path, clock: Clock) -> Sealer:
    return Sealer(CAMPAIGN, keys.create_campaign_keys(tmp_path, CAMPAIGN), clock=clock)


@pytest.fixture
def unsealer(tmp_path: Path, sealer: Sealer) -> Unsealer:
    return Unsealer.load(tmp_path, CAMPAIGN)


def opened(unsealer: Unsealer, header: suite.EpochHeader | None) -> Unsealer:
    assert header is not None
    unsealer.open_epoch(header)
    return unsealer


def test_everyone_is_read_as_they_typed(sealer: Sealer, unsealer: Unsealer) -> None:
    """Letters of any script come back as they went in."""
    for person in EVERYONE:
        sealed = sealer.seal(person.personal)
        opened(unsealer, sealed.header)

        assert unsealer.unseal(sealed.record, sealed.epoch, sealed.envelope) == person.personal


def test_an_envelope_shows_neither_name_nor_address_nor_their_length(sealer: Sealer) -> None:
    """Whoever copies the journal learns that somebody signed, and no more."""
    envelopes = [sealer.seal(person.personal).envelope for person in EVERYONE]

    assert len({len(envelope) for envelope in envelopes}) == 1
    assert not any(person.email.encode() in b"".join(envelopes) for person in EVERYONE)


def test_the_header_comes_with_every_record_until_it_is_durable(sealer: Sealer) -> None:
    """If the first append fails and the second does not, the second can still be opened."""
    first, second = sealer.seal(MARIA.personal), sealer.seal(OMAR.personal)
    sealer.settle(first.epoch)
    third = sealer.seal(MARIA.personal)

    assert first.header == second.header is not None
    assert third.header is None
    assert third.epoch == first.epoch


def test_after_ten_minutes_a_new_key_seals(sealer: Sealer, clock: Clock) -> None:
    """A seized door can open what it sealed in the running ten minutes at most."""
    first = sealer.seal(MARIA.personal)
    sealer.settle(first.epoch)
    clock.seconds = EPOCH_SECONDS - 1
    same = sealer.seal(MARIA.personal)
    clock.seconds = EPOCH_SECONDS
    second = sealer.seal(MARIA.personal)
    sealer.settle(first.epoch)

    assert same.epoch == first.epoch != second.epoch
    assert second.header is not None
    assert sealer.seal(OMAR.personal).header == second.header  # settling the old epoch settled only that


def test_a_record_moved_elsewhere_does_not_open(sealer: Sealer, unsealer: Unsealer, clock: Clock) -> None:
    """Nobody can put Omar's envelope under Maria's record."""
    maria, omar = sealer.seal(MARIA.personal), sealer.seal(OMAR.personal)
    clock.seconds = EPOCH_SECONDS
    later = sealer.seal(MARIA.personal)
    opened(opened(unsealer, maria.header), later.header)

    for record, epoch in ((maria.record, omar.epoch), (omar.record, later.epoch)):
        with pytest.raises(CannotOpen):
            unsealer.unseal(record, epoch, omar.envelope)


def test_an_epoch_of_another_campaign_does_not_open(tmp_path: Path, sealer: Sealer) -> None:
    """Even under the same key pair, records belong to one campaign."""
    pair = keys.private_key_path(tmp_path, CAMPAIGN).read_bytes()
    header = sealer.seal(MARIA.personal).header

    with pytest.raises(CannotOpen):
        opened(Unsealer(OTHER_CAMPAIGN, pair), header)


def test_another_key_opens_nothing(tmp_path: Path, sealer: Sealer) -> None:
    """Handing over one campaign's key hands over one campaign."""
    keys.create_campaign_keys(tmp_path, OTHER_CAMPAIGN)
    pair = keys.private_key_path(tmp_path, OTHER_CAMPAIGN).read_bytes()

    with pytest.raises(CannotOpen):
        opened(Unsealer(CAMPAIGN, pair), sealer.seal(MARIA.personal).header)


def test_a_record_without_its_epoch_says_so(sealer: Sealer, unsealer: Unsealer) -> None:
    """The caller then fetches the header; nothing is lost."""
    sealed = sealer.seal(MARIA.personal)

    assert not unsealer.has_epoch(sealed.epoch)
    with pytest.raises(UnknownEpoch):
        unsealer.unseal(sealed.record, sealed.epoch, sealed.envelope)


def test_few_epoch_keys_are_held_in_memory(sealer: Sealer, unsealer: Unsealer, clock: Clock) -> None:
    """A clerk that runs for a year must not gather every key of the year."""
    first = sealer.seal(MARIA.personal)
    opened(unsealer, first.header)
    for number in range(1, EPOCHS_KEPT + 1):
        clock.seconds = EPOCH_SECONDS * number
        opened(unsealer, sealer.seal(MARIA.personal).header)

    assert not unsealer.has_epoch(first.epoch)


def test_more_than_an_envelope_holds_is_refused(sealer: Sealer) -> None:
    """A cut comment would be a comment nobody wrote."""
    with pytest.raises(TooLongToSeal):
        sealer.seal(Personal("Maria", "maria@example.org", "x" * 70_000))


def test_a_damaged_key_pair_is_refused(tmp_path: Path, sealer: Sealer) -> None:
    """Better no clerk than one that cannot open what the door seals."""
    path = keys.private_key_path(tmp_path, CAMPAIGN)
    pair = bytearray(path.read_bytes())
    pair[-1] ^= 1
    path.write_bytes(pair)

    with pytest.raises(keys.KeysDamaged):
        Unsealer.load(tmp_path, CAMPAIGN)
    with pytest.raises(keys.KeysMissing):
        Unsealer.load(tmp_path, OTHER_CAMPAIGN)


@pytest.mark.parametrize("encoded", [b"", b"\x02" + bytes(1216), bytes(1217)])
def test_a_damaged_public_key_is_refused(encoded: bytes) -> None:
    """The door says so when it reads the edition, before anybody signs."""
    with pytest.raises(suite.NotAPublicKey):
        Sealer(CAMPAIGN, encoded)


def test_what_is_not_a_person_is_refused() -> None:
    """Bytes that opened may still come from a faulty program."""
    for content in (b"", msgspec.msgpack.encode(["Maria"]), personal.encode(MARIA.personal) + b"x"):
        with pytest.raises(personal.NotPersonal):
            personal.decode(content)


def test_a_person_does_not_appear_in_a_traceback() -> None:
    """Logs are copied around freely."""
    assert MARIA.email not in repr(MARIA.personal)
