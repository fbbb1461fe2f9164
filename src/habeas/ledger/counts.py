"""Counts: how many people stand behind a campaign, and the snapshot of true numbers, clerk to office.

Every number comes from one table of cells (country, language), so the parts always sum to the total.
What the public is told of them, `ledger.shown` decides.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal, Self, TypeVar

import msgspec
from msgspec import Struct

from habeas.lib import durable
from habeas.lib.errors import HabeasError

T = TypeVar("T")

_CLERK_AND_OFFICE_ONLY = 0o600


class NotASnapshot(HabeasError):
    """A file of counts is not one that this program wrote; whoever reads it goes on with what they have."""


class Counts(Struct, frozen=True, forbid_unknown_fields=True):
    """How many people count in one campaign, and where and in which language they signed."""

    total: int = 0
    by_country: dict[str, int] = {}  # ISO 3166-1 alpha-2; empty for those who chose none
    by_language: dict[str, int] = {}  # of the page they signed on

    @classmethod
    def of(cls, cells: Iterable[tuple[str, str, int]]) -> Self:
        """Return the counts of (country, language, people) cells."""
        by_country: dict[str, int] = {}
        by_language: dict[str, int] = {}
        for country, language, people in cells:
            by_country[country] = by_country.get(country, 0) + people
            by_language[language] = by_language.get(language, 0) + people
        return cls(sum(by_country.values()), by_country, by_language)


class Taken(Struct, frozen=True, forbid_unknown_fields=True):
    """The number of people from which the public is told, which may be of an earlier hour."""

    people: int
    hour: int  # in which it was taken: hours since 1970-01-01T00Z


class Snapshot(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything the clerk has counted."""

    counts: dict[bytes, Counts] = {}  # by campaign identifier
    taken: dict[bytes, Taken] = {}  # the clerk's own note, so that a restart tells the public nothing new


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    format: Literal[1]
    campaigns: dict[str, Counts]  # campaign identifier in hex
    taken: dict[str, Taken]


def write_snapshot(path: Path, snapshot: Snapshot) -> None:
    """Put the counts of all campaigns at `path`, whole or not at all.

    raises  OSError; the old snapshot is then still in place
    """
    file = _File(1, in_hex(snapshot.counts), in_hex(snapshot.taken))
    durable.write(path, msgspec.json.encode(file, order="deterministic"), mode=_CLERK_AND_OFFICE_ONLY)


def read_snapshot(path: Path) -> Snapshot:
    """Return what `write_snapshot` put at `path`; an empty snapshot before the first.

    raises  NotASnapshot if the content is anything else
    """
    try:
        file = msgspec.json.decode(path.read_bytes(), type=_File)
        return Snapshot(in_bytes(file.campaigns), in_bytes(file.taken))
    except FileNotFoundError:
        return Snapshot()
    except (msgspec.DecodeError, ValueError) as error:
        raise NotASnapshot(f"{path} is not a snapshot of counts") from error


def in_hex(of_campaigns: Mapping[bytes, T]) -> dict[str, T]:
    """Return what is told of campaigns, their identifiers as JSON can have them and in order."""
    return {campaign.hex(): of_campaigns[campaign] for campaign in sorted(of_campaigns)}


def in_bytes(of_campaigns: Mapping[str, T]) -> dict[bytes, T]:
    """Return what is told of campaigns, by their identifiers.

    raises  ValueError if one is not in hex
    """
    return {bytes.fromhex(campaign): told for campaign, told in of_campaigns.items()}
