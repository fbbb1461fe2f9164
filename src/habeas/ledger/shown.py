"""What the public is told of a count, and the snapshot that carries it from clerk to door.

A number that moves at once is an oracle: whoever sees a connection at 14:03:22 and the number rise at
14:03:25 knows who signed. So a campaign may have its number held back, rounded down, and told by the
hour or the day only (`edition.manifest.CountRule`). The door is given nothing finer than it may tell.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from habeas.edition.manifest import CountRule
from habeas.ledger.counts import Counts, NotASnapshot, Taken, in_bytes, in_hex
from habeas.lib import durable

HOURS = {"live": 0, "hour": 1, "day": 24}  # for which a number stays; a day begins at midnight UTC


class Shown(Struct, frozen=True, forbid_unknown_fields=True):
    """What the public is told of one campaign's count; by itself, nothing."""

    total: int | None = None  # None: no number is told
    is_exact: bool = False  # False: more people than `total` confirmed
    by_country: dict[str, int] | None = None  # as in Counts; None: not told
    by_language: dict[str, int] | None = None


NOTHING = Shown()


def take(before: Taken | None, rule: CountRule, people: int, hour: int) -> Taken:
    """Return the number of people to tell from in `hour`: the one taken before until its time is over.

    A campaign that was never taken begins with nobody. Did it begin with those who have signed so far,
    the first of them would show as soon as the clerk comes back from a pause.
    """
    hours = HOURS[rule.count_every]
    if hours and before is None:
        return Taken(0, hour)
    if hours and before is not None and not _is_over(before.hour // hours, hour // hours):
        return before
    return Taken(people, hour)


def _is_over(then: int, now: int) -> bool:
    """Say whether the period `then` is over.

    A clock set back a little tells nothing twice; one that was far ahead is not waited for.
    """
    return now > then or now < then - 1


def shown(rule: CountRule, counts: Counts, taken: Taken) -> Shown:
    """Return what the public is told, going by the number that was taken.

    counts  as they are now: countries and languages are told only where every number is
    """
    total = told(rule, taken.people)
    if total is None:
        return NOTHING
    if rule.count_every == "live":
        return Shown(total, is_exact=True, by_country=counts.by_country, by_language=counts.by_language)
    return Shown(total, is_exact=rule.count_step == 1)


def told(rule: CountRule, people: int) -> int | None:
    """Return the number that is told of `people`, None if there is none yet.

    In steps it is the largest multiple that more than so many people reached: "more than 300" is said
    from the 301st on. Only a number told at once can be zero, as any other may be out of date.
    """
    if people < rule.count_from:
        return None
    if rule.count_step > 1:
        people = (people - 1) // rule.count_step * rule.count_step
    return people if people > 0 or rule.count_every == "live" else None


def shown_of_nobody(rule: CountRule) -> Shown:
    """Return what the public is told before the clerk has said anything of a campaign."""
    return shown(rule, Counts(), Taken(0, 0))


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    format: Literal[2]
    campaigns: dict[str, Shown]  # campaign identifier in hex


def encode_shown(shown_of: Mapping[bytes, Shown]) -> bytes:
    """Return the snapshot for the door; the same bytes as long as the public is told the same."""
    return msgspec.json.encode(_File(2, in_hex(shown_of)), order="deterministic")


def write_shown(path: Path, content: bytes) -> None:
    """Put what `encode_shown` made at `path`, whole or not at all; the folder is made if missing.

    raises  OSError; the old snapshot is then still in place
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    durable.write(path, content)


def read_shown(path: Path) -> dict[bytes, Shown]:
    """Return what the public is told, by campaign identifier.

    raises  NotASnapshot if the content is anything else
            FileNotFoundError before the first one is written
    """
    try:
        return in_bytes(msgspec.json.decode(path.read_bytes(), type=_File).campaigns)
    except (msgspec.DecodeError, ValueError) as error:
        raise NotASnapshot(f"{path} is not a snapshot of what the public is told") from error
