"""The sign form: what was typed, what is wrong with it, in the words of the page's language."""

import unicodedata
from binascii import a2b_qp
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from msgspec import Struct

from habeas.lib import languages
from habeas.lib.addresses import Address, NotAnAddress, parse
from habeas.lib.errors import HabeasError

LARGEST_BODY = 8192
MOST_FIELDS = 30
LONGEST_NAME = 100
LONGEST_COMMENT = 1000
HONEYPOT = "website"
_SHOWN_AGAIN = ("name", "email", "country", "comment", "updates")


class BadForm(HabeasError):
    """The body is not a form a browser would send."""


class Filled(Struct, frozen=True):
    """A form that holds: ready to be sealed."""

    name: str
    address: Address
    country: str
    comment: str
    updates: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that goes back to the person with what they typed."""

    values: Mapping[str, str]
    errors: Mapping[str, str]


def read(body: bytes) -> dict[str, str]:
    """Return the fields of an application/x-www-form-urlencoded `body`.

    Ours, because the library's costs three times as much, on the one path where that counts; a property
    test holds the two against each other.

    raises  BadForm for broken UTF-8, too many fields, or one field given twice
    """
    if not body.isascii():
        raise BadForm("letters that a browser would have escaped")
    parts = body.decode("ascii").split("&")
    if len(parts) > MOST_FIELDS:
        raise BadForm("more fields than any form of ours")
    fields: dict[str, str] = {}
    for part in parts:
        if not part:
            continue
        name, _, value = part.partition("=")
        if "%" in part or "+" in part:
            value = _decoded(value)
            name = _decoded(name) if "%" in name or "+" in name else name
        if name in fields:
            raise BadForm("a field stands there twice")
        fields[name] = value
    return fields


def _decoded(raw: str) -> str:
    text = raw.replace("+", " ")
    if "%" not in text:
        return text
    try:
        return _unescaped(text).decode()
    except UnicodeDecodeError as error:
        raise BadForm("not UTF-8") from error


def _unescaped(text: str) -> bytes:
    """Return the bytes that `text` escapes with per cent signs.

    Quoted-printable (RFC 2045) is the same with an equals sign, and Python decodes it in C: three
    microseconds less a name. What the two read differently goes the slow way: equals signs, broken escapes.
    """
    if "=" not in text and text.isprintable():
        decoded = a2b_qp(text.replace("%", "="))
        if len(decoded) == len(text) - 2 * text.count("%"):
            return decoded
    return unquote_to_bytes(text)


def check(fields: Mapping[str, str], language: str, *, asks_comment: bool) -> Filled | Refused:
    """Return the form, checked; or what is wrong with it, in `language`."""
    _ = languages.words(language).gettext
    errors = {}
    name = _one_line(fields.get("name", ""))
    if not name:
        errors["name"] = _("Please write your name.")
    elif len(name) > LONGEST_NAME:
        errors["name"] = _("Please write a shorter name: up to 100 letters.")
    address = _address(fields.get("email", ""))
    if address is None:
        errors["email"] = _("This does not look like an e-mail address. It has the form name@example.org.")
    country = fields.get("country", "")
    if country not in languages.country_codes():
        errors["country"] = _("Please choose your country.")
    comment = _comment(fields.get("comment", "")) if asks_comment else ""
    if comment and (len(comment) > LONGEST_COMMENT or _is_hidden_text(comment)):
        errors["comment"] = _("Please shorten your comment: up to 1,000 letters.")
    if errors or address is None:
        return Refused({key: fields[key] for key in _SHOWN_AGAIN if fields.get(key)}, errors)
    return Filled(name, address, country, comment, updates=fields.get("updates") == "on")


def _address(text: str) -> Address | None:
    try:
        return parse(text)
    except NotAnAddress:
        return None


def _one_line(text: str) -> str:
    """Return a name without control characters and doubled blanks; letters of any script stay as they are.

    A name of nothing but marks that cannot be seen comes back empty.
    """
    if text.isprintable():  # one pass in C; nearly every name
        return " ".join(text.split())
    shown = "".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp"} else c for c in text)
    is_seen = any(unicodedata.category(c)[0] not in "CZ" for c in shown)
    return " ".join(shown.split()) if is_seen else ""


def _comment(text: str) -> str:
    """Return a comment with each line's end as one letter: so browsers count it, though they send two."""
    return text.replace("\r\n", "\n").strip()


def _is_hidden_text(text: str) -> bool:
    return any(unicodedata.category(c) == "Cc" and c not in "\r\n\t" for c in text)
