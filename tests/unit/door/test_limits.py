"""Limits: no network is shut out, no address is kept, and what comes from elsewhere is not counted."""

import asyncio
import logging
import sys
import tracemalloc
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from habeas.config import BadConfig, Config, load
from habeas.config.schema import Limits as Settings
from habeas.door import limits
from habeas.door.app import Door
from habeas.door.http import Request
from habeas.door.limits import (
    BUDGET,
    FLOOD,
    FLOODING,
    MEMORY,
    MOST_SOURCES,
    QUIET,
    WARY_SECONDS,
    WINDOW,
    Budgets,
    Limits,
    NotOrders,
    Pace,
    Sources,
    Tally,
    order_level,
    read_orders,
)
from habeas.door.links import Links
from habeas.door.sign import Desks
from habeas.edition.slots import sign_path, thanks_path
from habeas.edition.write import write
from habeas.lib import clock as calendar
from habeas.vault import keys
from habeas.vault.links import Purpose
from public_side import SELMA, TYPED, Reader, Visitor, draft, header, run

NOON = 1_800_000_000.0 // calendar.SECONDS_A_DAY * calendar.SECONDS_A_DAY + 43_200
OURS = "https://act.example.org"


@dataclass
class Clock:
    """A clock that the test moves."""

    time: float = NOON

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


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


NOBODY = Settings(exempt=())


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("192.0.2.1:5000", "192.0.2.254:1", True),
        ("192.0.2.1:5000", "192.0.3.1:5000", False),
        ("[2001:db8:1:2::3]:80", "[2001:db8:1:ffff::9]:81", True),
        ("[2001:db8:1:2::3]:80", "[2001:db8:2::3]:80", False),
        ("[::ffff:192.0.2.9]:80", "192.0.2.1:80", True),
        ("[fe80::1%eth0]:80", "[fe80::2]:80", True),
        ("", "unix:/run/door", True),
    ],
)
def test_a_network_is_one_source(clock: Clock, one: str, other: str, is_same: bool) -> None:  # noqa: FBT001
    """A /24 or a /48; what cannot be read is one source together."""
    sources = Sources(NOBODY, clock)

    assert (sources.of(one, Headers()) == sources.of(other, Headers())) is is_same


@pytest.mark.parametrize("client", ["127.0.0.1:5000", "[::1]:5000", "127.3.2.1:5000", "[::ffff:127.0.0.1]:5"])
def test_this_machine_is_not_counted_unless_told(clock: Clock, client: str) -> None:
    """A demonstration and a load test sign a thousand times."""
    assert Sources(Settings(), clock).of(client, Headers()) is None
    assert Sources(NOBODY, clock).of(client, Headers()) is not None


def test_nobody_talks_their_way_out_with_a_header(clock: Clock) -> None:
    """X-Forwarded-For is believed from trusted proxies only, and only what they added."""
    sources = Sources(Settings(trusted_proxies=("10.0.0.0/8",)), clock)
    honest = sources.of("192.0.2.1:80", Headers())

    assert sources.of("192.0.2.1:80", forwarded("127.0.0.1")) == honest
    assert sources.of("10.0.0.1:80", forwarded("127.0.0.1, 192.0.2.7")) == honest
    assert sources.of("10.0.0.1:80", forwarded("127.0.0.1", "192.0.2.7")) == honest
    assert sources.of("10.0.0.1:80", forwarded("198.51.100.1, 192.0.2.7:4711")) == honest
    assert sources.of("10.0.0.1:80", forwarded("192.0.2.7, 127.0.0.1")) is None
    assert sources.of("10.0.0.1:80", forwarded("[2001:db8::1]:9")) == sources.of("[2001:db8::2]:1", Headers())


def test_yesterdays_sources_cannot_be_told_today(clock: Clock) -> None:
    """The salt ends with the day, and with the process."""
    sources = Sources(NOBODY, clock)
    today = sources.of("192.0.2.1:80", Headers())
    salt = sources._salt
    clock.time += 43_199
    assert sources.of("192.0.2.1:80", Headers()) == today
    clock.time += 1
    sources.forget()

    assert sources._salt != salt
    assert sources.of("192.0.2.1:80", Headers()) != today
    assert Sources(NOBODY, clock).of("192.0.2.1:80", Headers()) != sources.of("192.0.2.1:80", Headers())


