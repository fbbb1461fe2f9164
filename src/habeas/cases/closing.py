"""What to look at before a campaign is closed: what the record of its case says, and does not say.

The record is incomplete by nature, so none of it stops anybody; whoever closes says that they have seen it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.auth.models import User
from django.utils import timezone

from habeas.cases import actions, standing
from habeas.cases.corroboration import is_sure_enough
from habeas.cases.models import Case, CaseRole, Consent, Event
from habeas.cases.protection import Giver, Identification, Purpose
from habeas.cases.standing import PersonStanding
from habeas.cases.status import words
from habeas.cases.status.regions import OVER, Liberty
from habeas.cases.vocabulary import Role
from habeas.lib.errors import HabeasError

_OUT = frozenset({Liberty.FREE, Liberty.CONDITIONAL})
_OVER = frozenset(words.stage_name(stage) for stage in OVER)
_FOR_WORDS = frozenset({Purpose.PUBLIC_WEB, Purpose.MEDIA})


def concerns(case: Case, *, says_released: bool, shows_words: bool) -> tuple[str, ...]:
    """Return sentences for staff, the weightiest first; empty if there is nothing to say.

    says_released  whether the campaign is to say that the person was let go
    shows_words    whether it shows words of theirs
    """
    return tuple(_concerns(case, says_released=says_released, shows_words=shows_words))


def _concerns(case: Case, *, says_released: bool, shows_words: bool) -> Iterator[str]:
    now = standing.standing(case, timezone.localdate(), by=None)
    for person in now.persons:
        if says_released:
            yield from _of_liberty(person)
        yield from _of_proceedings(person)
    if shows_words and not _is_fresh(case, _let_go_on(case, now.persons)):
        yield (
            "No consent to public pages or media is recorded since the release: ask for one that covers "
            "these words, and a picture if there is one. Without it the words stay off the pages."
        )


@dataclass(frozen=True, slots=True)
class WordsConsent:
    """The yes of somebody who is free to words of theirs on public pages."""

    on: date
    giver: Giver
    how: str  # in writing, on the telephone, …
    identification: Identification  # how far they may be made known beside their words
    person: UUID | None = None  # None: the one the case is about


class NotFresh(HabeasError):
    """A consent was not given in freedom, or not yet: it does not cover what somebody says now."""


def may_show_words(case: Case) -> bool:
    """Tell whether the person's own words may stand on pages: they agreed since they were let go."""
    return _is_fresh(case, fresh_since(case))


def fresh_since(case: Case) -> date:
    """Return the first day on which a consent is one given in freedom."""
    return _let_go_on(case, standing.standing(case, timezone.localdate(), by=None).persons)


def subjects(case: Case) -> list[tuple[UUID, str]]:
    """Return whom a case is about: whoever could have said the words, each with what staff call them."""
    roles = CaseRole.objects.filter(case=case, role=Role.SUBJECT, withdrawn_at=None).select_related("person")
    return [(role.person_id, str(role.person)) for role in roles]


def record_words_consent(case: Case, given: WordsConsent, *, by: User | None) -> Consent:
    """Record that the person agreed, since they were let go, to their words on public pages.

    raises  NotFresh if it was before that day or lies ahead; MayNotRead, BadRecord
    """
    since, today = fresh_since(case), timezone.localdate()
    if given.on < since:
        raise NotFresh(f"that was before {since:%-d %B %Y}, the day of the release: ask again")
    if given.on > today:
        raise NotFresh("that day has not come yet")
    about = [person for person, _ in subjects(case)]
    consent = Consent(
        case=case,
        person_id=given.person or (about[0] if len(about) == 1 else None),
        giver=given.giver,
        purpose=Purpose.PUBLIC_WEB,
        identification=given.identification,
        scope="Words of their own on public pages, after the release.",
        obtained_by=by.get_username() if by else "",
        obtained_how=given.how,
        obtained_on=given.on,
    )
    return actions.record(consent, by=by)


def _of_liberty(person: PersonStanding) -> Iterator[str]:
    who = person.name or "the person"
    if person.liberty.state not in _OUT:
        yield f"The record does not say that {who} was let go. It says: {person.text}."
    elif person.liberty.event and not _is_sure(person.liberty.event):
        yield f"That {who} was let go rests on one source: the record does not call it corroborated."


def _of_proceedings(person: PersonStanding) -> Iterator[str]:
    stages = [course.stage.state for course in person.proceedings if course.stage.state not in _OVER]
    if stages:
        stage = ", ".join(stage.replace("_", " ") for stage in stages)
        yield f"Proceedings are still open ({stage}): nothing recorded ends them. Keep watching the case."


def _is_sure(event: str) -> bool:
    found = Event.objects.get(pk=event)
    return is_sure_enough(found.verification, found.claims.select_related("source"))


def _let_go_on(case: Case, persons: tuple[PersonStanding, ...]) -> date:
    """Return the first day on which a consent is one given in freedom."""
    events = [person.liberty.event for person in persons if person.liberty.event]
    days = Event.objects.filter(case=case, pk__in=events).values_list("earliest", flat=True)
    return max((day for day in days if day), default=date.min)


def _is_fresh(case: Case, since: date) -> bool:
    given = Consent.objects.filter(case=case, source=None, withdrawn_at=None, purpose__in=_FOR_WORDS)
    return given.filter(obtained_on__gte=since).exists()
