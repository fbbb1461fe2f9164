"""What the replay reads: plain values, nothing that can reach a database."""

from collections.abc import Iterable

import msgspec

from habeas.cases.dates import FuzzyDate


class Event(msgspec.Struct, frozen=True):
    """One thing that happened."""

    id: str
    seq: int  # the editor's order inside the case; fuzzy dates cannot be sorted truthfully
    type: str  # the registry's word: "arrest"
    date: FuzzyDate  # the chosen one; of what lasts, when it began
    proceeding: str = ""  # empty: the case's one proceeding, if none is named
    persons: tuple[str, ...] = ()  # empty: everybody the case is about
    agent: str = ""  # kind of the authority that did it (ESF list 24); empty if nobody is named
    claims: tuple[tuple[str, FuzzyDate], ...] = ()  # source, and when it says it was


class Condition(msgspec.Struct, frozen=True):
    """What the person lived under from one day to another."""

    id: str
    kind: str  # "no_lawyer"
    begins: FuzzyDate
    ends: FuzzyDate | None = None  # None: it goes on
    event: str = ""  # identifier of the event that shows it, if one does
    persons: tuple[str, ...] = ()

    @property
    def rests_on(self) -> str:
        """The event that shows it, or the condition itself."""
        return self.event or self.id


def concerning(events: Iterable[Event], person: str) -> tuple[Event, ...]:
    """Return the events of one person, in the editor's order; all events if no person is named."""
    return tuple(
        sorted(
            (event for event in events if not person or not event.persons or person in event.persons),
            key=lambda event: event.seq,
        )
    )
