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
from django.db.models import CharField, Exists, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from habeas.cases.models import (
    Assignment,
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
    Assignment: {"event": Event, "against": Event},
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


def visible_in(records: QuerySet[M], by: User | None) -> QuerySet[M]:
    """Return those of `records` that a person may read if they may read the case.

    For a question about cases that are `visible` already: their own level is not asked again, of each record.
    records  of a kind that rests on its case alone: events, rights, qualifications
    """
    if by is not None and not by.is_active:
        return records.filter(NOTHING)
    return records.filter(_Reader(by).reads_in_case())


@dataclass(frozen=True, slots=True)
class ByLevel:
    """What somebody reads in cases that they may read, of records that rest on their case alone.

    Cases are named as the database writes their keys, for questions about tens of thousands.
    """

    team: frozenset[str] | None  # in which cases what is for the team; None: in all
    named: frozenset[str]  # and in which what is sealed

    def reads(self, case: str, access: int) -> bool:
        """Tell whether they read a record of a case, by its level."""
        if access <= Access.STAFF:
            return True
        if access == Access.TEAM:
            return self.team is None or case in self.team
        return case in self.named


def by_level(by: User | None) -> ByLevel:
    """Return what `visible_in` comes to for somebody who is no data collector."""
    if by is None:
        return ByLevel(None, frozenset())
    team = None if by.is_superuser else _linked_cases(Case.team.through, by)
    return ByLevel(team, _linked_cases(Case.named.through, by))


def _linked_cases(links: Any, user: User) -> frozenset[str]:
    return frozenset(links.objects.filter(user=user).values_list(Cast("case_id", CharField()), flat=True))


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
    return _Reader(by).sealed_cases


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
    def cases(self) -> QuerySet[Case]:
        """The cases the person may read at all."""
        return Case.objects.filter(self._readable_cases)

    @cached_property
    def _readable_cases(self) -> Q:
        sealed = Q(access=Access.SEALED) & self._named
        if self.is_administrator:
            return Q(access__lte=Access.TEAM) | sealed
        in_team = Q(access__lte=Access.TEAM) & self._in_team
        others = Q(access__lte=Access.TEAM) & self.own if self.is_collector else Q(access__lte=Access.STAFF)
        return in_team | others | sealed

    @cached_property
    def sealed_cases(self) -> QuerySet[Case]:
        """Those among them of which the person reads what is sealed."""
        return self.cases.filter(self._named)

    @cached_property
    def team_cases(self) -> QuerySet[Case]:
        """Those among them whose team the person is in, or stands in for as administrator."""
        return self.cases if self.is_administrator else self.cases.filter(self._in_team)

    @cached_property
    def _in_team(self) -> Q:
        return self._of_links(Case.team.through)

    @cached_property
    def _named(self) -> Q:
        return self._of_links(Case.named.through)

    def _of_links(self, links: Any, among: str = "pk__in") -> Q:
        """Return the cases that a table links to the person; who asks leaves out earlier versions."""
        if self.user is None:
            return NOTHING
        return Q(**{among: links.objects.filter(user=self.user).values("case")})

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
            return model.objects.filter(_of(model, self.sealed_cases), pk=record.pk).exists()
        return True

    def reads(self, model: type[Model], path: str = "") -> Q:
        """Return which rows of a table the person may read.

        path  how what is asked leads to them ("event__"), if it is not they themselves
        """
        if model is Case:
            return _at(path, version_of__isnull=True) & self._readable_cases
        by_level = self._by_maker(model, path) if self.is_collector else self._by_level(model, path)
        return by_level & self._by_holder(model, path)

    def reads_in_case(self) -> Q:
        """Return which rows of a table the person may read, of cases that they may read."""
        if self.is_collector:
            return self.own & Q(access__lte=Access.TEAM)
        of_team = Q() if self.is_administrator else self._of_links(Case.team.through, "case__in")
        named = self._of_links(Case.named.through, "case__in")
        return (
            Q(access__lte=Access.STAFF)
            | (Q(access=Access.TEAM) & of_team)
            | (Q(access=Access.SEALED) & named)
        )

    def _own_at(self, path: str) -> Q:
        return NOTHING if self.user is None else _at(path, created_by=self.user)

    def _by_maker(self, model: type[Model], path: str) -> Q:
        """Return the rows that a data collector recorded, in the cases that are theirs to see."""
        in_reach = _of(model, self.cases, path, each=True) | _of_no_case(model, path)
        return self._own_at(path) & _at(path, access__lte=Access.TEAM) & in_reach

    def _by_level(self, model: type[Model], path: str) -> Q:
        of_cases = (
            (_at(path, access__lte=Access.STAFF) & _of(model, self.cases, path, each=True))
            | (_at(path, access=Access.TEAM) & _of(model, self.team_cases, path, each=True))
            | (_at(path, access=Access.SEALED) & _of(model, self.sealed_cases, path, each=True))
        )
        loose = _at(path, access__lte=Access.STAFF) | self._own_at(path)
        if self.is_administrator:
            loose = Q()
        return of_cases | (_of_no_case(model, path) & _at(path, access__lte=Access.TEAM) & loose)

    def _by_holder(self, model: type[Model], path: str) -> Q:
        """Return the rows whose holders are readable, asked in place: all readable events are many."""
        readable = Q()
        for field, holder in _HOLDERS.get(model, {}).items():
            there = f"{path}{field}__"
            inside = _at(there, version_of__isnull=True) & self.reads(holder, there)
            readable &= inside | Q(**{f"{there}isnull": True})  # a claim about the case has no event
        return readable


def _is_collector(user: User) -> bool:
    return not user.is_superuser and user.groups.filter(name=COLLECTORS).exists()


def _at(path: str, **told: Any) -> Q:
    """Return a condition on what a path leads to."""
    return Q(**{f"{path}{name}": value for name, value in told.items()})


def _of(model: type[Model], cases: QuerySet[Any], path: str = "", *, each: bool = False) -> Q:
    """Return which rows of a table are of one of the cases.

    each  ask it of each row that is looked at anyway, instead of looking up the rows of all the cases:
          SQLite takes such a list for the quickest way in, however few rows the rest of a question leaves
    """

    def there(place: str) -> Q:
        if each:
            return Q(Exists(cases.order_by().filter(pk=OuterRef(place))))
        return Q(**{f"{place}__in": cases.values("pk")})

    if model is Case:
        return there(f"{path}pk")
    if model in {Person, PersonName}:
        person = f"{path}pk" if model is Person else f"{path}person"
        roles = CaseRole.objects.filter(there("case"))
        among = Q(**{f"{person}__in": roles.values("person")})
        return Q(Exists(roles.filter(person=OuterRef(person)))) if each else among
    if model is Claim:
        return there(f"{path}case") | there(f"{path}event__case")
    if model in {Charge, SentenceComponent}:
        return there(f"{path}event__case")
    if model is FigureDef:
        return NOTHING  # a question is of no case; what it counts is protected by its ceiling
    return there(f"{path}source__case" if model is SourceIdentity else f"{path}case")


def _of_no_case(model: type[Model], path: str = "") -> Q:
    """Return which rows of a table are of no case, or of none yet."""
    if model is FigureDef:
        return Q()
    if model in {Person, PersonName}:
        person = f"{path}pk" if model is Person else f"{path}person"
        return ~Q(Exists(CaseRole.objects.filter(person=OuterRef(person))))
    case = {field.name: field for field in model._meta.fields}.get("case")  # noqa: SLF001  Django's public name
    return _at(path, case__isnull=True) if case and case.null and model is not Claim else NOTHING
