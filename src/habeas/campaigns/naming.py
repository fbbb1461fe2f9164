"""What a page may call the person it is about, proposed from the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from habeas.cases import choosing
from habeas.lib import languages

if TYPE_CHECKING:
    from habeas.cases.models import Case


def proposed_button(case: Case, language: str) -> str:
    """Return what the button could say: "Sign for Mohamed"; empty if nobody is named."""
    name, _ = choosing.names_of(case, language)
    return _sign_for(name, language) if name else ""


def _sign_for(person: str, language: str) -> str:
    _ = languages.words(language).gettext
    return _("Sign for {person}").format(person=person)
