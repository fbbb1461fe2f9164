"""The status, durations and findings in words.

What pages may use (status, labels, lengths) is in the reader's language; findings are tasks for staff and
are in English, like every staff screen of ours.
"""

from babel import Locale
from babel.lists import format_list
from babel.units import format_unit

from habeas.cases import dates
from habeas.cases.status.events import Event
from habeas.cases.status.findings import Finding, Kind
from habeas.cases.status.labels import Label
from habeas.cases.status.on_a_day import View
from habeas.cases.status.regions import Liberty, Stage, Whereabouts
from habeas.cases.status.spans import Length, Span, length
from habeas.cases.status.state import Status
from habeas.cases.vocabulary import N_, condition_label, event_label
from habeas.lib import languages

LIBERTY = {
    Liberty.FREE: N_("free"),
    Liberty.CUSTODY: N_("in custody"),
    Liberty.CONDITIONAL: N_("free on conditions"),
    Liberty.HOUSE_ARREST: N_("under house arrest"),
    Liberty.MISSING: N_("missing"),
    Liberty.EXILE: N_("in exile"),
    Liberty.DEAD: N_("dead"),
    Liberty.UNKNOWN: N_("found alive"),
}
_NEVER_HELD = N_("not known to be held")
_DIED = {"death_in_custody": N_("died in custody"), "execution": N_("executed")}
_WHEREABOUTS = {
    Whereabouts.UNDISCLOSED: N_("whereabouts undisclosed"),
    Whereabouts.DENIED: N_("custody denied by the authorities"),
}
LABELS = {
    "held_without_charge": N_("held without charge"),
    "pre_trial": N_("in pre-trial detention"),
    "awaiting_appeal": N_("held while an appeal is pending"),
    "serving": N_("serving a sentence"),
    "administrative_detention": N_("in administrative detention"),
    "secret_detention": N_("in secret detention"),
    "enforced_disappearance": N_("perhaps an enforced disappearance: a person decides"),
    "death_row": N_("on death row"),
    "incommunicado": N_("held incommunicado"),
    "proceedings_open": N_("proceedings still open"),
    "solitary": N_("in solitary confinement"),
    "hospital": N_("in hospital"),
    "no_lawyer": N_("without access to a lawyer"),
    "no_family": N_("without contact with the family"),
    "no_medical_care": N_("without medical care"),
    "hunger_strike": N_("on hunger strike"),
    "ill_treatment": N_("ill-treated"),
}
_PAST_LEGAL_END = {
    "sentence_served": N_("held past the legal end of the sentence"),
    "acquittal": N_("held after an acquittal"),
    "charge_dropped": N_("held after the charges were dropped"),
    "quashed": N_("held after the judgment was quashed"),
    "pardon": N_("held in spite of a pardon"),
    "amnesty": N_("held in spite of an amnesty"),
}
# What a sentence about the status leaves out. The place is told already; whether it is a disappearance,
# a person decides; and an administrative order does not make lawful what the sentence no longer does.
_NEVER_SAID = frozenset({"secret_detention", "enforced_disappearance"})
_LEFT_OUT_AFTER = {"administrative_detention": "held_past_legal_end"}

_SPANS = {
    "held": N_("deprived of liberty"),
    "held_past_legal_end": N_("held past the legal end"),
    "death_row": N_("on death row"),
    "secret_detention": N_("in secret detention"),
    "administrative_detention": N_("in administrative detention"),
    "held_until_charge": N_("held when charged"),
    "held_until_conviction": N_("held when convicted"),
    "held_until_acquittal": N_("held when acquitted"),
    "held_until_death_lifted": N_("held when the death sentence was lifted"),
}
_UNITS = ("years", "months", "days")
# The regions as the registry's reference names them; one of ours is finer.
_REPORTED = {Stage.ACQUITTAL_APPEALED: Stage.APPEAL_PENDING}

_HINTS = {
    "arrest": "If the person was held all along, it may be “Transfer” or “Detention extended”.",
    "charge": "If it is about something else, give it a proceeding of its own; charges that were added or "
    "replaced are “Charges changed”.",
    "investigation": "If it is about something else, give it a proceeding of its own.",
    "death": "If the person died while held, it is “Death in custody”.",
    "death_in_custody": "If the person was not held, it is “Death”.",
    "trial_open": "If the trial was going on already, it may be “Hearing”.",
}


def stage_name(stage: Stage) -> str:
    """Return how far the proceeding is, by the reference's word: "appeal_pending"."""
    return str(_REPORTED.get(stage, stage))


def status_in_words(view: View, language: str) -> str:
    """Return the status as one phrase: "in custody, whereabouts undisclosed, serving a sentence"."""
    _ = languages.words(language).gettext
    status, keys = view.status, {label.key for label in view.labels}
    parts = [_(_liberty(status))]
    if status.whereabouts in _WHEREABOUTS:
        parts.append(_(_WHEREABOUTS[status.whereabouts]))
    said = (
        label
        for label in view.labels
        if label.key not in _NEVER_SAID and _LEFT_OUT_AFTER.get(label.key) not in keys
    )
    parts += [label_in_words(label, language) for label in said]
    return format_list(parts, style="unit", locale=_locale(language))


