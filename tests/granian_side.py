"""The door under its server: what Granian tells of a request, and a clock that the test moves."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from habeas.config import Config
from habeas.edition.slots import sign_path
from habeas.lib import clock as calendar
from public_side import SELMA, TYPED, run

NOON = 1_800_000_000.0 // calendar.SECONDS_A_DAY * calendar.SECONDS_A_DAY + 43_200
FORM = urlencode(TYPED).encode()


@dataclass
class Clock:
    """A clock that the test moves."""

    time: float = NOON

    def __call__(self) -> float:
        return self.time


@dataclass
class Headers:
    """Headers as the server has them."""

    told: list[tuple[str, str]] = field(default_factory=list)

    def get_all(self, name: str) -> list[str]:
        return [value for told, value in self.told if told == name]

    def get(self, name: str) -> str | None:
        return next(iter(self.get_all(name)), None)


def forwarded(*values: str) -> Headers:
    return Headers([("x-forwarded-for", value) for value in values])


@dataclass
class Scope:
    """What Granian tells of a request."""

    client: str
    headers: Headers = field(default_factory=Headers)
    method: str = "POST"
    path: str = sign_path(SELMA, "en")
    proto: str = "http"


class Protocol:
    """Granian's side of a request."""

    def __init__(self, *parts: bytes, pause: float = 0) -> None:
        self.parts, self.pause, self.sent = parts, pause, 0
        self.status, self.headers, self.body = 0, [("", "")], b""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            await asyncio.sleep(self.pause)
            self.sent += 1
            yield part

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        self.status, self.headers, self.body = status, headers, b""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body


def answers(rsgi: Any, config: Config, *asked: tuple[Scope, Protocol]) -> tuple[list[Protocol], Any]:
    """Return what a worker answers to one request after the other, and the worker."""

    async def story() -> Any:
        worker, loop = rsgi.Worker(config), asyncio.get_running_loop()
        worker.__rsgi_init__(loop)
        for scope, protocol in asked:
            await worker.__rsgi__(scope, protocol)
        worker.__rsgi_del__(loop)
        return worker

    worker = run(story())
    return [protocol for _, protocol in asked], worker
