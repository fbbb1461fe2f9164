"""What a researcher sees of a case on one page: how it stands, what to do, what happened, who says so."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib.admin.utils import quote
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.urls import reverse

from habeas.cases import dates, history, queries
from habeas.cases.access import visible
from habeas.cases.models import (
    Assignment,
    Case,
    CaseRole,
    Claim,
    ClaimField,
    Communication,
    Consent,
    Document,
    Embargo,
    Event,
    Override,
    PersonName,
    Proceeding,
    Qualification,
    Source,
)
from habeas.cases.models.claim import DATED
from habeas.cases.standing import FindingLine, Standing, TimelineRow, standing
from habeas.cases.vocabulary import Stance

_LANGUAGE = "en"  # staff screens are in English
_NEWEST = 8  # changes shown on the page; the rest on the case's history
SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Task:
    """A finding, and the event it is about."""

    finding: FindingLine
    moment: TimelineRow
    override: Override | None  # who answers for a contradiction, for those who may read it
    given: Assignment | None  # who sees to it
    is_overdue: bool
    is_out_of_sight: bool  # who has it may not read the case any more
    url: str  # of the screen on which it is given


@dataclass(frozen=True, slots=True)
class Moment:
    """An event of the timeline."""

    row: TimelineRow
    event: Event


@dataclass(frozen=True, slots=True)
class Said:
    """What a source says in one cell of the table; several claims of one source stand below each other."""

    value: str
    claim: Claim
    is_chosen: bool  # the date that the event has


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One field on which sources disagree, and what each says: in the order of the table's sources."""

    about: str  # "Arrest"
    field: str  # "Date, or beginning"
    event: Event | None
    cells: tuple[tuple[Said, ...], ...]


@dataclass(frozen=True, slots=True)
class Disagreements:
    """Field by source."""

    sources: tuple[Source, ...]
    rows: tuple[Disagreement, ...]


