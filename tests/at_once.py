"""Two people who act at the same moment, each in a thread and with a connection of their own."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connections, transaction

_HEAD_START = 0.3  # seconds that the first keeps what it wrote to itself, while the second comes


def at_once(first: Callable[[], Any], second: Callable[[], Any]) -> list[Any]:
    """Begin `second` when `first` has written and not committed; return what each came to, errors too."""
    has_written = threading.Event()

    def begin() -> Any:
        try:
            with transaction.atomic():
                done = first()
                has_written.set()
                time.sleep(_HEAD_START)
            return done
        finally:
            has_written.set()

    def follow() -> Any:
        has_written.wait()
        return second()

    with ThreadPoolExecutor(2) as people:
        return [one.result() for one in [people.submit(_outcome, act) for act in (begin, follow)]]


def _outcome(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except Exception as error:  # noqa: BLE001  the test looks at it
        return error
    finally:
        connections.close_all()
