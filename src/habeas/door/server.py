"""Starting the door with Granian: no framework between socket and code."""

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings

from habeas.config import Config

_HEADERS_MILLISECONDS = 5_000  # a client that dribbles its headers is cut off


def serve(config: Config) -> None:
    """Run the door until told to stop."""
    Granian(
        "habeas.door.rsgi:worker",
        address=config.door.host,
        port=config.door.port,
        interface=Interfaces.RSGI,
        workers=config.door.workers,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=_HEADERS_MILLISECONDS),
        log_access=False,
        log_level="warning",
    ).serve()
