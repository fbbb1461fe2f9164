"""What was changed in a case, and by whom: as far as the reader may read what was changed.

A version that was for fewer people than the record is now stays for them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Model, Q

from habeas.cases.access import hidden_fields, may_read_version, reads_relation, visible
from habeas.cases.models import (
    Assignment,
    Case,
    CaseRole,
    Change,
    Charge,
    Claim,
    Person,
    PersonName,
    Record,
    SentenceComponent,
)
from habeas.cases.queries import record_models
from habeas.lib.errors import HabeasError

_NOTHING = "—"
_SHOWN_WITH: Mapping[type[Record], tuple[str, ...]] = {  # what a record names, read along with it
    Assignment: ("event", "holder"),
    CaseRole: ("person",),
    Claim: ("source", "event"),
}


class NoSuchVersion(HabeasError):
    """The record has no such version, or it is not for the reader."""


@dataclass(frozen=True, slots=True)
class Line:
    """One change of one record."""

    when: datetime
    who: str
    did: str  # "Amended: date"
    what: str  # the record as it is now, in words
    kind: str  # "event"
    record: UUID
    why: str
    version: int
    is_comparable: bool  # whether there is a version before to compare with


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that a change changed."""

    field: str
    before: str
    after: str


def lines(case: Case, by: User | None, limit: int | None = None) -> list[Line]:
    """Return the changes of a case and of all that is part of it, the newest first."""
    records = {str(record.pk): record for record in _parts(case, by)}
    changes = Change.objects.filter(object_id__in=list(records)).select_related("user")
    return [_line(change, records[change.object_id], by) for change in changes[:limit]]


def differences(record: Record, version: int, by: User | None) -> list[Difference]:
    """Return what changed in a record with a version, field by field.

    raises  NoSuchVersion
    """
    told = {one.version: one for one in record.versions() if may_read_version(record, one, by)}
    before, after = told.get(version - 1), told.get(version)
    if before is None or after is None:
        raise NoSuchVersion("there is no such version, or it is not for you")
    hidden = hidden_fields(record, by)
    fields = (field for field in _told_fields(record) if field.name not in hidden)
    found = (
        Difference(_label(field), _value(field, before, by), _value(field, after, by)) for field in fields
    )
    return [one for one in found if one.before != one.after]


def _parts(case: Case, by: User | None) -> Iterator[Record]:
    """Yield the case and every record that is part of it, as far as the person may read them."""
    yield case
    roles = visible(CaseRole.objects.filter(case=case), by)
    of_persons = {Person: "pk", PersonName: "person"}
    of_events = {Charge: "event__case", SentenceComponent: "event__case"}
    for model in record_models():
        if model in of_persons:
            chosen = Q(**{f"{of_persons[model]}__in": roles.values("person")})
        elif model is Claim:
            chosen = Q(case=case) | Q(event__case=case)
        elif model is Case:
            continue
        else:
            path = of_events.get(model, "case")
            if path == "case" and not hasattr(model, "case"):
                continue
            chosen = Q(**{path: case})
        related = _SHOWN_WITH.get(model, ())
        yield from visible(model.objects.filter(chosen), by).select_related(*related)


def _line(change: Change, record: Record, by: User | None) -> Line:
    of_fewer = hidden_fields(record, by)
    shown = [name for name in change.fields if name not in of_fewer]
    change.fields = shown
    return Line(
        when=change.timestamp,
        who=str(change.user or "a command of the operator"),
        did=str(change.message),
        what=str(record),
        kind=str(record._meta.model_name),  # noqa: SLF001  Django's public name
        record=record.pk,
        why=change.reason,
        version=change.version,
        is_comparable=change.version > 1 and bool(shown),
    )


def _told_fields(record: Record) -> list[Any]:
    own = {"id", "version", "version_of", "replaced_at", "created_at", "created_by", "sort_order"}
    meta = record._meta  # noqa: SLF001  Django's public name
    return [field for field in (*meta.concrete_fields, *meta.many_to_many) if field.name not in own]


def _label(field: Any) -> str:
    return str(field.verbose_name)[:1].upper() + str(field.verbose_name)[1:]


def _value(field: Any, version: Record, by: User | None) -> str:
    """Return what a version says in a field, in words; records one may not read have none."""
    if field.many_to_many:
        others = getattr(version, field.name).all()
        return ", ".join(sorted(_named(other, by) for other in others)) or _NOTHING
    if field.is_relation:
        other: Model | None = getattr(version, field.name)
        return _named(other, by) if other else _NOTHING
    display = getattr(version, f"get_{field.name}_display", None)
    value = display() if display else getattr(version, field.name)
    return _NOTHING if value in field.empty_values else str(value)


def _named(other: Model, by: User | None) -> str:
    return str(other) if reads_relation(other, by) else "something that is not for you"
