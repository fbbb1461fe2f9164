"""Networks are told apart, and no address is kept."""

import logging
import sys
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from granian_side import FORM, Clock, Headers, Protocol, Scope, answers, forwarded
from habeas.config import BadConfig, Config, load
from habeas.config.schema import Limits as Settings
from habeas.door.http import Request
from habeas.door.limits import (
    BUDGET,
    Sources,
)
from habeas.edition.levels import Tally

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
    assert sys.getsizeof(Tally()) < 1_000
