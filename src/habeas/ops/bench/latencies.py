"""How long answers took, kept as counts of hundredths of a millisecond: small, exact, easily added up."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

UNITS_A_SECOND = 100_000  # a latency is kept as so many hundredths of a millisecond, rounded down
_UNITS_A_MILLISECOND = 100

Key = TypeVar("Key", bound=Hashable)


def percentile(latencies: Mapping[int, int], share: float) -> float:
    """Return the smallest latency, in ms, that `share` of all did not exceed; 0 if there are none.

    latencies  units: how many took so long
    share      above 0, at most 1; 1 asks for the longest of all
    """
    wanted, seen = share * sum(latencies.values()), 0
    for units in sorted(latencies):
        seen += latencies[units]
        if seen >= wanted:
            return units / _UNITS_A_MILLISECOND
    return 0.0


def added(parts: Iterable[Mapping[Key, int]]) -> dict[Key, int]:
    """Return several counts as one."""
    total: Counter[Key] = Counter()
    for part in parts:
        total.update(part)
    return dict(total)