@pytest.mark.parametrize(
    ("variable", "text"),
    [("HABEAS_LIMITS_EXEMPT", "10.0.0.0/8,nonsense"), ("HABEAS_LIMITS_TRUSTED_PROXIES", "x")],
)
def test_what_is_not_a_network_is_refused(
    variable: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the start, and by name."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadConfig, match=variable.removeprefix("HABEAS_LIMITS_").lower()):
        load({variable: text})


def test_networks_are_given_with_commas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As every list in a variable."""
    monkeypatch.chdir(tmp_path)
    told = load({"HABEAS_LIMITS_EXEMPT": "10.0.0.0/8, 2001:db8::/32", "HABEAS_LIMITS_TRUSTED_PROXIES": ""})

    assert told.limits == Settings(("10.0.0.0/8", "2001:db8::/32"), ())


def test_thirty_in_ten_minutes_go_straight_in() -> None:
    """The next window begins with nothing."""
    budgets = Budgets()
    answers = [budgets.is_over(b"school", NOON + number) for number in range(BUDGET + 5)]

    assert answers == [False] * BUDGET + [True] * 5
    assert not budgets.is_over(b"another", NOON)
    assert not budgets.is_over(b"school", NOON + WINDOW)


def test_a_school_does_not_wait_and_a_flood_does() -> None:
    """Only until the window ends."""
    budgets = Budgets()
    for _ in range(FLOODING - 1):
        budgets.is_over(b"school", NOON)
    assert not budgets.is_flooding(b"school")
    budgets.is_over(b"school", NOON)

    assert budgets.is_flooding(b"school")
    assert not budgets.is_flooding(b"another")
    budgets.forget(NOON + WINDOW)
    assert not budgets.is_flooding(b"school")


def test_a_million_networks_cost_bounded_memory() -> None:
    """Whoever owns a /28 of IPv6 can send from a million of them."""
    budgets = Budgets()
    tracemalloc.start()
    try:
        for number in range(1_000_000):
            budgets.is_over(number.to_bytes(8, "big"), NOON)
        used, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert len(budgets) == MOST_SOURCES
    assert max(used, peak) < 20_000_000
    budgets.forget(NOON + WINDOW)
    assert len(budgets) == 0


def test_a_campaign_that_becomes_known_is_not_a_flood() -> None:
    """Two thousand people in a minute, each from home."""
    pace = Pace()
    for number in range(2_000):
        pace.count(number.to_bytes(8, "big"), NOON)

    assert not pace.is_wary(NOON)


def flood(pace: Pace, now: float, signs: int = FLOOD * QUIET + 1) -> None:
    for _ in range(signs):
        pace.count(b"robot", now)


def test_a_flood_from_a_few_raises_the_level_for_half_an_hour() -> None:
    """Up within the minute, down by itself."""
    pace = Pace()
    flood(pace, NOON, FLOOD * QUIET)
    assert not pace.is_wary(NOON)
    flood(pace, NOON, 1)

    assert pace.is_wary(NOON)
    assert pace.is_wary(NOON + WARY_SECONDS - 1)
    assert not pace.is_wary(NOON + WARY_SECONDS)


def test_a_flood_does_not_become_what_is_usual() -> None:
    """However long it lasts, it stays one."""
    pace = Pace()
    for minute in range(2 * MEMORY):
        flood(pace, NOON + 60 * minute)

    assert pace.is_wary(NOON + 60 * 2 * MEMORY)


def test_a_busy_campaign_may_be_busy() -> None:
    """Twenty times its own median, not anybody's."""
    pace = Pace()
    for minute in range(MEMORY):
        flood(pace, NOON + 60 * minute, 50)
    now = NOON + 60 * MEMORY
    flood(pace, now, 50 * FLOOD)
    assert not pace.is_wary(now)
    flood(pace, now, 1)

    assert pace.is_wary(now)


def test_a_quiet_night_is_forgotten_quickly() -> None:
    """A gap of years is closed at once, and counts as quiet minutes."""
    pace = Pace()
    flood(pace, NOON, 50)
    flood(pace, NOON + 10**9)

    assert pace.is_wary(NOON + 10**9)


def test_nobody_is_told_apart_after_the_minute(clock: Clock) -> None:
    """Sources leave memory though nobody signs any more."""
    made = Limits(now=clock)
    made.asks_again(SELMA, b"somebody")
    clock.time += WINDOW
    made.look()

    assert not made._paces[SELMA]._sources
    assert made.told().sources == 0


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null", "sec-fetch-site": "same-origin"},  # what browsers send from our pages
        {"origin": "null"},
        {"origin": OURS},
        {"origin": OURS.upper(), "sec-fetch-site": "same-origin"},
        {"origin": "http://127.0.0.1:8000"},
        {"origin": "http://abcdef.onion", "host": "abcdef.onion"},
        {"sec-fetch-site": "none"},
    ],
)
def test_our_own_pages_are_known(headers: dict[str, str]) -> None:
    """Also through an onion address, also by browsers that say nothing."""
    assert not Limits([OURS, "http://127.0.0.1:8000"]).is_from_elsewhere(headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "cross-site", "origin": "null", "host": "act.example.org"},
        {"origin": "https://partner.example", "host": "act.example.org"},
        {"origin": "https://partner.example"},
        {"origin": "https://other.example.org", "sec-fetch-site": "same-site", "host": "act.example.org"},
    ],
)
def test_a_partners_copy_of_the_form_is_thanked_and_stores_nothing(
    maria: Visitor, headers: dict[str, str]
) -> None:
    """Whoever built it learns nothing; the statistic does."""
    made = Limits([OURS])
    link_key = keys.link_key(maria.config.keys)
    door = Door(maria.current, Desks(maria.config.keys), Links(link_key), maria.journal.append, made)
    body = urlencode(TYPED).encode()
    answer = run(door.respond(Request("POST", sign_path(SELMA, "en"), headers, body)))

    assert (answer.status, header(answer, "location")) == (303, thanks_path(SELMA, "en"))
    assert not maria.journal.groups
    assert made.told() == Tally(elsewhere=1)


