"""What may be said of a count, and how: no sentence is firmer than the bounds.

over N       lower > N
at least N   lower ≥ N
exactly N    lower = upper = N
about N      both bounds within a tenth of N
"""

from habeas.cases.vocabulary import N_, Qualifier
from habeas.lib import languages

_TENTH = 10

_WORDS = {
    Qualifier.OVER: N_("more than {number}"),
    Qualifier.AT_LEAST: N_("at least {number}"),
    Qualifier.ABOUT: N_("about {number}"),
}
_MEANING = {
    Qualifier.OVER: N_(
        "“More than” is written only if even the lowest possible count is higher than the number."
    ),
    Qualifier.AT_LEAST: N_(
        "“At least” is written only if even the lowest possible count reaches the number."
    ),
    Qualifier.ABOUT: N_(
        "“About” is written only if the lowest and the highest possible count both lie within a tenth of it."
    ),
    Qualifier.EXACTLY: N_("The number alone is written only if no other count is possible."),
}


def holds(qualifier: str, value: int, lower: int, upper: int | None) -> bool:
    """Tell whether a count of `lower` to `upper` allows to say `value` in this way."""
    if qualifier == Qualifier.OVER:
        return lower > value
    if qualifier == Qualifier.AT_LEAST:
        return lower >= value
    if upper is None:
        return False
    if qualifier == Qualifier.EXACTLY:
        return lower == value == upper
    return value * (_TENTH - 1) <= lower * _TENTH and upper * _TENTH <= value * (_TENTH + 1)


def strongest(lower: int, upper: int | None) -> tuple[Qualifier, int]:
    """Return the firmest that may be said of a count: the number itself, else at least the lower bound."""
    return (Qualifier.EXACTLY if lower == upper else Qualifier.AT_LEAST), lower


def in_words(qualifier: str, value: int, language: str) -> str:
    """Return the number as readers of the language read it: "more than 1,168"."""
    number = languages.number(value, language)
    if qualifier == Qualifier.EXACTLY:
        return number
    return languages.words(language).gettext(_WORDS[Qualifier(qualifier)]).format(number=number)


def meaning(qualifier: str, language: str) -> str:
    """Return what the words around a number promise."""
    return languages.words(language).gettext(_MEANING[Qualifier(qualifier)])
