"""What a person told us about themselves: the only thing that is sealed."""

import msgspec
from msgspec import Struct

from habeas.lib.errors import HabeasError


class NotPersonal(HabeasError):
    """A record opened, but does not hold a person's name, address and comment."""


class Personal(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One person's name, address and comment, as typed."""

    name: str
    email: str  # where mail goes; never the canonical form
    comment: str = ""

    def __repr__(self) -> str:
        """Keep people out of logs and tracebacks."""
        return "Personal(…)"


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Personal)


def encode(personal: Personal) -> bytes:
    """Return the bytes that are padded and sealed."""
    return _encoder.encode(personal)


def decode(content: bytes) -> Personal:
    """Return the person in `content`.

    raises  NotPersonal for anything `encode` does not return
    """
    try:
        return _decoder.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotPersonal("the record does not hold personal data") from error
