"""The door behind Granian's RSGI: a thin adapter, one instance a worker process.

https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md
"""

import asyncio
import gc
import logging
import os
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import msgspec

from habeas.config import Config, load
from habeas.door.app import Door
from habeas.door.current import Current
from habeas.door.form import LARGEST_BODY
from habeas.door.http import Request
from habeas.door.limits import Limits, Sources
from habeas.door.links import Links
from habeas.door.second_step import ROOM, SecondStep
from habeas.door.sign import Desks
from habeas.edition.levels import Tally, orders_path
from habeas.ledger.journal import AsyncJournal, JournalUnavailable, NoFreeJournal
from habeas.lib import durable
from habeas.lib.errors import HabeasError
from habeas.lib.processes import end_with_server, keep_to_one_core
from habeas.vault import keys, once

log = logging.getLogger("habeas.door")

LOOK_SECONDS = 0.25  # how soon a new edition is noticed
TALLY_LOOKS = 20  # what the limits did is told every five seconds, if anything changed
BODY_SECONDS = 5  # a client that dribbles its form is cut off
FLOOD_SECONDS = 1  # a form waits its turn where its network floods, and others go first
_SLOW_SECONDS = 0.5  # a form that takes longer is slow; nearly all arrive with their headers
_MOST_SLOW = 1_000  # slow forms at once; each holds some 20 KB
_MOST_SLOW_OF_ONE = 20  # slow forms of one network
_BROKEN_OFF, _TOO_SLOW, _TOO_MANY, _NO_ROOM = 400, 408, 429, 503  # why a form was not read to its end
_OUR_REASONS = {(_TOO_SLOW,), (_TOO_MANY,), (_NO_ROOM,)}
_BROKEN = [b"", b""]  # Granian ends a body with one empty part, one that broke off with two
_MOST_READ = LARGEST_BODY + ROOM  # whoever was let into the second step gets out of it too
_LOOKED_AT = ("accept-encoding", "accept-language", "if-none-match")
_LOOKED_AT_IN_FORMS = ("content-type", "host", "origin", "sec-fetch-site")
_COLLECT_AFTER = 50_000  # new objects; requests leave no cycles behind, so looking more often finds nothing


class CutOff(HabeasError):
    """A form was not read to its end."""

    def __init__(self, status: int) -> None:
        super().__init__(f"a form was not read to its end: {status}")
        self.status = status


class Patience:
    """Reads forms and cuts off who takes too long; one look at all costs less than a timer for each.

    How long is too long depends on how many are slow. Where one network has too many of them, or all have,
    the slowest go first: whoever dribbles forms holds little memory, and keeps no neighbour out.
    """

    def __init__(self) -> None:
        # Since when, in seconds of the monotonic clock, and from where; the slowest come first.
        self._reading: dict[asyncio.Task[Any], tuple[float, bytes | None]] = {}

    async def read(self, protocol: Any, told: str | None, source: bytes | None = None) -> bytes | None:
        """Return the body, None if it is too large.

        told    its length as the headers say, if they do
        source  from `Sources.of`; an exempt one may send any number of slow ones
        raises  CutOff
        """
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("not within a task")
        self._reading[task] = (time.monotonic(), source)
        try:
            return await _read_body(protocol, told)
        except asyncio.CancelledError as reason:
            if reason.args not in _OUR_REASONS:
                raise
            task.uncancel()
            raise CutOff(reason.args[0]) from None
        finally:
            del self._reading[task]

    def look(self) -> None:
        """Cut off whoever is over their time; called a few times a second."""
        now, slow, slow_of_one = time.monotonic(), 0, Counter[bytes]()
        for task, (since, source) in reversed(self._reading.items()):
            if now - since < _SLOW_SECONDS:
                continue
            slow += 1
            if source is not None:
                slow_of_one[source] += 1
            reason = _TOO_SLOW if now - since > BODY_SECONDS else 0
            if source is not None and slow_of_one[source] > _MOST_SLOW_OF_ONE:
                reason = _TOO_MANY
            elif slow > _MOST_SLOW:
                reason = _NO_ROOM
            if reason:
                task.cancel(reason)  # it waits in _read_body and nowhere else


