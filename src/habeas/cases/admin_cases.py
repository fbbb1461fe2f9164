"""The list of cases: search, filters, how each stands, and what there is to do."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import django_filters
from django.contrib import messages
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from wagtail.admin.filters import DateRangePickerWidget
from wagtail.admin.ui.tables import Column, TitleColumn

from habeas.cases import search, standings, tasks
from habeas.cases.access import visible, visible_in
from habeas.cases.admin_records import IndexView, RecordFilters
from habeas.cases.models import Case, CaseRight, CaseStanding, Charge, Event, Qualification
from habeas.cases.protection import Verification
from habeas.cases.status import DeathPenalty, Liberty, Whereabouts
from habeas.cases.status.words import LABELS, LIBERTY
from habeas.cases.vocabulary import ChargeClass, Label, instrument_choices
from habeas.lib import languages

_LABELLED = [*LABELS.items(), ("held_past_legal_end", "held past the legal end")]
_WHEREABOUTS = {
    Whereabouts.DISCLOSED: "place of detention known",
    Whereabouts.UNDISCLOSED: "place of detention undisclosed",
    Whereabouts.DENIED: "custody denied by the authorities",
}
_DEATH = {
    DeathPenalty.SOUGHT: "death penalty sought",
    DeathPenalty.IMPOSED: "sentenced to death",
    DeathPenalty.UPHELD: "death sentence upheld",
    DeathPenalty.SCHEDULED: "execution scheduled",
    DeathPenalty.STAYED: "execution stayed",
    DeathPenalty.LIFTED: "death sentence lifted",
    DeathPenalty.EXECUTED: "executed",
}


def _capital(pairs: Any) -> list[tuple[str, str]]:
    return [(str(key), str(text)[:1].upper() + str(text)[1:]) for key, text in pairs]


STATUSES = [
    (
        "Liberty",
        _capital([*((key, LIBERTY[key]) for key in Liberty), (standings.NEVER_HELD, "not known to be held")]),
    ),
    ("What follows from the record", _capital(_LABELLED)),
    ("Whereabouts", _capital((f"w_{key}", text) for key, text in _WHEREABOUTS.items())),
    ("Death penalty", _capital((f"d_{key}", text) for key, text in _DEATH.items())),
]
_FEW = 5_000  # cases; a list of all that fit takes about as long as asking about each of so many
_MINE = "mine"
TASKS = [
    ("any", "Anything"),
    ("contradictions", "A contradiction"),
    ("gaps", "A missing step"),
    (_MINE, "A task of mine"),
]


class CaseFilters(RecordFilters):
    """By country, status, right, label, charge, date, and what there is to do.

    Whatever a filter looks at is asked of `cases.access` first: what somebody may not read matches nothing.
    The cases themselves are those that the person may read (`RegistryViewSet.get_queryset`).
    """

    country = django_filters.ChoiceFilter(label="Country", empty_label="All")
    status = django_filters.ChoiceFilter(
        label="Status", choices=STATUSES, method="by_status", empty_label="All"
    )
    right = django_filters.ChoiceFilter(
        label="Right", choices=instrument_choices, method="by_right", empty_label="All"
    )
    label = django_filters.ChoiceFilter(
        label="Qualification", choices=Label.choices, method="by_label", empty_label="All"
    )
    charge = django_filters.ChoiceFilter(
        label="Charge", choices=ChargeClass.choices, method="by_charge", empty_label="All"
    )
    happened = django_filters.DateFromToRangeFilter(
        label="Something happened", method="by_date", widget=DateRangePickerWidget
    )
    to_do = django_filters.ChoiceFilter(label="To do", choices=TASKS, method="by_task", empty_label="All")

    class Meta:
        model = Case
        fields = [
            "country",
            "status",
            "right",
            "label",
            "charge",
            "happened",
            "to_do",
            "lifecycle",
            "priority",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.request.user
        countries = visible(Case.objects.all(), user).order_by().values_list("country", flat=True).distinct()
        there = set(countries)
        self.filters["country"].extra["choices"] = [
            pair for pair in languages.countries(languages.DEFAULT) if pair[0] in there
        ]

    def filter_queryset(self, queryset: QuerySet[Case]) -> QuerySet[Case]:
        """Return what is chosen; where a country leaves few cases, the rest is asked about each of them."""
        country = self.form.cleaned_data.get("country")
        self.are_few = bool(country) and queryset.filter(country=country)[: _FEW + 1].count() <= _FEW
        chosen: QuerySet[Case] = super().filter_queryset(queryset)
        return chosen

    def by_status(self, cases: QuerySet[Case], _name: str, key: str) -> QuerySet[Case]:
        """Return those in which somebody stands so today."""
        return cases.filter(standings.cases_with(key, self.request.user, each=self.are_few))

    def by_task(self, cases: QuerySet[Case], _name: str, what: str) -> QuerySet[Case]:
        """Return those with something to mend, or with something that the reader was given to mend."""
        if what == _MINE:
            return cases.filter(pk__in={held.assignment.case_id for held in tasks.held_by(self.request.user)})
        kinds = ("gaps", "contradictions", "misplaced") if what == "any" else (what,)
        return cases.filter(standings.cases_to_mend(kinds, self.request.user, each=self.are_few))

    def by_right(self, cases: QuerySet[Case], _name: str, instrument: str) -> QuerySet[Case]:
        """Return those that concern a right of a treaty or declaration."""
        return self._with(cases, CaseRight.objects.filter(instrument=instrument))

    def by_label(self, cases: QuerySet[Case], _name: str, label: str) -> QuerySet[Case]:
        """Return those that some body calls so."""
        return self._with(cases, Qualification.objects.filter(label=label))

    def by_charge(self, cases: QuerySet[Case], _name: str, kind: str) -> QuerySet[Case]:
        """Return those with a charge of this class."""
        charges = Charge.objects.filter(charge_class=kind, event__withdrawn_at=None)
        readable = visible(charges.filter(withdrawn_at=None), self.request.user)
        return cases.filter(pk__in=readable.values("event__case"))

    def by_date(self, cases: QuerySet[Case], _name: str, window: slice) -> QuerySet[Case]:
        """Return those in which something happened, or may have, between two days."""
        inside = Q()
        if window.start:
            inside &= Q(latest__gte=window.start.date()) | Q(latest=None)
        if window.stop:
            inside &= Q(earliest__lte=window.stop.date()) | Q(earliest=None)
        happened = Event.objects.exclude(verification=Verification.REFUTED)
        return self._with(cases, happened.filter(inside))

    def _with(self, cases: QuerySet[Case], records: QuerySet[Any]) -> QuerySet[Case]:
        readable = visible_in(records.filter(withdrawn_at=None), self.request.user).order_by()
        if self.are_few:
            return cases.filter(Exists(readable.filter(case=OuterRef("pk"))))
        return cases.filter(pk__in=readable.values("case"))


class CaseIndexView(IndexView):
    """Lists cases; a case leads to its page."""

    base_filterset_class = CaseFilters
    filterset_class = CaseFilters
    is_searchable = True
    default_ordering = "ref"
    found_keys: frozenset[str] | None = None  # of cases that a search finds; a page is cut from them

    def _get_title_column(self, field_name: str, column_class: Any = TitleColumn, **kwargs: Any) -> Any:
        column_class = self._get_title_column_class(column_class)
        return self._get_custom_column(field_name, column_class, get_url=self.get_inspect_url, **kwargs)

    def order_queryset(self, queryset: QuerySet[Case]) -> QuerySet[Case]:
        """Order as asked; what has no date comes last, and equals stand in a known order."""
        ordering = self.ordering or self.default_ordering
        field, is_falling = ordering.removeprefix("-"), ordering.startswith("-")
        order = F(field).desc(nulls_last=True) if is_falling else F(field).asc(nulls_last=True)
        return queryset.order_by(order, "pk")

    def search_queryset(self, queryset: QuerySet[Case]) -> QuerySet[Case]:
        """Return those in which every word asked for stands, as far as the person may read."""
        if not self.is_searching:
            return queryset
        try:
            self.found_keys = search.keys_with(self.search_query, self.request.user)
        except search.TooMany as reason:
            messages.warning(self.request, f"Nothing is listed: {reason}.")
            return queryset.none()
        return queryset.filter(pk__in=self.found_keys) if len(self.found_keys) <= _FEW else queryset

    def get_queryset(self) -> QuerySet[Case]:
        """Return what is listed, with today's standings."""
        standings.keep_up()
        listed: QuerySet[Case] = super().get_queryset()
        return listed

    def paginate_queryset(self, queryset: QuerySet[Case], page_size: int) -> Any:
        """Return one page, each of its cases told how it stands and, in a search, where the words are."""
        if self.is_filtering or self.is_searching:
            # The filters look at much: they are asked once, not for the count and again for the page.
            keys: Iterable[str] = queryset.values_list(Cast("pk", CharField()), flat=True)
            if self.found_keys is not None:
                keys = (key for key in keys if key in self.found_keys)
            listed: Any = _Chosen(keys)
        else:
            listed = queryset
        paginator, page, cases, is_paginated = super().paginate_queryset(listed, page_size)
        page.object_list = cases = list(cases)
        lines = standings.of_cases([case.pk for case in cases], self.request.user)
        found = search.records_with(self.search_query, cases, self.request.user) if self.is_searching else {}
        for case in cases:
            case.stands, case.found = lines.get(case.pk, []), found.get(case.pk, [])
        return paginator, page, cases, is_paginated


class _Chosen:
    """The cases of a list, by identifiers found once; a slice of it is the cases themselves.

    Identifiers as the database writes them: 17,000 UUIDs took as long as finding them.
    """

    ordered = True  # what a paginator asks

    def __init__(self, keys: Iterable[str]) -> None:
        self.keys = list(keys)

    def count(self) -> int:
        """Return how many there are."""
        return len(self.keys)

    def __getitem__(self, part: slice) -> list[Case]:
        keys = [UUID(key) for key in self.keys[part]]
        known = Case.objects.in_bulk(keys)
        return [known[key] for key in keys if key in known]


class StandsColumn(Column):
    """How the people of a case stand."""

    cell_template_name = "cases/cells/stands.html"


class TasksColumn(Column):
    """What there is to mend in a case."""

    cell_template_name = "cases/cells/tasks.html"

    def get_value(self, instance: Any) -> CaseStanding | None:
        """Return a line that counts the findings; each line of a case counts them all."""
        return next(iter(instance.stands), None)


class CaseTitleColumn(Column):
    """The title, and in a search where its words were found."""

    cell_template_name = "cases/cells/title.html"
