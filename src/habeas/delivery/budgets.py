"""How many confirmation mails may leave: to one mailbox, to one domain, from this installation.

Anybody can type anybody's address into a form. So that our mail neither buries a victim nor ruins our
name with relays, what is over a budget stays due in the store and leaves later; nothing is dropped.
Mails that left are counted under keyed hashes, in memory: keys and counts die with their time and the
process, and nothing of them is written down. docs/decisions/0008-mail-budgets.md
"""

import hashlib
import secrets
import time
from bisect import bisect_right
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files
from typing import Literal

from habeas.config import Mail
from habeas.lib import addresses, clock

Over = Literal["mailbox", "domain", "installation"]

A_WEEK = 7 * clock.SECONDS_A_DAY
A_MAILBOX = 3  # mails in a week, over all campaigns
MOST_NAMES = 50_000  # told apart in a generation; with more the oldest go, and the store's memory stays

Before = Callable[[str], Iterable[float]]  # an address: how many seconds ago, at the least, it was written to


class Recent:
    """When mails left in the last while, under names that cannot be told from what is kept.

    Names live in two generations, each hashed with a random key of its own. When the newer is as old as
    what counts, it becomes the older one, and the one before it is gone with its key.
    """

    def __init__(self, span: float, now: Callable[[], float]) -> None:
        """Begin with nothing; `span` is how many seconds back a mail counts."""
        self._span, self._now = span, now
        self._new, self._old = _Generation(now()), _Generation(now())

    def knows(self, name: str) -> bool:
        """Say whether anything was noted of `name`, an empty note included."""
        return self._new.of(name) is not None or self._old.of(name) is not None

    def count(self, name: str) -> int:
        """Return how many mails count for `name`."""
        since = self._now() - self._span
        noted = (self._old.of(name), self._new.of(name))
        return sum(len(times) - bisect_right(times, since) for times in noted if times)

    def note(self, name: str, *ago: float) -> None:
        """Note mails to `name`, none included: how many seconds ago each left, the earliest first."""
        now = self._now()
        self._new.times(name).extend(now - seconds for seconds in ago)

    def forget(self) -> None:
        """Let go of what no longer counts, or of the oldest when there is too much."""
        if self._now() - self._new.begun >= self._span or len(self._new) >= MOST_NAMES:
            self._old, self._new = self._new, _Generation(self._now())


class _Generation:
    """Times under keyed hashes, and the key."""

    def __init__(self, begun: float) -> None:
        self.begun = begun
        self._key = secrets.token_bytes(32)
        self._times: dict[bytes, list[float]] = {}  # ascending

    def __len__(self) -> int:
        return len(self._times)

    def of(self, name: str) -> list[float] | None:
        return self._times.get(self._hash(name))

    def times(self, name: str) -> list[float]:
        return self._times.setdefault(self._hash(name), [])

    def _hash(self, name: str) -> bytes:
        # A keyed hash by design (RFC 7693, section 2.9).
        return hashlib.blake2b(name.encode(errors="replace"), digest_size=8, key=self._key).digest()


class Bucket:
    """Mails that may leave at once, filled again evenly: so many in any hour, and never more."""

    def __init__(self, an_hour: int, now: Callable[[], float]) -> None:
        """Begin full: a tenth of `an_hour`."""
        self._now = now
        self._most = max(1, an_hour // 10)
        self._a_second = (an_hour - self._most + 1) / clock.SECONDS_AN_HOUR
        self._left, self._at = float(self._most), now()

    def is_empty(self) -> bool:
        """Say whether not one mail may leave now."""
        now = self._now()
        self._left = min(self._most, self._left + (now - self._at) * self._a_second)
        self._at = now
        return self._left < 1

    def take(self) -> None:
        """Take out one mail."""
        self._left -= 1


class Budgets:
    """Says of each confirmation mail whether it may leave now.

    Mail that goes into a folder leaves no machine: it has neither a relay nor a name to lose, and only
    the budget of a mailbox holds.
    """

    def __init__(self, settings: Mail, now: Callable[[], float] = time.monotonic) -> None:
        """Begin with nothing counted.

        now  seconds that only ever go forward
        """
        self._settings, self._leaves = settings, settings.transport != "folder"
        self._installation = Bucket(settings.per_hour, now)
        self._mailboxes = Recent(A_WEEK, now)
        self._mails = Recent(clock.SECONDS_A_DAY, now)
        self._domains = Recent(clock.SECONDS_AN_HOUR, now)

    def is_spent(self) -> bool:
        """Say whether no mail may leave now, whoever it is for."""
        return self._leaves and self._installation.is_empty()

    def over(self, mail: bytes, email: str, before: Before) -> Over | None:
        """Say which budget `mail` has to wait for, if for any.

        mail    names campaign, person and round: a new round is reached from a mailbox alone
        email   the address it would go to
        before  what is known of mails from before this process; asked once for an address
        """
        mailbox, domain = _names(email)
        if self._leaves and self._domains.count(domain) >= self._a_domain(domain):
            return "domain"
        if self._mails.count(mail.hex()) or self._times_written(mailbox, email, before) >= A_MAILBOX:
            return "mailbox"
        return "installation" if self.is_spent() else None

    def spend(self, mail: bytes, email: str) -> None:
        """Note that `mail` left, or was refused for good."""
        mailbox, domain = _names(email)
        self._installation.take()
        self._domains.note(domain, 0.0)
        self._mailboxes.note(mailbox, 0.0)
        self._mails.note(mail.hex(), 0.0)

    def forget(self) -> None:
        """Let go of what no longer counts; called every turn."""
        for recent in (self._mailboxes, self._mails, self._domains):
            recent.forget()

    def _times_written(self, mailbox: str, email: str, before: Before) -> int:
        """Return how often a mailbox was written to in a week, as far as we or the store remember."""
        if not self._mailboxes.knows(mailbox):
            self._mailboxes.note(mailbox, *sorted(before(email), reverse=True))
        return self._mailboxes.count(mailbox)

    def _a_domain(self, domain: str) -> int:
        large = domain in large_providers()
        return self._settings.per_hour_large if large else self._settings.per_hour_domain


@cache
def large_providers() -> frozenset[str]:
    """Return the domains under which a good part of a country has its mailboxes."""
    lines = files("habeas.delivery").joinpath("large_providers.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _names(email: str) -> tuple[str, str]:
    """Return the one spelling of a mailbox, and its domain."""
    local, _, domain = email.rpartition("@")
    mailbox = addresses.canonical(local, domain)
    return mailbox, mailbox.rpartition("@")[2]
