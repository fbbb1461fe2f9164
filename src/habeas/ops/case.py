"""Cases from the shell."""

import json
from pathlib import Path

import click

from habeas.ops.django_setup import staff_named, start_django


@click.group()
def case() -> None:
    """Cases: what happened, and who says so."""
    start_django()


@case.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", "name", help="The staff member who answers for it.")
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
def import_(file: Path, *, name: str | None, as_json: bool) -> None:
    """Import a case from a YAML FILE (docs/formats/case.md). A bad file is refused whole."""
    from habeas.cases.actions import import_case

    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{file} is not UTF-8 text") from error
    imported = import_case(text, by=staff_named(name) if name else None)
    ref = imported.case.ref
    if as_json:
        click.echo(json.dumps({"case": ref, "created": imported.created}))
    else:
        click.echo(f"{ref}: imported" if imported.created else f"{ref}: already there, nothing changed")
