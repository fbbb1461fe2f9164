"""What an export holds: every record with its earlier versions, the log, custody, documents, words."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Field, Model, QuerySet, TextChoices

from habeas.cases import access, actions, custody, esf, originals, queries, vocabulary
from habeas.cases.access import visible
from habeas.cases.exporting.bundle import MANIFEST, Bundle, bundle
from habeas.cases.models import (
    Case,
    CaseRole,
    Change,
    CustodyEntry,
    Document,
    Event,
    Person,
    PersonName,
    Record,
    Source,
    SourceIdentity,
)
from habeas.cases.models.record import with_versions
from habeas.lib import clock

FORMAT = "habeas-export/1"
_README = Path(__file__).with_name("README.md")  # what the bundle says about itself
_ROWS_AT_A_TIME = 2000
_CASES_AT_A_TIME = 500  # in the flat table
_JSON = msgspec.json.Encoder()

Step = Callable[[], None]


@dataclass
class Exported:
    """What was written."""

    cases: int = 0
    records: dict[str, int] = field(default_factory=dict)  # by kind, earlier versions included
    changes: int = 0
    documents: int = 0
    damaged: list[str] = field(default_factory=list)  # documents that are not what was taken in
    left_out: dict[str, int] = field(default_factory=dict)  # what is never exported, or not for the reader


def export(path: Path, refs: Sequence[str], *, by: User | None, with_csv: bool = False) -> Exported:
    """Write cases with all that belongs to them, or the whole registry if none is named.

    by      who exports, and gets what they may read; None: a command of the operator, who reads what an
            administrator does, so nothing that is sealed
    raises  NotRecorded, AlreadyThere, OSError
    """
    chosen = [queries.case_by_ref(ref, by=by).pk for ref in refs]
    cases = visible(Case.objects.filter(pk__in=chosen) if refs else Case.objects.all(), by)
    with _as_it_stands(), bundle(path) as out:
        done = _Writer(out, cases, bool(refs), by).write(with_csv=with_csv)
    actions.note_export(cases, by=by)
    for document in _of(Document, cases, by, named=bool(refs)):
        if document.sha256 not in done.damaged:
            custody.hand_out(document, by=by)
    return done


@contextmanager
def _as_it_stands() -> Iterator[None]:
    """Let everything be read as it stands at one moment, while others go on writing."""
    begin = "BEGIN DEFERRED" if connection.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ"
    if connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    connection.cursor().execute(begin)
    try:
        yield
    finally:
        connection.cursor().execute("ROLLBACK")


def kinds() -> list[type[Record]]:
    """Return every kind of record that is exported. Who a source is stays where it is, sealed."""
    models = apps.get_app_config("cases").get_models()
    return [model for model in models if issubclass(model, Record) and model is not SourceIdentity]


def _of(model: Any, cases: QuerySet[Case], by: User | None, *, named: bool) -> QuerySet[Any]:
    """Return the present records of a kind that go into the export."""
    readable = visible(model.objects.all(), by)
    return access.belonging(readable, cases) if named else readable


@dataclass
class _Writer:
    """One export on its way."""

    out: Bundle
    cases: QuerySet[Case]
    named: bool  # some cases, not all
    by: User | None
    done: Exported = field(default_factory=Exported)
    staff: dict[Any, str] = field(default_factory=lambda: dict(User.objects.values_list("pk", "username")))

    def write(self, *, with_csv: bool) -> Exported:
        self.done.cases = self.cases.count()
        for kind in kinds():
            self._records(kind)
        self._changes()
        self._custody()
        self._documents()
        self._left_out()
        self._whole("vocabulary.json", msgspec.json.format(_JSON.encode(vocabularies())))
        if with_csv:
            self._whole("cases.csv", _flat(self.cases, self.by))
        self._whole("README.md", _README.read_bytes())
        self._manifest()
        return self.done

    def _records(self, kind: type[Record]) -> None:
        name = str(kind._meta.model_name)  # noqa: SLF001  Django's public name
        present = _of(kind, self.cases, self.by, named=self.named)
        lines = (_told(row, self.by, self.staff) for row in _in_order(with_versions(present)))
        self.done.records[name] = self._lines(f"records/{name}.jsonl", lines)

    def _changes(self) -> None:
        """Write the log of what is exported; of the whole registry, with the lines of what was erased."""
        log = Change.objects.viewable_by_user(self.by) if self.by else Change.objects.all()
        wanted = {str(pk) for kind in kinds() for pk in self._keys(kind)} if self.named else None
        hidden = set() if self.named else {str(pk) for pk in _not_for(self.by)}
        self.done.changes = self._lines(
            "log/changes.jsonl",
            (_change(line, self.staff) for line in _in_order(log) if _is_for(line, wanted, hidden)),
        )

    def _keys(self, kind: type[Record]) -> Iterable[Any]:
        return _of(kind, self.cases, self.by, named=True).values_list("pk", flat=True)

    def _custody(self) -> None:
        documents = _of(Document, self.cases, self.by, named=self.named)
        entries = CustodyEntry.objects.filter(document__in=documents)
        self._lines("log/custody.jsonl", (_row(line, self.staff) for line in _in_order(entries)))

    def _documents(self) -> None:
        documents = _of(Document, self.cases, self.by, named=self.named)
        for sha256 in sorted(set(documents.values_list("sha256", flat=True))):
            try:
                content = originals.read(sha256)
            except originals.OriginalDamaged:
                self.done.damaged.append(sha256)
                continue
            self._whole(f"documents/{sha256}", content)
            self.done.documents += 1

    def _left_out(self) -> None:
        identities = SourceIdentity.objects.filter(
            source__in=_of(Source, self.cases, self.by, named=self.named)
        )
        self.done.left_out["identities of sources, sealed"] = identities.count()
        if not self.named:
            self.done.left_out["cases not for the reader"] = Case.objects.count() - self.done.cases

    def _manifest(self) -> None:
        told = {
            "format": FORMAT,
            "made_at": clock.now(),
            "made_by": self.by.username if self.by else "",
            "cases": list(self.cases.values_list("ref", flat=True)) if self.named else "all",
            "records": self.done.records,
            "left_out": self.done.left_out,
            "damaged": self.done.damaged,
            "files": self.out.files.copy(),
        }
        self._whole(MANIFEST, msgspec.json.format(_JSON.encode(told)))

    def _lines(self, name: str, rows: Iterable[dict[str, Any]]) -> int:
        count = 0
        with self.out.file(name) as file:
            for row in rows:
                file.write(_JSON.encode(row) + b"\n")
                count += 1
        return count

    def _whole(self, name: str, content: bytes) -> None:
        with self.out.file(name) as file:
            file.write(content)


def _in_order(rows: QuerySet[Any]) -> Iterator[Any]:
    many = [each.name for each in rows.model._meta.many_to_many]  # noqa: SLF001  Django's public name
    return iter(rows.order_by("pk").prefetch_related(*many).iterator(chunk_size=_ROWS_AT_A_TIME))


def _not_for(by: User | None) -> Iterator[Any]:
    """Yield the keys of records that are not for the reader: that a sealed case changed is not either."""
    everything: list[type[Record]] = [*kinds(), SourceIdentity]
    for kind in everything:
        present = visible(kind.objects.all(), by).values("pk")
        yield from kind.objects.exclude(pk__in=present).values_list("pk", flat=True)


def _is_for(line: Change, wanted: set[str] | None, hidden: set[str]) -> bool:
    """Tell whether a line of the log is of what is exported; that a sealed case changed is not."""
    return line.object_id in wanted if wanted is not None else line.object_id not in hidden


def _told(record: Record, by: User | None, staff: Mapping[Any, str]) -> dict[str, Any]:
    """Return what a record says, without the fields that are not for the reader."""
    hidden = access.hidden_fields(record, by) if by and not by.is_superuser else frozenset()
    return {key: value for key, value in _row(record, staff).items() if key not in hidden}


def _row(row: Model, staff: Mapping[Any, str]) -> dict[str, Any]:
    """Return every column of a row, and the keys of what it is linked to."""
    told = {each.name: each.value_from_object(row) for each in _columns(type(row))}
    for key in _of_staff(type(row)):
        if told.get(key):
            told[key] = staff.get(told[key], "")
    for each in row._meta.many_to_many:  # noqa: SLF001  Django's public name
        others = getattr(row, each.name).all()
        told[each.name] = sorted(one.username if isinstance(one, User) else str(one.pk) for one in others)
    return told


@cache
def _columns(model: type[Model]) -> tuple["Field[Any, Any]", ...]:
    return tuple(model._meta.concrete_fields)  # noqa: SLF001  Django's public name


@cache
def _of_staff(model: type[Model]) -> tuple[str, ...]:
    """Return the columns that say who on the staff: they are named by their user name."""
    return tuple(each.name for each in _columns(model) if each.related_model is User)


def _kind(line: Change) -> str:
    found: str = ContentType.objects.get_for_id(line.content_type_id).model if line.content_type_id else ""
    return found


def _change(line: Change, staff: Mapping[Any, str]) -> dict[str, Any]:
    """Return a line of the log; `record` and `kind` say whose."""
    return {
        "record": line.object_id,
        "kind": _kind(line),
        "at": line.timestamp,
        "by": staff.get(line.user_id, ""),
        "action": line.action,
        "act": line.uuid,
        "version": line.version,
        "fields": line.fields,
        "reason": line.reason,
        "deleted": line.deleted,
    }


def vocabularies() -> dict[str, Any]:
    """Return the words of every coded field, with its list of the Events Standard Formats, if any."""
    told: dict[str, Any] = {}
    for kind in kinds():
        for column in _columns(kind):
            if column.choices:
                told[f"{kind._meta.model_name}.{column.name}"] = _vocabulary(column)  # noqa: SLF001  public name
    for (model, name), number in esf.FIELD_LISTS.items():
        told[f"{model.lower()}.{name}"] = {"esf_list": number, "free_text": True}
    return told


def _vocabulary(column: "Field[Any, Any]") -> dict[str, Any]:
    words = {str(value): str(label) for value, label in column.flatchoices if value not in {"", None}}
    numbers = [number for known, number in esf.LISTS.items() if _same(known, words)]
    return {"esf_list": numbers[0] if numbers else None, "values": words}


def _same(known: type[TextChoices], words: dict[str, str]) -> bool:
    return set(known.values) == set(words)


def _flat(cases: QuerySet[Case], by: User | None) -> bytes:
    """Return one line a case, for a spreadsheet."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(("ref", "country", "title", "persons", "occupation", "medium", "events", "sources"))
    some = cases.order_by("ref").iterator(chunk_size=_ROWS_AT_A_TIME)
    while chunk := list(islice(some, _CASES_AT_A_TIME)):
        for row in _flat_rows(chunk, by):
            table.writerow(map(_no_formula, row))
    return text.getvalue().encode("utf-8-sig")  # Excel takes UTF-8 only with its mark


