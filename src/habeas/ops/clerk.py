"""The clerk: folds the journals into the store, writes the counts, sends mail, publishes, and forgets.

Folding, mailing and publishing run in threads with connections of their own, so a slow relay never holds
up a count.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from django.core.mail import get_connection
from django.core.management import call_command
from django.db import close_old_connections
from django.utils import timezone

from habeas.campaigns import planning
from habeas.campaigns.milestones import is_one_passed
from habeas.campaigns.publishing import publish_edition
from habeas.config import Config
from habeas.delivery.budgets import Budgets
from habeas.delivery.confirmation import Confirmations
from habeas.delivery.mailroom import Mailroom
from habeas.delivery.news import NewsMail
from habeas.delivery.news_status import NewsStatus, news_status_of, news_status_path, write_news_status
from habeas.delivery.patience import NotNow
from habeas.delivery.post import Post
from habeas.delivery.status import MailStatus, mail_status_path, write_mail_status
from habeas.delivery.supporters import Supporters
from habeas.edition import read
from habeas.ledger.fold import NEVER
from habeas.ledger.journal_file import oldest_first
from habeas.ledger.noticeboard import Noticeboard
from habeas.ledger.recorder import Recorder
from habeas.ledger.store_sqlite import SQLiteStore
from habeas.ledger.thinning import NotThinned, thin
from habeas.lib import clock
from habeas.lib.processes import wait_for_turns

log = logging.getLogger("habeas.clerk")

_IDLE_SECONDS = 0.2
_RETRY_SECONDS = (1, 5, 15, 60, 300)  # after failures in a row
_HOUSEKEEPING_SECONDS = 3_600.0
_NOTICE_SECONDS = 0.25
_SCHEDULE_SECONDS = 60.0
_STATUS_SECONDS = 5.0
_NEWS_SECONDS = 5.0
_REST = 100  # what counts everybody may take a hundredth of the time
_NOTHING = object()  # is left to be done
_GIVES_WAY = 10  # a person waits for the door's answer, and nobody for the next batch of the clerk
_PATIENCE_SECONDS = 10.0  # that the count may be behind


class Folding:
    """Journal to store to counts."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self.is_patient = False  # lets the doors go first
        self._store = SQLiteStore(config.store, give_way=self._give_way)
        self._recorder = Recorder(self._store, config.journal)
        self._next_housekeeping = 0.0
        self._noticeboard = Noticeboard(config)
        self._is_behind = False  # what is told does not yet have all that was folded
        self._next_notice = 0.0
        self._thinning: Iterator[None] = iter(())  # what is left of looking through the journals
        self._must_thin = False  # once more from the beginning
        self._thinned = NEVER  # day on which all journals were looked through

    def turn(self) -> bool:
        """Fold one batch; return whether there is more to do at once.

        Beside a load there always is a little. To fold it each time cost twice as much an entry as to let
        some come together: a transaction, a look at every journal, and a core that the door needs too.
        """
        recorded = self._recorder.step()
        for damage in recorded.damaged:
            log.error("a damaged journal record was set aside: %s", damage)
        self._is_behind |= bool(recorded.entries)
        self._tell()
        if time.monotonic() >= self._next_housekeeping:
            self._next_housekeeping = time.monotonic() + _HOUSEKEEPING_SECONDS
            self._forget()
        elif not recorded.entries:
            self._thin_a_little()
        return recorded.is_behind

    def _give_way(self) -> None:
        """Let a door that was woken meanwhile go first: as batch work it does not interrupt."""
        if self.is_patient:
            os.sched_yield()

    def _tell(self) -> None:
        """Put up the counts, a few times a second at most: the door looks once, and each costs two fsyncs."""
        now = time.monotonic()
        has_news = self._is_behind and now >= self._next_notice
        if not has_news and not self._noticeboard.is_due():
            return
        self._noticeboard.put_up(self._store.counts())
        self._is_behind = False
        self._next_notice = now + _NOTICE_SECONDS

    def _forget(self) -> None:
        """Forget in the store; journals follow little by little, in turns that have nothing else to do."""
        unconfirmed = self._store.forget_unconfirmed(self._before())
        if unconfirmed:
            log.info("forgot %s people who never confirmed", unconfirmed)
        withdrawn = self._store.forget_withdrawn(self._before())
        if withdrawn:
            log.info("forgot the signatures of %s people who withdrew", withdrawn)
        if unconfirmed or withdrawn or self._thinned != clock.today():
            self._thinned = clock.today()
            self._must_thin = True

    def _thin_a_little(self) -> None:
        """Go on with the journals; a round that is under way is finished before the next begins."""
        if next(self._thinning, _NOTHING) is _NOTHING and self._must_thin:
            self._must_thin = False
            self._thinning = self._slices()

    def _slices(self) -> Iterator[None]:
        """Thin all journals out, a slice at a time."""
        for path in oldest_first(self._config.journal):
            emptied = 0
            try:
                for some in thin(path, self._store, self._before()):
                    emptied += some
                    yield
            except NotThinned as reason:
                self._thinned = NEVER
                log.warning("forgetting in a journal has to wait: %s", reason)
            if emptied:
                log.info("%s entries of forgotten people were emptied in %s", emptied, path.name)
            yield

    def _before(self) -> int:
        return clock.today() - self._config.retention.unconfirmed_days


