"""The client of the replay, whose links are pressed by those who signed; what needs no story, wrk sends.

With a rate it sends whether answers come or not: people do not wait for each other.

A client that waits for an answer before it sends the next request stops asking just while the server is
slow, and so never measures it ("coordinated omission"). Here every request is due at a moment of its own,
and its latency counts from then, however late a free connection or this client let it be sent. How late
the client's own clock was is told too: a figure from a starved client says nothing about the server.

It runs in processes of its own, the plan on the command line, the report on standard output. Without an
event loop: it looks at all connections a few thousand times a second, which takes a quarter less than being
woken for every answer, from cores that the server needs too, and adds some 0.3 ms to every latency.
"""

import gc
import math
import select
import socket
import subprocess
import sys
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import structs

from habeas.lib.errors import HabeasError
from habeas.ops.bench import forms
from habeas.ops.bench.latencies import UNITS_A_SECOND
from habeas.ops.bench.plans import Plan, Report, divided, merged

PATIENCE = 20.0  # seconds: who has no answer so long after the last request was due gets none

_PAUSE = 0.0002  # seconds between two looks at what is due and what came
_AGAIN = 0.1  # seconds until a refused connection is tried again
_MOST_READ = 1 << 14  # bytes at once; larger buffers cost more to get than to fill
_LENGTH = b"content-length: "
_END = b"\r\n\r\n"
_WITHOUT_BODY = {b"204", b"304"}


class ClientFailed(HabeasError):
    """A process of the load client ended without a report."""


class NotAnAnswer(HabeasError):
    """The server sent something whose end this client cannot tell."""


class Running:
    """A load going on, in as many processes as it was divided into."""

    def __init__(self, plan: Plan, processes: int = 1) -> None:
        self._processes = [_spawn(part) for part in divided(plan, processes)]

    def report(self) -> Report:
        """Wait for the end and return what came of it.

        raises  ClientFailed
        """
        told = [process.communicate()[0] for process in self._processes]
        if any(process.returncode for process in self._processes):
            raise ClientFailed("the load client ended without a report; the reason stands above")
        return merged([msgspec.json.decode(text, type=Report) for text in told])


def _spawn(plan: Plan) -> subprocess.Popen[bytes]:
    start = "from habeas.ops.bench.open_loop import main; main()"
    command = [sys.executable, "-c", start, msgspec.json.encode(plan).decode()]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


def length(data: bytes) -> int:
    """Return how many bytes the answer at the start of `data` has; 0 while that cannot be told.

    raises  NotAnAnswer
    """
    end = data.find(_END)
    if end < 0:
        return 0
    at = data.find(_LENGTH, 0, end)
    if at < 0:
        at = data[:end].lower().find(_LENGTH)
    if at >= 0:
        return end + len(_END) + int(data[at + len(_LENGTH) : data.index(b"\r", at)])
    if data[9:12] in _WITHOUT_BODY:
        return end + len(_END)
    raise NotAnAnswer("no content-length")


class _Connection:
    """One connection, with at most one request under way."""

    __slots__ = ("due", "rest", "socket")

    def __init__(self, made: socket.socket) -> None:
        self.socket = made
        self.due = 0.0  # when the request under way was; 0 if none is
        self.rest = b""  # of an answer, so far


