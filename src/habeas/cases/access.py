"""Who may read which record: the one place that decides it.

    0 public, 1 partners, 2 staff     everybody on the staff
    3 case team (the default)         the team of the case; administrators, who have to be able to mend
    4 sealed                          the people named in the case, and nobody else: no administrator

A record is never more open than what it is part of: a claim than its event and its source, an event
than its case.
Data collectors see their own records only, and the cases whose team they are in. A record of no case
(a person just entered, an authority) is, until then, for whoever entered it. docs/decisions/0013 says why.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.db.models import Model, Q, QuerySet

from habeas.cases.models import (
    Case,
    CaseRole,
    Charge,
    Claim,
    ConditionInterval,
    CustodyEntry,
    Document,
    Event,
    FigureDef,
    FigureSnapshot,
    Person,
    PersonName,
    Place,
    Record,
    SentenceComponent,
    Source,
    SourceIdentity,
)
from habeas.cases.protection import Access
from habeas.lib.errors import HabeasError

M = TypeVar("M", bound=Model)

COLLECTORS = "Data collectors"  # the group whose members see only what they recorded
NOTHING = Q(pk__in=[])

# What a record is part of or rests on, where that is not the case itself: field, and what is there.
_HOLDERS: Mapping[type[Model], Mapping[str, type[Record]]] = {
    Claim: {"event": Event, "source": Source},
    ConditionInterval: {"event": Event, "source": Source},
    FigureSnapshot: {"source": Source, "definition": FigureDef},
    Charge: {"event": Event},
    SentenceComponent: {"event": Event},
    PersonName: {"person": Person},
    SourceIdentity: {"source": Source},
}
# Fields for the case team, whoever else reads the record they are in.
FIELDS_OF_FEWER: Mapping[type[Model], frozenset[str]] = {
    Case: frozenset({"title_internal", "team", "named"}),
    Person: frozenset({"health_note", "same_as_reason"}),
    Place: frozenset({"latitude", "longitude", "precision_m"}),
}


class MayNotRead(HabeasError):
    """Somebody asked for a record that is not for them; nothing says whether there is one."""


def visible(records: QuerySet[M], by: User | None) -> QuerySet[M]:
    """Return those of `records` that a person may read.

    by  who reads; None: a command of the operator, who reads what an administrator does
    """
    if by is not None and not by.is_active:
        return records.filter(NOTHING)
    if issubclass(records.model, CustodyEntry):
        return records.filter(document__in=visible(Document.objects.all(), by))
    return records.filter(_Reader(by).reads(records.model))


def belonging(records: QuerySet[M], cases: QuerySet[Case]) -> QuerySet[M]:
    """Return those of `records` that are of one of the cases."""
    return records.filter(_of(records.model, cases))


def whole(records: QuerySet[M], by: User | None) -> QuerySet[M]:
    """Return those of `records` of which a person may read every field of `FIELDS_OF_FEWER` too."""
    reader = _Reader(by)
    return visible(records, by).filter(_of(records.model, reader.team_cases) | reader.own)


def team_cases(by: User | None) -> QuerySet[Case]:
    """Return the cases of which a person reads what is for the team."""
    return _Reader(by).team_cases


def may_read_sealed_of(by: User | None) -> QuerySet[Case]:
    """Return the cases of which a person reads what is sealed."""
    reader = _Reader(by)
    return reader.cases.filter(pk__in=reader.named_cases)


def reads_as_collector(by: User) -> bool:
    """Tell whether somebody reads no more than they recorded."""
    return _is_collector(by)


def may_read(record: Record, by: User | None) -> bool:
    """Tell whether a person may read one record."""
    return visible(type(record).objects.filter(pk=record.pk), by).exists()


def may_read_version(record: Record, version: Record, by: User | None) -> bool:
    """Tell whether a person may read what a record said in one of its versions.

    What was for fewer people then is for them still, whoever reads the record now.
    """
    return may_read(record, by) and _Reader(by).reads_level(record, version)


def reads_relation(other: Model, by: User | None) -> bool:
    """Tell whether a person may be told the name of what a field leads to; colleagues have no secret ones."""
    return not isinstance(other, Record) or may_read(other, by)


def check(record: Record, by: User | None) -> None:
    """Let a person pass who may read the record.

    raises  MayNotRead
    """
    if not may_read(record, by):
        raise MayNotRead("there is no such record, or it is not for you")


def hidden_fields(record: Record, by: User | None) -> frozenset[str]:
    """Return the fields of a record that are not for a person who may read the rest of it.

    Those for the case team, and those that lead to records the person may not read.
    """
    if record._state.adding:  # noqa: SLF001  Django's documented way to tell a new record
        return frozenset()
    of_fewer = FIELDS_OF_FEWER.get(type(record), frozenset())
    if of_fewer and _Reader(by).is_of_its_team(record):
        of_fewer = frozenset()
    return of_fewer | {name for name, others in _relations(record) if not _all_readable(others, by)}


def _relations(record: Record) -> Iterator[tuple[str, QuerySet[Any]]]:
    """Yield each field that leads to records, and those it leads to."""
    for field in [*record._meta.fields, *record._meta.many_to_many]:  # noqa: SLF001  Django's public name
        to = field.related_model
        if isinstance(to, type) and issubclass(to, Record) and field.name != "version_of":
            value = field.value_from_object(record)
            keys = [other.pk for other in value] if field.many_to_many else [value]
            yield field.name, to.objects.filter(pk__in=[key for key in keys if key])


def _all_readable(records: QuerySet[Any], by: User | None) -> bool:
    return visible(records, by).count() == records.count()


@dataclass(frozen=True)
class _Reader:
    """Somebody who reads, and the cases that are theirs."""

    user: User | None

    @cached_property
    def is_administrator(self) -> bool:
        return self.user is None or self.user.is_superuser

    @cached_property
    def is_collector(self) -> bool:
        return self.user is not None and _is_collector(self.user)

    @cached_property
    def own(self) -> Q:
        return NOTHING if self.user is None else Q(created_by=self.user)

    @cached_property
    def named_cases(self) -> QuerySet[Any]:
        return Case.objects.filter(NOTHING if self.user is None else Q(named=self.user)).values("pk")

    @cached_property
    def cases(self) -> QuerySet[Case]:
        """The cases the person may read at all."""
        sealed = Q(access=Access.SEALED, pk__in=self.named_cases)
        if self.is_administrator:
            return Case.objects.filter(Q(access__lte=Access.TEAM) | sealed)
        in_team = Q(access__lte=Access.TEAM, pk__in=self._in_team)
        others = Q(access__lte=Access.TEAM) & self.own if self.is_collector else Q(access__lte=Access.STAFF)
        return Case.objects.filter(in_team | others | sealed)

    @cached_property
    def team_cases(self) -> QuerySet[Case]:
        """Those among them whose team the person is in, or stands in for as administrator."""
        return self.cases if self.is_administrator else self.cases.filter(pk__in=self._in_team)

    @cached_property
    def _in_team(self) -> QuerySet[Any]:
        own = NOTHING if self.user is None else Q(team=self.user)
        return Case.objects.filter(own).values("pk")

    def is_of_its_team(self, record: Record) -> bool:
        """Tell whether the record is of a case whose team the person is in."""
        model = type(record)
        return model.objects.filter(_of(model, self.team_cases), pk=record.pk).exists() or (
            self.user is not None and record.created_by_id == self.user.pk
        )

    def reads_level(self, record: Record, version: Record) -> bool:
        """Tell whether the person reads what `version` protects, of a record that they may read now."""
        if self.is_collector:
            return version.created_by_id == (self.user.pk if self.user else None)
        if version.access == Access.TEAM:
            return self.is_of_its_team(record)
        if version.access == Access.SEALED:
            model = type(record)
            sealed = self.cases.filter(pk__in=self.named_cases)
            return model.objects.filter(_of(model, sealed), pk=record.pk).exists()
        return True

    def reads(self, model: type[Model]) -> Q:
        """Return which rows of a table the person may read."""
        if model is Case:
            return Q(pk__in=self.cases.values("pk"))
        by_level = self._by_maker(model) if self.is_collector else self._by_level(model)
        return by_level & self._by_holder(model)

    def _by_maker(self, model: type[Model]) -> Q:
        """Return the rows that a data collector recorded, in the cases that are theirs to see."""
        in_reach = _of(model, self.cases) | _of_no_case(model)
        return self.own & Q(access__lte=Access.TEAM) & in_reach

    def _by_level(self, model: type[Model]) -> Q:
        of_cases = (
            (Q(access__lte=Access.STAFF) & _of(model, self.cases))
            | (Q(access=Access.TEAM) & _of(model, self.team_cases))
            | (Q(access=Access.SEALED) & _of(model, self.cases) & _of(model, self.named_cases))
        )
        loose = Q(access__lte=Access.STAFF) | self.own
        if self.is_administrator:
            loose = Q()
        return of_cases | (_of_no_case(model) & Q(access__lte=Access.TEAM) & loose)

    def _by_holder(self, model: type[Model]) -> Q:
        readable = Q()
        for field, holder in _HOLDERS.get(model, {}).items():
            inside = Q(**{f"{field}__in": holder.objects.filter(self.reads(holder)).values("pk")})
            readable &= inside | Q(**{f"{field}__isnull": True})  # a claim about the case has no event
        return readable


def _is_collector(user: User) -> bool:
    return not user.is_superuser and user.groups.filter(name=COLLECTORS).exists()


def _of(model: type[Model], cases: QuerySet[Any]) -> Q:
    """Return which rows of a table are of one of the cases."""
    cases = cases.values("pk")
    if model is Case:
        return Q(pk__in=cases)
    if model in {Person, PersonName}:
        persons = CaseRole.objects.filter(case__in=cases).values("person")
        return Q(pk__in=persons) if model is Person else Q(person__in=persons)
    if model is Claim:
        return Q(case__in=cases) | Q(event__case__in=cases)
    if model in {Charge, SentenceComponent}:
        return Q(event__case__in=cases)
    if model is FigureDef:
        return NOTHING  # a question is of no case; what it counts is protected by its ceiling
    return Q(source__case__in=cases) if model is SourceIdentity else Q(case__in=cases)


def _of_no_case(model: type[Model]) -> Q:
    """Return which rows of a table are of no case, or of none yet."""
    if model is FigureDef:
        return Q()
    if model in {Person, PersonName}:
        everybody = CaseRole.objects.values("person")
        return ~(Q(pk__in=everybody) if model is Person else Q(person__in=everybody))
    case = {field.name: field for field in model._meta.fields}.get("case")  # noqa: SLF001  Django's public name
    return Q(case__isnull=True) if case and case.null and model is not Claim else NOTHING