class Worker:
    """One door worker: its own journal, its own copy of the edition."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._current = Current(config.editions, config.counts, onion=config.site.onion)
        self._limits = Limits(_own_origins(config), orders_path(config))
        self._sources = Sources(config.limits)
        self._patience = Patience()
        self._told = Tally()
        self._door: Door | None = None
        self._journal: AsyncJournal | None = None  # none while the disk gives us no file to write
        self._watch: asyncio.Task[None] | None = None
        self._warming: Iterator[None] = iter(())

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Open the journal and the current edition, then keep watching for the next."""
        end_with_server()
        self._look_for_journal(loop)
        self._current.look_at_counts()
        self._current.look()
        self._limits.look()
        link_key = keys.link_key(self._config.keys)
        desks, steps = Desks(self._config.keys), SecondStep(once.key_from(link_key))
        self._door = Door(self._current, desks, Links(link_key), self._append, self._limits, steps)
        self._warming = self._door.warm_up()
        self._watch = loop.create_task(self._keep_looking(loop))
        gc.freeze()
        gc.set_threshold(_COLLECT_AFTER)

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
        headers, cut_off, body = scope.headers, 0, None
        source = self._sources.of(getattr(scope, "client", ""), headers)  # a Unix socket has no address
        try:
            body = await self._patience.read(protocol, headers.get("content-length"), source)
        except CutOff as reason:
            cut_off = reason.status
        if source is not None and self._limits.is_flooding(source):
            await asyncio.sleep(FLOOD_SECONDS)
        asked = {name: headers.get(name) or "" for name in _LOOKED_AT_IN_FORMS}
        return Request("POST", unquote(scope.path), asked, body, cut_off, source)

    def _append(self, *bodies: bytes) -> asyncio.Future[None]:
        if self._journal is None:
            raise JournalUnavailable("no journal could be opened yet")
        return self._journal.append(*bodies)

    def _look_for_journal(self, loop: asyncio.AbstractEventLoop) -> None:
        """Open a journal if there is none: on a full disk a worker starts without, and serves pages."""
        if self._journal:
            return
        try:
            self._journal = AsyncJournal(self._config.journal, loop, on_fatal=_stop_at_once)
        except (JournalUnavailable, NoFreeJournal, OSError) as reason:
            log.error("no journal can be opened: %s; pages go on, nobody can sign here", reason)  # noqa: TRY400  the message says all
            return
        slot = self._journal.journal.slot
        keep_to_one_core(int(slot))
        self._current.tell_at(self._config.status / f"door-{slot}.json")

    async def _keep_looking(self, loop: asyncio.AbstractEventLoop) -> None:
        turn, second = 0, 0
        while True:
            # All workers look as the same quarter of a second begins: a number that rose on one page does
            # not fall on the next, which another worker may answer.
            await asyncio.sleep(LOOK_SECONDS - time.time() % LOOK_SECONDS)
            turn, before, second = turn + 1, second, int(time.time())
            try:
                self._look(turn, loop, is_new_second=second != before)
                next(self._warming, None)
            except Exception:
                # Whatever is wrong with the files, the pages in memory serve and signatures are taken.
                log.exception("looking for a new edition failed; the current one keeps serving")

    def _look(self, turn: int, loop: asyncio.AbstractEventLoop, *, is_new_second: bool) -> None:
        self._patience.look()
        self._current.look()
        if is_new_second:
            self._look_for_journal(loop)
            self._current.look_at_counts()
            self._limits.look()
            self._sources.forget()
        if turn % TALLY_LOOKS == 0:
            self._tell_tally()

    def _tell_tally(self) -> None:
        tally = self._limits.told()
        if tally == self._told or self._journal is None:
            return
        self._told = tally
        path = self._config.status / f"tally-{self._journal.journal.slot}.json"
        durable.write(path, msgspec.json.encode(tally))


def _own_origins(config: Config) -> list[str]:
    """Return scheme and host under which our pages are: the public address and the door's own."""
    return [config.door_url, f"http://{config.door.host}:{config.door.port}"]


async def _read_body(protocol: Any, told: str | None) -> bytes | None:
    """Return the body, None as soon as it is larger than any form of ours.

    Part by part, because Granian keeps 8 KB for each while it collects them in one go: a form sent letter by
    letter would hold megabytes.

    told    its length as the headers say; the server holds a client to it, so what comes after its last byte
            need not be waited for, which saves a wake-up
    raises  CutOff if the connection or the chunking broke: half a form is none
    """
    length = int(told) if told is not None and told.isdecimal() else None
    if length is not None and length > _MOST_READ:
        return None
    parts: list[bytes] = []
    size = 0
    async for part in protocol:
        size += len(part)
        if size > _MOST_READ:
            return None
        parts.append(bytes(part))
        if size == length:
            break
    if parts[-2:] == _BROKEN or (length is not None and size < length):
        raise CutOff(_BROKEN_OFF)
    return b"".join(parts)


def _stop_at_once(reason: Exception) -> None:
    """End the process: after a failed fsync nothing it believes about the disk can be trusted."""
    log.critical("%s; stopping, a fresh process goes on from what is durable", reason)
    os._exit(1)


worker = Worker(load())
