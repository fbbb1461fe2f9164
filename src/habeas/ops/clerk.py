"""The clerk: folds the journals into the store, writes the counts, sends mail, forgets what is due.

Folding and mailing run in two threads with a connection each, so a slow relay never holds up a count.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable

from django.core.mail import get_connection
from django.db import close_old_connections

from habeas.config import Config
from habeas.delivery.confirmation import Confirmations
from habeas.delivery.mailroom import Mailroom
from habeas.delivery.news import NewsMail
from habeas.delivery.patience import NotNow
from habeas.delivery.post import Post
from habeas.delivery.supporters import Supporters
from habeas.ledger.counts import write_snapshot
from habeas.ledger.recorder import Recorder
from habeas.ledger.store_sqlite import SQLiteStore
from habeas.lib import clock

log = logging.getLogger("habeas.clerk")

BATCH = 10_000  # entries folded in one transaction when behind
_IDLE_SECONDS = 0.2
_RETRY_SECONDS = (1, 5, 15, 60, 300)  # after failures in a row
_HOUSEKEEPING_SECONDS = 3_600.0


class Folding:
    """Journal to store to counts."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._store = SQLiteStore(config.store)
        self._recorder = Recorder(self._store, config.journal)
        self._next_housekeeping = 0.0
        self._is_counted = False

    def turn(self) -> bool:
        """Fold one batch; return whether there was anything to do."""
        recorded = self._recorder.step(BATCH)
        for damage in recorded.damaged:
            log.error("a damaged journal record was set aside: %s", damage)
        if recorded.entries or not self._is_counted:
            write_snapshot(self._config.counts, self._store.counts())
            self._is_counted = True
        if time.monotonic() >= self._next_housekeeping:
            self._next_housekeeping = time.monotonic() + _HOUSEKEEPING_SECONDS
            self._forget()
        return bool(recorded.entries)

    def _forget(self) -> None:
        forgotten = self._store.forget_unconfirmed(clock.today() - self._config.retention.unconfirmed_days)
        if forgotten:
            log.info("forgot %s people who never confirmed", forgotten)


class Mailing:
    """Store to mailboxes."""

    def __init__(self, config: Config, link_key: bytes) -> None:
        store = SQLiteStore(config.store)
        supporters = Supporters(store, config.keys)
        post = Post(config, get_connection())
        mailroom = Mailroom(config, store, supporters, post, link_key)
        self._confirmations = Confirmations(mailroom)
        self._news = NewsMail(mailroom)

    def turn(self) -> bool:
        """Send a batch of what is due; return whether there was any.

        raises  NotNow if the relay takes nothing at the moment
        """
        close_old_connections()
        return bool(self._confirmations.send_due() + self._news.send_due())


def run(config: Config, link_key: bytes) -> None:
    """Work until SIGTERM or SIGINT; what is in hand is finished first."""
    SQLiteStore(config.store).close()  # made before two threads open it
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    mailing = threading.Thread(
        target=_keep_turning, args=(lambda: Mailing(config, link_key), stop), name="mail"
    )
    mailing.start()
    _keep_turning(lambda: Folding(config), stop)
    mailing.join()


def _keep_turning(make: Callable[[], Folding | Mailing], stop: threading.Event) -> None:
    """Turn the wheel until stopped; a failure is waited out and tried again with everything made anew."""
    wheel, failures = None, 0
    while not stop.is_set():
        try:
            wheel = wheel or make()
            is_busy = wheel.turn()
            failures = 0
        except NotNow as reason:
            log.warning("mail waits: %s", reason)
            is_busy, failures = False, failures + 1
        except Exception:
            log.exception("the clerk could not go on; it will try again")
            wheel, is_busy, failures = None, False, failures + 1
        pause = _RETRY_SECONDS[min(failures, len(_RETRY_SECONDS)) - 1] if failures else _IDLE_SECONDS
        if not is_busy:
            stop.wait(pause)
