"""Which event moves which region from where to where: the whole table, as data.

The table is that of the registry's reference ("Legal-event state machine"). Where a line of it leaves
something open, the reading chosen here stands in a comment, and in docs/legal-status.md.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

import msgspec

from habeas.cases.status.regions import CONDEMNED, DeathPenalty, Liberty, Stage, Whereabouts

S = TypeVar("S", bound=StrEnum)


def _to(target: S, *sources: S) -> dict[S, S]:
    """Return the moves from each of `sources` to `target`."""
    return dict.fromkeys(sources, target)


def _same(*states: S) -> dict[S, S]:
    """Return the moves that leave each of `states` as it is."""
    return {state: state for state in states}


_L, _W, _P, _D = Liberty, Whereabouts, Stage, DeathPenalty
_LIVING = tuple(state for state in Liberty if state is not Liberty.DEAD)
_CONVICTED = (_P.CONVICTED_OPEN, _P.CONVICTED_FINAL)
_APPEALED = (_P.APPEAL_PENDING, _P.ACQUITTAL_APPEALED)
_DROPPABLE = (_P.INVESTIGATION, _P.CHARGED, _P.TRIAL, _P.REMITTED)
_HEARD = (_P.CHARGED, _P.TRIAL, *_APPEALED, _P.REMITTED)

LIBERTY: dict[str, dict[Liberty, Liberty]] = {
    "summons": _same(_L.FREE, _L.CONDITIONAL),
    "arrest": _to(_L.CUSTODY, _L.FREE, _L.CONDITIONAL, _L.EXILE, _L.UNKNOWN, _L.MISSING),
    "detention": _to(_L.CUSTODY, _L.FREE, _L.CONDITIONAL, _L.UNKNOWN, _L.CUSTODY),
    "abduction": _to(_L.MISSING, _L.FREE, _L.CONDITIONAL, _L.UNKNOWN),
    "custody_denied": _same(_L.CUSTODY, _L.MISSING),
    "custody_acknowledged": _to(_L.CUSTODY, _L.CUSTODY, _L.MISSING),
    "whereabouts_undisclosed": _same(_L.CUSTODY, _L.HOUSE_ARREST, _L.MISSING),
    "whereabouts_disclosed": _same(_L.CUSTODY, _L.HOUSE_ARREST),
    "transfer": _same(_L.CUSTODY, _L.HOUSE_ARREST),
    "detention_extended": _same(_L.CUSTODY, _L.HOUSE_ARREST),
    "admin_detention_order": _to(_L.CUSTODY, _L.CUSTODY, _L.FREE, _L.CONDITIONAL, _L.HOUSE_ARREST),
    "house_arrest": _to(_L.HOUSE_ARREST, _L.FREE, _L.CUSTODY, _L.CONDITIONAL),
    "bail": _to(_L.CONDITIONAL, _L.CUSTODY, _L.HOUSE_ARREST),
    "conditional_release": _to(_L.CONDITIONAL, _L.CUSTODY, _L.HOUSE_ARREST),
    "bail_revoked": _to(_L.CUSTODY, _L.CONDITIONAL),
    "release": _to(_L.FREE, _L.CUSTODY, _L.HOUSE_ARREST, _L.CONDITIONAL, _L.MISSING),
    "escape": _to(_L.FREE, _L.CUSTODY),
    "fled": _to(_L.EXILE, _L.FREE, _L.CONDITIONAL),
    "deported": _to(_L.EXILE, *_LIVING),
    "found_alive": _to(_L.UNKNOWN, _L.MISSING),
    "death_in_custody": _to(_L.DEAD, _L.CUSTODY, _L.MISSING, _L.HOUSE_ARREST),
    "death": _to(_L.DEAD, _L.FREE, _L.CONDITIONAL, _L.EXILE, _L.UNKNOWN),
    "execution": _to(_L.DEAD, _L.CUSTODY),
}

# What is known of the place once the event happened. Events not here leave it, but whoever gets out is
# held nowhere, and whoever is taken in is held nobody has recorded where.
WHEREABOUTS: dict[str, Whereabouts] = {
    "arrest": _W.UNKNOWN,  # until documented
    "house_arrest": _W.UNKNOWN,
    "abduction": _W.DENIED,
    "custody_denied": _W.DENIED,
    "custody_acknowledged": _W.UNDISCLOSED,
    "whereabouts_undisclosed": _W.UNDISCLOSED,
    "whereabouts_disclosed": _W.DISCLOSED,
    "found_alive": _W.UNKNOWN,
}

PROCEEDING: dict[str, dict[Stage, Stage]] = {
    "investigation": _to(_P.INVESTIGATION, _P.NONE, _P.CLOSED),
    "charge": _to(_P.CHARGED, _P.NONE, _P.INVESTIGATION, _P.CLOSED),
    "charge_changed": _same(*_HEARD),
    "hearing": _same(*_HEARD),
    "adjourned": _same(*_HEARD),
    "charge_dropped": _to(_P.CLOSED, *_DROPPABLE),
    "trial_open": _to(_P.TRIAL, _P.CHARGED, _P.REMITTED),
    "conviction": _to(_P.CONVICTED_OPEN, _P.TRIAL, _P.REMITTED, *_APPEALED),
    "acquittal": _to(_P.ACQUITTED_OPEN, _P.TRIAL, _P.REMITTED, *_APPEALED),
    "sentence": _same(_P.CONVICTED_OPEN),
    # A sentence of death needs a conviction as any sentence does: without this line a condemned person
    # would come out as "held without charge".
    "death_sentence": _same(*_CONVICTED),
    "appeal_lodged": _to(_P.APPEAL_PENDING, _P.CONVICTED_OPEN, _P.APPEAL_PENDING)
    | _to(_P.ACQUITTAL_APPEALED, _P.ACQUITTED_OPEN, _P.ACQUITTAL_APPEALED),
    # What is upheld is what was appealed against: an acquittal stays one.
    "upheld": {_P.APPEAL_PENDING: _P.CONVICTED_OPEN, _P.ACQUITTAL_APPEALED: _P.ACQUITTED_OPEN},
    "sentence_increased": _to(_P.CONVICTED_OPEN, _P.APPEAL_PENDING),
    "sentence_reduced": _same(*_CONVICTED) | _to(_P.CONVICTED_OPEN, _P.APPEAL_PENDING),
    "commuted": _same(*_CONVICTED),
    "quashed": _to(_P.CLOSED, *_APPEALED, *_CONVICTED),
    "remitted": _to(_P.REMITTED, *_APPEALED),
    "retrial_ordered": _to(_P.REMITTED, _P.CONVICTED_FINAL, _P.CLOSED, *_APPEALED),
    "final": _to(_P.CONVICTED_FINAL, _P.CONVICTED_OPEN),
    "acquittal_final": _to(_P.ACQUITTED_FINAL, _P.ACQUITTED_OPEN),
    "pardon": _to(_P.CLOSED, *_CONVICTED, _P.APPEAL_PENDING),  # the conviction is not erased
    "amnesty": _to(_P.CLOSED, *Stage),
    "sentence_served": _same(*_CONVICTED, _P.APPEAL_PENDING),  # a release is due
}

DEATH_PENALTY: dict[str, dict[DeathPenalty, DeathPenalty]] = {
    "death_sought": _to(_D.SOUGHT, _D.NONE, _D.LIFTED),
    "death_sentence": _to(
        _D.IMPOSED, _D.NONE, _D.SOUGHT, _D.LIFTED
    ),  # often nobody records that it was sought
    "death_upheld": _to(_D.UPHELD, _D.IMPOSED, _D.UPHELD, _D.STAYED),  # by one court, then by the next
    "execution_scheduled": _to(_D.SCHEDULED, _D.UPHELD, _D.STAYED, _D.SCHEDULED),  # or put off
    "stay": _to(_D.STAYED, _D.SCHEDULED),
    "death_lifted": _to(_D.LIFTED, _D.SOUGHT, *CONDEMNED),  # whatever there is to lift
    # A commutation ends the wait for the execution, even where the words "death lifted" are missing.
    "commuted": _same(_D.NONE, _D.SOUGHT, _D.LIFTED) | _to(_D.LIFTED, *CONDEMNED),
    "execution": _to(_D.EXECUTED, _D.IMPOSED, _D.UPHELD, _D.SCHEDULED),
}

# These leave the status as it is. Solitary confinement is a condition with a beginning and an end.
NEUTRAL = frozenset(
    {"publication", "interrogation", "official_statement", "health_deterioration", "solitary_confinement"}
)
# What may still happen in a proceeding against a person who has died.
POSTHUMOUS = frozenset({"quashed", "pardon", "acquittal", "retrial_ordered", "charge_dropped"})

# After these nothing of the proceeding justifies detention: the Working Group on Arbitrary Detention's
# category I, "as when a person is kept in detention after the completion of his or her sentence or
# despite an amnesty law applicable to him or her" (methods of work, A/HRC/36/38, paragraph 8 a).
ENDS_LEGAL_DETENTION = frozenset(
    {"acquittal", "sentence_served", "charge_dropped", "quashed", "pardon", "amnesty"}
)
# And after these something of it does again. An appeal or a hearing alone does not.
JUSTIFIES_DETENTION = frozenset(
    {
        "investigation",
        "charge",
        "trial_open",
        "conviction",
        "sentence",
        "sentence_increased",
        "death_sentence",
        "remitted",
        "retrial_ordered",
    }
)


class Rule(msgspec.Struct, frozen=True):
    """What one type of event does."""

    liberty: Mapping[Liberty, Liberty] | None  # None: it does not touch this region
    whereabouts: Whereabouts | None
    stage: Mapping[Stage, Stage] | None
    death: Mapping[DeathPenalty, DeathPenalty] | None
    touches_proceeding: bool
    is_posthumous: bool
    ends_legal_detention: bool
    justifies_detention: bool


def _rule(type: str) -> Rule:  # noqa: A002  "type" is the field's own word
    stage, death = PROCEEDING.get(type), DEATH_PENALTY.get(type)
    return Rule(
        liberty=LIBERTY.get(type),
        whereabouts=WHEREABOUTS.get(type),
        stage=stage,
        death=death,
        touches_proceeding=stage is not None or death is not None,
        is_posthumous=type in POSTHUMOUS,
        ends_legal_detention=type in ENDS_LEGAL_DETENTION,
        justifies_detention=type in JUSTIFIES_DETENTION,
    )


RULES = {kind: _rule(kind) for kind in (*LIBERTY, *PROCEEDING, *DEATH_PENALTY)}
