"""Starting the office with Granian."""

from granian import Granian
from granian.constants import Interfaces

from habeas.config import Config


def serve(config: Config) -> None:
    """Run the office until told to stop."""
    Granian(
        "habeas.office.wsgi:application",
        address=config.office.host,
        port=config.office.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=4,
        respawn_failed_workers=True,
        log_access=False,
        log_level="warning",
    ).serve()
