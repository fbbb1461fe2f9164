"""How much the door takes at once, and from where: soft budgets, levels, and sense about origins.

Nothing here refuses a person. Over a budget, or while a campaign is flooded, the answer is the second step
(door.second_step). Addresses of clients go no further than `Sources.of`, and nothing is written down: what
is counted is a keyed hash of a network, and key and counts die with the window, the day and the process.
docs/decisions/0007-friction-before-refusal.md
"""

import hashlib
import ipaddress
import logging
import os
import secrets
import socket
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median_low
from typing import Protocol

import msgspec

from habeas.config.schema import Limits as Settings
from habeas.edition.levels import Level, NotOrders, Tally, read_orders
from habeas.lib import clock

log = logging.getLogger("habeas.door")

FORM_TYPE = "application/x-www-form-urlencoded"

BUDGET = 30  # signs of one source in a window; more are asked to press once more
FLOODING = 10 * BUDGET  # signs of one source in a window; from then on its forms wait for everybody else's
WINDOW = 600  # seconds; windows begin at full ten minutes, so the last of a day ends with it
MOST_SOURCES = 50_000  # counted at once; 11 MB, 16 MB for a moment while the table grows

FLOOD = 20  # times the median minute
QUIET = 5  # signs: a median below is taken for this, so that a first busy minute is no flood
SHARE = 20  # sources fewer than one in so many signs are few
MOST_SEEN = 2_000  # sources told apart in a minute; with as many it is no flood from a few
MEMORY = 60  # minutes the median is of
WARY_SECONDS = 1_800

_V4_BYTES, _V4_PREFIX, _V6_PREFIX = 4, 3, 6  # /24 and /48
_MAPPED = bytes(10) + b"\xff\xff"  # IPv4 written as IPv6 (RFC 4291, section 2.5.5.2)


class Headers(Protocol):
    """The headers of a request as the server has them."""

    def get_all(self, name: str) -> Sequence[str]:
        """Return every value of a header, in their order."""


