"""The door behind Granian's RSGI: a thin adapter, one instance a worker process.

https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md
"""

import asyncio
import logging
import os
import time
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec

from habeas.config import Config, load
from habeas.door.app import Door
from habeas.door.current import Current
from habeas.door.form import LARGEST_BODY
from habeas.door.http import Request
from habeas.door.limits import Limits, Sources, Tally, orders_path
from habeas.door.links import Links
from habeas.door.second_step import ROOM, SecondStep
from habeas.door.sign import Desks
from habeas.ledger.journal import AsyncJournal
from habeas.lib import durable
from habeas.lib.processes import end_with_server
from habeas.vault import keys, once

log = logging.getLogger("habeas.door")

LOOK_SECONDS = 0.25  # how soon a new edition is noticed
TALLY_LOOKS = 20  # what the limits did is told every five seconds, if anything changed
COUNT_LOOKS = 4  # counts and orders are looked at every so many looks: once a second
BODY_SECONDS = 5  # a client that dribbles its form is cut off
_TOO_SLOW = "the form took too long to arrive"
_MOST_READ = LARGEST_BODY + ROOM  # whoever was let into the second step gets out of it too
_LOOKED_AT = ("accept-encoding", "accept-language", "if-none-match")
_LOOKED_AT_IN_FORMS = ("content-type", "host", "origin", "sec-fetch-site")


class Patience:
    """Reads forms and cuts off who takes too long; one look at all costs less than a timer for each."""

    def __init__(self) -> None:
        self._reading: dict[asyncio.Task[Any], float] = {}  # since when, in seconds of the monotonic clock

    async def read(self, protocol: Any) -> bytes | None:
        """Return the body, None if it is too large.

        raises  TimeoutError
        """
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("not within a task")
        self._reading[task] = time.monotonic()
        try:
            return await _read_body(protocol)
        except asyncio.CancelledError as reason:
            if reason.args != (_TOO_SLOW,):
                raise
            task.uncancel()
            raise TimeoutError from None
        finally:
            del self._reading[task]

    def look(self) -> None:
        """Cut off whoever is over their time; called a few times a second."""
        earliest = time.monotonic() - BODY_SECONDS
        for task, since in self._reading.items():
            if since < earliest:
                task.cancel(_TOO_SLOW)  # it waits in _read_body and nowhere else


class Worker:
    """One door worker: its own journal, its own copy of the edition."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._sources = Sources(config.limits)
        self._patience = Patience()
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
        link_key = keys.link_key(config.keys)
        limits = Limits(_own_origins(config), orders_path(config))
        limits.look()
        steps = SecondStep(once.key_from(link_key))
        self._door = Door(current, Desks(config.keys), Links(link_key), self._journal.append, limits, steps)
        tally_path = config.status / f"tally-{slot}.json"
        looking = _keep_looking(current, limits, self._sources, self._patience, tally_path)
        self._watch = loop.create_task(looking)

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
        method, headers = scope.method, scope.headers
        if method == "POST":
            request = await self._posted(scope, protocol)
        else:
            asked = {name: headers.get(name) or "" for name in _LOOKED_AT}
            request = Request(method, unquote(scope.path), asked)
        response = await self._door.respond(request)
        if method == "HEAD" or not response.body:
            protocol.response_empty(response.status, response.headers)
        else:
            protocol.response_bytes(response.status, response.headers, response.body)

    async def _posted(self, scope: Any, protocol: Any) -> Request:
        """Return what was sent, its body read whole or given up on; the client's address stays here."""
        headers, is_cut_off, body = scope.headers, False, None
        try:
            body = await self._patience.read(protocol)
        except TimeoutError:
            is_cut_off = True
        asked = {name: headers.get(name) or "" for name in _LOOKED_AT_IN_FORMS}
        source = self._sources.of(getattr(scope, "client", ""), headers)  # a Unix socket has no address
        return Request(scope.method, unquote(scope.path), asked, body, is_cut_off, source)


def _own_origins(config: Config) -> list[str]:
    """Return scheme and host under which our pages are: the public address and the door's own."""
    return [config.door_url, f"http://{config.door.host}:{config.door.port}"]


async def _read_body(protocol: Any) -> bytes | None:
    """Return the body, None as soon as it is larger than any form of ours."""
    parts, size = [], 0
    async for part in protocol:
        size += len(part)
        if size > _MOST_READ:
            return None
        parts.append(bytes(part))
    return b"".join(parts)


async def _keep_looking(
    current: Current, limits: Limits, sources: Sources, patience: Patience, tally_path: Path
) -> None:
    turn, told = 0, Tally()
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        turn += 1
        try:
            patience.look()
            current.look()
            if turn % COUNT_LOOKS == 0:
                current.look_at_counts()
                limits.look()
                sources.forget()
            if turn % TALLY_LOOKS == 0 and (tally := limits.told()) != told:
                told = tally
                durable.write(tally_path, msgspec.json.encode(tally))
        except Exception:
            # Whatever is wrong with the files, the pages in memory serve and signatures are taken.
            log.exception("looking for a new edition failed; the current one keeps serving")


def _stop_at_once(reason: Exception) -> None:
    """End the process: after a failed fsync nothing it believes about the disk can be trusted."""
    log.critical("%s; stopping, a fresh process goes on from what is durable", reason)
    os._exit(1)


worker = Worker(load())