@pytest.mark.parametrize(
    ("word", "purpose"),
    [("confirm", Purpose.CONFIRM), ("unsubscribe", Purpose.UNSUBSCRIBE), ("withdraw", Purpose.WITHDRAW)],
)
def test_links_in_mails_may_be_pressed_from_anywhere(maria: Visitor, word: str, purpose: Purpose) -> None:
    """Mail providers do it for people (RFC 8058), as multipart if they like."""
    headers = {
        "sec_fetch_site": "cross-site",
        "origin": "https://mail.example",
        "content_type": "multipart/form-data; boundary=x",
    }
    answer = maria.asks("POST", maria.link(word, purpose), b"List-Unsubscribe=One-Click", **headers)

    assert answer.status in {200, 303}
    assert len(maria.journal.groups) == 1


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/json", "text/plain"])
def test_only_plain_forms_are_read(maria: Visitor, kind: str) -> None:
    """Said in words, in the person's language."""
    body = urlencode(TYPED).encode()
    answer = maria.asks("POST", sign_path(SELMA, "fr"), body, content_type=kind)

    assert answer.status == 400
    assert Reader(answer.body).language == "fr"
    assert not maria.journal.groups


@pytest.mark.parametrize(
    "kind", ["", "application/x-www-form-urlencoded", "Application/X-WWW-Form-Urlencoded; charset=UTF-8"]
)
def test_a_plain_form_is_known_however_it_is_spelled(maria: Visitor, kind: str) -> None:
    """Old browsers add a character set."""
    body = urlencode(TYPED).encode()

    assert maria.asks("POST", sign_path(SELMA, "fr"), body, content_type=kind).status == 303


def test_robots_are_counted_too(maria: Visitor) -> None:
    """In numbers only."""
    maria.signs(website="x")

    assert maria.door.limits.told() == Tally(robots=1)


