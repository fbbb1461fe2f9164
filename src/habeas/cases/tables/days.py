"""Dates as people write them in tables, turned into EDTF, as exact as written and no more.

"January 2014" is a month and stays one. "03/04/2014" can be two days: it is read only where the mapping says
which part of the column's dates is the day. What is left over after reading is a reason to refuse.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache

from babel import Locale

from habeas.cases import dates
from habeas.cases.tables.cells import fold, is_unknown, plain
from habeas.lib import clock
from habeas.lib.errors import HabeasError


class DateOrder(StrEnum):
    """Which comes first in a date written in numbers."""

    ASK = "ask"  # nobody said: what can be two days is refused
    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


class NotADay(HabeasError):
    """A date could not be read; the message says what to write."""


class TwoDays(NotADay):
    """A date can mean two days, and nobody said which."""


@dataclass(frozen=True, slots=True)
class InNumbers:
    """A date such as 03/04/2014."""

    first: int
    second: int
    year: int

    @property
    def orders(self) -> tuple[DateOrder, ...]:
        """In which orders it is a day at all."""
        return tuple(order for order in (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST) if self._exists(order))

    def read(self, order: DateOrder) -> str:
        """Return the day in EDTF."""
        day, month = (self.first, self.second) if order is DateOrder.DAY_FIRST else (self.second, self.first)
        return f"{self.year:04}-{month:02}-{day:02}"

    def _exists(self, order: DateOrder) -> bool:
        try:
            date.fromisoformat(self.read(order))
        except ValueError:
            return False
        return True


_LANGUAGES = (
    "en",
    "fr",
    "es",
    "ar",
    "ar_SY",
    "ar_DZ",
    "ar_MA",
    "ar_MR",
    "ar_IQ",
    "pt",
    "de",
    "it",
    "ru",
    "tr",
    "fa",
)
# Besides what CLDR has: English papers' abbreviations, and unaccented or older spellings.
_OTHER_MONTHS = {"sept": 9, "setiembre": 9, "janv": 1, "fevr": 2, "juil": 7, "اذار": 3, "ايار": 5, "تشرين": 0}
_EARLIEST_YEAR = 1800
_FILLERS = frozenset({"of", "de", "del", "the", "le", "el", "on", "en", "in", "year", "عام", "سنة", "من"})
_ABOUT = frozenset(
    {
        *(
            "about",
            "around",
            "approximately",
            "approx",
            "circa",
            "ca",
            "c",
            "vers",
            "environ",
            "hacia",
            "alrededor",
        )
    }
    | {"نحو", "حوالي", "aproximadamente"}
)
_PART = frozenset(
    {"early", "late", "mid", "middle", "end", "beginning", "debut", "fin", "mi", "principios", "finales"}
)
_NUMERIC = re.compile(r"(\d{1,2})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{4})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{1,2})", re.ASCII)
_MONTH_OF_YEAR = re.compile(r"(\d{1,2})\s*[./-]\s*(\d{4})", re.ASCII)
_YEAR_MONTH = re.compile(r"(\d{4})\s*[./]\s*(\d{1,2})", re.ASCII)
_TIME = re.compile(r"[T ]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?\s*(?:Z|UTC|GMT|[+-]\d\d:?\d\d)?$", re.ASCII)
_ISO_WITH_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]", re.ASCII)
_SHORT_YEAR = re.compile(r"\d{1,2}\s*[./-]\s*\d{1,2}\s*[./-]\s*\d{2}|\D+\s\d{1,2},?\s\d{2}", re.ASCII)
_ORDINAL = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th|er|º|°|ª)\b\.?", re.IGNORECASE)
_RANGE = re.compile(
    r"(?:between|from|entre|du|de|بين)\s+(.+?)\s+(?:and|to|et|au|y|a|و)\s+(.+)|(.+?)\s+(?:to|until|or|ou|o|–|—|-)\s+(.+)",
    re.IGNORECASE,
)
_EITHER = re.compile(r"([^\W\d]+)\s*/\s*([^\W\d]+\s+\d{4})|(\d{4})\s*[-–—]\s*(\d{4})")
_MONTH_AND_DAYS = re.compile(
    r"([^\W\d]+)\.?\s+(\d{1,2})\s*(?:[-–—]|to|and|or)\s*(\d{1,2}),?\s+(\d{4})", re.IGNORECASE
)
_SOMETIME = re.compile(
    r"(?:(?:exact )?(?:date|day|month) (?:is )?(?:unknown|unclear|not known)|unknown(?: date| day| month)?"
    r"|sometime)(?:,| in| of)*\s+(.+)",
    re.IGNORECASE,
)
_DAYS_OF_MONTH = re.compile(
    r"(\d{1,2})\s*(?:[-–—]|to|and|au|et|al|y)\s*(\d{1,2})\s+(\D.*)", re.ASCII | re.IGNORECASE
)
_BEFORE = re.compile(
    r"(?:by|(?:in|on) or before|no later than|not later than|au plus tard)\s+(.+)", re.IGNORECASE
)
_AFTER = re.compile(r"(?:since|from|depuis|desde|منذ)\s+(.+)", re.IGNORECASE)
_ADVICE = "write it like 5 January 2014, January 2014, 2014 or 2014-01-05"


def in_numbers(text: str) -> InNumbers | None:
    """Return the parts of a date in numbers with the year last; None for any other text."""
    found = _NUMERIC.fullmatch(_without_time(_western(plain(text))))
    if found is None:
        return None
    return InNumbers(int(found[1]), int(found[3]), int(found[4]))


def edtf(text: str, order: DateOrder = DateOrder.ASK) -> str:
    """Return a date in words or numbers as EDTF; an empty text if the cell says that nobody knows.

    order   how this column writes dates in numbers
    raises  TwoDays, NotADay
    """
    return _until(clock.now().year + 1, plain(text), order)


@lru_cache(maxsize=16_384)
def _until(latest_year: int, text: str, order: DateOrder) -> str:
    words = _western(text)
    if is_unknown(words):
        return ""
    found = _read(words, order)
    fuzzy = dates.parse(found)
    known = [day for day in (fuzzy.earliest, fuzzy.latest) if day]
    if any(not _EARLIEST_YEAR <= day.year <= latest_year for day in known):
        raise NotADay("the year is not one of our time; check it")
    return found


def _read(words: str, order: DateOrder) -> str:
    """Try each way of writing a date, the plainest first."""
    for way in (
        _as_edtf,
        _as_numbers(order),
        _as_words,
        _as_days_of_one_month,
        _as_range,
        _as_open,
        _as_vague,
    ):
        try:
            found = way(words)
        except dates.NotADate as error:
            raise NotADay(f"there is no such day; {_ADVICE}") from error
        if found:
            return found
    if _SHORT_YEAR.fullmatch(words):
        raise NotADay("the year has two digits, and could be of this century or the last; write four")
    raise NotADay(f"this is no date we can read; {_ADVICE}")


def _as_edtf(words: str) -> str:
    try:
        return dates.parse(words.replace("–", "-")).text
    except dates.NotADate:
        return ""


def _as_numbers(order: DateOrder) -> Callable[[str], str]:
    def read(words: str) -> str:
        bare = _without_time(words)
        found = in_numbers(bare)
        if found:
            return _in_order(found, order)
        year_first = _YEAR_FIRST.fullmatch(bare)
        if year_first:
            return _checked(f"{year_first[1]}-{int(year_first[3]):02}-{int(year_first[4]):02}")
        month, year = _MONTH_OF_YEAR.fullmatch(bare), _YEAR_MONTH.fullmatch(bare)
        if month:
            return _checked(f"{month[2]}-{int(month[1]):02}")
        return _checked(f"{year[1]}-{int(year[2]):02}") if year else ""

    return read


def _in_order(found: InNumbers, order: DateOrder) -> str:
    orders = found.orders
    if not orders:
        raise NotADay(f"there is no such day; {_ADVICE}")
    if order in orders:
        return found.read(order)
    if order is not DateOrder.ASK:
        raise NotADay(f"the mapping says {order}, but this can only be {orders[0]}; mend the cell")
    readings = {found.read(each) for each in orders}
    if len(readings) == 1:
        return readings.pop()
    one, other = (dates.in_words(found.read(each), "en") for each in orders)
    raise TwoDays(
        f'{one} or {other}? Say which for the whole column: date_order = "day-first" or "month-first"'
    )


def _without_time(words: str) -> str:
    """Return a date without the time of day that programs add."""
    return _TIME.sub("", words)


def _as_words(words: str) -> str:
    """Read "5 January 2014", "January 5, 2014", "janvier 2014", "about 2014", "late March 2014"."""
    tokens = [token for token in _tokens(words) if token not in _FILLERS and token not in _weekdays()]
    about = bool(_ABOUT.intersection(tokens))
    vague = bool(_PART.intersection(tokens))
    rest = [token for token in tokens if token not in _ABOUT | _PART]
    found = _from_tokens(rest)
    if found and vague and len(found) == len("2014-01-05"):
        return ""  # "late 5 March" is no date
    return f"{found}~" if found and about else found


def _tokens(words: str) -> list[str]:
    return fold(_ORDINAL.sub(r"\1 ", words)).split()


def _from_tokens(tokens: list[str]) -> str:
    years = [token for token in tokens if len(token) == 4 and token.isdecimal()]  # noqa: PLR2004  a year has four
    days = [token for token in tokens if len(token) <= 2 and token.isdecimal()]  # noqa: PLR2004  a day has one or two
    name = " ".join(token for token in tokens if not token.isdecimal())
    month = _months().get(name, 0)
    if len(years) != 1 or len(days) > 1 or (name and not month) or (days and not month):
        return ""
    if len(years) + len(days) + sum(not token.isdecimal() for token in tokens) != len(tokens):
        return ""
    parts = (years[0], f"{month:02}" if month else "", f"{int(days[0]):02}" if days else "")
    return _checked("-".join(filter(None, parts)))


def _as_days_of_one_month(words: str) -> str:
    """Read "5-7 January 2014" and "January 5-7, 2014"."""
    found, american = _DAYS_OF_MONTH.fullmatch(words), _MONTH_AND_DAYS.fullmatch(words)
    if american:
        days, rest = (american[2], american[3]), f"{american[1]} {american[4]}"
    elif found:
        days, rest = (found[1], found[2]), found[3]
    else:
        return ""
    first, last = (_as_words(f"{day} {rest}") for day in days)
    return _checked(f"{first}/{last}") if first and last else ""


def _as_range(words: str) -> str:
    """Read "between December 2014 and March 2015", "June or July 2014": somewhere between."""
    found = _EITHER.fullmatch(words) or _RANGE.fullmatch(words)
    if found is None:
        return ""
    begins, ends = (part for part in found.groups() if part)
    last = _as_words(ends) or _as_edtf(ends)
    first = _as_words(begins) or _as_edtf(begins) or _as_words(_completed(begins, ends))
    return _checked(f"{first}/{last}") if _plain(first) and _plain(last) else ""


def _completed(first: str, last: str) -> str:
    """Return "3 January 2012" for "3" before "7 January 2012", and "January 3 2012" for "January 3"."""
    tokens = _tokens(last)
    years = [token for token in tokens if len(token) == 4 and token.isdecimal()]  # noqa: PLR2004  a year has four
    if first.strip().isdecimal():
        return " ".join([first, *(token for token in tokens if len(token) > 2)])  # noqa: PLR2004  less its day
    return " ".join([first, *years])


def _as_vague(words: str) -> str:
    """Read "date unknown in 2011" as that year, and "unknown day, March 2011" as that month."""
    found = _SOMETIME.fullmatch(words)
    return _as_words(found[1]) if found else ""


def _as_open(words: str) -> str:
    """Read "since March 2014" as March 2014, the beginning, and "by March 2014" as then or earlier."""
    by, since = _BEFORE.fullmatch(words), _AFTER.fullmatch(words)
    if by and _plain(day := _as_words(by[1])):
        return _checked(f"../{day}")
    return _as_words(since[1]) if since else ""


def _plain(part: str) -> bool:
    return bool(part) and "/" not in part


def _checked(found: str) -> str:
    return dates.parse(found).text


def _western(text: str) -> str:
    """Return a text with the digits 0 to 9, whichever its own are."""
    if text.isascii():
        return text
    return "".join(str(int(c)) if c.isdecimal() else c for c in text).replace("،", ",")


@cache
def _months() -> dict[str, int]:
    """Return the number of each month by its folded name; not of one that means two."""
    found: dict[str, set[int]] = {name: {number} for name, number in _OTHER_MONTHS.items() if number}
    for name, number in _cldr_months():
        found.setdefault(name, set()).add(number)
    return {name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1}


def _cldr_months() -> Iterator[tuple[str, int]]:
    for language in _LANGUAGES:
        locale = Locale.parse(language)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in locale.months[context][width].items():
                    yield fold(name), number


@cache
def _weekdays() -> frozenset[str]:
    found = (
        fold(name)
        for language in _LANGUAGES
        for width in ("wide", "abbreviated")
        for name in Locale.parse(language).days["format"][width].values()
    )
    return frozenset(name for name in found if name and name not in _months())
