"""The second step: a page that asks to press once more, and knows its own button when it is pressed.

It stands between a flood and the journal, and costs a person one press: no puzzle, no script, no cookie.
What was typed waits in the page, not here; docs/decisions/0007-friction-before-refusal.md says why.
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from habeas.door.form import Filled
from habeas.edition.slots import FormLook
from habeas.lib import languages
from habeas.vault import once

FIELD = "step"
ROOM = len(FIELD) + once.TEXT_LENGTH + 2  # bytes that the token adds to a form, with its "&" and "="
YOUNGEST = 3  # seconds: who presses sooner has not read the page
OLDEST = 1_800  # seconds
MOST_USED = 50_000  # tokens remembered as used; 16 MB


class Outcome(Enum):
    """What a press came to."""

    GOOD = auto()  # ours, in time, for the first time
    DONE = auto()  # used before, and what it carried is durable
    WAITING = auto()  # used a moment ago; the disk has not answered yet
    EARLY = auto()
    LATE = auto()
    UNKNOWN = auto()  # no token, or not one we made for this campaign and these words


_SAME_AGAIN = frozenset({Outcome.WAITING, Outcome.EARLY})  # the page comes back with the token it had


@dataclass(frozen=True, slots=True)
class Press:
    """One press of the button."""

    outcome: Outcome
    token: str = ""  # as it came
    mac: bytes = b""  # of a token that is GOOD


class SecondStep:
    """Makes tokens and remembers, for this worker, which of them were used."""

    def __init__(self, key: bytes, now: Callable[[], float] = time.time) -> None:
        self._key = key
        self._now = now
        self._used: OrderedDict[bytes, tuple[int, bool]] = OrderedDict()  # mac: issued second, is durable
        self._forgotten = 0  # tokens issued up to this second may have been used without our knowing

    def press(self, text: str, campaign: bytes, filled: Filled) -> Press:
        """Return what pressing the button with the token `text` comes to; a GOOD one is used from now on."""
        try:
            token = once.read(self._key, text, campaign=campaign, content=_digest(filled))
        except once.OnceAltered:
            return Press(Outcome.UNKNOWN)
        outcome = self._outcome(token)
        if outcome is Outcome.GOOD:
            self._remember(token)
        return Press(outcome, text, token.mac)

    def settle(self, press: Press, *, is_durable: bool) -> None:
        """Take note of how a GOOD press ended: what could not be stored may be pressed again."""
        issued, _ = self._used.pop(press.mac, (0, False))
        if is_durable and issued:
            self._used[press.mac] = (issued, True)

    def look(self, press: Press, campaign: bytes, filled: Filled, language: str) -> FormLook:
        """Return how the form looks to somebody who is asked to press (again)."""
        token = press.token if press.outcome in _SAME_AGAIN else self._make(campaign, filled)
        return FormLook(_carried(filled), step=token, notice=_notice(press.outcome, language))

    def _make(self, campaign: bytes, filled: Filled) -> str:
        return once.make(self._key, campaign=campaign, content=_digest(filled), issued=int(self._now()))

    def _outcome(self, token: once.Once) -> Outcome:
        used = self._used.get(token.mac)
        if used:
            return Outcome.DONE if used[1] else Outcome.WAITING
        age = self._now() - token.issued
        if age < YOUNGEST:
            return Outcome.EARLY
        return Outcome.LATE if age > OLDEST or token.issued <= self._forgotten else Outcome.GOOD

    def _remember(self, token: once.Once) -> None:
        """Keep the token as used. A full table drops the oldest, and with it all tokens as old."""
        self._used[token.mac] = (token.issued, False)
        too_old = self._now() - OLDEST
        while len(self._used) > MOST_USED or next(iter(self._used.values()))[0] < too_old:
            _, (issued, _) = self._used.popitem(last=False)
            self._forgotten = max(self._forgotten, issued)


def _carried(filled: Filled) -> Mapping[str, str]:
    """Return the fields the page carries: what was typed as the form took it, ready to be taken again."""
    told = {
        "name": filled.name,
        "email": filled.address.typed,
        "country": filled.country,
        "comment": _lines(filled.comment),
        "updates": "on" if filled.updates else "",
    }
    return {name: value for name, value in told.items() if value}


def _digest(filled: Filled) -> bytes:
    told = _carried(filled)
    parts = (part.encode() for pair in told.items() for part in pair)
    return hashlib.sha256(once.framed(*parts)).digest()


def _lines(text: str) -> str:
    """Return `text` with line ends as browsers send a hidden field's: each of them the same."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _notice(outcome: Outcome, language: str) -> str:
    _ = languages.words(language).gettext
    if outcome is Outcome.EARLY:
        return _("That was very quick. Count to three, then press again: nothing you typed is lost.")
    if outcome is Outcome.LATE:
        return _("This page lay open for a while. Nothing you typed is lost.")
    if outcome is Outcome.WAITING:
        return _("Your first press is still on its way. If you read no thanks, press again.")
    return ""
