"""What the checker finds. A finding is a task for a researcher; it never stops anybody from recording."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from habeas.cases.status.events import Event


class Kind(StrEnum):
    """How bad it is."""

    GAP = "gap"  # legal, if named steps that nobody recorded are assumed
    CONTRADICTION = "contradiction"  # nothing explains it: release after death
    ORDER = "order"  # the editor's order and the dates cannot both be right


class Finding(msgspec.Struct, frozen=True):
    """One event that does not fit what was recorded before it."""

    kind: Kind
    event: Event
    assumed: tuple[str, ...] = ()  # of a gap: the types of the steps, in their order
    against: Event | None = None  # what the event does not fit to; None of a gap
    found: str = ""  # of a contradiction: the state that it met, "dead" or "acquitted_final"

    @property
    def blocks_publishing(self) -> bool:
        """Whether the case may not be published until this is mended or overridden in writing."""
        return self.kind is Kind.CONTRADICTION


def once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return each finding once, by the order of events: co-accused share events."""
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: finding.event.seq))
