"""Cases out of the registry from the shell, in an open format."""

import dataclasses
import json
from pathlib import Path

import click

from habeas.ops.django_setup import staff_named


@click.command()
@click.argument("refs", metavar="[REF]...", nargs=-1)
@click.option(
    "--to",
    "path",
    required=True,
    type=click.Path(path_type=Path),
    help="A ZIP, or a folder, that is not there yet.",
)
@click.option("--csv", "with_csv", is_flag=True, help="Add cases.csv, one case a line.")
@click.option("--by", "name", help="Export what this staff member may read.")
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
def export(refs: tuple[str, ...], *, path: Path, with_csv: bool, name: str | None, as_json: bool) -> None:
    """Export the cases REF, or the whole registry, all that belongs to them (docs/formats/export.md)."""
    from habeas.cases.exporting import content

    done = content.export(path, refs, by=staff_named(name) if name else None, with_csv=with_csv)
    if as_json:
        click.echo(json.dumps({"to": str(path), **dataclasses.asdict(done)}))
        return
    click.echo(
        f"{done.cases} cases, {sum(done.records.values())} records, {done.documents} documents: {path}"
    )
    for what, count in done.left_out.items():
        if count:
            click.echo(f"Left out: {count} {what}")
    for sha256 in done.damaged:
        click.secho(f"Damaged, not exported: document {sha256}; restore it from a backup", fg="red")
