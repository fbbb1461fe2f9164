"""Choosing records by their names: what campaigns are made about, and what their pages cite.

Choosing shows nothing: what a page says of a chosen record comes from `cases.publishable`.
"""

from habeas.cases.models import Authority, Case, Event, FigureSnapshot
from habeas.lib.errors import HabeasError


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
