"""Entries: what happens to the ledger of pressure, one fact each, in bytes that outlive the program.

An entry holds no name, no address, no time finer than a day, and nothing about the connection it
came over. docs/formats/journal.md describes the bytes.
"""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from habeas.lib.errors import HabeasError

FORMAT = b"\x01"
FORGOTTEN = b"\x00"  # stands where an entry was about somebody who is forgotten (ledger.thinning)
LAST_ROUND = 255

Campaign = Annotated[bytes, Meta(min_length=8, max_length=8)]  # lib.ids.campaign_id
SignerToken = Annotated[bytes, Meta(min_length=16, max_length=16)]  # vault.pseudonym
Record = Annotated[bytes, Meta(min_length=12, max_length=12)]  # lib.ids.RecordIds
EpochId = Annotated[bytes, Meta(min_length=8, max_length=8)]
KeyId = Annotated[bytes, Meta(min_length=8, max_length=8)]
Day = Annotated[int, Meta(ge=0, le=0xFFFFFF)]  # days since 1970-01-01 in UTC
Round = Annotated[int, Meta(ge=0, le=LAST_ROUND)]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}\Z")]
Country = Annotated[str, Meta(pattern=r"^([A-Z]{2})?\Z")]
TextVersion = Annotated[bytes, Meta(min_length=8, max_length=8)]
Sealed = Annotated[bytes, Meta(min_length=1, max_length=0x20000)]


class NotAnEntry(HabeasError):
    """The bytes are not an entry of a format this program knows."""


class Epoch(Struct, frozen=True, array_like=True, forbid_unknown_fields=True, tag=1):
    """The header that opens the records sealed in one epoch; comes no later than the first of them."""

    campaign: Campaign
    epoch: EpochId
    key_id: KeyId  # which public key of the campaign
    header: Sealed  # the HPKE ciphertext of the epoch key


class Sign(Struct, frozen=True, array_like=True, forbid_unknown_fields=True, tag=2):
    """A person signed, and has yet to confirm."""

    campaign: Campaign
    signer: SignerToken
    record: Record
    day: Day
    language: Language  # of the page the person signed on
    country: Country  # as chosen; empty if none was
    updates: bool  # asked to be told what comes of it
    text_version: TextVersion  # of the title and demands that were signed
    epoch: EpochId
    envelope: Sealed  # name, address, comment (vault.seal)


class Confirm(Struct, frozen=True, array_like=True, forbid_unknown_fields=True, tag=3):
    """A person pressed the button on the page of the link in their confirmation mail."""

    campaign: Campaign
    signer: SignerToken
    round: Round  # of the mail, so that an old link cannot undo a later withdrawal
    day: Day


class Withdraw(Struct, frozen=True, array_like=True, forbid_unknown_fields=True, tag=4):
    """A person took their signature back."""

    campaign: Campaign
    signer: SignerToken
    round: Round
    day: Day


class Unsubscribe(Struct, frozen=True, array_like=True, forbid_unknown_fields=True, tag=5):
    """A person wants no more news of a campaign; the signature stays."""

    campaign: Campaign
    signer: SignerToken
    round: Round
    day: Day


Entry = Epoch | Sign | Confirm | Withdraw | Unsubscribe

_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[Entry] = msgspec.msgpack.Decoder(Entry)


def is_forgotten(body: bytes) -> bool:
    """Tell whether a record holds nothing any more, and is to be passed over."""
    return body == FORGOTTEN


def pack(entry: Entry) -> bytes:
    """Return the bytes of `entry`.

    raises  NotAnEntry if they could not be read back: better refused now than acknowledged and lost
    """
    body = FORMAT + _encoder.encode(entry)
    unpack(body)
    return body


def unpack(body: bytes) -> Entry:
    """Return the entry in `body`.

    raises  NotAnEntry for anything `pack` does not return
    """
    if body[:1] != FORMAT:
        raise NotAnEntry("not an entry format we know")
    try:
        return _decoder.decode(memoryview(body)[1:])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotAnEntry(str(error)) from error
