"""The pieces a description of a file is made of: a text, a day, a list of something, a group of keys.

A check takes a value and its place in the file, reports what is wrong there, and returns the value in
the form the registry keeps it. After a problem it goes on, so that one reading finds them all.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

from habeas.cases import dates
from habeas.cases.importing.lines import Document, Path, Step
from habeas.lib import languages


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the file a value stands."""

    document: Document
    path: Path = ()

    def down(self, step: Step) -> "Place":
        """Return the place of a part."""
        return Place(self.document, (*self.path, step))

    def say(self, message: str) -> None:
        """Report a problem here."""
        self.document.report(self.path, message)


Check = Callable[[Any, Place], Any]


def text(longest: int | None = None) -> Check:
    """Any text that is not empty, of at most `longest` characters."""

    def check(value: Any, place: Place) -> str:
        if not isinstance(value, str) or not value.strip():
            place.say("expected a text" if value else "is empty; write a text or leave the key out")
            return ""
        if any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in value):
            place.say("has a control character in it")
        if longest and len(value) > longest:
            place.say(f"is {len(value)} characters long; at most {longest} are kept")
        return value.strip()

    return check


def matching(pattern: str, advice: str, longest: int) -> Check:
    """A text of one form; `advice` says which, for a person."""
    form = re.compile(pattern)
    is_text = text(longest)

    def check(value: Any, place: Place) -> str:
        word = str(is_text(value, place))
        if word and not form.fullmatch(value):
            place.say(f"{word!r}: {advice}")
        return word

    return check


def one_of(words: Iterable[str], what: str) -> Check:
    """One word of a vocabulary; `what` names it: "a kind of event"."""
    known = sorted(words)

    def check(value: Any, place: Place) -> str:
        word = value if isinstance(value, str) else ""
        if word not in known:
            place.say(f"{word!r} is not {what}{_perhaps(word, known)}")
        return word

    return check


def _perhaps(word: str, known: Iterable[str]) -> str:
    """Return the likely words, or all of a short vocabulary, as the end of a sentence."""
    known = list(known)
    close = get_close_matches(word, known, n=1)
    if close:
        return f"; did you mean {close[0]!r}?"
    short_enough = 12
    return f"; it can be {', '.join(known)}" if 0 < len(known) <= short_enough else ""


def whole(least: int, most: int) -> Check:
    """A whole number between `least` and `most`."""

    def check(value: Any, place: Place) -> int:
        if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,9}", value) and least <= int(value) <= most:
            return int(value)
        place.say(f"expected a whole number from {least} to {most}")
        return least

    return check


def flag(value: Any, place: Place) -> bool:
    """Yes or no: true or false."""
    if value not in {"true", "false"}:
        place.say("expected true or false")
    return bool(value == "true")


def day(value: Any, place: Place) -> str:
    """A date in EDTF, as exact as the source."""
    if not isinstance(value, str):
        place.say("expected a date, like 2014-01-05, 2014-01 or 2014")
        return ""
    try:
        return dates.parse(value).text
    except dates.NotADate as error:
        place.say(str(error))
        return ""


def exact_day(value: Any, place: Place) -> str:
    """A date to the day."""
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        place.say("expected a day, like 2019-07-29")
        return ""


def country(value: Any, place: Place) -> str:
    """A country by its two letters."""
    if not isinstance(value, str) or value not in languages.country_codes():
        place.say(f"{value!r} is not a country; write its two letters in capitals (ISO 3166-1), like MR")
    return str(value)


def language(value: Any, place: Place) -> str:
    """A language by its code."""
    try:
        return languages.language(value).code
    except (ValueError, TypeError, AttributeError):
        place.say(f"{value!r} is not a language; write its code, like en, fr or ar")
        return ""


def url(longest: int) -> Check:
    """An address on the web."""
    is_text = text(longest)

    def check(value: Any, place: Place) -> str:
        address = str(is_text(value, place))
        parts = urlsplit(address)
        if address and (parts.scheme not in {"http", "https"} or not parts.hostname or " " in address):
            place.say(f"{address!r} is not a web address; it begins with https://")
        return address

    return check


def name_in(section: str) -> Check:
    """A name that `section` of the same file gives to something."""

    def check(value: Any, place: Place) -> str:
        content = place.document.content
        known = content.get(section) if isinstance(content, dict) else None
        if not isinstance(value, str) or not isinstance(known, dict) or value not in known:
            names = known if isinstance(known, dict) else ()
            place.say(f"{value!r} is not in {section}{_perhaps(str(value), names)}")
        return str(value)

    return check


def list_of(item: Check, least: int = 0) -> Check:
    """A list, each item checked."""

    def check(value: Any, place: Place) -> list[Any]:
        if not isinstance(value, list):
            place.say("expected a list")
            return []
        if len(value) < least:
            place.say(f"needs at least {least}")
        return [item(part, place.down(number)) for number, part in enumerate(value)]

    return check


def keyed(key: Check, item: Check) -> Check:
    """A mapping from names of the writer's choice, each checked, to items."""

    def check(value: Any, place: Place) -> dict[str, Any]:
        if not isinstance(value, dict):
            place.say("expected names, each with a colon and what belongs to it")
            return {}
        return {key(name, place.down(name)): item(part, place.down(name)) for name, part in value.items()}

    return check


def group(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """A mapping with given keys and no others."""
    checks = {**required, **(optional or {})}

    def check(value: Any, place: Place) -> dict[str, Any]:
        if not isinstance(value, dict):
            place.say(f"expected keys and values ({', '.join(checks)})")
            return {}
        for key in required:
            if key not in value:
                place.say(f"{key} is missing")
        for key in value:
            if key not in checks:
                place.down(key).say(f"there is no such key here{_perhaps(key, checks)}")
        return {key: checks[key](part, place.down(key)) for key, part in value.items() if key in checks}

    return check


def pair(first: Check, second: Check, advice: str) -> Check:
    """A list of exactly two."""

    def check(value: Any, place: Place) -> tuple[Any, Any]:
        if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004  a pair has two
            place.say(advice)
            return ("", "")
        return first(value[0], place.down(0)), second(value[1], place.down(1))

    return check


def anything(value: Any, _place: Place) -> Any:
    """What another part of Habeas reads."""
    return value
