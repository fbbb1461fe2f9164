"""What staff do with figures. Each verb goes through `cases.actions`, and so leaves its line in the log."""

from collections.abc import Mapping

from django.contrib.auth.models import User
from django.utils import timezone

from habeas.cases import access, actions
from habeas.cases.figures import checking, saying, select
from habeas.cases.models import FigureDef, FigureSnapshot
from habeas.cases.models.figure import ApprovedAlready
from habeas.cases.protection import Access
from habeas.cases.vocabulary import FigureKind, Qualifier
from habeas.lib.errors import HabeasError


class SaysTooMuch(HabeasError):
    """A number was to be said more firmly than the count allows; the message says what may be said."""


class NobodyApproves(HabeasError):
    """A figure is approved by a staff member who answers for it, never by a command alone."""


class NoReasonForReaders(HabeasError):
    """A correction was to be published without telling readers why, in a language they read."""


def define(new: FigureDef, *, by: User | None) -> FigureDef:
    """Write a new definition, and return it.

    raises  BadRecord with what there is to mend
    """
    return actions.record(new, by=by)


def take(
    definition: FigureDef, *, by: User | None, value: int | None = None, qualifier: str = ""
) -> FigureSnapshot:
    """Count now, and keep the count as a snapshot that somebody may approve.

    value, qualifier  what is to be said; left out: the firmest that the count allows
    raises            MayNotRead, SaysTooMuch, BadRecord
    """
    access.check(definition, by)
    now = select.count(definition)
    firmest, number = saying.strongest(now.lower, now.upper)
    value, qualifier = (number, firmest) if value is None else (value, qualifier or Qualifier.AT_LEAST)
    if not saying.holds(qualifier, value, now.lower, now.upper):
        raise SaysTooMuch(f"“{qualifier} {value:,}” is more than we know: {_bounds(now.lower, now.upper)}")
    snapshot = FigureSnapshot(
        kind=FigureKind.COMPUTED,
        slug=definition.slug,
        access=Access.STAFF,
        definition=definition,
        definition_version=definition.version,
        as_of=timezone.localdate(),
        lower=now.lower,
        upper=now.upper,
        value=value,
        qualifier=qualifier,
        members=list(now.members),
        uncertain=list(now.uncertain),
        members_sha256=now.sha256,
    )
    return actions.record(snapshot, by=by)


def approve(
    snapshot: FigureSnapshot, *, by: User | None, reasons: Mapping[str, str] | None = None
) -> FigureSnapshot:
    """Let pages cite a snapshot, and return it. Where an approved number no longer holds, this corrects it.

    by       who answers for it
    reasons  why the earlier number was wrong, by language, in words for readers; only for a correction
    raises   NobodyApproves, MayNotRead, ApprovedAlready, SaysTooMuch, NoReasonForReaders
    """
    if by is None or not by.is_active:
        raise NobodyApproves("say who approves it: a number on a page is somebody's word")
    access.check(snapshot, by)
    if snapshot.is_approved:
        raise ApprovedAlready(f"this number of {snapshot.slug} is approved already")
    if snapshot.value is None:
        raise SaysTooMuch(f"{snapshot.slug} has no number yet: enter it, and how it is said")
    corrected = _to_correct(snapshot)
    reasons = {code: text.strip() for code, text in (reasons or {}).items() if text.strip()}
    if corrected:
        _check_reasons(snapshot, corrected, reasons)
    changes = {
        "approver": by,
        "approved_at": timezone.now(),
        "access": Access.PUBLIC,
        "corrects": [str(one.pk) for one in corrected],
        "reasons": reasons if corrected else {},
    }
    return actions.amend(snapshot, changes, by=by, reason="approved for pages")


def _to_correct(snapshot: FigureSnapshot) -> list[FigureSnapshot]:
    """Return the approved snapshots that this one has to correct.

    raises  SaysTooMuch if it does not hold itself any more
    """
    if snapshot.kind == FigureKind.CITED:
        return []
    now = checking.recount(snapshot)
    if not saying.holds(snapshot.qualifier, snapshot.value or 0, now.lower, now.upper):
        raise SaysTooMuch(
            f"the records changed since: now it is {_bounds(now.lower, now.upper)}. Take another snapshot"
        )
    return to_correct(snapshot.slug)


def to_correct(slug: str) -> list[FigureSnapshot]:
    """Return the approved snapshots of a name that the records no longer bear out."""
    approved = checking.standing(slug)
    wrong = {one.snapshot for one in checking.broken([one.pk for one in approved])}
    return [one for one in approved if one.pk in wrong]


def languages_of_reasons(snapshot: FigureSnapshot, corrected: list[FigureSnapshot]) -> list[str]:
    """Return the languages in which readers are told why: all in which a page may show the number."""
    told = (one.definition.wording for one in (snapshot, *corrected) if one.definition)
    return sorted({code for wording in told for code in wording})


def _check_reasons(
    snapshot: FigureSnapshot, corrected: list[FigureSnapshot], reasons: Mapping[str, str]
) -> None:
    missing = [code for code in languages_of_reasons(snapshot, corrected) if code not in reasons]
    if missing:
        said = " and ".join(f"“{one.qualifier} {one.value:,}”" for one in corrected)
        raise NoReasonForReaders(
            f"this corrects {said}: tell readers why, in {', '.join(missing)}; pages will show it"
        )


def _bounds(lower: int, upper: int | None) -> str:
    if upper is None:
        return f"{lower:,} or more"
    return f"{lower:,}" if lower == upper else f"between {lower:,} and {upper:,}"
