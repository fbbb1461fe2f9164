"""Starting the door with Granian: no framework between socket and code."""

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

from habeas.config import Config

_HEADERS_MILLISECONDS = 5_000  # a client that dribbles its headers is cut off, and an idle one let go
_HEADERS_BYTES = 8_192  # more, or more than a hundred headers, and Granian answers 431 by itself
_CONNECTIONS = (
    800  # a worker, idle ones too; below the usual 1,024 open files, more wait in the kernel's queue
)

_STOP_SECONDS = 3  # a worker asked to stop while it is being forked never hears of it, and is then killed


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
        workers_kill_timeout=_STOP_SECONDS,
        http=HTTPModes.http1,  # one request at a time on a connection; browsers speak HTTP/2 to the TLS proxy
        websockets=False,
        backpressure=_CONNECTIONS,
        http1_settings=HTTP1Settings(
            header_read_timeout=_HEADERS_MILLISECONDS, max_buffer_size=_HEADERS_BYTES
        ),
        log_access=False,
        log_level="warning",
    ).serve()
