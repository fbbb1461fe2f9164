"""What a status means: short labels, each with the events it rests on.

The rules are those of the registry's reference ("Derived labels"). A label is a reading of what was
recorded; where it is a judgment that a person has to make, it only proposes.
"""

from collections.abc import Iterable, Iterator

import msgspec

from habeas.cases.status.events import Condition, Event
from habeas.cases.status.regions import (
    ACQUITTED,
    BEFORE_JUDGMENT,
    CONDEMNED,
    CONVICTED,
    HELD,
    Liberty,
    Stage,
    Whereabouts,
)
from habeas.cases.status.state import Course, Status

# Kinds of authority (ESF list 24) that act for the state, or with its support or acquiescence: the
# definition of enforced disappearance (ICPPED, article 2).
STATE_AGENTS = frozenset(
    {"executive", "army", "police", "prison", "intelligence", "legislature", "judiciary", "pro_government"}
)
# Only a state does these, whoever is named.
_ACTS_OF_STATE = frozenset({"arrest", "detention", "admin_detention_order", "house_arrest", "bail_revoked"})
_PLACES = {f"whereabouts_{place}": place for place in (Whereabouts.UNDISCLOSED, Whereabouts.DENIED)}
_SHOWN_BY_OTHERS = frozenset({*_PLACES, "whereabouts_disclosed", "death_row", "incommunicado"})
_OUTSIDE = frozenset({Liberty.FREE, Liberty.CONDITIONAL, Liberty.EXILE, Liberty.UNKNOWN})


class Label(msgspec.Struct, frozen=True):
    """One thing that follows from the record."""

    key: str  # "held_past_legal_end"
    rests_on: tuple[str, ...]  # identifiers of the events (and conditions) it follows from
    because: str = ""  # the step that decides how it is worded: "sentence_served"
    wgad: str = ""  # category of the Working Group on Arbitrary Detention that it points to
    is_proposal: bool = False  # a person decides


def labels(status: Status, conditions: Iterable[Condition] = ()) -> tuple[Label, ...]:
    """Return what follows from the status of a person who lives under `conditions`, gravest first."""
    if status.liberty not in HELD:
        return tuple(_open_proceedings(status))
    under: dict[str, list[str]] = {}
    for condition in conditions:
        under.setdefault(condition.kind, []).append(condition.rests_on)
    return (
        *_grounds(status),
        *_hiding(status, under),
        *_death_row(status, under),
        *_isolation(under),
        *(Label(kind, tuple(rests_on)) for kind, rests_on in under.items() if kind not in _SHOWN_BY_OTHERS),
    )


def _ids(*events: Event | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(event.id for event in events if event))


def _grounds(status: Status) -> Iterator[Label]:
    """Yield on what the person is in custody, and that an administrative order is one thing given."""
    if status.liberty is not Liberty.CUSTODY:
        return
    yield _ground(status)
    if status.administrative_by:
        yield Label("administrative_detention", _ids(status.administrative_by))


def _ground(status: Status) -> Label:
    on = [course for course in status.courses.values() if course.justifies_detention]
    for key, stages in (
        ("serving", CONVICTED),
        ("awaiting_appeal", {Stage.APPEAL_PENDING}),
        ("pre_trial", BEFORE_JUDGMENT),
        ("held_without_charge", {Stage.INVESTIGATION}),
    ):
        matching = [course.stage_by for course in on if course.stage in stages]
        if matching:
            return Label(key, _ids(status.held_by, *matching))
    return _without_ground(status)


def _without_ground(status: Status) -> Label:
    ended = [
        course
        for course in status.courses.values()
        if course.ended_by and course.ended_in == status.times_held
    ]
    if not ended:
        return Label("held_without_charge", _ids(status.held_by))
    last = max(ended, key=lambda course: course.ended_by.seq if course.ended_by else 0)
    past = (course.ended_by for course in ended)
    return Label("held_past_legal_end", _ids(status.held_by, *past), last.ended_how, wgad="I")


def _hiding(status: Status, under: dict[str, list[str]]) -> Iterator[Label]:
    """Yield secret detention, and disappearance where the state denies what it did."""
    hidden = _known_to_be(Whereabouts.UNDISCLOSED, status, under)
    if hidden:
        yield Label("secret_detention", hidden)
    denied = _known_to_be(Whereabouts.DENIED, status, under)
    if denied and _is_act_of_state(status):
        held_by = _ids(status.held_by)
        yield Label("enforced_disappearance", tuple(dict.fromkeys((*held_by, *denied))), is_proposal=True)


def _known_to_be(place: Whereabouts, status: Status, under: dict[str, list[str]]) -> tuple[str, ...]:
    told = under.get(f"whereabouts_{place}", [])
    by = _ids(status.whereabouts_by) if status.whereabouts is place else ()
    return tuple(dict.fromkeys((*by, *told)))


def _is_act_of_state(status: Status) -> bool:
    """Whether agents of the state took the person, or the authorities deny having them."""
    taken = status.held_by
    if taken and (taken.type in _ACTS_OF_STATE or taken.agent in STATE_AGENTS):
        return True
    return status.denied_by is not None


def _death_row(status: Status, under: dict[str, list[str]]) -> Iterator[Label]:
    condemned = [course.death_by for course in status.courses.values() if _is_condemned(course)]
    told = under.get("death_row", [])
    if status.liberty is Liberty.CUSTODY and (condemned or told):
        yield Label("death_row", tuple(dict.fromkeys((*_ids(status.held_by, *condemned), *told))))


def _is_condemned(course: Course) -> bool:
    """Whether a sentence of death stands; none does in a proceeding that was closed or ended in acquittal."""
    return course.death in CONDEMNED and course.stage not in ACQUITTED and course.stage is not Stage.CLOSED


def _isolation(under: dict[str, list[str]]) -> Iterator[Label]:
    """Yield incommunicado: recorded as such, or neither lawyer nor family."""
    told = list(under.get("incommunicado", []))
    if "no_lawyer" in under and "no_family" in under:
        told += [*under["no_lawyer"], *under["no_family"]]
    if told:
        yield Label("incommunicado", tuple(dict.fromkeys(told)))


def _open_proceedings(status: Status) -> Iterator[Label]:
    """Yield that the case is not over though the person is out: a campaign that closes keeps watching."""
    still = [course.stage_by for course in status.courses.values() if course.is_open]
    if status.liberty in _OUTSIDE and still:
        yield Label("proceedings_open", _ids(*still))
