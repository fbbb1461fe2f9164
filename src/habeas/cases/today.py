"""What in the registry needs somebody today: findings, consents, embargoes, cases gone silent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F, Max, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component

from habeas.cases import standings, tasks
from habeas.cases.access import team_cases, visible
from habeas.cases.case_page import SOON, page_address
from habeas.cases.models import Case, Consent, Embargo, Event
from habeas.cases.status import words
from habeas.cases.vocabulary import Lifecycle

_MOST = 10  # of each kind; the list of cases has the rest


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that needs somebody."""

    case: Case
    text: str
    url: str
    is_grave: bool = False


@dataclass(frozen=True, slots=True)
class Needs:
    """Everything of one kind."""

    heading: str
    needs: tuple[Need, ...]
    more: int
    url: str  # of the list that has all


def needs_of(user: User, today: date) -> list[Needs]:
    """Return what needs this person: in the cases whose team they are in, or administer."""
    standings.keep_up(today)
    cases = team_cases(user).exclude(lifecycle=Lifecycle.CLOSED)
    listed = reverse("wagtailsnippets_cases_case:list")
    found = [
        _some("Contradictions", _findings(cases, "contradictions", user), f"{listed}?to_do=contradictions"),
        _some("Consents to ask for again", _consents(cases, user, today), _list("consent")),
        _some("Embargoes that end", _embargoes(cases, user, today), _list("embargo")),
        _some("Cases gone silent", _silent(cases, user, today), listed),
        _some("To be looked at again", _reviews(cases, today), f"{listed}?ordering=next_review_on"),
        _some("Missing steps", _findings(cases, "gaps", user), f"{listed}?to_do=gaps"),
    ]
    return [one for one in found if one.needs]


def _some(heading: str, needs: Iterator[Need], url: str) -> Needs:
    every = list(needs)
    return Needs(heading, tuple(every[:_MOST]), max(0, len(every) - _MOST), url)


def _list(kind: str) -> str:
    return reverse(f"wagtailsnippets_cases_{kind}:list")


def _findings(cases: QuerySet[Case], kind: str, user: User) -> Iterator[Need]:
    words = {"contradictions": "contradicts itself", "gaps": "misses a step that must have happened"}
    for case in cases.filter(standings.cases_to_mend([kind], user)).order_by("ref"):
        url = f"{page_address(case.pk)}#tasks-section"
        yield Need(case, words[kind], url, is_grave=kind == "contradictions")


def _consents(cases: QuerySet[Case], user: User, today: date) -> Iterator[Need]:
    given = visible(Consent.objects.filter(case__in=cases, withdrawn_at=None), user)
    due = given.filter(review_by__lte=today + SOON).select_related("case").order_by("review_by")
    for consent in due:
        text = f"{consent.get_purpose_display()}: ask again by {_day(consent.review_by)}"
        is_late = bool(consent.review_by and consent.review_by < today)
        yield Need(consent.case, text, f"{page_address(consent.case_id)}#consents-section", is_grave=is_late)


def _embargoes(cases: QuerySet[Case], user: User, today: date) -> Iterator[Need]:
    held = visible(Embargo.objects.filter(case__in=cases, withdrawn_at=None), user)
    ending = held.filter(until__gt=today, until__lte=today + SOON).select_related("case", "event")
    for embargo in ending.order_by("until"):
        what = str(embargo.event) if embargo.event else "the whole case"
        text = f"{what} may be public from {_day(embargo.until)}"
        yield Need(embargo.case, text, f"{page_address(embargo.case_id)}#consents-section")


def _silent(cases: QuerySet[Case], user: User, today: date) -> Iterator[Need]:
    """Yield the cases about which nothing was recorded for longer than they allow."""
    heard = visible(Event.objects.filter(case=OuterRef("pk")), user).order_by()
    last = heard.values("case").annotate(last=Max("created_at")).values("last")
    watched = cases.filter(silence_alarm_days__isnull=False).annotate(last=Subquery(last))
    for case in watched.order_by(F("last").asc(nulls_first=True)):
        since = (case.last or case.created_at).date()
        if since + timedelta(days=case.silence_alarm_days or 0) < today:
            yield Need(case, f"no news since {_day(since)}", page_address(case.pk), is_grave=True)


def _reviews(cases: QuerySet[Case], today: date) -> Iterator[Need]:
    for case in cases.filter(next_review_on__lte=today).order_by("next_review_on"):
        yield Need(case, f"was to be looked at on {_day(case.next_review_on)}", page_address(case.pk))


def _day(day: date | None) -> str:
    return f"{day:%-d %B %Y}" if day else ""


@dataclass(frozen=True, slots=True)
class HeldTask:
    """One task that the reader has."""

    case: Case
    text: str
    note: str
    due_on: date | None
    is_overdue: bool
    url: str


def tasks_of(user: User, today: date) -> list[HeldTask]:
    """Return what was given to this person and is still to be done, what is due first in front."""
    return [_held(one, today) for one in tasks.held_by(user)]


def _held(one: tasks.Held, today: date) -> HeldTask:
    given = one.assignment
    return HeldTask(
        case=given.case,
        text=words.in_brief(one.finding),
        note=given.note,
        due_on=given.due_on,
        is_overdue=given.due_on is not None and given.due_on < today,
        url=f"{page_address(given.case_id)}#tasks-section",
    )


class TasksPanel(Component):
    """What was given to the reader, on the first screen of the office."""

    order = 15
    template_name = "cases/your_tasks.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return what the panel shows."""
        user = parent_context["request"].user
        held = tasks_of(user, timezone.localdate()) if user.has_perm("cases.view_case") else []
        listed = f"{reverse('wagtailsnippets_cases_case:list')}?to_do=mine"
        return {"held": held[:_MOST], "more": max(0, len(held) - _MOST), "listed": listed}


class NeedsPanel(Component):
    """What in the registry needs the reader, on the first screen of the office."""

    order = 20
    template_name = "cases/today.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return what the panel shows."""
        user = parent_context["request"].user
        if not user.has_perm("cases.view_case"):
            return {"needs": None}
        return {"needs": needs_of(user, timezone.localdate())}
