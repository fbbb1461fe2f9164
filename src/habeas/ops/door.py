"""`habeas door`: the public process, how it fares under attack, and staff's word on it."""

import json

import click
import msgspec

from habeas.config import load
from habeas.edition.levels import Order, Tally, orders_path, read_orders, tallies
from habeas.edition.status import door_statuses
from habeas.ops import ports
from habeas.ops.run import begin, with_parent


@click.group(invoke_without_command=True)
@with_parent
@click.pass_context
def door(context: click.Context, *, parent: int | None) -> None:
    """Run the public side: pages from memory, signatures into the journal."""
    if context.invoked_subcommand:
        return
    from habeas.door.server import serve
    from habeas.vault import keys

    config = begin(parent)
    ports.check(config.door.host, config.door.port, "HABEAS_DOOR_PORT")
    keys.link_key(config.keys)
    serve(config)


@door.command()
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
def status(*, as_json: bool) -> None:
    """Say what each door worker serves, and how hard it is pressed."""
    from habeas.delivery.status import mail_status, mail_status_path

    config = load()
    editions = {name: one.serving for name, one in door_statuses(config.status)}
    came = tallies(config.status)
    orders = read_orders(orders_path(config))
    mail = mail_status(mail_status_path(config))
    if as_json:
        told = {name: msgspec.to_builtins(tally) for name, tally in came.items()}
        waiting = msgspec.to_builtins(mail)
        click.echo(json.dumps({"serving": editions, "tallies": told, "ordered": orders, "mail": waiting}))
        return
    for name, number in editions.items():
        tally = came.get(name, Tally())
        click.echo(
            f"{name}: edition {number}; {tally.arrived} forms, {tally.asked} asked to press once more, "
            f"{tally.passed} did, {tally.early} too early, {tally.robots} robots, "
            f"{tally.elsewhere} from other sites"
        )
        for slug, level in tally.levels.items():
            click.echo(f"  {slug}: {level}{' (ordered)' if slug in orders else ''}")
    if mail is not None:
        click.echo(f"mail: {mail.due} confirmations are owed")
    if not editions:
        click.echo("No door has run on this data folder yet.")


@door.command()
@click.option("--by", "name", help="The staff member who answers for it.")
@click.argument("slug")
@click.argument("level", type=click.Choice(["normal", "wary", "auto"]))
def level(slug: str, level: Order, *, name: str | None) -> None:
    """Set how wary the door is about a campaign; "auto" leaves it to the door."""
    from habeas.ops.django_setup import staff_named, start_django

    start_django()
    from habeas.campaigns.actions import order_level
    from habeas.campaigns.queries import campaign_named

    order_level(campaign_named(slug), level, by=staff_named(name) if name else None)
    click.echo(f"{slug}: {level}; every door worker follows within a second")