@dataclass(frozen=True, slots=True)
class Allowed:
    """A consent, and whether it is time to ask again."""

    consent: Consent
    is_due: bool


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything on the page, as far as the person may read it."""

    case: Case
    names: tuple[PersonName, ...]
    standing: Standing  # on the chosen day
    today: date
    tasks: tuple[Task, ...]
    moments: tuple[Moment, ...]
    disagreements: Disagreements
    documents: QuerySet[Document]
    consents: tuple[Allowed, ...]
    embargoes: QuerySet[Embargo]
    qualifications: QuerySet[Qualification]
    proceedings: QuerySet[Proceeding]
    communications: QuerySet[Communication]
    changes: list[history.Line]


def page_of(case: Case, day: date, *, today: date, by: User) -> CasePage:
    """Return the page of a case.

    day  for which its status is told; findings and timeline are there whatever the day
    """
    stands = standing(case, day, by=by, language=_LANGUAGE)
    recorded = queries.timeline(case, by=by)
    rows = {row.event: row for row in stands.timeline}
    return CasePage(
        case=case,
        names=tuple(_names(case, by)),
        standing=stands,
        today=today,
        tasks=tuple(_tasks(stands, rows, _answers(case, today, by))),
        moments=tuple(Moment(rows[str(event.pk)], event) for event in recorded),
        disagreements=_disagreements(recorded, case, by),
        documents=_of(Document, case, by).prefetch_related("custody"),
        consents=tuple(
            Allowed(one, _is_due(one, today))
            for one in visible(Consent.objects.filter(case=case), by).select_related("source")
        ),
        embargoes=_of(Embargo, case, by),
        qualifications=_of(Qualification, case, by),
        proceedings=_of(Proceeding, case, by),
        communications=_of(Communication, case, by),
        changes=history.lines(case, by, _NEWEST),
    )


def _is_due(consent: Consent, today: date) -> bool:
    review_by = consent.review_by
    return not consent.is_withdrawn and review_by is not None and review_by <= today + SOON


def _of(model: Any, case: Case, by: User) -> QuerySet[Any]:
    return visible(model.objects.filter(case=case, withdrawn_at=None), by)


def _names(case: Case, by: User) -> Iterator[PersonName]:
    persons = [role.person_id for role in visible(CaseRole.objects.filter(case=case, withdrawn_at=None), by)]
    names = PersonName.objects.filter(person__in=persons, withdrawn_at=None)
    yield from visible(names, by).order_by("-preferred", "sort_order")


def _overrides(case: Case, by: User) -> dict[tuple[str, str], Override]:
    standing_ = visible(Override.objects.filter(case=case, withdrawn_at=None), by).select_related(
        "created_by"
    )
    return {(str(one.event_id), str(one.against_id or "")): one for one in standing_}


@dataclass(frozen=True, slots=True)
class _Answers:
    """What people said about findings: who answers for them, who sees to them."""

    overrides: dict[tuple[str, str], Override]
    given: dict[tuple[str, str, str], Assignment]
    without_sight: frozenset[User]
    today: date


def _answers(case: Case, today: date, by: User) -> _Answers:
    given = queries.given_tasks(case, by=by)
    holders = {one.holder for one in given.values() if one.holder}
    here = Case.objects.filter(pk=case.pk)
    without_sight = frozenset(one for one in holders if not visible(here, one).exists())
    return _Answers(_overrides(case, by), given, without_sight, today)


def _tasks(stands: Standing, rows: dict[str, TimelineRow], answers: _Answers) -> Iterator[Task]:
    """Yield what to do, contradictions first, those that somebody answers for last."""
    gravest = {"contradiction": 0, "order": 1, "gap": 2}
    for finding in sorted(stands.findings, key=lambda one: (one.is_overridden, gravest[one.kind])):
        yield _task(finding, rows[finding.event], answers)


def _task(finding: FindingLine, moment: TimelineRow, answers: _Answers) -> Task:
    about = (finding.event, finding.against or "")
    given = answers.given.get((finding.kind, *about))
    return Task(
        finding=finding,
        moment=moment,
        override=answers.overrides.get(about) if finding.is_overridden else None,
        given=given,
        is_overdue=bool(given and given.due_on and given.due_on < answers.today),
        is_out_of_sight=bool(given and given.holder in answers.without_sight),
        url=reverse("cases_task", args=[finding.kind, *filter(None, about)]),
    )


def _disagreements(recorded: Iterable[Event], case: Case, by: User) -> Disagreements:
    """Return the fields on which sources disagree: other values, or one denies what another says."""
    of_case = visible(Claim.objects.filter(case=case, withdrawn_at=None), by).select_related("source")
    told: dict[tuple[Event | None, str], list[Claim]] = {}
    for about, claims in ((None, of_case), *((event, event.claims.all()) for event in recorded)):
        for claim in claims:
            told.setdefault((about, claim.field), []).append(claim)
    disputed = {key: claims for key, claims in told.items() if _differ(claims)}
    sources = tuple(
        {claim.source.pk: claim.source for claims in disputed.values() for claim in claims}.values()
    )
    rows = tuple(_disagreement(event, claims, sources) for (event, _field), claims in disputed.items())
    return Disagreements(sources, rows)


def _differ(claims: list[Claim]) -> bool:
    return len({(claim.value, claim.stance == Stance.DENIES) for claim in claims}) > 1


def _disagreement(event: Event | None, claims: list[Claim], sources: Iterable[Source]) -> Disagreement:
    def said(claim: Claim) -> Said:
        value = dates.in_words(claim.value, _LANGUAGE) if claim.field in DATED else claim.value
        is_chosen = event is not None and claim.field == ClaimField.DATE and claim.value == event.date_edtf
        return Said(value, claim, is_chosen)

    return Disagreement(
        about=event.get_type_display() if event else "The case",
        field=claims[0].get_field_display(),
        event=event,
        cells=tuple(tuple(said(claim) for claim in claims if claim.source == source) for source in sources),
    )


def page_address(case: UUID) -> str:
    """Return where the page of a case is."""
    return reverse("wagtailsnippets_cases_case:inspect", args=[quote(case)])
