"""Figures from the shell."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from habeas.ops.django_setup import staff_named, start_django

if TYPE_CHECKING:
    from habeas.cases.figures.queries import Published, Report


class Refused(click.ClickException):
    """What was asked for is not there, or cannot be said; nothing changed."""

    exit_code = 2


@click.group()
def figure() -> None:
    """Figures: numbers counted from the records, and those of other bodies."""
    start_django()


_as_json = click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
_day = click.DateTime(formats=["%Y-%m-%d"])


@figure.command()
@click.argument("slug")
@click.option("--by", "name", help="Read as this staff member, who sees what is for them.")
@_as_json
def show(slug: str, *, name: str | None, as_json: bool) -> None:
    """Count the figure SLUG now: bounds, what may be said, members, what pages say (docs/figures.md)."""
    import msgspec

    from habeas.cases.figures import queries
    from habeas.cases.queries import NotRecorded

    try:
        found = queries.report(slug, by=staff_named(name) if name else None)
    except NotRecorded as error:
        raise Refused(str(error)) from error
    click.echo(msgspec.json.encode(found) if as_json else "\n".join(_lines(found)))


@figure.command("list")
@_as_json
def list_(*, as_json: bool) -> None:
    """List the figures by name."""
    from habeas.cases.figures import queries

    names = queries.names(by=None)
    if as_json:
        click.echo(json.dumps({"figures": names}))
    else:
        click.echo("\n".join(names) or "No figures yet. They are defined in the office, under Cases.")


@figure.command()
@click.argument("slug")
@click.option("--question", required=True, help="How many …?")
@click.option("--unit", required=True, help="events, persons, groups or cases.")
@click.option("--event", "events", multiple=True, required=True, help="A kind of event: arrest. Repeatable.")
@click.option("--since", type=_day, help="The first day of the window.")
@click.option("--until", type=_day, help="The last day of the window.")
@click.option("--country", default="", help="Two letters, like MR.")
@click.option("--verification", default="corroborated", help="At least: reported, plausible, corroborated, …")
@click.option("--origins", default=1, help="At least so many independent origins.")
@click.option("--wording", multiple=True, help="LANGUAGE=TEXT with {number} in it. Repeatable.")
@click.option("--by", "name", required=True, help="The staff member who answers for it.")
def define(slug: str, *, name: str, wording: tuple[str, ...], **told: Any) -> None:
    """Define the figure SLUG, which is counted from the records."""
    from habeas.cases.actions import BadRecord
    from habeas.cases.figures import actions
    from habeas.cases.models import FigureDef

    texts = dict(one.partition("=")[::2] for one in wording) or {"en": "{number}"}
    made = FigureDef(
        slug=slug,
        question=told["question"],
        unit=told["unit"],
        event_types=list(told["events"]),
        since=_date(told["since"]),
        until=_date(told["until"]),
        country=told["country"],
        min_verification=told["verification"],
        min_origins=told["origins"],
        wording=texts,
    )
    try:
        actions.define(made, by=staff_named(name))
    except BadRecord as error:
        raise Refused(str(error)) from error
    click.echo(f"{slug}: defined. See it with: habeas figure show {slug}")


@figure.command()
@click.argument("slug")
@click.option("--number", type=int, help="What is to be said; left out: the firmest that the count allows.")
@click.option("--qualifier", default="", help="over, at least, about or exactly.")
@click.option("--because", multiple=True, help="LANGUAGE=TEXT: why an earlier number was wrong. Repeatable.")
@click.option("--by", "name", required=True, help="The staff member who answers for it.")
@_as_json
def approve(
    slug: str, *, number: int | None, qualifier: str, because: tuple[str, ...], name: str, as_json: bool
) -> None:
    """Count SLUG, keep the count and let pages cite it; or let them cite the number of another body."""
    from django.db import transaction

    from habeas.cases.figures import actions, queries
    from habeas.lib.errors import HabeasError

    by, reasons = staff_named(name), dict(one.partition("=")[::2] for one in because)
    try:
        with transaction.atomic():  # a count that is not approved is not kept
            snapshot = queries.cited(slug, by=by) or actions.take(
                queries.definition(slug, by=by), by=by, value=number, qualifier=qualifier
            )
            approved = actions.approve(snapshot, by=by, reasons=reasons)
    except HabeasError as error:
        raise Refused(str(error)) from error
    said = {"slug": slug, "value": approved.value, "qualifier": approved.qualifier}
    click.echo(json.dumps(said) if as_json else f"{slug}: {approved.qualifier} {approved.value:,}, approved")


def _date(day: datetime | None) -> Any:
    return day.date() if day else None


def _lines(found: "Report") -> Iterator[str]:
    """Yield a figure for people to read."""
    yield f"{found.slug}: {found.question}"
    if found.unit is None:
        number = (
            f"{found.qualifier} {found.value:,}" if found.value is not None else "no number entered apart"
        )
        yield f"  counted by     {found.source}"
        yield f"  number         {number}"
    else:
        upper = "unknown" if found.upper is None else f"{found.upper:,}"
        yield f"  counts         {found.unit}, as of {found.as_of}"
        yield f"  bounds         {found.lower:,} to {upper}"
        yield f"  may be said    {found.qualifier} {found.value:,}"
        yield f"  members        {len(found.members):,}, {len(found.uncertain):,} of them uncertain"
        yield f"  sha256         {found.sha256}"
    yield from _published_lines(found.published)


def _published_lines(published: "Published | None") -> Iterator[str]:
    if published is None:
        yield "  approved       nothing yet: no page may cite it"
        return
    day = f", as of {published.as_of}" if published.as_of else ""
    yield f"  approved       {published.qualifier} {published.value:,}{day}, by {published.approver}"
    if not published.holds:
        yield "  NO LONGER HOLDS: approve today's count, saying why; pages will show the correction"
