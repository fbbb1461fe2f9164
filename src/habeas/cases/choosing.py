"""Choosing records by their names: what campaigns are made about, and what their pages cite.

Choosing shows nothing: what a page says of a chosen record comes from `cases.publishable`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from habeas.cases import names
from habeas.cases.access import visible
from habeas.cases.models import Authority, Case, CaseRole, Event, FigureSnapshot, PersonName
from habeas.cases.vocabulary import Role
from habeas.lib.errors import HabeasError

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class NoSuchCase(HabeasError):
    """No case has that reference."""


def case_of(ref: str) -> Case:
    """Return the case of a reference.

    raises  NoSuchCase
    """
    found = Case.objects.filter(ref=ref).first()
    if found is None:
        raise NoSuchCase(f"there is no case {ref}")
    return found


def case_for(key: UUID, by: User) -> Case:
    """Return a case that somebody may read.

    raises  NoSuchCase
    """
    found = visible(Case.objects.filter(pk=key), by).first()
    if found is None:
        raise NoSuchCase("there is no such case, or it is not for you")
    return found


def authorities_of(case: Case, by: User) -> QuerySet[Authority]:
    """Return whom a campaign about a case may address: its authorities."""
    return visible(Authority.objects.filter(case=case, withdrawn_at=None), by)


def events_of(case: Case) -> list[Event]:
    """Return what happened in a case, in the editor's order."""
    return list(Event.objects.filter(case=case, withdrawn_at=None).order_by("seq"))


def names_of(case: Case, language: str) -> tuple[str, str]:
    """Return what a page in a language calls the person a case is about, and their name in another script.

    Both are empty where no name may be shown; of several persons it is the first.
    """
    roles = CaseRole.objects.filter(case=case, role=Role.SUBJECT, withdrawn_at=None)
    person = roles.values_list("person", flat=True).first()
    found = list(PersonName.objects.filter(person=person, withdrawn_at=None)) if person else []
    here, elsewhere = names.best(found, language), names.elsewhere(found, language)
    return (here.text if here else "", elsewhere.text if elsewhere else "")


def authority_of(case: Case, key: str) -> Authority:
    """Return the authority that the case calls `key`.

    raises  Authority.DoesNotExist
    """
    return Authority.objects.get(case=case, key=key)


def event_of(case: Case, seq: int) -> Event:
    """Return the event at a place in the editor's order.

    raises  Event.DoesNotExist
    """
    return Event.objects.get(case=case, seq=seq, withdrawn_at=None)


def figure_of(case: Case, slug: str) -> FigureSnapshot:
    """Return the figure of a name.

    raises  FigureSnapshot.DoesNotExist
    """
    return FigureSnapshot.objects.get(case=case, slug=slug)
