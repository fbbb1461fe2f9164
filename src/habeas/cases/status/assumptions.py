"""Which undocumented steps would make an event legal: documentation is incomplete by nature.

A person convicted without a recorded charge was charged; one arrested twice was out in between. The
checker assumes the fewest steps that explain the event and asks the researcher about them.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TypeVar

from habeas.cases.status.regions import DeathPenalty, Liberty, Stage
from habeas.cases.status.rules import RULES, Rule

N = TypeVar("N")

# What may be assumed, the likelier first: it decides between explanations of the same length. Nobody's
# death, flight or execution is ever assumed.
_OF_LIBERTY = (
    "arrest",
    "release",
    "abduction",
    "bail",
    "house_arrest",
    "found_alive",
)
_OF_PROCEEDINGS = (
    "charge",
    "trial_open",
    "upheld",
    "conviction",
    "acquittal",
    "appeal_lodged",
    "remitted",
    "final",
    "retrial_ordered",
    "charge_dropped",
    "quashed",
    "death_sentence",
    "death_upheld",
    "execution_scheduled",
    "death_lifted",
)


@cache
def assumed_for_liberty(type: str, liberty: Liberty) -> tuple[str, ...] | None:  # noqa: A002  the field's own word
    """Return the steps that must have happened before the event; None if none would explain it.

    liberty  what the person's liberty is according to the events before
    """
    return _fewest(type, liberty, _after_of_liberty, _OF_LIBERTY)


@cache
def assumed_for_proceeding(
    type: str,  # noqa: A002  the field's own word
    stage: Stage,
    death: DeathPenalty,
) -> tuple[str, ...] | None:
    """Return the same for an event in a proceeding, of which `stage` and `death` are known."""
    return _fewest(type, (stage, death), _after_of_proceeding, _OF_PROCEEDINGS)


def _after_of_liberty(rule: Rule, liberty: Liberty) -> Liberty | None:
    return liberty if rule.liberty is None else rule.liberty.get(liberty)


def _after_of_proceeding(rule: Rule, state: tuple[Stage, DeathPenalty]) -> tuple[Stage, DeathPenalty] | None:
    stage = state[0] if rule.stage is None else rule.stage.get(state[0])
    death = state[1] if rule.death is None else rule.death.get(state[1])
    return None if stage is None or death is None else (stage, death)


def _fewest(
    type: str,  # noqa: A002  the field's own word
    start: N,
    after: Callable[[Rule, N], N | None],
    assumable: Iterable[str],
) -> tuple[str, ...] | None:
    """Return the shortest way from `start` to a state in which the event is legal, breadth first."""
    known, waiting = {start}, deque[tuple[N, tuple[str, ...]]]([(start, ())])
    while waiting:
        state, steps = waiting.popleft()
        if after(RULES[type], state) is not None:
            return steps
        for step, following in _steps(state, after, assumable):
            if following not in known:
                known.add(following)
                waiting.append((following, (*steps, step)))
    return None


def _steps(
    state: N, after: Callable[[Rule, N], N | None], assumable: Iterable[str]
) -> Iterator[tuple[str, N]]:
    for step in assumable:
        following = after(RULES[step], state)
        if following is not None:
            yield step, following
