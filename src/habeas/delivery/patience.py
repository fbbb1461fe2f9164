"""Whom to leave alone for a while: one mailbox that says "later" must not hold up everybody behind it."""

import time
from collections.abc import Callable, Hashable

from habeas.lib.errors import HabeasError

_WAIT_SECONDS = (1, 5, 15, 60, 300, 900)  # after the first, second, … "later" of the same mailbox
_MANY = 20  # mailboxes in a row that say "later": then it is the relay that does


class NotNow(HabeasError):
    """The relay cannot take mail at the moment; the same mail is tried again later."""


class Patience:
    """Remembers, in this process, which mails were put off and until when."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._put_off: dict[Hashable, tuple[int, float]] = {}  # mail: times put off, tried again at
        self._in_a_row = 0

    def waits(self, mail: Hashable) -> bool:
        """Say whether it is too early to try `mail` again."""
        return mail in self._put_off and self._clock() < self._put_off[mail][1]

    def put_off(self, mail: Hashable) -> None:
        """Try `mail` again later."""
        times = self._put_off.get(mail, (0, 0.0))[0]
        wait = _WAIT_SECONDS[min(times, len(_WAIT_SECONDS) - 1)]
        self._put_off[mail] = (times + 1, self._clock() + wait)

    def put_off_by_relay(self, mail: Hashable) -> None:
        """Try `mail` again later, because the relay said so.

        raises  NotNow if it said so for so many in a row that others will fare no better
        """
        self.put_off(mail)
        self._in_a_row += 1
        if self._in_a_row >= _MANY:
            self._in_a_row = 0
            raise NotNow(f"the relay put off {_MANY} mails in a row")

    def done(self, mail: Hashable) -> None:
        """Forget `mail`: it left, or never will."""
        self._put_off.pop(mail, None)
        self._in_a_row = 0
