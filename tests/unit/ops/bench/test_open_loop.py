"""The load client tells the truth: what people would have waited for, not what was convenient to measure."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import repeat

import pytest

from habeas.ops.bench.open_loop import Client, NotAnAnswer, length
from habeas.ops.bench.plans import Plan, Report

REQUEST = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
RATE, NUMBER = 200.0, 100


@contextmanager
def server(answer: Callable[[int, socket.socket], None]) -> Iterator[int]:
    """Answer one connection after another, each request by its number; yield the port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        served = threading.Thread(target=serve, args=(listening, answer), daemon=True)
        served.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
        served.join()


def serve(listening: socket.socket, answer: Callable[[int, socket.socket], None]) -> None:
    number = 0
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        with connection:
            while connection.recv(65536):
                answer(number, connection)
                number += 1
                if connection.fileno() < 0:
                    break


def load(port: int, rate: float = RATE, number: int = NUMBER) -> Report:
    plan = Plan("127.0.0.1", port, number, rate, connections=1)
    return Client(plan, repeat(REQUEST, number)).run()


def test_a_server_that_stalls_is_measured_by_all_who_would_have_waited() -> None:
    """One pause of 0.25 s at 200 a second keeps fifty people waiting, not the one whose request it was."""

    def answer(number: int, connection: socket.socket) -> None:
        if number == 20:
            time.sleep(0.25)
        connection.sendall(ANSWER)

    with server(answer) as port:
        report = load(port)

    waited = sum(number for units, number in report.latencies.items() if units > 5_000)
    assert report.answers == {200: NUMBER}
    assert report.failed == 0
    assert 30 <= waited <= 60
    assert report.latency(1) >= 240


def test_the_rate_is_kept_by_a_server_that_keeps_up() -> None:
    """A hundred requests at two hundred a second take half a second, no less."""
    with server(lambda _, connection: connection.sendall(ANSWER)) as port:
        report = load(port)

    assert 0.4 <= report.seconds <= 0.9
    assert report.latency(0.5) < 50


def test_without_a_rate_everything_is_sent_as_fast_as_it_is_answered() -> None:
    """And each latency counts from its own sending."""
    with server(lambda _, connection: connection.sendall(ANSWER)) as port:
        report = load(port, rate=0)

    assert report.answers == {200: NUMBER}
    assert report.latency(1) < 1000 * report.seconds


def test_an_answer_in_pieces_is_one_answer() -> None:
    """Large pages come in several."""

    def answer(_: int, connection: socket.socket) -> None:
        for piece in (ANSWER[:10], ANSWER[10:-1], ANSWER[-1:]):
            connection.sendall(piece)
            time.sleep(0.001)

    with server(answer) as port:
        report = load(port, number=10)

    assert report.answers == {200: 10}


def test_a_connection_that_is_cut_is_an_error_and_the_load_goes_on() -> None:
    """Nobody's request disappears from the report."""

    def answer(number: int, connection: socket.socket) -> None:
        if number == 3:
            connection.close()
        else:
            connection.sendall(ANSWER)

    with server(answer) as port:
        report = load(port, number=10)

    assert report.answers == {200: 9}
    assert sum(report.errors.values()) == 1
    assert report.sent == 10


def test_who_gets_no_answer_is_counted_with_the_time_they_waited(monkeypatch: pytest.MonkeyPatch) -> None:
    """So are those whose turn never came."""
    monkeypatch.setattr("habeas.ops.bench.open_loop.PATIENCE", 0.2)
    with server(lambda _, __: None) as port:
        report = load(port, number=10)

    assert report.errors == {"no answer": 1, "never sent": 9}
    assert report.failed == report.sent == 10
    assert report.latency(0.01) >= 200


def test_a_no_is_not_a_yes() -> None:
    """A rate of refusals is no rate."""
    report = Report({303: 90, 503: 10}, {}, {100: 100}, {}, seconds=1.0, cpu_seconds=0.0)

    assert report.failed == 10
    assert report.per_second == 90


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel", 43),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nserver: x\r\n\r\n", 54),
        (b"HTTP/1.1 304 Not Modified\r\netag: x\r\n\r\n", 38),
        (b"HTTP/1.1 200 OK\r\ncontent-le", 0),
    ],
)
def test_the_end_of_an_answer_is_where_its_head_says(data: bytes, expected: int) -> None:
    """Known before the body has come; 0 while even the head has not."""
    assert length(data) == expected


def test_an_answer_whose_end_cannot_be_told_is_none() -> None:
    """Guessing would count half an answer as a whole one."""
    with pytest.raises(NotAnAnswer):
        length(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