def _liberty(status: Status) -> str:
    if status.liberty_by is None:
        return _NEVER_HELD
    return _DIED.get(status.liberty_by.type, LIBERTY[status.liberty])


def label_in_words(label: Label, language: str) -> str:
    """Return the label as part of a phrase: "held without charge"."""
    _ = languages.words(language).gettext
    if label.because:
        return _(_PAST_LEGAL_END[label.because])
    known = LABELS.get(label.key)
    return _(known) if known else condition_label(label.key, language)


def _locale(language: str) -> Locale:
    return Locale.parse(language.replace("-", "_"))


def amount(number: int, unit: str, language: str) -> str:
    """Return "3 years" in words of the language.

    unit  "year", "month" or "day"
    """
    locale = _locale(language)
    said: str = format_unit(number, f"duration-{unit}", "long", locale=locale, numbering_system="default")
    if "duration-" in said:  # CLDR leaves the long form out where it is the short one; Babel does not follow
        said = format_unit(number, f"duration-{unit}", "short", locale=locale, numbering_system="default")
    return languages.in_own_digits(said, language)


def length_in_words(known: Length, language: str) -> str:
    """Return "5 years, 6 months, 27 days" in words of the language."""
    parts = [
        amount(getattr(known, unit), unit.rstrip("s"), language) for unit in _UNITS if getattr(known, unit)
    ]
    return format_list(parts or [amount(0, "day", language)], style="unit", locale=_locale(language))


def kind_in_words(kind: str, language: str) -> str:
    """Return what the time is: "deprived of liberty"."""
    return languages.words(language).gettext(_SPANS[kind])


def span_in_words(known: Span, language: str) -> str:
    """Return how long it is, no more exact than it is known: "2,034 days (5 years, 6 months, 27 days)"."""
    _ = languages.words(language).gettext
    least = amount(known.least, "day", language)
    if known.most is None:
        return _("at least {duration}").format(duration=least)
    if known.is_exact:
        calendar = length_in_words(length(*known.shortest), language) if known.shortest else ""
        return f"{least} ({calendar})" if known.least else least
    most = amount(known.most, "day", language)
    if not known.least:
        return _("at most {duration}").format(duration=most)
    return _("{least} to {most}").format(least=least, most=most)


def claim_in_words(known: Span, language: str) -> str:
    """Return the most a text may say in round words: "more than 3 years"; empty if nothing.

    It is true whichever days the dates really were.
    """
    if known.shortest is None or not known.least:
        return ""
    whole = length(*known.shortest)
    unit = next(unit for unit in _UNITS if getattr(whole, unit))
    number = getattr(whole, unit)
    _ = languages.words(language).gettext
    template = _("more than {duration}") if known.more_than(**{unit: number}) else _("at least {duration}")
    return template.format(duration=amount(number, unit.rstrip("s"), language))


def day_in_words(known: Span, language: str) -> str:
    """Return which day it is of what goes on, "day 1,609"; empty if it is over, or may be.

    The day on which it began is day 1.
    """
    if known.until is not None or known.may_have_ended_by is not None or known.most is None:
        return ""
    _ = languages.words(language).gettext
    first, last = (languages.number(days + 1, language) for days in (known.least, known.most))
    if known.is_exact:
        return _("day {number}").format(number=first)
    return _("between day {first} and day {last}").format(first=first, last=last)


def task(finding: Finding) -> str:
    """Return what a researcher should do about a finding, in plain English."""
    said = {Kind.GAP: _gap, Kind.CONTRADICTION: _contradiction, Kind.ORDER: _order}[finding.kind](finding)
    hint = "" if finding.kind is Kind.ORDER else _HINTS.get(finding.event.type, "")
    return f"{said} {hint}".rstrip()


def in_brief(finding: Finding) -> str:
    """Return what a finding is, in one line of plain English."""
    event, other = _named(finding.event), _named(finding.against) if finding.against else "what is before"
    return {
        Kind.GAP: f"A step is missing before {event}",
        Kind.CONTRADICTION: f"{event} contradicts {other}",
        Kind.ORDER: f"{event} stands after {other}, against its date",
    }[finding.kind]


def _named(event: Event) -> str:
    return f"“{event_label(event.type, 'en')}” ({dates.in_words(event.date.text, 'en')})"


def _gap(finding: Finding) -> str:
    steps = [f"“{event_label(step, 'en')}”" for step in finding.assumed]
    missing = format_list(steps, style="standard", locale=Locale("en"))
    return (
        f"Before {_named(finding.event)} there must have been {missing}, and nothing is recorded of it. "
        "Record what happened, with its source; or mend the kind of this event or its place in the order."
    )


def _contradiction(finding: Finding) -> str:
    other = f" {_named(finding.against)}" if finding.against else " what is recorded before"
    return (
        f"{_named(finding.event)} cannot follow{other}. One of them is wrong, or their order. Until this is "
        "mended or overridden in writing, the case cannot be published."
    )


def _order(finding: Finding) -> str:
    other = _named(finding.against) if finding.against else "another event"
    return (
        f"{_named(finding.event)} stands after {other}, but by its dates it was before. "
        "Check both dates, and the order."
    )
