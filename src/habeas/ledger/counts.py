"""Counts: how many people stand behind a campaign, and the small snapshot the door shows them from.

Every number comes from one table of cells (country, language), so the parts always sum to the total.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal, Self

import msgspec
from msgspec import Struct

from habeas.lib import durable
from habeas.lib.errors import HabeasError

FILE = "counts.json"


class NotASnapshot(HabeasError):
    """The counts file is not one that this program wrote; the door goes on with the counts it has."""


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


class _Snapshot(Struct, frozen=True, forbid_unknown_fields=True):
    format: Literal[1]
    campaigns: dict[str, Counts]  # campaign identifier in hex


def write_snapshot(path: Path, counts: dict[bytes, Counts]) -> None:
    """Put the counts of all campaigns at `path`, whole or not at all; the folder is made if missing.

    raises  OSError; the old snapshot is then still in place
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    campaigns = {campaign.hex(): counts[campaign] for campaign in sorted(counts)}
    durable.write(path, msgspec.json.encode(_Snapshot(1, campaigns), order="deterministic"))


def read_snapshot(path: Path) -> dict[bytes, Counts]:
    """Return the counts by campaign identifier that `write_snapshot` put at `path`.

    raises  NotASnapshot if the content is anything else
            FileNotFoundError before the first one is written
    """
    try:
        snapshot = msgspec.json.decode(path.read_bytes(), type=_Snapshot)
        return {bytes.fromhex(campaign): counts for campaign, counts in snapshot.campaigns.items()}
    except (msgspec.DecodeError, ValueError) as error:
        raise NotASnapshot(f"{path} is not a snapshot of counts") from error
