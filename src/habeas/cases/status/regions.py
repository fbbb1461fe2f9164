"""The four regions of a legal status, and what each may be.

One status column would be wrong: an arrest, a trial, a hidden place of detention and a death sentence
move independently of each other. Liberty and whereabouts belong to a person; stage and death penalty to
each proceeding against that person.
"""

from enum import StrEnum


class Liberty(StrEnum):
    """Whether the person is free."""

    FREE = "free"  # also: nothing known says otherwise
    CUSTODY = "custody"
    CONDITIONAL = "conditional"  # out, on bail or on conditions
    HOUSE_ARREST = "house_arrest"
    MISSING = "missing"
    EXILE = "exile"
    DEAD = "dead"
    UNKNOWN = "unknown"  # alive, as far as known; nothing more


class Whereabouts(StrEnum):
    """What is known of where the person is held (ESF list 30)."""

    NA = "na"  # not held
    UNKNOWN = "unknown"  # held, and nobody has recorded where
    DISCLOSED = "disclosed"
    UNDISCLOSED = "undisclosed"
    DENIED = "denied"


class Stage(StrEnum):
    """How far a proceeding has come."""

    NONE = "none"
    INVESTIGATION = "investigation"
    CHARGED = "charged"
    TRIAL = "trial"
    ACQUITTED_OPEN = "acquitted_open"
    CONVICTED_OPEN = "convicted_open"
    APPEAL_PENDING = "appeal_pending"  # against a conviction
    ACQUITTAL_APPEALED = "acquittal_appealed"  # "appeal_pending" too, but upheld means still acquitted
    REMITTED = "remitted"
    CONVICTED_FINAL = "convicted_final"
    ACQUITTED_FINAL = "acquitted_final"
    CLOSED = "closed"


class DeathPenalty(StrEnum):
    """How near a proceeding is to an execution."""

    NONE = "none"
    SOUGHT = "sought"
    IMPOSED = "imposed"
    UPHELD = "upheld"
    SCHEDULED = "scheduled"
    STAYED = "stayed"
    LIFTED = "lifted"
    EXECUTED = "executed"


HELD = frozenset({Liberty.CUSTODY, Liberty.HOUSE_ARREST, Liberty.MISSING})  # deprived of liberty
CONVICTED = frozenset({Stage.CONVICTED_OPEN, Stage.CONVICTED_FINAL})
ACQUITTED = frozenset({Stage.ACQUITTED_OPEN, Stage.ACQUITTED_FINAL, Stage.ACQUITTAL_APPEALED})
BEFORE_JUDGMENT = frozenset({Stage.CHARGED, Stage.TRIAL, Stage.REMITTED})
OVER = frozenset({Stage.NONE, Stage.CLOSED, Stage.CONVICTED_FINAL, Stage.ACQUITTED_FINAL})
CONDEMNED = frozenset(
    {DeathPenalty.IMPOSED, DeathPenalty.UPHELD, DeathPenalty.SCHEDULED, DeathPenalty.STAYED}
)
