"""People who mean ill: each keeps connections busy in a way of their own until the time is over.

They run in a process of their own beside the door, an ambush on its command line, what came of it on its
standard output. A connection that the door ends is made again.
"""

import asyncio
import re
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Literal

import msgspec
import uvloop
from msgspec import Struct

from habeas.ops.bench.ground import PAGE

Kind = Literal["idle", "headers", "bodies", "readers", "large", "endless", "flood"]

_PROGRAM = "from habeas.ops.bench.attackers import main; main()"
_AGAIN = 0.2  # seconds until a connection that was ended or refused is made again
_DRIBBLE = 1.0  # seconds between two bytes
_SMALL_WINDOW = 2_048  # bytes; the kernel doubles it
_PAGES = 200  # asked for in one go by who does not read them: more than the kernel keeps for them
_LARGE = 50_000_000
_CHUNK = bytes(65_536)
_STATUS = slice(9, 12)  # in "HTTP/1.1 200 OK"
_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)


class Ambush(Struct, frozen=True):
    """Who does what, for how long."""

    kind: Kind
    port: int
    seconds: float
    connections: int
    are_spread: bool = False  # each from a network of its own, as far as this machine has any


class Outcome(Struct):
    """What the door did about it."""

    made: int = 0  # connections
    refused: int = 0  # connections that could not be made
    most: int = 0  # open at once
    answers: dict[str, int] = {}  # status: how many

    def count(self, answer: bytes) -> None:
        """Take the beginning of an answer into account, if there is one."""
        status = answer[_STATUS].decode("latin-1")
        if status:
            self.answers[status] = self.answers.get(status, 0) + 1


def carry_out(ambush: Ambush) -> Outcome:
    """Carry out `ambush` in a process of its own and return what came of it.

    raises  subprocess.CalledProcessError
    """
    command = [sys.executable, "-c", _PROGRAM, msgspec.json.encode(ambush).decode()]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return msgspec.json.decode(done.stdout, type=Outcome)


class _Crowd:
    """Everybody in one ambush."""

    def __init__(self, ambush: Ambush) -> None:
        self.ambush = ambush
        self.outcome = Outcome()
        self._open = 0
        self._end = time.monotonic() + ambush.seconds

    async def run(self) -> Outcome:
        """Go on until the time is over."""
        people = [
            asyncio.ensure_future(self._keep_at_it(number)) for number in range(self.ambush.connections)
        ]
        await asyncio.sleep(self.ambush.seconds)
        for one in people:
            one.cancel()
        await asyncio.gather(*people, return_exceptions=True)
        return self.outcome

    async def _keep_at_it(self, number: int) -> None:
        while time.monotonic() < self._end:
            with self._connection(number) as connection:
                try:
                    await asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", self.ambush.port))
                except OSError:
                    self.outcome.refused += 1
                else:
                    self._count_one()
                    with suppress(OSError):
                        await _WAYS[self.ambush.kind](connection, self.outcome)
                    self._open -= 1
            await asyncio.sleep(_AGAIN)

    def _count_one(self) -> None:
        self._open += 1
        self.outcome.made += 1
        self.outcome.most = max(self.outcome.most, self._open)

    @contextmanager
    def _connection(self, number: int) -> Iterator[socket.socket]:
        with socket.socket() as connection:
            connection.settimeout(0)
            if self.ambush.kind == "readers":
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL_WINDOW)
            if self.ambush.are_spread:
                connection.bind((f"127.{2 + number // 250}.{number % 250}.9", 0))
            yield connection


async def _idle(connection: socket.socket, outcome: Outcome) -> None:
    """Say nothing and wait."""
    outcome.count(await asyncio.get_running_loop().sock_recv(connection, 32))


async def _headers(connection: socket.socket, outcome: Outcome) -> None:
    """Send a header a second, never the last."""
    await _dribble(connection, outcome, b"GET / HTTP/1.1\r\nHost: door\r\n", b"X-More: 1\r\n")


