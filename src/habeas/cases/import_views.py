"""Screens by which researchers import a list: upload, columns, what is unclear, import, what came of it.

They only translate: reading and recording are `cases.table_import`, the same as in `habeas case import`.
"""

import io
import shlex
from collections.abc import Callable
from functools import wraps
from itertools import islice
from typing import Any
from uuid import UUID

import msgspec
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from habeas.cases import kept_mappings, uploads
from habeas.cases.access import visible
from habeas.cases.import_forms import ColumnsForm, QuestionsForm, UploadForm
from habeas.cases.models import Case, Change
from habeas.cases.table_import import Outcome, Prepared, prepare_with, proposed, run
from habeas.cases.tables import refused
from habeas.cases.tables.mapping import BadMapping, ListMapping, check_mapping, in_toml, read_mapping
from habeas.cases.tables.reading import NotATable, Table, open_table
from habeas.cases.tables.rows import Problem
from habeas.cases.uploads import NoSuchUpload, Upload
from habeas.lib.errors import HabeasError

MOST_ROWS = 5_000  # imported while somebody waits: some seconds; more take minutes, and are for the shell
_SHOWN = 50  # refused rows, and new cases, on a screen
_LONGEST_MAPPING = 1_000_000  # bytes
_GONE = (
    "That table is not here any more: it was imported or removed, or has lain here for a day. "
    "What was imported of it is among the cases; to go on with the rest, upload it again."
)
# What the command says of its mapping file, in the words of a screen.
_ON_A_SCREEN = (
    (', or set [list] country = "SY" for such rows', ", or choose a country for such rows"),
    (', or set [list] status = "arrest"', ", or choose what happened"),
    (", under [status]", ""),
    (" under [country] in the mapping", ""),
    (': date_order = "day-first" or "month-first"', ""),
    ("the mapping says day-first", "the column is read day first"),
    ("the mapping says month-first", "the column is read month first"),
)


