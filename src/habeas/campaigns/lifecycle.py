"""The one place that decides which moves a campaign may make."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from habeas.lib.errors import HabeasError


class State(TextChoices):
    """Where a campaign stands."""

    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Open")
    PAUSED = "paused", _("Paused")
    WON = "won", _("Won")
    CLOSED = "closed", _("Closed")


class Outcome(TextChoices):
    """What came of it for the person."""

    RELEASED = "released", _("Released")
    RELEASED_CONDITIONAL = "released_conditional", _("Released on conditions")
    ACQUITTED = "acquitted", _("Acquitted")
    QUASHED = "quashed", _("Conviction quashed")
    PARDONED = "pardoned", _("Pardoned")
    COMMUTED = "commuted", _("Sentence commuted")
    TRANSFERRED = "transferred", _("Transferred")
    DIED = "died", _("Died")
    EXECUTED = "executed", _("Executed")
    DISAPPEARED = "disappeared", _("Disappeared")
    FLED = "fled", _("Fled")
    NO_CHANGE = "no_change", _("No change")


MOVES: dict[str, frozenset[str]] = {
    State.DRAFT: frozenset({State.OPEN}),
    State.OPEN: frozenset({State.PAUSED, State.WON, State.CLOSED}),
    State.PAUSED: frozenset({State.OPEN, State.WON, State.CLOSED}),
    State.WON: frozenset({State.OPEN}),  # people are re-arrested
    State.CLOSED: frozenset({State.OPEN}),
}
ENDED = frozenset({State.WON, State.CLOSED})
PUBLIC = frozenset({State.OPEN, State.PAUSED, State.WON, State.CLOSED})
WON_BY = frozenset(
    {Outcome.RELEASED, Outcome.RELEASED_CONDITIONAL, Outcome.ACQUITTED, Outcome.QUASHED, Outcome.PARDONED}
)
RELEASED_BY = frozenset({Outcome.RELEASED, Outcome.RELEASED_CONDITIONAL})


class MoveRefused(HabeasError):
    """A campaign cannot go from the state it is in to the one asked for."""


def check_move(current: str, to: str) -> None:
    """Let a move pass, or say which moves there are.

    raises  MoveRefused
    """
    if to in MOVES[current]:
        return
    allowed = ", ".join(sorted(MOVES[current])) or "none"
    raise MoveRefused(f"a campaign that is {current} cannot become {to}; possible: {allowed}")


def ending(outcome: str) -> State:
    """Return the state an outcome ends a campaign in.

    raises  MoveRefused if there is no such outcome
    """
    if outcome not in Outcome.values:
        raise MoveRefused(f"there is no outcome {outcome}; choose one of {', '.join(Outcome.values)}")
    return State.WON if outcome in WON_BY else State.CLOSED
