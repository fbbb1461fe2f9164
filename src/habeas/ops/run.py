"""One process each: door, office, clerk."""

import click

from habeas.config import Config, load
from habeas.lib.processes import end_with_parent
from habeas.ops import ports
from habeas.ops.django_setup import start_django

_with_parent = click.option(
    "--with-parent", is_flag=True, hidden=True, help="Stop when the parent process dies."
)


@click.command()
@_with_parent
def door(*, with_parent: bool) -> None:
    """Run the public side: pages from memory, signatures into the journal."""
    from habeas.door.server import serve
    from habeas.vault import keys

    config = _begin(with_parent=with_parent)
    ports.check(config.door.host, config.door.port, "HABEAS_DOOR_PORT")
    keys.link_key(config.keys)
    serve(config)


@click.command()
@_with_parent
def office(*, with_parent: bool) -> None:
    """Run the staff side: cases, campaigns, publishing."""
    from habeas.office.server import serve

    config = _begin(with_parent=with_parent)
    ports.check(config.office.host, config.office.port, "HABEAS_OFFICE_PORT")
    serve(config)


@click.command()
@_with_parent
def clerk(*, with_parent: bool) -> None:
    """Run the clerk: counts what the door took in, sends mail. Takes no requests."""
    config = _begin(with_parent=with_parent)
    start_django()
    from habeas.ops.clerk import run
    from habeas.vault import keys

    run(config, keys.link_key(config.keys))


def _begin(*, with_parent: bool) -> Config:
    if with_parent:
        end_with_parent()
    return load()
