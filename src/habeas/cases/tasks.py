"""Findings as tasks: which there are, for whom, and who has them (`actions.give_task` gives them).

What a task says comes from the finding, which is derived for whoever reads. An `Assignment` says who sees to
it. It is for whoever reads all that the finding follows from: the case team, or the people named in the case.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.contrib.auth.models import User

from habeas.cases import standing, status
from habeas.cases.access import may_read_sealed_of, reads_as_collector, team_cases, visible
from habeas.cases.histories import OPEN, SEALED, TEAM, History, histories
from habeas.cases.models import Assignment, Case
from habeas.cases.protection import Access
from habeas.lib.errors import HabeasError

CHANGES_CASES = "cases.change_case"  # who has this permission gives tasks, takes them, and is given some


class NoSuchTask(HabeasError):
    """The finding is not there any more, somebody answers for it, or it is not for whoever asks."""


class MayNotHold(HabeasError):
    """A task was to be given to somebody who is not on the case, or does not see what it is about."""


class MayNotGive(HabeasError):
    """Somebody who is not on the case, or may not change it, was to give a task or to take one back."""


class Key(NamedTuple):
    """What stays the same of a finding, however often it is derived anew."""

    kind: str  # "gap"
    event: UUID
    against: UUID | None

    @classmethod
    def of(cls, finding: status.Finding) -> "Key":
        """Return the key of a finding."""
        against = UUID(finding.against.id) if finding.against else None
        return cls(str(finding.kind), UUID(finding.event.id), against)

    @classmethod
    def of_assignment(cls, known: Assignment) -> "Key":
        """Return the key of the finding that somebody has."""
        return cls(known.kind, known.event_id, known.against_id)


@dataclass(frozen=True, slots=True)
class Held:
    """A task, and what it is."""

    assignment: Assignment
    finding: status.Finding


def may_give(case: Case, user: User) -> bool:
    """Tell whether somebody gives tasks of a case: who may change it and is on it, or administers it."""
    if not user.has_perm(CHANGES_CASES):
        return False
    here = Case.objects.filter(pk=case.pk)
    return any((here & theirs).exists() for theirs in (team_cases(user), may_read_sealed_of(user)))


def check_may_give(case: Case, user: User) -> None:
    """Let a person pass who gives tasks of a case.

    raises  MayNotGive
    """
    if not may_give(case, user):
        raise MayNotGive("only who is in the team of the case and may change it gives its tasks")


def assignments(case: Case, by: User | None) -> dict[Key, Assignment]:
    """Return who has which task of a case, those done along, as far as the person may read them."""
    known = visible(Assignment.objects.filter(case=case, withdrawn_at=None), by).select_related("holder")
    return {Key.of_assignment(one): one for one in known}


def finding_of(case: Case, key: Key, by: User) -> status.Finding:
    """Return the finding of a key, as the person sees it.

    raises  NoSuchTask
    """
    (history,) = histories([case.pk])
    found = _seen(history, by).get(key)
    if found is None:
        raise NoSuchTask("this is mended already, or somebody answers for it")
    return found


def held_by(user: User) -> list[Held]:
    """Return the tasks that somebody has and sees, what is due first in front."""
    known = visible(Assignment.objects.filter(holder=user, is_done=False, withdrawn_at=None), user)
    mine = list(known.select_related("case"))
    seen = {history.case: _seen(history, user) for history in histories({one.case_id for one in mine})}
    found = ((one, seen[one.case_id].get(Key.of_assignment(one))) for one in mine)
    held = [Held(one, finding) for one, finding in found if finding]
    return sorted(
        held,
        key=lambda each: (each.assignment.due_on is None, each.assignment.due_on, each.assignment.case.ref),
    )


def possible_holders(case: Case, key: Key, by: User) -> list[User]:
    """Return to whom a task may be given: whoever asks, the case team, and who is named in a sealed case."""
    (history,) = histories([case.pk])
    on_it = {*case.team.all(), *case.named.all(), by}
    return [one for one in sorted(on_it, key=User.get_username) if _may_hold(one, case, key, history)]


def level_for(case: Case, key: Key, holder: User, by: User) -> Access:
    """Return for whom a task is if `by` gives it to `holder`.

    raises  NoSuchTask, MayNotHold
    """
    (history,) = histories([case.pk])
    level = _level(key, history)
    if level is None or key not in _seen(history, by):
        raise NoSuchTask("this is mended already, or somebody answers for it")
    is_on_it = holder == by or holder in {*case.team.all(), *case.named.all()}
    if not is_on_it or not _may_hold(holder, case, key, history):
        raise MayNotHold(f"{holder} is not on the case, or does not see this")
    return level


def changed(cases: Collection[UUID]) -> Iterator[tuple[Assignment, Access | None]]:
    """Yield the given tasks that stand otherwise than they did, and for whom they are now; None: done.

    A task becomes one for named people where only what is sealed makes it one; of somebody who does not
    read that, it is done. It never becomes one for more people: its note was not for them.
    """
    known = Assignment.objects.filter(case__in=cases, holder__isnull=False, withdrawn_at=None)
    given = list(known.select_related("case", "holder"))
    told = {history.case: history for history in histories({one.case_id for one in given})}
    for one in given:
        level = _level(Key.of_assignment(one), told[one.case_id])
        if level == Access.SEALED and not may_read_sealed_of(one.holder).filter(pk=one.case_id).exists():
            level = None
        if one.is_done != (level is None) or (level is not None and level > one.access):
            yield one, level


def _level(key: Key, history: History) -> Access | None:
    """Return for whom a task is: whoever reads what its finding follows from; None: there is none."""
    if key in _found(history, TEAM):
        return Access.TEAM
    return Access.SEALED if key in _found(history, TEAM | SEALED) else None


def _may_hold(user: User, case: Case, key: Key, history: History) -> bool:
    if not user.is_active or not user.has_perm(CHANGES_CASES) or key not in _seen(history, user):
        return False
    theirs = team_cases if _level(key, history) == Access.TEAM else may_read_sealed_of
    return theirs(user).filter(pk=case.pk).exists()


def _seen(history: History, by: User) -> dict[Key, status.Finding]:
    """Return the findings that somebody sees in a case; a data collector, who reads parts of it, none."""
    if reads_as_collector(by) or not visible(Case.objects.filter(pk=history.case), by).exists():
        return {}
    allowed = TEAM if team_cases(by).filter(pk=history.case).exists() else OPEN
    allowed |= SEALED if may_read_sealed_of(by).filter(pk=history.case).exists() else OPEN
    return _found(history, allowed)


def _found(history: History, allowed: int) -> dict[Key, status.Finding]:
    """Return what does not fit for whoever is allowed so much, and nobody answers for."""
    reading = history.read_with(allowed)
    found = status.check(reading.events, reading.persons)
    return {Key.of(one): one for one in found if not standing.is_overridden(one, history.overridden)}
