"""Dates as sources give them: exact where they are known, fuzzy where they are not.

A date is kept as its EDTF text (ISO 8601-2) with the first and the last day it can mean. Nothing here is
a timestamp, and an unknown day is never written as the first of the month: arithmetic would lie.
In Habeas "a/b" means "somewhere between a and b".
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from time import struct_time

from babel import Locale
from babel.dates import format_date, format_skeleton

from habeas.lib import languages
from habeas.lib.errors import HabeasError

LONGEST = 40  # "2014-01-05~/2016-02-01?" has 23; room for more
OPEN = ".."  # an end nobody knows

_MARKS = frozenset("~?%")  # about, perhaps, perhaps about
_PLAIN = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?", re.ASCII)
# Digits not known are X. Seasons (months 21 to 41) are left out: their months depend on the hemisphere.
_FUZZY = re.compile(r"(?:\d{4}|\d{3}X|\d\dXX)(?:-(?:0\d|1[0-2]|XX)(?:-(?:[0-3]\d|XX))?)?[~?%]?", re.ASCII)
# "5 January 2014" is how English is written in most of the world; plain "en" would be American.
_LOCALES = {"en": "en_001"}
_ADVICE = "write 2014-01-05, 2014-01 or 2014, 2014~ for about 2014, 2014-12/2016 for somewhere between"


class NotADate(HabeasError):
    """The text is not a date in EDTF as Habeas reads it; the message says what to write."""


class NotADuration(HabeasError):
    """No number of days lies between the two dates: an end is open, or the second is before the first."""


@dataclass(frozen=True, slots=True)
class FuzzyDate:
    """What a source says about when."""

    text: str  # EDTF, as written
    earliest: date | None  # the first day it can mean; None: no one knows how early
    latest: date | None  # the last day it can mean; None: no one knows how late


@lru_cache(maxsize=65_536)
def parse(text: str) -> FuzzyDate:
    """Return the date that `text` (EDTF) means, surrounding blanks removed.

    raises  NotADate for anything else, a time of day and a reversed "a/b" included
    """
    text = text.strip()
    first, slash, second = text.partition("/")
    earliest, latest = _days(first, text)
    if slash:
        latest = _days(second, text)[1]
        if earliest is None and latest is None:
            raise NotADate(f"{text!r} names no day at all; {_ADVICE}")
    elif first == OPEN:
        raise _not_a_date(text)
    if earliest and latest and earliest > latest:
        raise NotADate(f"{text!r} ends before it begins; put the earlier date first")
    return FuzzyDate(text, earliest, latest)


def _days(part: str, text: str) -> tuple[date | None, date | None]:
    if part == OPEN:
        return None, None
    plain = _PLAIN.fullmatch(part[:-1] if part[-1:] in _MARKS else part)  # "about 2014" has the days of 2014
    try:
        if plain:
            return _plain_days(plain)
        if _FUZZY.fullmatch(part):
            return _fuzzy_days(part)
    except ValueError as error:
        raise _not_a_date(text) from error
    raise _not_a_date(text)


def _not_a_date(text: str) -> NotADate:
    return NotADate(f"{text!r} is not a date; {_ADVICE}")


def _plain_days(plain: re.Match[str]) -> tuple[date, date]:
    year, month, day = (int(plain[name] or 0) for name in ("year", "month", "day"))
    if plain["day"]:
        return (exact := date(year, month, day)), exact
    if plain["month"]:
        first = date(year, month, 1)
        return first, first.replace(day=monthrange(year, month)[1])
    return date(year, 1, 1), date(year, 12, 31)


@lru_cache(10_000)
def _fuzzy_days(part: str) -> tuple[date, date]:
    # Loaded only when needed: it takes a quarter of a second, and nearly every date is a plain one.
    from edtf import parse_edtf  # noqa: PLC0415
    from edtf.parser.edtf_exceptions import EDTFParseException  # noqa: PLC0415

    try:
        parsed = parse_edtf(part)
    except EDTFParseException as error:
        raise ValueError(part) from error
    return _date_of(parsed.lower_strict()), _date_of(parsed.upper_strict())


def _date_of(moment: struct_time) -> date:
    return date(moment.tm_year, moment.tm_mon, moment.tm_mday)


def duration(first: FuzzyDate, second: FuzzyDate) -> tuple[int, int]:
    """Return the least and the most days from `first` to `second`.

    "More than N" may be said only if the least is over N, "at least N" only if it is N or over.

    raises  NotADuration if an end is open, or `second` lies wholly before `first`
    """
    days = (first.earliest, first.latest, second.earliest, second.latest)
    if None in days:
        raise NotADuration(f"{first.text} to {second.text}: one of the dates is open")
    early, late, from_day, to_day = (day.toordinal() for day in days if day)
    if to_day < early:
        raise NotADuration(f"{second.text} is before {first.text}")
    return max(0, from_day - late), to_day - early


def machine(text: str) -> str:
    """Return `text` if <time datetime> can carry it: exact to the day, month or year; else an empty text."""
    return text if _PLAIN.fullmatch(text) else ""


def in_words(text: str, language_code: str) -> str:
    """Return the date as people say it: "5 January 2014", "about 2014", "between December 2014 and 2016".

    raises  NotADate if `text` is not one
    """
    fuzzy = parse(text)
    first, slash, second = fuzzy.text.partition("/")
    if slash:
        return _between_in_words(first, second, language_code)
    return _part_in_words(first, fuzzy, language_code)


def _between_in_words(first: str, second: str, code: str) -> str:
    _ = languages.words(code).gettext
    if first == OPEN:
        return _("{date} or earlier").format(date=in_words(second, code))
    if second == OPEN:
        return _("{date} or later").format(date=in_words(first, code))
    return _("between {earliest} and {latest}").format(
        earliest=in_words(first, code), latest=in_words(second, code)
    )


def _part_in_words(part: str, fuzzy: FuzzyDate, code: str) -> str:
    bare = part.rstrip("~?%")
    plain = _PLAIN.fullmatch(bare)
    words = _plain_in_words(plain, code) if plain else _days_in_words(fuzzy, code)
    if bare == part:
        return words
    _ = languages.words(code).gettext
    template = _("perhaps {date}") if part.endswith("?") else _("about {date}")
    return template.format(date=words)


def _days_in_words(fuzzy: FuzzyDate, code: str) -> str:
    if not fuzzy.earliest or not fuzzy.latest:
        raise _not_a_date(fuzzy.text)
    return _between_in_words(fuzzy.earliest.isoformat(), fuzzy.latest.isoformat(), code)


def _plain_in_words(plain: re.Match[str], code: str) -> str:
    day, _last = _plain_days(plain)
    locale = Locale.parse(_LOCALES.get(code, code.replace("-", "_")))
    if plain["day"]:
        words = format_date(day, "long", locale=locale)
    else:
        words = format_skeleton("yMMMM" if plain["month"] else "y", day, locale=locale)
    return languages.in_own_digits(words, code)
