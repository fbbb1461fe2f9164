"""What every record of the registry has: who may read it, who made it, and what it said before.

A record is superseded, never overwritten: a change first puts the row as it was beside the table's
present rows, as an earlier version of it, then writes the new one under the record's own identifier.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, NoReturn, Self, TypeVar
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from habeas.cases.models.acting import AMENDED, ERASED, OF_NEW_TOO, RECORDED, OutsideAnAct, current_act
from habeas.cases.models.dated import bounds
from habeas.cases.models.inserting import insert_values
from habeas.cases.models.search import (
    OF_THEIR_CASE,
    SEARCHED,
    forget_words,
    is_searched,
    note_texts,
    note_words,
)
from habeas.cases.protection import Access
from habeas.lib import languages
from habeas.lib.errors import HabeasError
from habeas.lib.ids import uuid7

M = TypeVar("M", bound=models.Model)
R = TypeVar("R", bound="Record")

PRESENT = Q(version_of__isnull=True)  # not an earlier version of anything
STANDING = PRESENT & Q(withdrawn_at__isnull=True)
_EMPTY = models.Field.empty_values
# What a record knows about itself; a change of it is no change of what it says.
_BOOKKEEPING = frozenset(
    {"id", "version", "version_of", "replaced_at", "created_at", "created_by", "sort_order"}
)


class ChangedMeanwhile(HabeasError):
    """Somebody else changed the record after it was read: read it again, and decide anew."""


class WritesMore(HabeasError):
    """Records of a kind cannot be written by the dozen: their saving does more than write them."""


class RecordQuerySet(models.QuerySet[M]):
    """Records as they stand now; changed by actions, one at a time. `write_new` alone makes many at once."""

    def update(self, **_: Any) -> NoReturn:
        """Refuse: nothing would be kept of what was there.

        raises  OutsideAnAct
        """
        raise OutsideAnAct("records are changed one at a time, by cases.actions")

    def delete(self) -> NoReturn:
        """Refuse: nothing would say who erased what.

        raises  OutsideAnAct
        """
        raise OutsideAnAct("records are erased one at a time, by cases.actions")

    def bulk_create(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse: nothing would say who made them.

        raises  OutsideAnAct
        """
        raise OutsideAnAct("records are made one at a time, by cases.actions")

    def bulk_update(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse: nothing would be kept of what was there.

        raises  OutsideAnAct
        """
        raise OutsideAnAct("records are changed one at a time, by cases.actions")


class RecordManager(models.Manager[M]):
    """Finds records as they stand now; earlier versions are asked for by name."""

    def get_queryset(self) -> RecordQuerySet[M]:
        """Return every record, its earlier versions left out."""
        return RecordQuerySet(self.model, using=self._db).filter(PRESENT)


class Record(models.Model):
    """The base of all staff records; nothing about a supporter is ever one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    access = models.PositiveSmallIntegerField(choices=Access.choices, default=Access.TEAM)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)  # it counts no more, and stays
    withdrawn_reason = models.TextField(blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)  # 1, and one more with each change
    version_of = models.ForeignKey(  # the record this row is an earlier version of; None: it stands
        "self", on_delete=models.CASCADE, null=True, blank=True, editable=False, related_name="+"
    )
    replaced_at = models.DateTimeField(null=True, blank=True, editable=False)  # only of earlier versions

    # Fields that are dates (EDTF): the fields of the first and last day that each can mean.
    dated: ClassVar[Mapping[str, tuple[str, str]]] = {}

    objects: ClassVar[RecordManager[Self]] = RecordManager()
    every: ClassVar[models.Manager[Self]] = models.Manager()  # with earlier versions; for this module alone

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the record; what it said before is kept, and the log tells who changed it.

        raises  OutsideAnAct, ChangedMeanwhile
        """
        act = current_act()
        self.derive()
        kwargs.pop("update_fields", None)  # a record is written whole
        if self._state.adding:
            self.created_by = self.created_by or act.by
            super().save(*args, **kwargs)
            act.note(self, act.name if act.name in OF_NEW_TOO else RECORDED, _filled_fields(self))
            self._note_words()
            return
        changed = self._keep_what_it_said()
        super().save(*args, **kwargs)
        if changed:
            act.note(self, act.name or AMENDED, changed)
            forget_words(self)
            self._note_words()

    def derive(self) -> None:
        """Set the fields that follow from others; called before each writing.

        raises  NotADate
        """
        for name, (first, last) in self.dated.items():
            earliest, latest = bounds(getattr(self, name))
            setattr(self, first, earliest)
            setattr(self, last, latest)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Erase the record with all its versions; the log keeps that it was, not what it said.

        raises  OutsideAnAct
        """
        act = current_act()
        act.note(self, ERASED, [], deleted=True)
        return super().delete(*args, **kwargs)

    @property
    def is_withdrawn(self) -> bool:
        """Whether somebody took it back."""
        return self.withdrawn_at is not None

    def validate_constraints(self, exclude: Any = None) -> None:
        """Check that it is the only one of its name; no form has the fields that tell versions apart.

        raises  ValidationError
        """
        super().validate_constraints(exclude=set(exclude or ()) - {"version_of", "withdrawn_at"})

    def of_cases(self) -> set[UUID]:
        """Return the cases that a change of it touches."""
        holder = getattr(self, "event", None) or getattr(self, "source", None)
        case: UUID | None = getattr(self, "case_id", None) or getattr(holder, "case_id", None)
        return {case} if case else set()

    def versions(self) -> list[Self]:
        """Return the record as it stood at first, after each change, and now."""
        earlier = type(self).every.filter(version_of=self.pk).order_by("version")
        return [*earlier, self]

    def _note_words(self) -> None:
        if is_searched(self):
            note_words([self])

    def _keep_what_it_said(self) -> list[str]:
        """Put the row as it was aside if this one differs, and return the names of the changed fields."""
        before = type(self).every.select_for_update(no_key=True, of=("self",)).get(pk=self.pk)
        if before.version != self.version:
            raise ChangedMeanwhile(f"somebody changed this {self._meta.verbose_name} meanwhile")
        changed = _changed_fields(before, self)
        if changed:
            current_act().cases |= before.of_cases()  # an event may have been of another case
            _put_aside(before)
            self.version += 1
        return changed


