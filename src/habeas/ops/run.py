"""One process each: office and clerk; the door is in `door.py`."""

import click

from habeas.config import Config, load
from habeas.lib.processes import end_with_parent
from habeas.ops import ports
from habeas.ops.django_setup import start_django

with_parent = click.option(
    "--parent", type=int, hidden=True, help="Stop when this process, which started it, dies."
)


@click.command()
@with_parent
def office(*, parent: int | None) -> None:
    """Run the staff side: cases, campaigns, publishing."""
    from habeas.office.server import serve

    config = begin(parent)
    ports.check(config.office.host, config.office.port, "HABEAS_OFFICE_PORT")
    serve(config)


@click.command()
@with_parent
def clerk(*, parent: int | None) -> None:
    """Run the clerk: counts what the door took in, sends mail. Takes no requests."""
    config = begin(parent)
    start_django()
    from habeas.ops.clerk import run
    from habeas.vault import keys

    run(config, keys.link_key(config.keys))


def begin(parent: int | None) -> Config:
    """Return the configuration, the process tied to the one that started it, if that was the supervisor."""
    if parent is not None:
        end_with_parent(parent)
    return load()
