"""Starting the door with Granian: no framework between socket and code."""

import logging
import os
import resource

# Granian's allocator reads this once, when it is loaded: give memory back after one second instead of ten,
# so that ten thousand connections that are made anew all the time are not paid for twice.
os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:1000,muzzy_decay_ms:0")

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

from habeas.config import Config

log = logging.getLogger("habeas.door")

_HEADERS_MILLISECONDS = 5_000  # a client that dribbles its headers is cut off, and an idle one let go
_HEADERS_BYTES = 8_192  # more, or more than a hundred headers, and Granian answers 431 by itself
_MOST_CONNECTIONS = 16_384  # a worker, idle ones too; more wait in the kernel's queue
_ENOUGH_CONNECTIONS = 10_000  # fewer, and whoever has one machine and patience can keep everybody out
_OWN_FILES = 128  # the journal, an edition being read, the server's own; at rest a worker has 35 open
_QUEUE = 4_096  # who the kernel lets wait; it takes fewer where net.core.somaxconn says so

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
        backlog=_QUEUE,
        backpressure=_room(),
        http1_settings=HTTP1Settings(
            header_read_timeout=_HEADERS_MILLISECONDS, max_buffer_size=_HEADERS_BYTES
        ),
        log_access=False,
        log_level="warning",
    ).serve()


def _room() -> int:
    """Return how many connections a worker may hold, having asked for the open files that takes.

    Workers inherit the limit. Where it allows fewer than ten thousand the log says what to do.
    """
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = _MOST_CONNECTIONS + _OWN_FILES
    if most != resource.RLIM_INFINITY:
        files = min(files, most)
    if now != resource.RLIM_INFINITY and now < files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))
    room = max(files - _OWN_FILES, files // 2)
    if room < _ENOUGH_CONNECTIONS:
        log.warning(
            "%d connections keep everybody out of a worker: allow it more open files (%d)", room, files
        )
    return room