def _flat_rows(cases: Sequence[Case], by: User | None) -> Iterator[tuple[str, ...]]:
    told: dict[Any, list[list[str]]] = {case.pk: [[], [], [], [], []] for case in cases}
    persons = visible(Person.objects.filter(roles__case__in=cases), by)
    called: dict[Any, str] = {}
    for name in visible(PersonName.objects.filter(person__roles__case__in=cases), by).order_by("-preferred"):
        called.setdefault(name.person_id, name.text)
    for role in visible(CaseRole.objects.filter(case__in=cases, person__in=persons), by).select_related(
        "person"
    ):
        told[role.case_id][0].append(called.get(role.person_id, "Name not known"))
        told[role.case_id][1].append(role.person.occupation)
        told[role.case_id][2].append(role.person.medium)
    for event in visible(Event.objects.filter(case__in=cases, withdrawn_at=None), by).order_by("seq"):
        told[event.case_id][3].append(f"{vocabulary.EVENTS.get(event.type, event.type)} {event.date_edtf}")
    for source in visible(Source.objects.filter(case__in=cases, withdrawn_at=None), by):
        told[source.case_id][4].append(source.url)
    for case in cases:
        yield (case.ref, case.country, case.title, *(" | ".join(filter(None, one)) for one in told[case.pk]))


def _no_formula(text: str) -> str:
    """Return a cell that a spreadsheet will show and not run (OWASP: CSV injection)."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text
