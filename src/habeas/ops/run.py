"""One process each: door, office, clerk."""

import click

from habeas.config import Config, load
from habeas.lib.processes import end_with_parent
from habeas.ops import ports
from habeas.ops.django_setup import start_django

_parent = click.option(
    "--parent", type=int, hidden=True, help="Stop when this process, which started it, dies."
)


@click.command()
@_parent
def door(*, parent: int | None) -> None:
    """Run the public side: pages from memory, signatures into the journal."""
    from habeas.door.server import serve
    from habeas.vault import keys

    config = _begin(parent)
    ports.check(config.door.host, config.door.port, "HABEAS_DOOR_PORT")
    keys.link_key(config.keys)
    serve(config)


@click.command()
@_parent
def office(*, parent: int | None) -> None:
    """Run the staff side: cases, campaigns, publishing."""
    from habeas.office.server import serve

    config = _begin(parent)
    ports.check(config.office.host, config.office.port, "HABEAS_OFFICE_PORT")
    serve(config)


@click.command()
@_parent
def clerk(*, parent: int | None) -> None:
    """Run the clerk: counts what the door took in, sends mail. Takes no requests."""
    config = _begin(parent)
    start_django()
    from habeas.ops.clerk import run
    from habeas.vault import keys

    run(config, keys.link_key(config.keys))


def _begin(parent: int | None) -> Config:
    if parent is not None:
        end_with_parent(parent)
    return load()