class PatientFolding:
    """Folding that lets the doors go first, until the count has been behind for too long.

    A thread may not take back what it gave way (nice(2)), so there are two: the caller's does not.
    """

    def __init__(self, config: Config) -> None:
        self._folding = Folding(config)
        self._patient = ThreadPoolExecutor(1, "fold", initializer=os.nice, initargs=(_GIVES_WAY,))
        self._kept_up = time.monotonic()

    def turn(self) -> bool:
        """Fold one batch; return whether there is more to do at once."""
        self._folding.is_patient = time.monotonic() - self._kept_up <= _PATIENCE_SECONDS
        if not self._folding.is_patient:
            is_busy = self._folding.turn()
        else:
            is_busy = self._patient.submit(self._folding.turn).result()
        if not is_busy:
            self._kept_up = time.monotonic()
        return is_busy


class Mailing:
    """Store to mailboxes."""

    def __init__(self, config: Config, link_key: bytes, budgets: Budgets) -> None:
        """Begin; what was spent of `budgets` before a failure stays spent."""
        store = SQLiteStore(config.store)
        supporters = Supporters(store, config.keys)
        post = Post(config, get_connection())
        mailroom = Mailroom(config, store, supporters, post, link_key)
        self._confirmations = Confirmations(mailroom, budgets)
        self._news = NewsMail(mailroom)
        self._status_path = mail_status_path(config)
        self._said: MailStatus | None = None
        self._next_status = 0.0
        self._store, self._news_path = store, news_status_path(config)
        self._news_said: NewsStatus | None = None
        self._next_news = 0.0

    def turn(self) -> bool:
        """Send a batch of what is due; return whether there was any.

        raises  NotNow if the relay takes nothing at the moment
        """
        close_old_connections()
        try:
            return bool(self._confirmations.send_due() + self._news.send_due())
        finally:
            self._say()
            self._say_who_wants_news()

    def _say_who_wants_news(self) -> None:
        """Tell staff how many would get an update; where they are many, and counting is long, less often."""
        began = time.monotonic()
        if began < self._next_news:
            return
        status = news_status_of(self._store)
        ended = time.monotonic()
        self._next_news = ended + max(_NEWS_SECONDS, _REST * (ended - began))
        if status == self._news_said:
            return
        try:
            write_news_status(self._news_path, status)
            self._news_said = status
        except OSError as error:
            log.warning("who wants news could not be written: %s", error)

    def _say(self) -> None:
        """Tell staff who waits, every few seconds; where that fails, mail goes on."""
        if time.monotonic() < self._next_status:
            return
        self._next_status = time.monotonic() + _STATUS_SECONDS
        status = self._confirmations.status()
        if status == self._said:
            return
        try:
            write_mail_status(self._status_path, status)
            self._said = status
        except OSError as error:
            log.warning("the status of the mail could not be written: %s", error)


class Publishing:
    """Drafts to pages: what was to go up or come down by now, and what a new day lets be shown."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._next_look = 0.0

    def turn(self) -> bool:
        """Look once a minute; return that nothing more is to be done at once.

        raises  BadEdition, OSError
        """
        if time.monotonic() < self._next_look:
            return False
        self._next_look = time.monotonic() + _SCHEDULE_SECONDS
        close_old_connections()
        call_command("publish_scheduled")  # pages first: a campaign may open with words of the same hour
        planning.make_due(timezone.now())
        if read.written_on(self._config.editions) not in {None, clock.today()}:
            # An embargo ends with a day, and a deadline passes with one.
            log.info("a new day: edition %s", publish_edition(self._config))
        elif is_one_passed(self._config):
            log.info("a milestone: edition %s", publish_edition(self._config))
        return False


Wheel = PatientFolding | Mailing | Publishing


def run(config: Config, link_key: bytes) -> None:
    """Work until SIGTERM or SIGINT; what is in hand is finished first."""
    wait_for_turns()
    SQLiteStore(config.store).close()  # made before two threads open it
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    budgets = Budgets(config.mail)
    mailing = threading.Thread(
        target=_turn_patiently, args=(lambda: Mailing(config, link_key, budgets), stop), name="mail"
    )
    publishing = threading.Thread(
        target=_turn_patiently, args=(lambda: Publishing(config), stop), name="schedule"
    )
    mailing.start()
    publishing.start()
    _keep_turning(lambda: PatientFolding(config), stop)
    mailing.join()
    publishing.join()


def _turn_patiently(make: Callable[[], Wheel], stop: threading.Event) -> None:
    """Turn the wheel in a thread that gives way to the doors."""
    os.nice(_GIVES_WAY)
    _keep_turning(make, stop)


def _keep_turning(make: Callable[[], Wheel], stop: threading.Event) -> None:
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
