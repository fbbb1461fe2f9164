"""One door worker with its real journal: what the server hands in, and what comes out."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import pytest

from habeas.config import Config
from habeas.edition.slots import campaign_path, sign_path
from habeas.edition.write import write
from habeas.ledger import entry, journal
from habeas.ledger.journal_reader import JournalReader
from public_side import POLICY, SELMA, draft, run

FORM = b"name=Maria&email=maria%40example.org&country=ES"


@dataclass
class Scope:
    """What Granian tells of a request."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    proto: str = "http"


class Protocol:
    """Granian's side of a request."""

    def __init__(self, parts: tuple[bytes, ...]) -> None:
        self.parts, self.read = parts, 0
        self.status, self.headers, self.body = 0, [("", "")], b""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            self.read += len(part)
            yield part

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        self.status, self.headers, self.body = status, headers, b""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body


@pytest.fixture
def rsgi(config: Config, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The adapter, reading the test's own installation; it does not tie its life to the test's parent."""
    monkeypatch.setenv("HABEAS_DATA", config.data)
    from habeas.door import rsgi as module  # noqa: PLC0415  it reads the configuration when it is imported

    monkeypatch.setattr(module, "end_with_parent", lambda: None, raising=False)
    return module


def answers(rsgi: Any, config: Config, *asked: tuple[Scope, tuple[bytes, ...]]) -> list[Protocol]:
    """Return what a worker started for it answers to one request after the other."""

    async def story() -> list[Protocol]:
        worker, loop = rsgi.Worker(config), asyncio.get_running_loop()
        worker.__rsgi_init__(loop)
        protocols = [Protocol(parts) for _, parts in asked]
        for (scope, _), protocol in zip(asked, protocols, strict=True):
            await worker.__rsgi__(scope, protocol)
        worker.__rsgi_del__(loop)
        return protocols

    write(config.editions, draft(config))
    return run(story())


def test_a_signature_is_in_the_journal_when_the_answer_is_out(rsgi: ModuleType, config: Config) -> None:
    """On the disk, where the clerk reads it."""
    [answer] = answers(rsgi, config, (Scope("POST", sign_path(SELMA, "en")), (FORM[:10], FORM[10:])))

    assert answer.status == 303
    [path] = config.journal.glob("*.journal")
    with JournalReader(path) as reader:
        records = reader.read(0, 10).records
    assert [type(entry.unpack(record.body)) for record in records] == [entry.Epoch, entry.Sign]


def test_a_question_for_the_headers_gets_no_body(rsgi: ModuleType, config: Config) -> None:
    """HEAD says what GET would."""
    path = campaign_path(SELMA, "en")
    get, head = answers(rsgi, config, (Scope("GET", path), ()), (Scope("HEAD", path), ()))

    assert head.body == b""
    assert get.body
    assert (head.status, head.headers) == (get.status, get.headers)


def test_a_flood_is_cut_off_early(rsgi: ModuleType, config: Config) -> None:
    """A body of any size costs the door 8 KB."""
    flood = tuple(b"x" * 4_096 for _ in range(1_000))
    [answer] = answers(rsgi, config, (Scope("POST", sign_path(SELMA, "en")), flood))

    assert answer.status == 413
    assert dict(answer.headers)["content-security-policy"] == POLICY
    [scope_read] = [answer.read]
    assert scope_read == 3 * 4_096


def test_a_path_in_any_script_is_understood(rsgi: ModuleType, config: Config) -> None:
    """And one that is not text is a page that is not there."""
    good, bad = answers(
        rsgi, config, (Scope("GET", "/en/c/free%2Dselma/"), ()), (Scope("GET", "/en/%ff%00"), ())
    )

    assert (good.status, bad.status) == (200, 404)


def test_what_is_not_http_is_left_alone(rsgi: ModuleType, config: Config) -> None:
    """The door speaks nothing else."""
    [answer] = answers(rsgi, config, (Scope("GET", "/", proto="ws"), ()))

    assert answer.status == 0


def test_a_worker_stops_when_the_disk_lies(rsgi: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing it believes about what is durable can be trusted any more."""
    ended: list[int] = []
    monkeypatch.setattr(rsgi.os, "_exit", ended.append)
    rsgi._stop_at_once(journal.JournalBroken("fsync failed"))

    assert ended == [1]
