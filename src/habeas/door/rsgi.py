"""The door behind Granian's RSGI: a thin adapter, one instance a worker process.

https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md
"""

import asyncio
import logging
import os
from typing import Any
from urllib.parse import unquote

from habeas.config import Config, load
from habeas.door.app import Door
from habeas.door.current import Current
from habeas.door.form import LARGEST_BODY
from habeas.door.http import Request
from habeas.door.links import Links
from habeas.door.sign import Desks
from habeas.ledger.journal import AsyncJournal
from habeas.lib.processes import end_with_server
from habeas.vault import keys

log = logging.getLogger("habeas.door")

LOOK_SECONDS = 0.25  # how soon a new edition is noticed
COUNT_LOOKS = 4  # the counts are looked at every so many looks: once a second
_LOOKED_AT = ("accept-encoding", "accept-language", "if-none-match")


class Worker:
    """One door worker: its own journal, its own copy of the edition."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._door: Door | None = None
        self._journal: AsyncJournal | None = None
        self._watch: asyncio.Task[None] | None = None

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Open the journal and the current edition, then keep watching for the next."""
        end_with_server()
        config = self._config
        self._journal = AsyncJournal(config.journal, loop, on_fatal=_stop_at_once)
        slot = self._journal.journal.path.stem
        current = Current(config.editions, config.counts, config.status / f"door-{slot}.json")
        current.look_at_counts()
        current.look()
        links = Links(keys.link_key(config.keys))
        self._door = Door(current, Desks(config.keys), links, self._journal.append)
        self._watch = loop.create_task(_keep_looking(current))

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Finish what was answered for; called when the worker stops."""
        if self._watch:
            self._watch.cancel()
        if self._journal:
            self._journal.journal.close()

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        if scope.proto != "http" or self._door is None:
            return
        method = scope.method
        body = await _read_body(protocol) if method == "POST" else b""
        headers = scope.headers
        asked = {name: headers.get(name) or "" for name in _LOOKED_AT}
        response = await self._door.respond(Request(method, unquote(scope.path), asked, body))
        if method == "HEAD" or not response.body:
            protocol.response_empty(response.status, response.headers)
        else:
            protocol.response_bytes(response.status, response.headers, response.body)


async def _read_body(protocol: Any) -> bytes | None:
    """Return the body, None as soon as it is larger than any form of ours."""
    parts, size = [], 0
    async for part in protocol:
        size += len(part)
        if size > LARGEST_BODY:
            return None
        parts.append(bytes(part))
    return b"".join(parts)


async def _keep_looking(current: Current) -> None:
    turn = 0
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        turn += 1
        try:
            current.look()
            if turn % COUNT_LOOKS == 0:
                current.look_at_counts()
        except Exception:
            # Whatever is wrong with the files, the pages in memory serve and signatures are taken.
            log.exception("looking for a new edition failed; the current one keeps serving")


def _stop_at_once(reason: Exception) -> None:
    """End the process: after a failed fsync nothing it believes about the disk can be trusted."""
    log.critical("%s; stopping, a fresh process goes on from what is durable", reason)
    os._exit(1)


worker = Worker(load())
