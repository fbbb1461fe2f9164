"""People who sign while the door is under attack, each from a network of their own, in no hurry.

A person who is asked to press once more counts to three and does; the counting is not waiting for us.
"""

import asyncio
import re
import time
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

from habeas.ops.bench.ground import PAGE

PATIENCE = 10.0  # seconds; then a person gives up
COUNT_TO_THREE = 3.2  # seconds
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
_NETWORKS = 250


@dataclass(slots=True)
class Signers:
    """What became of them."""

    thanked: int = 0
    asked_again: int = 0  # to press once more; most of them are among the thanked
    lost: dict[str, int] = field(default_factory=dict)  # a status, or what went wrong: how many
    seconds: list[float] = field(default_factory=list)  # each thanked person waited

    @property
    def share(self) -> float:
        """Whom the door thanked, of all."""
        return self.thanked / max(1, self.thanked + sum(self.lost.values()))

    def waited(self, share: float) -> float:
        """Return how long, in seconds, all but the slowest waited at most; 0 if nobody was thanked."""
        ordered = sorted(self.seconds)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0

    def lose(self, reason: str) -> None:
        """Count somebody who was not thanked."""
        self.lost[reason] = self.lost.get(reason, 0) + 1


async def sign_steadily(port: int, seconds: float, a_second: float, patience: float = PATIENCE) -> Signers:
    """Have so many people a second sign, each when they are due, whether the one before has or not.

    patience  seconds that each waits for an answer at most
    """
    signers, people = Signers(), []
    begun = time.monotonic()
    for number in range(max(1, int(seconds * a_second))):
        await asyncio.sleep(begun + number / a_second - time.monotonic())
        people.append(asyncio.ensure_future(_sign(signers, port, number, patience)))
    await asyncio.gather(*people)
    return signers


async def _sign(signers: Signers, port: int, number: int, patience: float) -> None:
    form = {
        "name": "María Ibáñez",
        "email": f"maria.{time.time_ns()}@example.org",
        "country": "ES",
        "website": "",
        "updates": "on",
    }
    home = f"127.1.{number % _NETWORKS}.3"
    try:
        async with asyncio.timeout(patience):
            status, page, took = await _post(port, home, form)
        if status == "200":
            signers.asked_again += 1
            await asyncio.sleep(COUNT_TO_THREE)
            pressed = {name: unescape(value) for name, value in _HIDDEN.findall(page)}
            async with asyncio.timeout(patience):
                status, _, more = await _post(port, home, pressed)
            took += more
    except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
        signers.lose(type(error).__name__)
        return
    if status == "303":
        signers.thanked += 1
        signers.seconds.append(took)
    else:
        signers.lose(status)


async def _post(port: int, home: str, form: dict[str, str]) -> tuple[str, str, float]:
    """Return the status, the page, and the seconds until it was there."""
    body = urlencode(form).encode()
    head = (
        f"POST {PAGE}sign HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    begun = time.monotonic()
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(home, 0))
    try:
        writer.write(head.encode() + body)
        told = await reader.readuntil(b"\r\n\r\n")
        page = await reader.read()
    finally:
        writer.close()
    return told[9:12].decode(), page.decode(), time.monotonic() - begun
