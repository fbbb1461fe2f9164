"""The one place that asks what day it is.

Entries carry days and nothing finer: an exact time beside a signature would let an observer match it
to network traffic. A day is the number of days since 1970-01-01 in UTC.
"""

import time
from datetime import UTC, date, datetime, timedelta

SECONDS_A_DAY = 86_400
SECONDS_AN_HOUR = 3_600

_EPOCH = date(1970, 1, 1)


def today() -> int:
    """Return the current UTC day as days since 1970-01-01."""
    return int(time.time()) // SECONDS_A_DAY


def this_hour() -> int:
    """Return the current hour as hours since 1970-01-01T00Z; link tokens expire by the hour."""
    return int(time.time()) // SECONDS_AN_HOUR


def date_of(day: int) -> date:
    """Return the calendar date of `day` (days since 1970-01-01)."""
    return _EPOCH + timedelta(days=day)


def seconds_since(day: int) -> float:
    """Return how many seconds ago `day` was over; 0 if it is not, or the clock was set back."""
    return max(0.0, time.time() - (day + 1) * SECONDS_A_DAY)


def now() -> datetime:
    """Return the current moment in UTC, for what staff do; never for what supporters do."""
    return datetime.now(UTC)
