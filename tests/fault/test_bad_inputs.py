"""Bad input of forty kinds over real sockets: nothing breaks, and nothing is stored by mistake."""

import re
import socket
import sys
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from fault.bad_inputs import Input, Maker
from fault.power_cut import read_back
from habeas.ledger.entry import Sign, unpack
from running import Installation

NUMBER = 5_000
SEED = 20_260
CLIENTS = 8
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
END = b"\r\n\r\n"
HUNG_UP = 0
HANGS_UP = {HUNG_UP, 413}  # a form not read to its end leaves the connection of no use


class Client:
    """One connection after another to the door; each is used until the door or the input ends it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def send(self, one: Input) -> int:
        """Return the status that one input is answered with, HUNG_UP for none."""
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=10)
        with suppress(OSError):  # the door may have said enough before all was sent
            self._socket.sendall(one.data)
            if one.is_last:
                self._socket.shutdown(socket.SHUT_WR)
        head = self._answer(self._socket)
        status = int(head[9:12]) if head else HUNG_UP
        if one.is_last or status in HANGS_UP or b"connection: close" in head.lower():
            self.close()
        return status

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
        self._socket = None

    def _answer(self, connection: socket.socket) -> bytes:
        """Return the head of an answer, its body read and thrown away; nothing if there is none."""
        got = b""
        while True:
            head, end, body = got.partition(END)
            if end and head.startswith(b"HTTP/1.1 1"):  # an interim answer (RFC 9110, section 15.2)
                got = body
                continue
            told = LENGTH.search(head)
            if end and len(body) >= int(told[1] if told else 0):
                return head
            try:
                part = connection.recv(65_536)
            except ConnectionError:
                part = b""
            if not part:
                return head if end else b""
            got += part


def _send_all(port: int, inputs: Iterable[Input]) -> list[tuple[Input, int]]:
    client = Client(port)
    try:
        return [(one, client.send(one)) for one in inputs]
    finally:
        client.close()


def _signatures(site: Installation) -> int:
    return sum(isinstance(unpack(body), Sign) for body in read_back(site.data / "journal")[0])


def test_of_five_thousand_bad_inputs_none_breaks_the_door_and_none_becomes_a_signature(
    installation: Installation,
) -> None:
    """What is a signature after all is stored once; everybody else reads in words what is wrong."""
    inputs = list(Maker(SEED).inputs(NUMBER))
    before = _signatures(installation)
    with installation.running("door") as process:
        installation.wait_until_serving(process)
        with ThreadPoolExecutor(CLIENTS) as clients:
            parts = [inputs[place::CLIENTS] for place in range(CLIENTS)]
            answered = [
                pair
                for told in clients.map(_send_all, [installation.door_port] * CLIENTS, parts)
                for pair in told
            ]
        assert installation.sign("Maria", "maria@example.org").status == 303
    log = installation.log.read_text()
    surprises = [
        f"{one.kind}: {status}: {one.data[:400]!r}"
        for one, status in answered
        if status not in one.expected and not (status == HUNG_UP and one.may_be_silent)
    ]
    thanked = sum(one.counts and status == 303 for one, status in answered)
    sys.stdout.write(f"\n{Counter(status for _, status in answered)}, {thanked} signatures\n")
    sys.stdout.write("\n".join(surprises))

    assert not surprises
    assert len(answered) == NUMBER
    assert "Traceback" not in log
    assert "mistake" not in log
    assert _signatures(installation) - before == thanked + 1