def with_versions(present: models.QuerySet[R]) -> models.QuerySet[R]:
    """Return present records together with their earlier versions."""
    keys = present.order_by().values("pk")
    found: models.QuerySet[R] = present.model.every.filter(Q(pk__in=keys) | Q(version_of__in=keys))
    return found


@dataclass(frozen=True, slots=True)
class NewRecords:
    """Many records of one kind that are not there yet, as values: objects of them would take far longer."""

    kind: type[Record]
    names: tuple[str, ...]  # of columns ("case_id"), "id" first; the others are as in a new record
    rows: Sequence[tuple[Any, ...]]  # values in their order


def write_new(records: Iterable[NewRecords], cases: set[UUID]) -> None:
    """Write many records that are not there yet, with the same lines in the log as if one by one.

    records  in an order in which each kind stands after what it refers to; links to many are set by `link`
    cases    all that they touch
    raises   OutsideAnAct, NotADate; WritesMore for a kind that does more than be written when it is saved

    Nothing is checked but what the database checks, and no signal is sent for each; `registry_changed`
    tells the cases once.
    """
    act = current_act()
    act.cases |= cases
    by = act.by.pk if act.by else None
    for some in records:
        _refuse_what_writes_more(some.kind)
        if some.rows:
            whole = _with_what_follows(some)
            insert_values(whole.kind, whole.names, whole.rows, {"created_by_id": by})
            note_texts(str(whole.kind._meta.model_name), _texts(whole))  # noqa: SLF001  Django's public name
            filled = _Filled(whole.kind, whole.names)
            act.note_many(whole.kind, ((row[0], 1, filled.names(row)) for row in whole.rows), RECORDED)


def _with_what_follows(some: NewRecords) -> NewRecords:
    """Return the records with the days that their dates can mean (`Record.derive`)."""
    told = [name for name in some.kind.dated if name in some.names]
    if not told:
        return some
    places = [some.names.index(name) for name in told]
    rows = [(*row, *(day for place in places for day in bounds(row[place]))) for row in some.rows]
    return NewRecords(
        some.kind, (*some.names, *(day for name in told for day in some.kind.dated[name])), rows
    )


def _texts(some: NewRecords) -> Iterable[tuple[str, UUID, str, UUID | None, int]]:
    """Return what of new records is searched: field, record, text, and what stands beside it."""
    kind = str(some.kind._meta.model_name)  # noqa: SLF001  Django's public name
    places = [(name, some.names.index(name)) for name in SEARCHED.get(kind, ()) if name in some.names]
    if kind not in OF_THEIR_CASE:
        return ((name, row[0], row[place], None, 0) for row in some.rows for name, place in places)
    case, access = some.names.index("case_id"), _place(some, "access")
    return (
        (name, row[0], row[place], row[case], Access.TEAM if access is None else row[access])
        for row in some.rows
        for name, place in places
    )


def _place(some: NewRecords, name: str) -> int | None:
    return some.names.index(name) if name in some.names else None