async def _bodies(connection: socket.socket, outcome: Outcome) -> None:
    """Send a form, a letter a second."""
    await _dribble(connection, outcome, _post(b"Content-Length: 300\r\n") + b"name=", b"a")


async def _readers(connection: socket.socket, outcome: Outcome) -> None:  # noqa: ARG001  nothing is heard
    """Ask for page after page and read nothing."""
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(connection, f"GET {PAGE} HTTP/1.1\r\nHost: door\r\n\r\n".encode() * _PAGES)
    await asyncio.Event().wait()


async def _large(connection: socket.socket, outcome: Outcome) -> None:
    """Send a form of fifty megabytes, and say so."""
    await _pour(connection, outcome, _post(b"Content-Length: %d\r\n" % _LARGE), _CHUNK)


async def _endless(connection: socket.socket, outcome: Outcome) -> None:
    """Send a form in chunks that never end."""
    chunk = b"%x\r\n%b\r\n" % (len(_CHUNK), _CHUNK)
    await _pour(connection, outcome, _post(b"Transfer-Encoding: chunked\r\n"), chunk)


async def _flood(connection: socket.socket, outcome: Outcome) -> None:
    """Sign as one person after another, as fast as the door answers."""
    loop, number = asyncio.get_running_loop(), 0
    while True:
        number += 1
        form = b"name=Robot&country=ES&email=robot.%x.%d%%40example.org" % (id(connection), number)
        await loop.sock_sendall(connection, _post(b"Content-Length: %d\r\n" % len(form)) + form)
        answer = await loop.sock_recv(connection, 65_536)
        while len(answer) < _length(answer):
            answer += await loop.sock_recv(connection, 65_536)
        if not answer:
            return
        outcome.count(answer)


def _length(answer: bytes) -> int:
    """Return how many bytes the whole answer has, from its beginning."""
    head, _, _ = answer.partition(_END)
    told = _LENGTH.search(head)
    return len(head) + len(_END) + int(told[1] if told else 0)


def _post(header: bytes) -> bytes:
    path, kind = PAGE.encode(), b"application/x-www-form-urlencoded"
    return b"POST %bsign HTTP/1.1\r\nHost: door\r\nContent-Type: %b\r\n%b\r\n" % (path, kind, header)


async def _dribble(connection: socket.socket, outcome: Outcome, head: bytes, more: bytes) -> None:
    """Send `head`, then `more` a second, until the door says something or hangs up."""
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(connection, head)
    answer = asyncio.ensure_future(loop.sock_recv(connection, 32))
    try:
        while not (await asyncio.wait([answer], timeout=_DRIBBLE))[0]:
            await loop.sock_sendall(connection, more)
        outcome.count(answer.result())
    finally:
        answer.cancel()


async def _pour(connection: socket.socket, outcome: Outcome, head: bytes, more: bytes) -> None:
    """Send as fast as the door takes it, until it says something or hangs up."""
    loop = asyncio.get_running_loop()
    answer = asyncio.ensure_future(loop.sock_recv(connection, 32))
    try:
        await loop.sock_sendall(connection, head)
        while not answer.done():
            await loop.sock_sendall(connection, more)
    finally:
        with suppress(OSError, TimeoutError):
            outcome.count(await asyncio.wait_for(answer, _DRIBBLE))


_WAYS: dict[Kind, Callable[[socket.socket, Outcome], Awaitable[None]]] = {
    "idle": _idle,
    "headers": _headers,
    "bodies": _bodies,
    "readers": _readers,
    "large": _large,
    "endless": _endless,
    "flood": _flood,
}


def allow_connections() -> None:
    """Let this process have as many open files as it may."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def main() -> None:
    """Carry out the ambush of the command line."""
    allow_connections()
    outcome = uvloop.run(_Crowd(msgspec.json.decode(sys.argv[1], type=Ambush)).run())
    sys.stdout.buffer.write(msgspec.json.encode(outcome))
