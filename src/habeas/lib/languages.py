"""Languages the public side speaks: their names, directions, words, numbers and country names.

Every word the public sees comes from the gettext catalogues in `habeas/locale`; everything else
(countries, numbers, directions) from CLDR through Babel.
"""

import gettext
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages
from babel.numbers import format_decimal

DOMAIN = "habeas"
CATALOGUES = Path(__file__).parent.parent / "locale"
DEFAULT = "en"
AVAILABLE = ("en", "fr", "ar", "es", "pt", "fa", "ru", "zh-hans", "sw", "de")

# The digit nought of the numbering systems that CLDR names as a language's default.
_ZEROS = {"arab": "٠", "arabext": "۰", "beng": "০", "deva": "०", "mymr": "၀"}

_ALL_PLURALS = 200  # numbers up to here take every plural that people can come to, but for round millions
_MANY = 1_000_000

# Two-letter codes in CLDR that are not places a supporter would say they live in.
_NOT_COUNTRIES = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
)


@dataclass(frozen=True, slots=True)
class Language:
    """A language as its readers know it."""

    code: str  # BCP 47, lower case: "en", "ar", "zh-hans"
    name: str  # in the language itself
    direction: str  # "ltr" or "rtl"


@cache
def language(code: str) -> Language:
    """Return the language of `code`.

    raises  ValueError if CLDR does not know it
    """
    locale = _locale(code)
    name = locale.get_display_name(code.replace("-", "_")) or code
    return Language(code, name[0].upper() + name[1:], locale.text_direction)


@cache
def english_name(code: str) -> str:
    """Return what staff, whose screens are in English, call a language.

    raises  ValueError if CLDR does not know the language
    """
    return _locale(code).get_display_name("en") or code


@cache
def _locale(code: str) -> Locale:
    try:
        return Locale.parse(code.replace("-", "_"))
    except UnknownLocaleError as error:
        raise ValueError(f"unknown language {code!r}") from error


@cache
def words(code: str) -> gettext.NullTranslations:
    """Return the catalogue of `code`; English is what the source says."""
    if code == DEFAULT:
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, CATALOGUES, languages=[code.replace("-", "_")])


def number(value: int, code: str) -> str:
    """Return `value` with the digits and group marks of the language."""
    return in_own_digits(format_decimal(value, locale=_locale(code), numbering_system="default"), code)


def in_own_digits(text: str, code: str) -> str:
    """Return `text` with the digits that readers of the language write; Babel puts Latin ones everywhere."""
    return text.translate(_digits(code))


def digits(code: str) -> str:
    """Return what CLDR calls the digits that `number` writes: "latn" for 0 to 9."""
    system = str(_locale(code).default_numbering_system)
    return system if system in _ZEROS else "latn"


@cache
def plurals(code: str) -> Mapping[str, int]:
    """Return each plural of the language as CLDR calls it, "other" always, with a number that takes it."""
    rule = _locale(code).plural_form
    found = {rule(number): number for number in range(_ALL_PLURALS, -1, -1)}
    return {"other": _MANY, **found}


@cache
def _digits(code: str) -> dict[int, int]:
    zero = _ZEROS.get(_locale(code).default_numbering_system, "0")
    return {ord("0") + digit: ord(zero) + digit for digit in range(10)}


@cache
def country_codes() -> frozenset[str]:
    """Return the ISO 3166-1 alpha-2 codes a supporter may choose, and XK."""
    codes = (str(code) for code in _locale(DEFAULT).territories)
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha()) - _NOT_COUNTRIES  # noqa: PLR2004


@cache
def countries(code: str) -> tuple[tuple[str, str], ...]:
    """Return (country code, name) pairs in the language, in the order its readers look them up."""
    names = _locale(code).territories
    return tuple(sorted(((c, names.get(c, c)) for c in country_codes()), key=lambda pair: _sort_key(pair[1])))


@cache
def likely_countries(code: str) -> tuple[tuple[str, str], ...]:
    """Return the countries where the language is official: offered first, never chosen for the person."""
    base = code.partition("-")[0]
    return tuple(pair for pair in countries(code) if base in get_official_languages(pair[0]))


def _sort_key(name: str) -> str:
    """Fold accents and the hamza away: Babel has no collation, and code points put Å after Z."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return bare.casefold()
