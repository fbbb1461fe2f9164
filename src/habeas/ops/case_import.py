"""Cases into the registry from the shell: one from a case file, many from a table."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from habeas.config import load
from habeas.ops.django_setup import staff_named

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar
    from django.contrib.auth.models import User

    from habeas.cases.table_import import Outcome, Prepared

_CASE_FILES = frozenset({".yaml", ".yml"})
_SHOWN = 20  # problems told on a screen; all of them are in the file of --refused, and in --json


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Which column of a table is what (TOML); without one, a mapping is proposed.",
)
@click.option("--dry-run", is_flag=True, help="Only tell what would be imported.")
@click.option("--yes", is_flag=True, help="Import; without it, a table is only looked at.")
@click.option(
    "--refused",
    "refused_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the refused rows of a table, with their reasons, into this CSV file.",
)
@click.option("--by", "name", help="The staff member who answers for it.")
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
def import_(
    file: Path,
    *,
    mapping: Path | None,
    dry_run: bool,
    yes: bool,
    refused_file: Path | None,
    name: str | None,
    as_json: bool,
) -> None:
    """Import cases from FILE: a case file (YAML), or a table (CSV, XLSX) with a case in every row.

    A case file is refused whole if anything in it is wrong. Of a table, the rows that can be understood are
    imported with --yes, each once; the others are told with their reasons. See docs/importing.md.
    """
    from habeas.ops.prepare import prepare_if_new

    prepare_if_new(load())
    by = staff_named(name) if name else None
    if file.suffix.lower() in _CASE_FILES:
        _import_case_file(file, by, dry_run=dry_run, as_json=as_json)
        return
    prepared = _prepare(file, mapping, quiet=as_json)
    if prepared.lacks:
        raise click.ClickException(_what_is_missing(prepared))
    outcome = _run(prepared, by, dry_run=dry_run or not yes, quiet=as_json)
    if refused_file:
        _write_refused(refused_file, prepared, outcome)
    if as_json:
        click.echo(msgspec.json.encode(_as_json(prepared, outcome)))
    else:
        click.echo("\n".join(_summary(prepared, outcome, yes=yes and not dry_run)))


def _import_case_file(file: Path, by: "User | None", *, dry_run: bool, as_json: bool) -> None:
    from habeas.cases.actions import import_case
    from habeas.cases.importing import read_case_file

    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file} is not UTF-8 text") from error
    if dry_run:
        ref, created, said = read_case_file(text).case["ref"], False, "can be imported; nothing was written"
    else:
        imported = import_case(text, by=by)
        ref, created = imported.case.ref, imported.created
        said = "imported" if created else "already there, nothing changed"
    told = {"case": ref, "created": created, **({"dry_run": True} if dry_run else {})}
    click.echo(msgspec.json.encode(told) if as_json else f"{ref}: {said}")


def _prepare(file: Path, mapping: Path | None, *, quiet: bool) -> "Prepared":
    from habeas.cases.table_import import prepare
    from habeas.cases.tables.reading import open_table

    try:
        text = mapping.read_text(encoding="utf-8") if mapping else None
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{mapping} is not UTF-8 text") from error
    with _progress("Reading", open_table(file).about_rows, quiet=quiet) as step:
        return prepare(file, text, step)


def _run(prepared: "Prepared", by: "User | None", *, dry_run: bool, quiet: bool) -> "Outcome":
    from habeas.cases.table_import import run

    label = "Comparing" if dry_run else "Importing"
    with _progress(label, prepared.survey.rows, quiet=quiet) as step:
        return run(prepared, by=by, dry_run=dry_run, step=step)


def _no_step() -> None:
    """Show nothing."""


@contextmanager
def _progress(label: str, length: int, *, quiet: bool) -> Iterator[Callable[[], None]]:
    """Show how far it has come; on a screen alone, and never between the words of --json."""
    if quiet:
        yield _no_step
        return
    bar: ProgressBar[int]
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        bar.update_min_steps = max(1, length // 100)
        yield partial(bar.update, 1)


def _what_is_missing(prepared: "Prepared") -> str:
    return "\n".join(
        [
            f"{prepared.table.path.name}: the columns do not tell everything.",
            *(f"  {line}" for line in prepared.lacks),
            "",
            "Save what follows as a file, complete it, and give it with --mapping:",
            "",
            prepared.as_toml,
        ]
    )


def _as_json(prepared: "Prepared", outcome: "Outcome") -> dict[str, Any]:
    survey = prepared.survey
    return {
        "file": prepared.table.path.name,
        "rows": outcome.rows,
        "new": outcome.new,
        "known": outcome.known,
        "refused": [
            {**msgspec.to_builtins(one), "also": survey.also.get(one.row, [])} for one in outcome.refused
        ],
        "dry_run": outcome.dry_run,
        "changed": [{"row": one.row.line, "case": one.ref} for one in outcome.changed],
        "repeated": [{"row": one.row.line, "like": one.before} for one in outcome.repeated],
        "recorded_by_hand": [{"row": one.row.line, "case": one.ref} for one in outcome.by_hand],
        "without_date": survey.without_date,
        "questions": survey.questions,
        "remarks": survey.remarks,
        "said": list(prepared.table.told),
        "columns_left_out": prepared.left_out,
        "statuses": dict(survey.statuses),
        "proposed": prepared.is_proposed,
        "mapping": prepared.as_toml,
    }


def _write_refused(file: Path, prepared: "Prepared", outcome: "Outcome") -> None:
    from habeas.cases.tables import refused

    with file.open("w", encoding=refused.ENCODING, newline="") as out:
        refused.write(out, outcome.refused, prepared.survey.also)


def _summary(prepared: "Prepared", outcome: "Outcome", *, yes: bool) -> Iterator[str]:
    yield from prepared.table.told
    if prepared.is_proposed:
        yield "No mapping was given. This one is proposed; save it, edit it, and give it with --mapping:"
        yield ""
        yield prepared.as_toml
    elif prepared.left_out:
        yield f"Not read: {', '.join(prepared.left_out)}."
    yield from _problem_lines("Refused", outcome.refused)
    yield from _problem_lines("Kept in another way", prepared.survey.remarks)
    yield from (f"Question: {question}" for question in prepared.survey.questions)
    yield from _known_lines(outcome)
    if prepared.survey.without_date:
        yield f"{prepared.survey.without_date} rows have no date: they happened by the list's own day."
    would = "would be " if outcome.dry_run else ""
    yield (
        f"{outcome.rows} rows read: {outcome.new} {would}imported, {outcome.known} known already, "
        f"{len(outcome.refused)} refused."
    )
    if not yes:
        yield "Nothing was written. To import: the same command with --yes, and without --dry-run."


def _problem_lines(title: str, problems: "list[Any]") -> Iterator[str]:
    if problems:
        yield f"{title}:"
    for one in problems[:_SHOWN]:
        where = f"line {one.row}" + (f", {one.column}" if one.column else "")
        yield f"  {where}: {one.value!r}: {one.reason}" if one.value else f"  {where}: {one.reason}"
    if len(problems) > _SHOWN:
        yield f"  … and {len(problems) - _SHOWN} more; --refused FILE and --json give all of them"


def _known_lines(outcome: "Outcome") -> Iterator[str]:
    told = (
        ("known, but the list says something else now; the registry was left as it is", outcome.changed),
        ("recorded by staff from the same page, or under the same reference", outcome.by_hand),
    )
    for what, matches in told:
        if matches:
            some = ", ".join(f"line {one.row.line} ({one.ref})" for one in matches[:_SHOWN])
            yield f"{len(matches)} rows {what}: {some}{' …' if len(matches) > _SHOWN else ''}"
    if outcome.repeated:
        some = ", ".join(f"{one.row.line} (like {one.before})" for one in outcome.repeated[:_SHOWN])
        yield f"{len(outcome.repeated)} rows say the very same as one before: lines {some}"