class Client:
    """Sends what is due over connections that are free, and counts what comes back."""

    def __init__(self, plan: Plan, requests: Iterator[bytes]) -> None:
        """Make a client; `run` starts it.

        requests  as many as the plan says
        """
        self._plan = plan
        self._requests = requests
        self._interval = 1 / plan.rate if plan.rate else 0.0
        self._epoll = select.epoll()
        self._connections: dict[int, _Connection] = {}
        self._idle: deque[_Connection] = deque()
        self._missing = 0  # connections to be made anew
        self._next_try = 0.0
        self._taken = self._settled = 0  # requests sent, and those that came to an end
        self._start = self._due = self._latest = 0.0  # beginning, next request, latest answer
        self._answers: defaultdict[int, int] = defaultdict(int)
        self._errors: defaultdict[str, int] = defaultdict(int)
        self._latencies: defaultdict[int, int] = defaultdict(int)
        self._lags: defaultdict[int, int] = defaultdict(int)

    def run(self) -> Report:
        """Send everything and return what came of it.

        raises  OSError if nobody listens
        """
        for _ in range(self._plan.connections):
            self._connect()
        cpu = time.process_time()
        self._start = self._latest = self._due = time.perf_counter()
        self._go_on()
        self._give_up(time.perf_counter())
        self._close()
        seconds = self._latest - self._start
        used = time.process_time() - cpu
        return Report(self._answers, self._errors, self._latencies, self._lags, seconds, used)

    def _close(self) -> None:
        for connection in self._connections.values():
            connection.socket.close()
        self._epoll.close()

    def _go_on(self) -> None:
        """Send and take until all is answered, or nothing more is to be expected."""
        now = self._start
        while not self._is_over(now):
            self._send_due(now)
            woken = self._wait(now)
            events = self._epoll.poll(0)
            now = time.perf_counter()
            self._lags[int((now - woken) * UNITS_A_SECOND)] += 1
            for descriptor, _ in events:
                self._take(self._connections[descriptor], now)
            if self._missing and now > self._next_try:
                self._connect_again(now)

    def _wait(self, now: float) -> float:
        """Pause until the next look, or an answer if there is no rate to keep; return when that was due."""
        if self._interval:
            time.sleep(_PAUSE)
            return now + _PAUSE
        self._epoll.poll(_AGAIN)
        return time.perf_counter()

    def _send_due(self, now: float) -> None:
        """Send what is due, as far as connections are free; the rest stays due."""
        while self._due <= now and self._idle:
            request = next(self._requests, None)
            if request is None:
                self._due = math.inf
                return
            connection = self._idle.popleft()
            connection.due = self._due if self._interval else now
            self._taken += 1
            self._due = self._start + self._taken * self._interval
            try:
                connection.socket.send(request)  # some hundred bytes on a connection with nothing under way
            except OSError as error:
                self._lose(connection, type(error).__name__, now)

    def _take(self, connection: _Connection, now: float) -> None:
        """Take what came on a connection."""
        try:
            data = connection.socket.recv(_MOST_READ)
        except OSError as error:
            self._lose(connection, type(error).__name__, now)
            return
        if not data:
            self._lose(connection, "closed", now)
            return
        if connection.rest:
            data = connection.rest + data
        try:
            whole = length(data)
        except NotAnAnswer:
            self._lose(connection, "not an answer", now)
            return
        if not whole or len(data) < whole:
            connection.rest = data
        elif connection.due:
            self._answers[int(data[9:12])] += 1
            self._settle(connection, now)
            self._idle.append(connection)
            self._latest = now

    def _settle(self, connection: _Connection, now: float) -> None:
        self._latencies[int((now - connection.due) * UNITS_A_SECOND)] += 1
        self._settled += 1
        connection.due, connection.rest = 0.0, b""

    def _lose(self, connection: _Connection, reason: str, now: float) -> None:
        """Count the request that was under way on a connection, if any, as an error."""
        if connection.due:
            self._errors[reason] += 1
            self._settle(connection, now)
        elif connection in self._idle:
            self._idle.remove(connection)
        del self._connections[connection.socket.fileno()]
        connection.socket.close()
        self._missing += 1

    def _connect(self) -> None:
        made = socket.create_connection((self._plan.host, self._plan.port), timeout=_AGAIN)
        made.setblocking(False)  # noqa: FBT003  the library's signature
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = self._connections[made.fileno()] = _Connection(made)
        self._epoll.register(made, select.EPOLLIN)
        self._idle.append(connection)

    def _connect_again(self, now: float) -> None:
        try:
            while self._missing:
                self._connect()
                self._missing -= 1
        except OSError:
            self._next_try = now + _AGAIN

    def _is_over(self, now: float) -> bool:
        if self._due == math.inf and self._settled == self._taken:
            return True
        last = self._start + self._plan.number * self._interval if self._interval else self._latest
        return now > last + PATIENCE

    def _give_up(self, now: float) -> None:
        """Count what was never answered, or never sent, with the time it has waited so far."""
        for connection in self._connections.values():
            if connection.due:
                self._errors["no answer"] += 1
                self._settle(connection, now)
        for _ in self._requests if self._interval else ():
            self._errors["never sent"] += 1
            self._latencies[int((now - self._start - self._taken * self._interval) * UNITS_A_SECOND)] += 1
            self._taken += 1


def _number(plan: Plan) -> int:
    """Return how many requests a plan comes to."""
    return plan.number + forms.confirmations(plan.number)


def _requests(plan: Plan) -> Iterator[bytes]:
    host, campaign = f"{plan.host}:{plan.port}", bytes.fromhex(plan.campaign)
    return forms.replay(host, plan.first, plan.number, Path(plan.keys), campaign)


def main() -> None:
    """Carry out the plan of the command line."""
    plan = msgspec.json.decode(sys.argv[1], type=Plan)
    gc.disable()  # nothing here forms cycles, and a collection would be a pause of ours
    whole = structs.replace(plan, number=_number(plan))
    report = Client(whole, _requests(plan)).run()
    sys.stdout.buffer.write(msgspec.json.encode(report))
