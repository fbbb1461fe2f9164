"""Cases from the shell."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

import click

from habeas.lib import clock
from habeas.ops.case_export import export
from habeas.ops.case_import import import_
from habeas.ops.django_setup import staff_named, start_django
from habeas.ops.take_down import put_back, take_down

if TYPE_CHECKING:
    from habeas.cases.standing import DurationLine, PersonStanding, Standing, State


@click.group()
def case() -> None:
    """Cases: what happened, and who says so."""
    start_django()


case.add_command(import_)
case.add_command(export)
case.add_command(take_down)
case.add_command(put_back)


@case.command()
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
def index(*, as_json: bool) -> None:
    """Make anew what searches, lists and figures are made of: words, standings, lines of events."""
    from habeas.cases.indexing import make_anew

    made = make_anew()
    if as_json:
        click.echo(json.dumps(asdict(made)))
    else:
        click.echo(
            f"{made.words:,} words in {made.records:,} places, {made.standings:,} standings, "
            f"{made.counted:,} events for figures"
        )


@case.command()
@click.argument("ref")
@click.option("--on", "day", type=click.DateTime(formats=["%Y-%m-%d"]), help="A day; today if left out.")
@click.option("--by", "name", help="Read as this staff member, who sees what is for them.")
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
def show(ref: str, *, day: datetime | None, name: str | None, as_json: bool) -> None:
    """Show how the case REF stands on a day: status, durations, what does not fit (docs/legal-status.md)."""
    import msgspec

    from habeas.cases import queries
    from habeas.cases.standing import standing

    by = staff_named(name) if name else None
    on = day.date() if day else clock.now().date()
    known = standing(queries.case_by_ref(ref, by=by), on, by=by)
    if as_json:
        click.echo(msgspec.json.encode(known))
    else:
        click.echo("\n".join(_lines(known)))


def _lines(known: "Standing") -> Iterator[str]:
    """Yield how a case stands, for people to read."""
    events = {row.event: f"{row.label}, {row.when} [{row.seq}]" for row in known.timeline}
    yield f"{known.case}: {known.title}"
    yield f"On {known.on}"
    for person in known.persons:
        yield from _person_lines(person, events)
    yield "\nTo look at" if known.findings else "\nThe events fit together."
    for finding in known.findings:
        yield f"  {finding.kind}: {finding.text}"
        if finding.given_to:
            yield f"      given to {finding.given_to}" + (f", by {finding.due_on}" if finding.due_on else "")


def _person_lines(person: "PersonStanding", events: Mapping[str, str]) -> Iterator[str]:
    code = f" (ESF 25: {person.esf_25})" if person.esf_25 else ""
    yield "\n" + ": ".join(filter(None, (person.name, person.text))) + code
    yield _state_line("liberty", person.liberty, events)
    yield _state_line("whereabouts", person.whereabouts, events)
    for proceeding in person.proceedings:
        yield _state_line("proceeding", proceeding.stage, events)
        yield _state_line("death penalty", proceeding.death_penalty, events)
    yield from _label_lines(person, events)
    for other in person.perhaps:
        supposed = "; ".join(events[event] for event in other.supposing)
        yield f"  perhaps        {other.text}, if this had happened: {supposed}"
    for duration in person.durations:
        yield from _duration_lines(duration, events)


def _label_lines(person: "PersonStanding", events: Mapping[str, str]) -> Iterator[str]:
    for label in person.labels:
        wgad = f" (WGAD category {label.wgad})" if label.wgad else ""
        rests_on = "; ".join(events.get(event, "a condition") for event in label.events)
        yield f"  - {label.text}{wgad}: {rests_on}"


def _state_line(region: str, state: "State", events: Mapping[str, str]) -> str:
    since = f": {events[state.event]}" if state.event else ""
    return f"  {region:<14} {state.state}{since}"


def _duration_lines(duration: "DurationLine", events: Mapping[str, str]) -> Iterator[str]:
    until = events[duration.until] if duration.until else f"{duration.as_of}, going on"
    said = "; ".join(filter(None, (duration.in_words, duration.day, duration.may_say)))
    yield f"  {duration.text}: {said}"
    yield f"      {events[duration.since]} to {until}"
    if duration.may_have_ended_by:
        yield f"      may have ended with {events[duration.may_have_ended_by]}"
    for source, other in duration.according_to.items():
        yield f"      by {source}: {other.in_words}"
