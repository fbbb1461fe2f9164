"""Taking a case off every page from the shell: when there is no time for the office."""

import json
from collections.abc import Callable

import click

from habeas.ops.django_setup import staff_named


def _options(function: Callable[..., None]) -> Callable[..., None]:
    """Add what both commands ask for."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Say it as JSON."),
        click.option("--yes", is_flag=True, help="Do it without asking."),
        click.option("--reason", required=True, help="Why; the log keeps it."),
        click.option("--by", "name", required=True, help="The staff member who answers for it."),
        click.argument("ref"),
    ):
        function = option(function)
    return function


@click.command()
@_options
def take_down(ref: str, *, name: str, reason: str, yes: bool, as_json: bool) -> None:
    """Turn every page of the case REF into one that names nobody, at once."""
    _act("take_down", ref, name, reason, yes=yes, as_json=as_json)


@click.command()
@_options
def put_back(ref: str, *, name: str, reason: str, yes: bool, as_json: bool) -> None:
    """Show the pages of the case REF again."""
    _act("put_back", ref, name, reason, yes=yes, as_json=as_json)


def _act(verb: str, ref: str, name: str, reason: str, *, yes: bool, as_json: bool) -> None:
    from habeas.campaigns import actions
    from habeas.cases.choosing import case_of

    case, by = case_of(ref), staff_named(name)
    if not yes:
        click.confirm(f"{verb.replace('_', ' ').capitalize()} {ref}?", abort=True)
    done = getattr(actions, verb)(case, by=by, reason=reason)
    if as_json:
        told = {"case": ref, "campaigns": done.campaigns, "edition": done.edition}
        click.echo(json.dumps(told))
    else:
        where = ", ".join(done.campaigns) or "no public campaign"
        click.echo(f"{ref}: {verb.replace('_', ' ')}; edition {done.edition} shows it ({where})")
