"""A real installation in a folder of its own: every process, every port, nothing replaced."""

import contextlib
import email.policy
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from http.client import HTTPConnection
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

import databases
from habeas.config import Config
from habeas.edition.read import current_number, load_manifest
from habeas.ledger.shown import read_shown

HABEAS = [sys.executable, "-m", "habeas"]
SLUG = "free-mkhaitir"
Found = TypeVar("Found")


def _wait_or_kill(process: subprocess.Popen[bytes]) -> None:
    """Wait for the end; what does not stop fails the test, and is not left behind to hold the next one up."""
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise


class Answer:
    """What the door said."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


class Installation:
    """A data folder, its ports, and the processes that run on it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.door_port, self.office_port = free_ports(2)
        self.door_url = f"http://127.0.0.1:{self.door_port}"
        self.office_url = f"http://127.0.0.1:{self.office_port}"
        self.log = data.parent / "log.txt"

    @property
    def environment(self) -> dict[str, str]:
        """What a process of this installation is given."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("HABEAS_")},
            "HABEAS_DATA": str(self.data),
            "HABEAS_DOOR_PORT": str(self.door_port),
            "HABEAS_OFFICE_PORT": str(self.office_port),
            **databases.told(self.data),
        }

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `habeas …` to its end."""
        return subprocess.run(
            [*HABEAS, *words], env=self.environment, capture_output=True, text=True, check=False, timeout=120
        )

    @contextmanager
    def running(self, *words: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run `habeas …` (door, office, clerk, up) until the block ends; Ctrl-C ends it."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [*HABEAS, *words], env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                _wait_or_kill(process)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> Answer:
        """Send one request to the door, without cookies, following nothing."""
        connection = HTTPConnection("127.0.0.1", self.door_port, timeout=10)
        body = urlencode(form) if form is not None else None
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def sign(self, name: str, address: str, *, language: str = "en", **more: str) -> Answer:
        """Sign the demonstration's campaign."""
        form = {"name": name, "email": address, "country": "FR", "website": "", **more}
        return self.ask("POST", f"/{language}/c/{SLUG}/sign", form)

    def count(self) -> int:
        """Return how many people the door says have confirmed."""
        answer = self.ask("GET", f"/count/{SLUG}.json")
        return int(json.loads(answer.body)["total"])

    def told(self) -> int:
        """Return how many people the clerk has the doors tell of; a door may be a moment behind."""
        config = Config(data=str(self.data))
        cards = load_manifest(config.editions, current_number(config.editions)).cards
        campaign = next(card.campaign for card in cards if card.slug == SLUG)
        return read_shown(config.counts)[campaign].total or 0

    def mails_to(self, address: str) -> list[EmailMessage]:
        """Return the mails to `address`, oldest first."""
        files = sorted((self.data / "mail").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        contents = [file.read_bytes() for file in files]
        mails = [_parse(content) for content in contents if address.encode() in content]
        return [mail for mail in mails if mail["to"] == address]

    def confirm_path(self, address: str) -> str:
        """Wait for the confirmation mail to `address` and return the path of its link."""
        mail = wait_for("the confirmation mail", lambda: self.mails_to(address))[0]
        return link_path(mail, "confirm")

    def wait_until_serving(self, process: subprocess.Popen[bytes]) -> None:
        """Wait for the door; a process that ended instead tells why."""
        wait_for("the door", lambda: self.serves() or process.poll() is not None, 60)
        assert process.poll() is None, self.log.read_text()[-2000:]

    def serves(self) -> bool:
        """Say whether the door answers with a page."""
        try:
            return self.ask("GET", f"/en/c/{SLUG}/").status == 200
        except OSError:
            return False


def _parse(content: bytes) -> EmailMessage:
    return BytesParser(policy=email.policy.default).parsebytes(content)


def link_path(mail: EmailMessage, word: str) -> str:
    """Return the path of the one link in `mail` that is for `word`."""
    body = mail.get_body(("plain",))
    assert body is not None
    (link,) = re.findall(rf"https?://\S+/{word}/\S+", body.get_content())
    return str(urlsplit(link).path)


def wait_for(what: str, ready: Callable[[], Found], seconds: float = 20.0) -> Found:
    """Return what `ready` finds, as soon as it finds anything."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = ready()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds:.0f} s for {what}")


def free_ports(count: int) -> list[int]:
    """Return ports nobody listens on, below those that clients are given for their own end."""
    found: set[int] = set()
    while len(found) < count:
        port = random.randrange(20_000, 30_000)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            found.add(port)
    return list(found)
