"""Writing the registry: every verb takes who acts, and leaves its line in the log in the same transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from habeas.cases import access, originals, tasks
from habeas.cases.importing import BadCaseFile, CaseDiffers, CaseFile, read_case_file
from habeas.cases.locking import Matter, alone
from habeas.cases.models import (
    Assignment,
    Case,
    Claim,
    ConditionInterval,
    Embargo,
    Event,
    FigureSnapshot,
    Record,
    Source,
)
from habeas.cases.models.acting import (
    AMENDED,
    PUT_BACK,
    SUPERSEDED,
    TAKEN_DOWN,
    TASK_DONE,
    TASK_GIVEN,
    TASK_GIVEN_BACK,
    TASK_OPEN_AGAIN,
    WITHDRAWN,
    Act,
    acting,
    registry_changed,
)
from habeas.cases.models.record import ChangedMeanwhile
from habeas.cases.protection import Access
from habeas.cases.recording import Recording
from habeas.cases.tables.matching import Kind, Match, Matching
from habeas.cases.tables.records import Listing, References, write
from habeas.cases.tables.rows import Row
from habeas.lib.errors import HabeasError

__all__ = [
    "BadRecord",
    "Imported",
    "NoReason",
    "RowImport",
    "amend",
    "embargo",
    "erase",
    "give_back_task",
    "give_task",
    "import_case",
    "import_rows",
    "note_export",
    "note_reading",
    "put_back",
    "record",
    "registry_changed",
    "save_form",
    "settle_tasks",
    "supersede",
    "take_down",
    "withdraw",
]

R = TypeVar("R", bound=Record)
Result = TypeVar("Result")

IMPORTED = "cases.import"  # the log's names of these actions
EXPORTED = "cases.export"
IDENTITY_READ = "cases.read_identity"
WITH_ITS_PAGES = frozenset({TAKEN_DOWN, PUT_BACK})  # campaigns turn the pages in the same step


class NoReason(HabeasError):
    """Something of weight was to be done without saying why; the log is for whoever asks later."""


class BadRecord(HabeasError):
    """A record has something to mend; nothing was written."""


def record(new: R, *, by: User | None, reason: str = "") -> R:
    """Write a record that is not there yet, and return it.

    raises  MayNotRead if its case is not for them; BadRecord with what there is to mend
    """
    for case in Case.objects.filter(pk__in=new.of_cases() if by else ()):
        access.check(case, by)
    _check_content(new)
    with acting(by=by, reason=reason):
        new.save()
    return new


def amend(known: R, changes: Mapping[str, Any], *, by: User | None, reason: str = "") -> R:
    """Change fields of a record, and return it; what it said before stays as an earlier version.

    raises  MayNotRead; BadRecord with what there is to mend; ChangedMeanwhile
    """
    access.check(known, by)
    for field, value in changes.items():
        setattr(known, field, value)
    _check_content(known)
    with acting(by=by, reason=reason):
        known.save()
    return known


def withdraw(known: R, *, by: User | None, reason: str) -> R:
    """Take a record back: it stays, with the reason, and counts no more.

    raises  MayNotRead, NoReason, ChangedMeanwhile
    """
    access.check(known, by)
    _check_reason(reason)
    with acting(by=by, reason=reason, name=WITHDRAWN):
        known.withdrawn_at, known.withdrawn_reason = timezone.now(), reason
        known.save()
    return known


def supersede(known: Event, better: Event, *, by: User | None, reason: str) -> Event:
    """Let another event stand for one that was recorded wrongly, and return that other event.

    raises  MayNotRead, NoReason, BadRecord, ChangedMeanwhile
    """
    access.check(known, by)
    _check_reason(reason)
    with acting(by=by, reason=reason, name=SUPERSEDED):
        known.withdrawn_at, known.withdrawn_reason = timezone.now(), reason
        known.save()
        better.supersedes = known
        _check_content(better)
        better.save()
    return better


def erase(known: Record, *, by: User | None, reason: str = "") -> None:
    """Remove a record with all its versions: a case entered by mistake, a person who asks to be forgotten.

    The log keeps that it was there and who erased it, and nothing that it said.

    raises  MayNotRead; RestrictedError if other records rest on it
    """
    access.check(known, by)
    held = originals.held_by(known)
    with acting(by=by, reason=reason):
        known.delete()
        transaction.on_commit(partial(originals.forget, held))


def note_reading(known: Record, *, by: User, reason: str) -> None:
    """Write into the log that somebody reads what is for the fewest, and why.

    raises  MayNotRead, NoReason
    """
    access.check(known, by)
    _check_reason(reason)
    with acting(by=by, reason=reason) as act:
        act.note(known, IDENTITY_READ, [])


def note_export(cases: QuerySet[Case], *, by: User | None) -> None:
    """Write into the log that cases were exported, and by whom."""
    with acting(by=by, name=EXPORTED) as act:
        for case in cases.iterator():
            act.note(case, EXPORTED, [])


def save_form(save: Callable[[], Result], *, by: User | None, reason: str = "") -> Result:
    """Let a form that was checked write its record and the parts entered with it, as one act."""
    with acting(by=by, reason=reason):
        return save()


def embargo(
    case: Case, *, by: User | None, reason: str, event: Event | None = None, until: Any = None
) -> Embargo:
    """Keep a case, or one event of it, off every page until a day; without one, until it is lifted.

    raises  MayNotRead, NoReason
    """
    access.check(case, by)
    _check_reason(reason)
    with acting(by=by, reason=reason):
        made = Embargo(case=case, event=event, until=until, reason=reason)
        made.save()
    return made


def take_down(case: Case, *, by: User | None, reason: str) -> None:
    """Put a case under an embargo without a day, at once and by whoever sees the need.

    Nobody has to be in the team: what is taken down is public, and so not hidden from whoever acts.
    Its pages turn in `campaigns.actions.take_down`.

    raises  NoReason
    """
    _check_reason(reason)
    with acting(by=by, reason=reason, name=TAKEN_DOWN) as act:
        if not _without_a_day(case).exists():
            Embargo(case=case, reason=reason).save()
        act.note(case, TAKEN_DOWN, [])


def put_back(case: Case, *, by: User | None, reason: str) -> None:
    """Lift the embargoes without a day on a whole case; the others run on.

    raises  MayNotRead, NoReason
    """
    access.check(case, by)
    _check_reason(reason)
    with acting(by=by, reason=reason, name=PUT_BACK) as act:
        for one in _without_a_day(case):
            one.withdrawn_at, one.withdrawn_reason = timezone.now(), reason
            one.save()
        act.note(case, PUT_BACK, [])


def give_task(
    case: Case,
    key: tasks.Key,
    to: User,
    *,
    by: User,
    due_on: date | None = None,
    note: str = "",
    seen: int | None = None,
) -> Assignment:
    """Give what the checker found to somebody on the case, whoever had it before; or take it.

    seen    the version of the assignment that whoever gives saw, 0 for none; None: it does not matter
    raises  MayNotRead, MayNotGive, NoSuchTask, MayNotHold; ChangedMeanwhile if it was given meanwhile
    """
    access.check(case, by)
    tasks.check_may_give(case, by)
    with acting(by=by, name=TASK_GIVEN):
        _hold(case)
        known = Assignment.objects.filter(case=case, **key._asdict()).first()
        shown = known.version if known and access.may_read(known, by) else 0
        if seen is not None and seen != shown:
            raise ChangedMeanwhile("somebody gave this task, or gave it back, meanwhile")
        given = known or Assignment(case=case, kind=key.kind, event_id=key.event, against_id=key.against)
        given.access = tasks.level_for(case, key, to, by)
        given.holder, given.due_on, given.note, given.is_done = to, due_on, note, False
        given.save()
    return given


def give_back_task(known: Assignment, *, by: User) -> Assignment:
    """Let nobody have a task any more; its note stays for the next.

    raises  MayNotRead, MayNotGive, ChangedMeanwhile
    """
    access.check(known, by)
    tasks.check_may_give(known.case, by)
    with acting(by=by, name=TASK_GIVEN_BACK):
        known.holder = known.due_on = None
        known.save()
    return known


def settle_tasks(after: Act) -> None:
    """Write down which given tasks an act mended, and which it opened again, as part of that act."""
    for known, level in list(tasks.changed(after.cases)):
        name = TASK_DONE if level is None else TASK_OPEN_AGAIN if known.is_done else AMENDED
        with acting(by=after.by, name=name, part_of=after.id):
            known.is_done, known.access = level is None, max(level or known.access, known.access)
            known.save()


def _hold(case: Case) -> None:
    """Let nobody else give tasks of a case until the transaction ends."""
    Case.objects.select_for_update(no_key=True).get(pk=case.pk)


def _without_a_day(case: Case) -> QuerySet[Embargo]:
    return Embargo.objects.filter(case=case, event=None, until=None, withdrawn_at=None)


def _check_content(record: Record) -> None:
    try:
        record.full_clean()
    except ValidationError as error:
        raise BadRecord(
            "; ".join(f"{field}: {' '.join(texts)}" for field, texts in error.message_dict.items())
        ) from error


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise NoReason("say why: the log keeps it for whoever asks later")


@dataclass(frozen=True, slots=True)
class RowImport:
    """A list on its way into the registry."""

    listing: Listing
    matching: Matching
    references: References


@dataclass(frozen=True, slots=True)
class Imported:
    """What reading a case file came to."""

    case: Case
    created: bool  # False: the same case was recorded before, and nothing was written
    sources: int
    events: int
    claims: int
    conditions: int
    figures: int


def import_case(text: str, *, by: User | None) -> Imported:
    """Record the case in `text`, a case file (docs/formats/case.md).

    by      who imports it; None for a command of the operator
    raises  BadCaseFile with everything there is to mend
            CaseDiffers if the reference is taken by a case from other content

    Nothing is written unless the whole file is good. The same content a second time changes nothing,
    also where staff corrected the records meanwhile.
    """
    case_file = read_case_file(text)
    with acting(by=by) as act:
        alone(Matter.INTAKE)
        known = Case.objects.filter(ref=case_file.case["ref"]).first()
        if known:
            return _known_already(known, case_file)
        _refuse_to_lock_out(case_file, by)
        _refuse_taken_figures(case_file)
        case = Recording(case_file, by).record()
        act.note(case, IMPORTED, [])
        return _summary(case, created=True)


def import_rows(
    rows: Sequence[Row], into: RowImport, *, by: User | None, part_of: UUID, dry_run: bool = False
) -> list[Match]:
    """Record those of some rows of a list that the registry has not, as one act; return what each row was.

    into     what the rows before them left behind: the same for the whole list
    part_of  the import, under which the log shows all its acts
    dry_run  only tell

    Many small acts and not one large: nobody else could write meanwhile. What an interrupted import
    recorded is known when the list is read again.
    """
    reason = f"imported from the list {into.listing.title}"
    with acting(by=by, reason=reason, part_of=part_of):
        alone(Matter.INTAKE)
        found = into.matching.match(rows)
        new = [match.row for match in found if match.kind is Kind.NEW]
        if new and not dry_run:
            write(new, into.listing, into.references, by=by)
    return found


def _known_already(case: Case, case_file: CaseFile) -> Imported:
    if case.imported_digest != case_file.digest:
        raise CaseDiffers(
            f"{case.ref} is recorded already, with other content than this file. "
            "Correct the records in the office, or give this case a reference of its own."
        )
    return _summary(case, created=False)


def _refuse_to_lock_out(case_file: CaseFile, by: User | None) -> None:
    """Let nobody seal a case that no one could open any more.

    raises  BadCaseFile
    """
    if by is None and case_file.case.get("access") == Access.SEALED.name.lower():
        document = case_file.document
        document.report(("case", "access"), "nobody is named who may read it; say who imports it, with --by")
        raise BadCaseFile(document.problems)


def _refuse_taken_figures(case_file: CaseFile) -> None:
    """Report the cited figures whose name another case uses.

    raises  BadCaseFile
    """
    slugs = [figure["figure"] for figure in case_file.figures]
    taken = set(FigureSnapshot.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    document = case_file.document
    for number, slug in enumerate(slugs):
        if slug in taken:
            message = f"{slug!r} is the name of a figure recorded before; choose another"
            document.report(("campaign", "cites", number, "figure"), message)
    if document.problems:
        raise BadCaseFile(document.problems)


def _summary(case: Case, *, created: bool) -> Imported:
    count: dict[str, Any] = {
        "sources": Source.objects.filter(case=case).count(),
        "events": Event.objects.filter(case=case).count(),
        "claims": Claim.objects.filter(event__case=case).count(),
        "conditions": ConditionInterval.objects.filter(case=case).count(),
        "figures": FigureSnapshot.objects.filter(case=case).count(),
    }
    return Imported(case=case, created=created, **count)
