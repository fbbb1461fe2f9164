"""Days that matter for a case and are known in advance, and how pages name them."""

from datetime import date

from django.db.models import TextChoices

from habeas.cases import dates
from habeas.lib import languages


class DeadlineKind(TextChoices):
    """What happens on the day."""

    HEARING = "hearing", "Hearing"
    TRIAL = "trial", "Trial opens"
    JUDGMENT = "judgment", "Judgment expected"
    EXECUTION = "execution", "Execution set"
    DEPORTATION = "deportation", "Deportation set"


def in_words(kind: str, on: date, language: str) -> str:
    """Return what happens and when: "Hearing on 14 December 2026"."""
    _ = languages.words(language).gettext
    templates = {
        DeadlineKind.HEARING: _("Hearing on {date}"),
        DeadlineKind.TRIAL: _("Trial opens on {date}"),
        DeadlineKind.JUDGMENT: _("Judgment expected on {date}"),
        DeadlineKind.EXECUTION: _("Execution set for {date}"),
        DeadlineKind.DEPORTATION: _("Deportation set for {date}"),
    }
    return templates[DeadlineKind(kind)].format(date=dates.in_words(on.isoformat(), language))
