"""“How we count”: each number of our own that a page says, in words for whoever wants to check it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from habeas.campaigns import presentation as shown
from habeas.campaigns.figures import capital
from habeas.cases import dates
from habeas.cases.publishable import PublicCorrection, PublicCount, PublicRule
from habeas.cases.vocabulary import N_, event_label
from habeas.lib import languages

_UNITS = {
    "events": N_("Each event counts once; what happened to somebody twice counts twice."),
    "persons": N_("Each person counts once, however often it happened to them."),
    "groups": N_("Each group, family or community counts once."),
    "cases": N_("Each case counts once."),
}
_VERIFICATION = {
    "reported": N_("It is enough that a source reports it and nobody has refuted it."),
    "plausible": N_("A researcher finds it at least plausible."),
    "corroborated": N_(
        "Two sources that are independent of one another say so, or an official record does, or a researcher"
        " who answers for it has confirmed it."
    ),
    "confirmed": N_("A researcher who answers for it has confirmed it."),
}


def counting_path(language: str) -> str:
    """Return the address of “How we count”."""
    return f"/{language}/how-we-count/"


def anchor_of(count: PublicCount) -> str:
    """Return the place of a number on “How we count”; pages may cite counts of different days."""
    return f"{count.slug}-{count.as_of.isoformat()}" if count.as_of else count.slug


def counted_figures(
    counts: Iterable[PublicCount], corrections: Iterable[PublicCorrection], language: str
) -> Iterator[shown.CountedFigure]:
    """Yield what “How we count” tells of our own among `counts`."""
    corrections = list(corrections)
    for count in counts:
        if count.rule and count.as_of:
            made = [one for one in corrections if one.slug == count.slug]
            yield _counted(count, count.rule, count.as_of, made, language)


def _counted(
    count: PublicCount, rule: PublicRule, as_of: date, made: list[PublicCorrection], language: str
) -> shown.CountedFigure:
    _ = languages.words(language).gettext
    return shown.CountedFigure(
        anchor=anchor_of(count),
        words=capital(count.words),
        question=rule.question,
        what=f"{'; '.join(event_label(kind, language) for kind in rule.event_types)}. {_(_UNITS[rule.unit])}",
        when=_window(rule, language),
        where=", ".join(filter(None, (rule.place, _country(rule.country, language)))),
        sure=tuple(_sure(rule, language)),
        as_of=_day(as_of, language),
        machine_date=as_of.isoformat(),
        bounds=_bounds(rule, language),
        meaning=rule.meaning,
        corrections=tuple(correction_shown(one, language) for one in made),
    )


def correction_shown(correction: PublicCorrection, language: str) -> shown.Correction:
    """Return the notice of a correction."""
    _ = languages.words(language).gettext
    text = _("Corrected on {date}: we had written “{before}”; it is “{after}”, because {reason}.").format(
        date=_day(correction.on, language),
        before=correction.before,
        after=correction.after,
        reason=correction.reason.rstrip(". "),
    )
    return shown.Correction(text, correction.on.isoformat())


def _window(rule: PublicRule, language: str) -> str:
    _ = languages.words(language).gettext
    if rule.since and rule.until:
        return _("from {start} to {end}").format(
            start=_day(rule.since, language), end=_day(rule.until, language)
        )
    if rule.since:
        return _("since {start}").format(start=_day(rule.since, language))
    return _("until {end}").format(end=_day(rule.until, language)) if rule.until else _("at any time")


def _country(code: str, language: str) -> str:
    return dict(languages.countries(language)).get(code, code)


def _sure(rule: PublicRule, language: str) -> Iterator[str]:
    _ = languages.words(language).gettext
    yield _(_VERIFICATION[rule.verification])
    if rule.origins > 1:
        text = _("For each, {number} independent sources say so, or an official record does.")
        yield text.format(number=languages.number(rule.origins, language))


def _bounds(rule: PublicRule, language: str) -> str:
    _ = languages.words(language).gettext
    lower = languages.number(rule.lower, language)
    if rule.upper is None:
        return _("{lower} or more: the size of a group is not known").format(lower=lower)
    if rule.upper == rule.lower:
        return _("{number}, no more and no fewer").format(number=lower)
    return _("between {lower} and {upper}: not every date or size of a group is known exactly").format(
        lower=lower, upper=languages.number(rule.upper, language)
    )


def _day(day: date, language: str) -> str:
    return dates.in_words(day.isoformat(), language)