class Sources:
    """Tells networks apart without knowing them: from a client's address to a hash of its network."""

    def __init__(self, settings: Settings, now: Callable[[], float] = time.time) -> None:
        self._exempt = _Networks(settings.exempt)
        self._proxies = _Networks(settings.trusted_proxies) if settings.trusted_proxies else None
        self._now = now
        self._midnight = 0.0
        self._salt = b""

    def of(self, client: str, headers: Headers) -> bytes | None:
        """Return what stands for the client's network today, None for an exempt one.

        client   "address:port" of the other end of the connection
        headers  asked for X-Forwarded-For only if that end is a trusted proxy: anybody can write one
        returns  8 bytes; addresses that cannot be read share one
        """
        address = _packed(client)
        if self._proxies is not None and self._proxies.hold(address):
            forwarded = headers.get_all("x-forwarded-for")
            if forwarded:
                address = _packed(forwarded[-1].rpartition(",")[2].strip())
        if self._exempt.hold(address):
            return None
        if self._now() >= self._midnight:
            self.forget()
        prefix = address[:_V4_PREFIX] if len(address) == _V4_BYTES else address[:_V6_PREFIX]
        # A keyed hash by design (RFC 7693, section 2.9), at a third of what HMAC costs.
        return hashlib.blake2b(prefix, digest_size=8, key=self._salt).digest()

    def forget(self) -> None:
        """Replace the salt when the day (UTC) is over: yesterday's hashes can then be told by nobody."""
        now = self._now()
        if now >= self._midnight:
            self._midnight = (now // clock.SECONDS_A_DAY + 1) * clock.SECONDS_A_DAY
            self._salt = secrets.token_bytes(32)


class _Networks:
    """A few networks, quick to ask."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._told: dict[int, list[tuple[int, int]]] = {}  # bytes of an address: host bits, network bits
        for text in texts:
            network = ipaddress.ip_network(text, strict=False)
            bits = network.max_prefixlen - network.prefixlen
            told = self._told.setdefault(network.max_prefixlen // 8, [])
            told.append((bits, int(network.network_address) >> bits))

    def hold(self, address: bytes) -> bool:
        """Say whether `address` (4 or 16 bytes) lies in one of them."""
        told = self._told.get(len(address))
        if told is None:
            return False
        value = int.from_bytes(address, "big")
        for bits, network in told:  # noqa: SIM110  for every signature; a generator costs more
            if value >> bits == network:
                return True
        return False


def _packed(text: str) -> bytes:
    """Return the address in "address", "address:port" or "[address]:port": 4 or 16 bytes, or none."""
    host, _, rest = text.partition(":")
    try:
        if ":" not in rest:
            return socket.inet_pton(socket.AF_INET, host)
        host = text[1:].partition("]")[0] if text[0] == "[" else text
        packed = socket.inet_pton(socket.AF_INET6, host.partition("%")[0])
    except (OSError, ValueError):
        return b""
    return packed[12:] if packed.startswith(_MAPPED) else packed


class Budgets:
    """How many signs each source has sent in this window."""

    def __init__(self) -> None:
        self._window = -1
        self._counts: OrderedDict[bytes, int] = OrderedDict()

    def __len__(self) -> int:
        return len(self._counts)

    def is_over(self, source: bytes, now: float) -> bool:
        """Count one more sign of `source`; say whether that is more than its budget."""
        if int(now) // WINDOW != self._window:
            self.forget(now)
        count = self._counts.get(source, 0) + 1
        if count == 1 and len(self._counts) >= MOST_SOURCES:
            self._counts.popitem(last=False)
        self._counts[source] = count
        return count > BUDGET

    def is_flooding(self, source: bytes) -> bool:
        """Say whether `source` has sent so much that people elsewhere would wait for it."""
        return self._counts.get(source, 0) >= FLOODING

    def forget(self, now: float) -> None:
        """Drop everything when the window is over."""
        window = int(now) // WINDOW
        if window != self._window:
            self._window = window
            self._counts.clear()


class Pace:
    """How fast one campaign is signed at this worker, and whether that looks like a flood from a few."""

    def __init__(self) -> None:
        self._minute = -1
        self._signs = 0
        self._is_flooded = False
        self._sources: set[bytes] = set()
        self._past: deque[int] = deque(maxlen=MEMORY)
        self._most = FLOOD * QUIET
        self._wary_until = 0.0

    def count(self, source: bytes, now: float) -> None:
        """Take one more sign of `source` into account."""
        if int(now) // 60 != self._minute:
            self.forget(now)
        self._signs += 1
        if len(self._sources) < MOST_SEEN:
            self._sources.add(source)
        if self._signs > self._most and self._is_from_few():
            self._is_flooded = True
            self._wary_until = now + WARY_SECONDS

    def is_wary(self, now: float) -> bool:
        """Say whether a flood was seen within the last half hour."""
        return now < self._wary_until

    def forget(self, now: float) -> None:
        """Close the minute when it is over: its number stays for the median, its sources go."""
        minute = int(now) // 60
        if minute == self._minute:
            return
        # A flood must not become what is usual.
        ended = [] if self._is_flooded or self._minute < 0 else [self._signs]
        empty = min(max(minute - self._minute - 1, 0), MEMORY) if self._minute >= 0 else 0
        self._past.extend([*ended, *[0] * empty])
        self._most = FLOOD * max(QUIET, median_low(self._past) if self._past else 0)
        self._minute, self._signs, self._is_flooded = minute, 0, False
        self._sources.clear()

    def _is_from_few(self) -> bool:
        seen = len(self._sources)
        return seen < MOST_SEEN and seen * SHARE < self._signs


class Orders:
    """The levels that staff ordered, as the file has them."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._seen = (0, 0)
        self.levels: Mapping[str, Level] = {}

    def look(self) -> None:
        """Take what the file says, if it changed; one that cannot be read changes nothing."""
        if self._path is None:
            return
        mark = _mark(self._path)
        if mark == self._seen:
            return
        self._seen = mark
        try:
            self.levels = read_orders(self._path)
        except NotOrders as reason:
            log.warning("%s; the levels stay as they were", reason)


def _mark(path: Path) -> tuple[int, int]:
    try:
        stat = os.stat(path)  # noqa: PTH116  as in door.current: less than a Path object costs
    except OSError:
        return (0, 0)
    return (stat.st_mtime_ns, stat.st_ino)


class Limits:
    """Decides, for one worker, whose signature goes straight in and who is asked to press once more."""

    def __init__(
        self,
        origins: Sequence[str] = (),
        orders: Path | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Begin with nothing counted.

        origins  scheme and host of our own pages
        orders   `orders_path`, None where nobody orders anything
        now      seconds since 1970-01-01T00Z
        """
        self.tally = Tally()
        self._origins = frozenset(origin.lower() for origin in origins)
        self._orders = Orders(orders)
        self._now = now
        self._budgets = Budgets()
        self._paces: dict[str, Pace] = {}

    def is_from_elsewhere(self, headers: Mapping[str, str]) -> bool:
        """Say whether the browser tells us that the form stood on another site's page.

        Our pages say no referrer, so browsers send "Origin: null" from them; older ones send neither header.
        """
        if headers.get("sec-fetch-site") == "cross-site":
            return True
        origin = headers.get("origin", "").lower()
        if not origin or origin == "null" or origin in self._origins:
            return False
        host = headers.get(
            "host", ""
        ).lower()  # an onion name, or this machine's address in the local network
        return not host or origin.partition("://")[2] != host

    def is_flooding(self, source: bytes) -> bool:
        """Say whether a form of `source`, from `Sources.of`, has to wait for those of others."""
        return self._budgets.is_flooding(source)

    def asks_again(self, slug: str, source: bytes | None) -> bool:
        """Count a form without a mistake; say whether the person is asked to press once more.

        source  from `Sources.of`; an exempt one has no budget and raises no level, but a level asks it too
        """
        now = self._now()
        self.tally.arrived += 1
        is_over = False
        if source is not None:
            is_over = self._budgets.is_over(source, now)
            pace = self._paces.get(slug)
            if pace is None:
                pace = self._paces[slug] = Pace()
            pace.count(source, now)
        return is_over or self._level(slug, now) == "wary"

    def look(self) -> None:
        """Follow the orders and forget what is due; called once a second."""
        self._orders.look()
        now = self._now()
        self._budgets.forget(now)
        for pace in self._paces.values():
            pace.forget(now)

    def told(self) -> Tally:
        """Return the tally as it stands."""
        now = self._now()
        slugs = sorted({*self._paces, *self._orders.levels})
        levels = {slug: level for slug in slugs if (level := self._level(slug, now)) != "normal"}
        return msgspec.structs.replace(self.tally, sources=len(self._budgets), levels=levels)

    def _level(self, slug: str, now: float) -> Level:
        ordered = self._orders.levels.get(slug)
        if ordered:
            return ordered
        pace = self._paces.get(slug)
        return "wary" if pace and pace.is_wary(now) else "normal"
