"""E-mail addresses: whether one can be written to, and whether two are the same person's mailbox."""

import re
import unicodedata

from msgspec import Struct

from habeas.lib.errors import HabeasError

LONGEST = 254  # RFC 5321, section 4.5.3.1.3, less the angle brackets
_PLAIN = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
_SAME_PROVIDER = {"googlemail.com": "gmail.com"}
_IGNORES_DOTS = frozenset({"gmail.com"})


class NotAnAddress(HabeasError):
    """The text is not an e-mail address we can write to."""


_HIDDEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn"})  # Unicode general categories


class Address(Struct, frozen=True):
    """One mailbox, as typed and as compared."""

    typed: str  # where mail goes: as typed, the domain as the DNS has it
    canonical: str  # for the duplicate check only; never written to, never stored


def parse(text: str) -> Address:
    """Return the address in `text`, surrounding blanks removed.

    raises  NotAnAddress if mail could not be sent there, or the text hides characters a person cannot see
    """
    typed = text.strip()
    if len(typed) > LONGEST or _hides_something(typed):
        raise NotAnAddress("too long, or with hidden characters")
    if _PLAIN.fullmatch(typed) and len(typed.partition("@")[0]) <= 64:  # noqa: PLR2004  RFC 5321, section 4.5.3.1.1
        return Address(typed, canonical(*typed.rsplit("@", 1)))
    return _parse_international(typed)


def _parse_international(typed: str) -> Address:
    # Loaded only when needed: nine in ten addresses are plain, and the door starts faster without it.
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415

    try:
        # Our mail library knows no SMTPUTF8: it would write to a mailbox of another name.
        checked = validate_email(
            typed, check_deliverability=False, allow_quoted_local=False, allow_smtputf8=False, strict=True
        )
    except EmailNotValidError as error:
        raise NotAnAddress("not an e-mail address") from error
    # It also knows IDNA 2003 only, which takes straße for strasse; so the domain goes in as the DNS has it.
    return Address(
        f"{checked.local_part}@{checked.ascii_domain}", canonical(checked.local_part, checked.ascii_domain)
    )


def _hides_something(text: str) -> bool:
    # `isprintable` is one pass in C and settles all but the rare blanks of other scripts.
    return not text.isprintable() and any(unicodedata.category(character) in _HIDDEN for character in text)


def canonical(local: str, domain: str) -> str:
    """Return the one spelling of a mailbox under which a person is counted once.

    The `+tag` goes everywhere and dots go where the provider ignores them; letters are folded by NFKC
    and case. `casefold` of a dotted capital I leaves a combining dot behind, hence the second NFKC.
    """
    if local.isascii():
        folded = local.lower()
    else:
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", local).casefold())
    folded = folded.partition("+")[0] or folded
    host = domain.lower().rstrip(".")
    host = _SAME_PROVIDER.get(host, host)
    if host in _IGNORES_DOTS:
        folded = folded.replace(".", "")
    return f"{folded}@{host}"
