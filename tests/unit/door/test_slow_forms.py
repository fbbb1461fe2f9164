"""Whoever dribbles, floods or breaks off a form does not keep others out."""

import asyncio
from types import ModuleType
from typing import Any

import pytest

from granian_side import FORM, Headers, Protocol, Scope, answers
from habeas.config import Config
from habeas.door import limits
from habeas.edition.slots import sign_path
from public_side import SELMA, Reader, run


def test_a_client_that_dribbles_its_form_is_cut_off(
    rsgi: ModuleType, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand of them must not hold a thousand places for hours."""
    monkeypatch.setattr(rsgi, "BODY_SECONDS", 0.05)
    monkeypatch.setattr(rsgi, "LOOK_SECONDS", 0.02)
    slow = Protocol(*(FORM[n : n + 1] for n in range(len(FORM))), pause=0.02)
    [answer], _ = answers(rsgi, config, (Scope("192.0.2.1:5"), slow))

    assert answer.status == 408
    assert Reader(answer.body).language == "en"


def test_a_thousand_signatures_from_this_machine_go_straight_in(rsgi: ModuleType, config: Config) -> None:
    """As a demonstration and a load test need it."""
    told, _ = answers(rsgi, config, *((Scope("127.0.0.1:5"), Protocol(FORM)) for _ in range(200)))

    assert {answer.status for answer in told} == {303}


async def _at_once(rsgi: Any, config: Config, *asked: tuple[Scope, Protocol]) -> Any:
    """Have one worker answer them all at the same time, in this order; return it."""
    worker, loop = rsgi.Worker(config), asyncio.get_running_loop()
    worker.__rsgi_init__(loop)
    await asyncio.gather(*(worker.__rsgi__(scope, protocol) for scope, protocol in asked))
    worker.__rsgi_del__(loop)
    return worker


def _dribbled(seconds: float) -> Protocol:
    return Protocol(FORM[:20], FORM[20:], pause=seconds / 2)


def _limit(rsgi: Any, monkeypatch: pytest.MonkeyPatch, name: str, most: int) -> None:
    monkeypatch.setattr(rsgi, name, most)
    monkeypatch.setattr(rsgi, "_SLOW_SECONDS", 0.1)
    monkeypatch.setattr(rsgi, "LOOK_SECONDS", 0.02)


def test_whoever_dribbles_does_not_keep_their_neighbours_out(
    rsgi: ModuleType, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of too many slow forms from one network the slowest are cut off, in words; the rest go on."""
    _limit(rsgi, monkeypatch, "_MOST_SLOW_OF_ONE", 5)
    here, there = Scope("192.0.2.1:5", path=sign_path(SELMA, "fr")), Scope("198.51.100.1:5")
    slow, elsewhere, quick = [_dribbled(0.6) for _ in range(8)], _dribbled(0.6), Protocol(FORM)
    asked = [(there, elsewhere), *((here, one) for one in slow), (Scope("192.0.2.9:5"), quick)]
    worker = run(_at_once(rsgi, config, *asked))

    assert [answer.status for answer in slow] == [429] * 3 + [303] * 5
    assert (quick.status, elsewhere.status) == (303, 303)
    assert Reader(slow[0].body).language == "fr"
    assert dict(slow[0].headers)["retry-after"] == "5"
    assert not worker._patience._reading


def test_slow_forms_from_everywhere_leave_room_for_quick_ones(
    rsgi: ModuleType, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has a thousand networks fills no memory either; the slowest read that it is not their fault."""
    _limit(rsgi, monkeypatch, "_MOST_SLOW", 5)
    slow = [(Scope(f"192.0.{n}.1:5"), _dribbled(0.6)) for n in range(8)]
    run(_at_once(rsgi, config, *slow))

    assert [answer.status for _, answer in slow] == [503] * 3 + [303] * 5
    assert Reader(slow[0][1].body).language == "en"


def test_whoever_floods_waits_and_nobody_else(
    rsgi: ModuleType, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person from elsewhere is thanked while a thousand forms of one network stand in line."""
    monkeypatch.setattr(limits, "FLOODING", 5)
    monkeypatch.setattr(rsgi, "FLOOD_SECONDS", 0.2)
    order: list[str] = []

    class Told(Protocol):
        def __init__(self, name: str) -> None:
            super().__init__(FORM)
            self.name = name

        def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
            super().response_empty(status, headers)
            order.append(self.name)

    flood = [(Scope("192.0.2.1:5"), Told("first")) for _ in range(5)]
    late = Scope("192.0.2.1:5"), Told("flood")
    person = Scope("198.51.100.1:5"), Told("person")

    async def story() -> None:
        worker, loop = rsgi.Worker(config), asyncio.get_running_loop()
        worker.__rsgi_init__(loop)
        for scope, protocol in flood:
            await worker.__rsgi__(scope, protocol)
        await asyncio.gather(*(worker.__rsgi__(scope, protocol) for scope, protocol in (late, person)))
        worker.__rsgi_del__(loop)

    run(story())

    assert order == ["first"] * 5 + ["person", "flood"]


def test_an_exempt_network_may_be_slow_any_number_of_times(
    rsgi: ModuleType, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of Tor comes from one address of ours, and Tor is slow."""
    _limit(rsgi, monkeypatch, "_MOST_SLOW_OF_ONE", 5)
    asked = [(Scope("127.0.0.1:5"), _dribbled(0.3)) for _ in range(20)]
    run(_at_once(rsgi, config, *asked))

    assert {answer.status for _, answer in asked} == {303}


@pytest.mark.parametrize(
    ("length", "parts"),
    [
        (str(len(FORM)), (FORM[:40], b"", b"")),
        (str(len(FORM)), (FORM[:40],)),
        (None, (FORM, b"", b"")),
    ],
)
def test_half_a_form_is_none(
    rsgi: ModuleType, config: Config, length: str | None, parts: tuple[bytes, ...]
) -> None:
    """A telephone in a tunnel sends the beginning of somebody's name; nobody is thanked for it."""
    headers = Headers([("content-length", length)] if length else [])
    [answer], worker = answers(rsgi, config, (Scope("192.0.2.1:5", headers), Protocol(*parts)))

    assert answer.status == 400
    assert Reader(answer.body).language == "en"
    assert worker._door.limits.tally.arrived == 0


def test_what_comes_after_a_forms_last_letter_is_not_waited_for(rsgi: ModuleType, config: Config) -> None:
    """The length is told, so the thanks go out a moment earlier."""
    never = Protocol(FORM[:9], FORM[9:], b"", pause=0.1)
    headers = Headers([("content-length", str(len(FORM)))])
    [answer], _ = answers(rsgi, config, (Scope("192.0.2.1:5", headers), never))

    assert answer.status == 303
    assert never.sent == 2
