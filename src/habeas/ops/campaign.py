"""Campaigns from the shell."""

import json
from collections.abc import Callable
from typing import Any

import click

from habeas.config import load
from habeas.edition.slots import campaign_path
from habeas.ops.django_setup import staff_named, start_django


@click.group()
def campaign() -> None:
    """Campaigns: list, publish, pause, close."""
    start_django()


_as_json = click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")


def _moving(function: Callable[..., None]) -> Callable[..., None]:
    """Add what every move asks for."""
    for option in (
        _as_json,
        click.option("--yes", is_flag=True, help="Do it without asking."),
        click.option("--by", "name", required=True, help="The staff member who answers for it."),
        click.argument("slug"),
    ):
        function = option(function)
    return function


@campaign.command("list")
@_as_json
def list_(*, as_json: bool) -> None:
    """List campaigns with their state, how many people confirmed, and what the public sees of that."""
    from habeas.campaigns.queries import all_campaigns, standings

    standing_of = standings()
    rows = [(one.slug, one.state, standing_of(one)) for one in all_campaigns()]
    if as_json:
        listed = [
            {"slug": slug, "state": state, "confirmed": standing.confirmed, "shown": standing.shown.total}
            for slug, state, standing in rows
        ]
        click.echo(json.dumps({"campaigns": listed}))
        return
    for slug, state, standing in rows:
        click.echo(f"{slug:30}  {state:7}  {standing.confirmed:>12,}  shown: {standing.shown_in_words}")
    if not rows:
        click.echo("No campaigns yet. They are made in the office.")


@campaign.command()
@_moving
def publish(slug: str, *, name: str, yes: bool, as_json: bool) -> None:
    """Open a campaign, or put its pages out anew."""
    _act(slug, name, "publish", {}, yes=yes, as_json=as_json)


@campaign.command()
@_moving
def pause(slug: str, *, name: str, yes: bool, as_json: bool) -> None:
    """Stop taking signatures for a while; the page stays."""
    _act(slug, name, "pause", {}, yes=yes, as_json=as_json)


@campaign.command()
@_moving
@click.option("--outcome", required=True, help="What came of it: released, acquitted, died, …")
def close(slug: str, *, name: str, outcome: str, yes: bool, as_json: bool) -> None:
    """End a campaign with its outcome: pages turn, and news goes out by mail."""
    from habeas.campaigns.actions import closing_concerns
    from habeas.campaigns.queries import campaign_named

    concerns = closing_concerns(campaign_named(slug), outcome)
    for concern in () if as_json else concerns:
        click.echo(f"Before you close: {concern}")
    _act(slug, name, "close", {"outcome": outcome}, yes=yes, as_json=as_json)


def _act(slug: str, name: str, verb: str, more: dict[str, Any], *, yes: bool, as_json: bool) -> None:
    from habeas.campaigns import actions
    from habeas.campaigns.queries import campaign_named

    found, by = campaign_named(slug), staff_named(name)
    config, codes = load(), set(found.pages.filter(live=True).values_list("locale__language_code", flat=True))
    languages = [code for code in config.site.languages if code in codes]
    if not yes:
        click.confirm(
            f"{verb.capitalize()} {slug}, now {found.state}, in {', '.join(languages) or 'no language'}?",
            abort=True,
        )
    moved = getattr(actions, verb)(found, by=by, **more)
    url = config.door_url + campaign_path(slug, next(iter(languages), config.site.languages[0]))
    if as_json:
        click.echo(
            json.dumps({"slug": slug, "state": moved.campaign.state, "edition": moved.edition, "url": url})
        )
    else:
        click.echo(f"{slug} is {moved.campaign.state}; edition {moved.edition} shows it at {url}")
