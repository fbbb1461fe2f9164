"""Which of a person's names a reader is given: one in a script the reader can read."""

from collections.abc import Iterable
from functools import cache

from babel import Locale
from babel.core import get_global

from habeas.cases.models import PersonName
from habeas.cases.vocabulary import NameKind

# Pen names and aliases protect people: they are shown only where the researcher prefers them.
_OPEN_KINDS = frozenset({NameKind.PUBLISHABLE, NameKind.LEGAL, NameKind.TRANSLITERATION})


@cache
def script_of(language: str) -> str:
    """Return the script a language is usually written in: "Latn" for "fr", "Arab" for "ar".

    raises  ValueError if CLDR does not know the language
    """
    locale = Locale.parse(language.replace("-", "_"))
    if locale.script:
        return locale.script
    likely: str = get_global("likely_subtags")[locale.language]
    return likely.split("_")[1]


def best(names: Iterable[PersonName], language: str) -> PersonName | None:
    """Return the name for readers of the language; None if no name may be shown in their script."""
    readable = [name for name in _shown(names) if name.script == script_of(language)]
    return min(readable, key=lambda name: _rank(name, language), default=None)


def elsewhere(names: Iterable[PersonName], language: str) -> PersonName | None:
    """Return the name in another script than the readers', as people write it where it comes from."""
    others = [name for name in _shown(names) if name.script != script_of(language)]
    return min(others, key=lambda name: _rank(name, language), default=None)


def may_be_shown(name: PersonName) -> bool:
    """Tell whether a name of its kind is shown to the public, unless somebody decides otherwise."""
    return name.preferred or name.kind in _OPEN_KINDS


def _shown(names: Iterable[PersonName]) -> list[PersonName]:
    return [name for name in names if name.publishable and may_be_shown(name)]


def _rank(name: PersonName, language: str) -> tuple[bool, bool, bool]:
    """Return what sorts first: publishable, in the language itself, preferred."""
    return name.kind != NameKind.PUBLISHABLE, name.language != language, not name.preferred