def link(kind: type[Record], name: str, pairs: Iterable[tuple[Any, Any]]) -> None:
    """Link new records of a kind to others, by the keys of both.

    raises  OutsideAnAct
    """
    current_act()
    here, there, through = _through(kind, name)
    insert_values(through, (here, there), pairs)


def _refuse_what_writes_more(kind: type[Record]) -> None:
    if kind.save is not Record.save or kind.derive is not Record.derive:
        raise WritesMore(f"a {kind._meta.verbose_name} is written one at a time")  # noqa: SLF001  public name


@cache
def _told_fields(kind: type[Record]) -> tuple[models.Field[Any, Any], ...]:
    return tuple(field for field in kind._meta.concrete_fields if field.name not in _BOOKKEEPING)  # noqa: SLF001  Django's public name


def _filled_fields(record: Record) -> list[str]:
    told = ((field, field.value_from_object(record)) for field in _told_fields(type(record)))
    return [field.name for field, value in told if value not in field.empty_values]


class _Filled:
    """Tells which fields of new records of a kind say something, as `_filled_fields` does of objects."""

    def __init__(self, kind: type[Record], names: Sequence[str]) -> None:
        self._kind = kind
        self._told = [
            (place, name)
            for place, name in enumerate(names)
            if name in {f.attname for f in _told_fields(kind)}
        ]
        self._known: dict[tuple[str, ...], list[str]] = {}

    def names(self, row: tuple[Any, ...]) -> list[str]:
        """Return the names of the fields, in the model's order."""
        filled = tuple(name for place, name in self._told if row[place] or row[place] not in _EMPTY)
        if filled not in self._known:
            self._known[filled] = self._in_order(set(filled))
        return self._known[filled]

    def _in_order(self, filled: set[str]) -> list[str]:
        told = {name for _place, name in self._told}
        return [
            field.name
            for field in _told_fields(self._kind)
            if field.attname in filled or (field.attname not in told and _says_something_at_first(field))
        ]


@cache
def _says_something_at_first(field: models.Field[Any, Any]) -> bool:
    return field.get_default() not in field.empty_values


def _changed_fields(before: Record, after: Record) -> list[str]:
    plain = [
        field.name
        for field in _told_fields(type(after))
        if field.value_from_object(before) != field.to_python(field.value_from_object(after))
    ]
    return plain + [name for name in _many(after) if _linked(before, name) != _linked(after, name)]


def _many(record: Record) -> list[str]:
    return [field.name for field in record._meta.many_to_many]  # noqa: SLF001  Django's public name


def _linked(record: Record, name: str) -> set[Any]:
    return {other.pk for other in getattr(record, name).all()}


def _put_aside(before: Record) -> None:
    """Keep `before`, the row as it was, as an earlier version of its record."""
    linked = {name: _linked(before, name) for name in _many(before)}
    before.version_of_id, before.replaced_at = before.pk, timezone.now()  # type: ignore[attr-defined]  # Django adds it
    before.pk = uuid7()
    type(before).every.bulk_create([before])
    for name, others in linked.items():
        _link(before, name, others)


def _link(record: Record, name: str, others: set[Any]) -> None:
    """Link a record that is not edited any more, without the detour that modelcluster takes."""
    here, there, through = _through(type(record), name)
    through.objects.bulk_create([through(**{here: record.pk, there: other}) for other in others])


def earlier_version() -> models.ForeignKey[Any, Any]:
    """Return the field `version_of` for a large table, which indexes its earlier versions by `versions`.

    An index over all rows misleads SQLite: nearly every row is present, and it takes "no version of
    anything" for a rare find.
    """
    return models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,
    )


def versions(name: str) -> models.Index:
    """Return the index by which the earlier versions of a record in a large table are found."""
    return models.Index(fields=["version_of"], condition=Q(version_of__isnull=False), name=name)


def _through(kind: type[Record], name: str) -> tuple[str, str, Any]:
    """Return the two columns of the table that links records of a kind to others, and the table."""
    field: Any = kind._meta.get_field(name)  # noqa: SLF001  Django's public name
    through: Any = field.remote_field.through
    return f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id", through


def check_country(code: str) -> None:
    """Refuse what is not a country, in a form's words.

    raises  ValidationError
    """
    if code not in languages.country_codes():
        raise ValidationError(f"{code!r} is not a country's two letters, like MR.", code="not_a_country")


def once(*fields: str, name: str, told: str, condition: Q = PRESENT) -> models.UniqueConstraint:
    """Return the rule that present records share no `fields`; `told` is what a form says otherwise."""
    return models.UniqueConstraint(
        fields=fields, name=name, condition=condition, violation_error_message=told
    )
