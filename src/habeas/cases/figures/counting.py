"""Counting: plain rows in, bounds out. Nothing here knows a database.

The lower bound counts what lies in the window whatever its date turns out to be, the upper bound also what
may lie in it. docs/figures.md tells researchers the same.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that may count: an event, or a person or case that an event brings in."""

    member: UUID  # what is counted once: event, case, or the person record that stands for all its doubles
    is_certain: bool  # whether the event lies wholly inside the window
    least: int = 1  # how many it counts for: of a group, the smallest size
    most: int | None = 1  # the largest size; None: nobody knows


@dataclass(frozen=True, slots=True)
class Count:
    """What a figure comes to."""

    lower: int
    upper: int | None  # None: a group of unknown size may be among them
    members: tuple[str, ...]  # all that may count, sorted
    uncertain: tuple[str, ...]  # those of them that the lower bound leaves out, sorted

    @property
    def sha256(self) -> str:
        """What tells whether two counts are of the same members."""
        return digest(self.members)


def count(rows: Iterable[Row]) -> Count:
    """Return the bounds over `rows`; a member that several rows bring in counts once.

    Where records of one group differ in its size, the largest minimum and the largest maximum stand: another
    record never makes a number smaller.
    """
    certain: dict[UUID, int] = {}
    possible: dict[UUID, int | None] = {}
    for row in rows:
        if row.is_certain:
            certain[row.member] = max(certain.get(row.member, 0), row.least)
        possible[row.member] = _larger(possible.get(row.member, 0), row.most)
    return Count(
        lower=sum(certain.values()),
        upper=_total(possible.values()),
        members=tuple(sorted(map(str, possible))),
        uncertain=tuple(sorted(str(member) for member in possible if member not in certain)),
    )


def _larger(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else max(one, other)


def _total(sizes: Iterable[int | None]) -> int | None:
    total = 0
    for size in sizes:
        if size is None:
            return None
        total += size
    return total


def digest(members: Iterable[str]) -> str:
    """Return the SHA-256 of the sorted identifiers, one a line, as `sort | sha256sum` gives it."""
    return hashlib.sha256("".join(f"{member}\n" for member in sorted(members)).encode()).hexdigest()


def stand_in(record: UUID, same_as: Mapping[UUID, UUID]) -> UUID:
    """Return the record that counts for `record`: the end of the way that "same as" leads.

    Where the way runs in a circle, the smallest identifier of the circle stands for all of them.
    """
    way: list[UUID] = []
    while record in same_as and record not in way:
        way.append(record)
        record = same_as[record]
    return min(way[way.index(record) :]) if record in way else record
