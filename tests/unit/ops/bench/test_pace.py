"""A load at a fixed rate tells what people would have waited for, not what was convenient to measure."""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from habeas.door import form
from habeas.ops.bench.wrk import pace

RATE, SECONDS = 200, 2

pytestmark = pytest.mark.skipif(not shutil.which("wrk"), reason="wrk is not installed")


class Server(ThreadingHTTPServer):
    """Answers at once, but for one request in the middle, which everybody waits for."""

    stalls_at = -1
    number = 0
    networks: set[str]
    forms: list[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.turn = threading.Lock()
        self.networks, self.forms = set(), []


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        with self.server.turn:
            self.server.number += 1
            if self.server.number == self.server.stalls_at:
                time.sleep(0.4)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.server.turn:
            self.server.networks.add(self.headers["X-Forwarded-For"])
            self.server.forms.append(body)
        self.send_response(303)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(stalls_at: int = -1) -> Iterator[Server]:
    with Server() as server:
        server.stalls_at = stalls_at
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_a_server_that_stalls_is_measured_by_all_who_would_have_waited() -> None:
    """One pause of 0.4 s at 200 a second keeps eighty people waiting, not the two who hold a connection."""
    with serving(stalls_at=100) as server:
        load = pace(server.url, rate=RATE, seconds=SECONDS, connections=2)

    assert load.errors == 0
    assert 350 <= load.p99 <= 2 * load.longest
    assert load.late >= 200  # nobody was free to be sent for, and that is told
    assert load.p50 < 100


def test_the_rate_is_kept_by_a_server_that_keeps_up() -> None:
    """No more is sent than was asked for, and no less."""
    with serving() as server:
        load = pace(server.url, rate=RATE, seconds=SECONDS, connections=8)

    assert 0.9 * RATE <= load.per_second <= 1.1 * RATE
    assert load.p50 < 50


def test_everybody_signs_with_a_form_the_door_takes_from_a_network_of_their_own() -> None:
    """So that a measured signature goes the whole way, past no budget unlooked at."""
    with serving() as server:
        load = pace(server.url, rate=RATE, seconds=1, connections=8, script="sign_from_browsers.lua")
        filled = [form.check(form.read(body), "en", asks_comment=False) for body in server.forms]

    people = {one.address.canonical for one in filled if isinstance(one, form.Filled)}
    assert load.errors == 0
    assert len(people) == len(filled) == len(server.networks) >= 100
