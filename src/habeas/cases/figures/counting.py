"""Counting: plain rows in, bounds out. Nothing here knows a database.

The lower bound counts what lies in the window whatever its date turns out to be, the upper bound also what
may lie in it. docs/figures.md tells researchers the same.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import NamedTuple


class Row(NamedTuple):
    """One thing that may count: an event, or a person or case that an event brings in."""

    member: str  # what is counted once: event, case, or the person record that stands for all its doubles
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


@dataclass(frozen=True, slots=True)
class Ones:
    """Members that count for one each, all together: a row for each of tens of thousands takes longer."""

    possible: AbstractSet[str] = frozenset()  # all of them
    certain: AbstractSet[str] = frozenset()  # those with an event wholly inside the window


def count(rows: Iterable[Row], ones: Ones = Ones()) -> Count:
    """Return the bounds over `rows` and `ones`; a member that several bring in counts once.

    Where records of one group differ in its size, the largest minimum and the largest maximum stand: another
    record never makes a number smaller.
    """
    certain: dict[str, int] = {}
    possible: dict[str, int | None] = {}
    known = list(rows)
    in_both = ones.possible & {row.member for row in known}
    for member, is_certain, least, most in [*known, *(Row(one, one in ones.certain) for one in in_both)]:
        if is_certain and certain.get(member, -1) < least:
            certain[member] = least
        possible[member] = _larger(possible[member], most) if member in possible else most
    members = ones.possible | possible.keys()
    upper = _total(possible.values())
    return Count(
        lower=sum(certain.values()) + len(ones.certain - in_both),
        upper=None if upper is None else upper + len(ones.possible) - len(in_both),
        members=tuple(sorted(members)),
        uncertain=tuple(sorted(members - ones.certain - certain.keys())),
    )


def _larger(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else max(one, other)


def _total(sizes: Collection[int | None]) -> int | None:
    known = [size for size in sizes if size is not None]
    return sum(known) if len(known) == len(sizes) else None


def digest(members: Iterable[str]) -> str:
    """Return the SHA-256 of the sorted identifiers, one a line, as `sort | sha256sum` gives it."""
    return hashlib.sha256("".join(f"{member}\n" for member in sorted(members)).encode()).hexdigest()


def stand_in(record: str, same_as: Mapping[str, str]) -> str:
    """Return the record that counts for `record`: the end of the way that "same as" leads.

    Where the way runs in a circle, the smallest identifier of the circle stands for all of them.
    """
    way: list[str] = []
    while record in same_as and record not in way:
        way.append(record)
        record = same_as[record]
    return min(way[way.index(record) :]) if record in way else record