def _staff(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not user.has_perm("cases.add_case"):
        raise PermissionDenied
    return user


def _or_begin_again(view: Callable[[HttpRequest, str], HttpResponse]) -> Callable[..., HttpResponse]:
    """Lead whoever asks for a table that is not theirs, or not here any more, to where one is uploaded."""

    @wraps(view)
    def seen(request: HttpRequest, upload: str) -> HttpResponse:
        try:
            return view(request, upload)
        except NoSuchUpload:
            messages.error(request, _GONE)
            return redirect("cases_import")

    return seen


@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """Ask for a table; on POST, keep it and go on to its columns."""
    user = _staff(request)
    kept = kept_mappings.kept()
    form = UploadForm(request.POST or None, request.FILES or None, kept=kept)
    if form.is_valid():
        try:
            upload = _take_in(form.cleaned_data, kept, user)
        except (HabeasError, OSError) as error:
            form.add_error(None, _capital(f"{error}."))
        else:
            return redirect("cases_import_columns", upload.token)
    return render(request, "cases/import_start.html", {"form": form, "most": MOST_ROWS})


def _take_in(told: dict[str, Any], kept: dict[str, ListMapping], by: User) -> Upload:
    """Keep an uploaded table with how it is to be read.

    raises  NotATable, BadMapping, OSError
    """
    file: UploadedFile[Any] = told["file"]
    upload = uploads.keep(file.chunks(), file.name or "list", by=by)
    try:
        return uploads.note(upload, _first_mapping(upload, told, kept))
    except NotATable as error:
        uploads.forget(upload)
        raise NotATable(str(error).replace(upload.path.name, upload.name, 1)) from error
    except (HabeasError, OSError):
        uploads.forget(upload)
        raise


def _first_mapping(upload: Upload, told: dict[str, Any], kept: dict[str, ListMapping]) -> ListMapping:
    table = open_table(upload.path)
    text = _text_of(told.get("mapping"))
    if text is not None:
        return read_mapping(text, table.header)
    if told.get("kept"):
        mapping = kept[told["kept"]]
        check_mapping(mapping, table.header)
        return mapping
    found = proposed(table)
    title = upload.name.rpartition(".")[0] or upload.name
    return msgspec.structs.replace(found, list=msgspec.structs.replace(found.list, title=title[:300]))


def _text_of(file: UploadedFile[Any] | None) -> str | None:
    if file is None:
        return None
    try:
        return bytes(file.read(_LONGEST_MAPPING)).decode()
    except UnicodeDecodeError as error:
        raise BadMapping("the mapping file is not UTF-8 text") from error


@never_cache
@_or_begin_again
def columns(request: HttpRequest, upload: str) -> HttpResponse:
    """Ask what each column is; on POST, go on to what is unclear."""
    user = _staff(request)
    found = uploads.find(upload, by=user)
    table = _table(found)
    form = ColumnsForm(request.POST or None, table=table, mapping=found.mapping)
    if form.is_valid():
        uploads.note(found, form.mapping())
        return redirect("cases_import_check", found.token)
    told = {"form": form, "upload": found, "said": table.told}
    return render(request, "cases/import_columns.html", told)


def _table(upload: Upload) -> Table:
    return open_table(upload.path, upload.mapping.list.sheet)


def _is_large(table: Table) -> bool:
    if table.about_rows <= MOST_ROWS:
        return False
    return sum(1 for _ in islice(table.rows(), MOST_ROWS + 1)) > MOST_ROWS


@never_cache
@_or_begin_again
def check(request: HttpRequest, upload: str) -> HttpResponse:
    """Show what would be imported, and ask what only a person can decide; on POST, take the answers."""
    user = _staff(request)
    found = uploads.find(upload, by=user)
    try:
        table = _table(found)
        if _is_large(table):
            told = {"upload": found, "most": MOST_ROWS, "command": _command(found, user)}
            return render(request, "cases/import_large.html", told)
        prepared = _prepared(found)
    except HabeasError as error:
        messages.error(request, _capital(f"{error}."))
        return redirect("cases_import_columns", found.token)
    form = QuestionsForm(request.POST or None, prepared=prepared)
    if form.is_valid():
        uploads.note(found, form.mapping())
        return redirect(request.path)
    outcome = run(prepared, by=user, dry_run=True)
    return render(request, "cases/import_check.html", _told(found, prepared, outcome, form))


def _command(upload: Upload, user: User) -> str:
    """Return what imports the table from a shell; the name of a file is somebody else's text."""
    told = ("--mapping", "mapping.toml", "--by", user.username, "--refused", "refused.csv")
    return shlex.join(["habeas", "case", "import", upload.name, *told])


def _prepared(upload: Upload) -> Prepared:
    return prepare_with(upload.path, upload.mapping)


def _told(upload: Upload, prepared: Prepared, outcome: Outcome, form: QuestionsForm) -> dict[str, Any]:
    return {
        "upload": upload,
        "form": form,
        "has_questions": bool(form.fields),
        "outcome": outcome,
        "refused": [_on_a_screen(one) for one in outcome.refused[:_SHOWN]],
        "more_refused": max(0, len(outcome.refused) - _SHOWN),
        "remarks": prepared.survey.remarks[:_SHOWN],
        "more_remarks": max(0, len(prepared.survey.remarks) - _SHOWN),
        "without_date": prepared.survey.without_date,
        "left_out": prepared.left_out,
        "said": prepared.table.told,
    }


def _on_a_screen(problem: Problem) -> Problem:
    reason = problem.reason
    for in_a_file, on_a_screen in _ON_A_SCREEN:
        reason = reason.replace(in_a_file, on_a_screen)
    return msgspec.structs.replace(problem, reason=_capital(reason))


def _capital(text: str) -> str:
    """Return a text as a sentence begins, unless it begins with the name of a file."""
    return text if "." in text.partition(" ")[0] else text[:1].upper() + text[1:]


@never_cache
@_or_begin_again
def refused_rows(request: HttpRequest, upload: str) -> HttpResponse:
    """Hand out the refused rows, with their reasons, as CSV."""
    user = _staff(request)
    prepared = _prepared(uploads.find(upload, by=user))
    outcome = run(prepared, by=user, dry_run=True)
    also = {line: [_on_a_screen(one) for one in more] for line, more in prepared.survey.also.items()}
    out = io.StringIO(newline="")
    refused.write(out, map(_on_a_screen, outcome.refused), also)
    return _file(out.getvalue().encode(refused.ENCODING), "text/csv", "refused.csv")


@never_cache
@_or_begin_again
def mapping(request: HttpRequest, upload: str) -> HttpResponse:
    """Hand out how the table is read, as the command reads it."""
    found = uploads.find(upload, by=_staff(request))
    return _file(in_toml(found.mapping, {}, ()).encode(), "application/toml", "mapping.toml")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=f"{kind}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_POST
@_or_begin_again
def import_(request: HttpRequest, upload: str) -> HttpResponse:
    """Record the rows that can be, and forget the table."""
    user = _staff(request)
    found = uploads.find(upload, by=user)
    if _is_large(_table(found)):
        return redirect("cases_import_check", found.token)
    prepared = _prepared(found)
    outcome = run(prepared, by=user, dry_run=False)
    if "keep" in request.POST:
        kept_mappings.keep(prepared.mapping, prepared.as_toml)
    uploads.forget(found)
    messages.success(request, _result(outcome))
    return redirect("cases_imported", outcome.act) if outcome.new else redirect("cases_import")


def _result(outcome: Outcome) -> str:
    cases = "1 case was recorded" if outcome.new == 1 else f"{outcome.new} cases were recorded"
    left = len(outcome.refused)
    mend = ": mend them in your table and import it again" if left else ""
    return f"{cases}. {outcome.known} known already, {left} refused{mend}."


@require_POST
@_or_begin_again
def cancel(request: HttpRequest, upload: str) -> HttpResponse:
    """Forget the table."""
    uploads.forget(uploads.find(upload, by=_staff(request)))
    messages.success(request, "The table was removed. Nothing was imported.")
    return redirect("cases_import")


def imported(request: HttpRequest, act: UUID) -> HttpResponse:
    """Show the cases that an import recorded."""
    user = _staff(request)
    cases = _recorded_in(act, user)
    told = {"cases": cases.order_by("ref")[:_SHOWN], "number": cases.count(), "shown": _SHOWN}
    if not told["number"]:
        raise Http404
    return render(request, "cases/imported.html", told)


def _recorded_in(act: UUID, by: User) -> QuerySet[Case]:
    lines = Change.objects.filter(uuid=act, version=1, content_type__model="case")
    keys = [UUID(key) for key in lines.values_list("object_id", flat=True)[:MOST_ROWS]]
    return visible(Case.objects.filter(pk__in=keys), by)