def test_staff_hold_a_campaign_at_a_level_and_let_go(tmp_path: Path, clock: Clock) -> None:
    """Workers follow at the next look; "auto" gives the decision back."""
    path = tmp_path / "status" / "limits.json"
    made = Limits(orders=path, now=clock)
    order_level(path, SELMA, "wary")
    assert not made.asks_again(SELMA, None)
    made.look()
    assert made.asks_again(SELMA, None)
    assert made.told().levels == {SELMA: "wary"}
    order_level(path, SELMA, "auto")
    made.look()

    assert not made.asks_again(SELMA, None)
    assert read_orders(path) == {}


def test_staff_may_say_that_a_flood_is_none(tmp_path: Path, clock: Clock) -> None:
    """A rally signs from three phones."""
    path = tmp_path / "limits.json"
    made = Limits(orders=path, now=clock)
    for number in range(FLOOD * QUIET + 20):
        made.asks_again(SELMA, b"phone %d " % (number % 3))
    assert made.asks_again(SELMA, b"somebody else")
    order_level(path, SELMA, "normal")
    made.look()

    assert not made.asks_again(SELMA, b"and another")
    assert made.told().levels == {}


@pytest.mark.parametrize(
    "text", [b"", b"{", b'{"levels":{"a":"closed"}}', b'{"levels":{"A B":"wary"}}', b"\xff", b"[]"]
)
def test_orders_that_cannot_be_read_change_nothing(tmp_path: Path, text: bytes, clock: Clock) -> None:
    """The worker goes on with what it knew; the command says what is wrong."""
    path = tmp_path / "limits.json"
    made = Limits(orders=path, now=clock)
    order_level(path, SELMA, "wary")
    made.look()
    path.write_bytes(text)
    made.look()

    assert made.told().levels == {SELMA: "wary"}
    with pytest.raises(NotOrders):
        order_level(path, SELMA, "auto")


def test_an_order_for_what_is_no_campaign_is_refused(tmp_path: Path) -> None:
    """Before it reaches the file."""
    with pytest.raises(NotOrders):
        order_level(tmp_path / "limits.json", "Free Selma!", "wary")
    assert not (tmp_path / "limits.json").exists()


# One worker, with the server's side played by the test.


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


@pytest.fixture
def rsgi(config: Config, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The adapter, reading the test's own installation; it does not tie its life to the test's parent."""
    monkeypatch.setenv("HABEAS_DATA", config.data)
    from habeas.door import rsgi as module  # noqa: PLC0415  it reads the configuration when it is imported

    monkeypatch.setattr(module, "end_with_server", lambda: None)
    write(config.editions, draft(config))
    return module


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


FORM = urlencode(TYPED).encode()


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


def test_no_address_is_kept_said_or_shown(
    rsgi: ModuleType, config: Config, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in the log, not on disk, not in the status, not in what a debugger prints."""
    caplog.set_level(logging.DEBUG)
    asked = [(Scope("203.0.113.77:4711"), Protocol(FORM)) for _ in range(BUDGET + 3)]
    told, worker = answers(rsgi, config, *asked)
    made = worker._door.limits
    kept = b"".join(path.read_bytes() for path in config.folder.rglob("*") if path.is_file())
    seen = [
        caplog.text,
        repr(made.told()),
        msgspec.json.encode(made.told()).decode(),
        repr(vars(made)),
        repr([vars(pace) for pace in made._paces.values()]),
        repr(vars(worker._sources)),
        repr(Request("POST", "/", source=b"hashed..")),
    ]

    assert [answer.status for answer in told] == [303] * BUDGET + [200] * 3
    assert made.told() == Tally(arrived=BUDGET + 3, asked=3, sources=1)
    for secret in ("203.0.113", "4711", "hashed", "cb0071"):
        assert secret not in "".join(seen)
    assert b"203.0.113" not in kept
    assert bytes([203, 0, 113]) not in kept


def test_the_status_holds_numbers_and_levels_only() -> None:
    """Whoever reads it learns how much, not who."""
    kinds = {field.name: field.type for field in msgspec.structs.fields(Tally)}

    assert {kind for name, kind in kinds.items() if name != "levels"} == {int}
    assert sys.getsizeof(limits.Tally()) < 1_000


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
