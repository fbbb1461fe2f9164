"""The door behind ASGI, to measure it on uvicorn beside Granian; production runs `door.rsgi`.

The worker is the same: it is handed what ASGI gives in the shape that RSGI has.
https://asgi.readthedocs.io/en/latest/specs/www.html
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import lru_cache
from typing import Any

from habeas.config import load
from habeas.door.http import Headers
from habeas.door.rsgi import Worker

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class _Headers:
    """The headers of a request, by name."""

    __slots__ = ("_last", "_pairs")

    def __init__(self, pairs: list[tuple[bytes, bytes]]) -> None:
        self._pairs = pairs
        self._last = dict(pairs)

    def get(self, name: str) -> str | None:
        """Return the value of a header, None if it was not sent."""
        value = self._last.get(name.encode())
        return None if value is None else value.decode("latin-1")

    def get_all(self, name: str) -> list[str]:
        """Return every value of a header, in their order."""
        wanted = name.encode()
        return [value.decode("latin-1") for key, value in self._pairs if key == wanted]


class _Scope:
    """A request without its body, as RSGI has it."""

    __slots__ = ("client", "headers", "method", "path", "proto")

    def __init__(self, scope: Message) -> None:
        self.proto = scope["type"]
        self.method = scope["method"]
        self.path = scope["raw_path"].decode("latin-1")
        self.headers = _Headers(scope["headers"])
        self.client = scope["client"][0] if scope["client"] else ""


class _Exchange:
    """A request's body and its answer, as RSGI's protocol has them."""

    __slots__ = ("_receive", "body", "headers", "status")

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.status, self.body = 500, b""  # until there is an answer
        self.headers: list[tuple[bytes, bytes]] = []

    async def __call__(self) -> bytes:
        """Return the whole body."""
        return b"".join([part async for part in self])

    async def __aiter__(self) -> AsyncIterator[bytes]:
        is_more = True
        while is_more:
            message = await self._receive()
            is_more = message.get("more_body", False)
            yield message.get("body", b"")

    def response_empty(self, status: int, headers: Headers) -> None:
        """Answer without a body."""
        self.response_bytes(status, headers, b"")

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        """Answer."""
        self.status, self.headers, self.body = status, [_raw(pair) for pair in headers], body


@lru_cache(4096)
def _raw(pair: tuple[str, str]) -> tuple[bytes, bytes]:
    return pair[0].encode("latin-1"), pair[1].encode("latin-1")


class Application:
    """One door worker, as an ASGI application."""

    def __init__(self) -> None:
        self._worker = Worker(load())

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request, or follow the server through its life."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            exchange = _Exchange(receive)
            await self._worker.__rsgi__(_Scope(scope), exchange)
            length = (b"content-length", str(len(exchange.body)).encode())
            headers = [*exchange.headers, length]
            await send({"type": "http.response.start", "status": exchange.status, "headers": headers})
            await send({"type": "http.response.body", "body": exchange.body})

    async def _live(self, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        await receive()
        self._worker.__rsgi_init__(loop)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._worker.__rsgi_del__(loop)
        await send({"type": "lifespan.shutdown.complete"})


application = Application()
