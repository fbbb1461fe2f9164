"""The status as a code of the Events Standard Formats (HURIDOCS), list 25, for exports.

Codes as in OpenEvSys, schema/mysql-dbpopulate-mt.sql, the rows of list 25; there each is followed by six
zeros ("020204000000"). The list knows no house arrest: it is a restriction of movement.
"""

from habeas.cases.status.labels import Label
from habeas.cases.status.regions import ACQUITTED, CONVICTED, Liberty, Stage
from habeas.cases.status.state import Course, Status

LIST = 25

DEAD = "0101"
STILL_MISSING = "0103"
DISCOVERED = "0104"  # after missing for some time
RELEASED_OR_ESCAPED = "0201"
RELEASED_UNDER_INVESTIGATION = "020101"
RELEASED_ON_TRIAL = "020102"
RELEASED_PROCEDURES_STOPPED = "020103"
RELEASED_ACQUITTED = "020104"
RELEASED_SENTENCE_SERVED = "020105"
ESCAPED = "020109"
HELD = "0202"  # arrested and currently held
HELD_UNDER_INVESTIGATION = "020201"
HELD_ON_TRIAL = "020202"
HELD_SERVING = "020203"
HELD_ARBITRARILY = "020204"
RESTRICTED = "0301"
EXILED = "0302"  # exiled; deported

_OF_LIBERTY = {
    Liberty.DEAD: DEAD,
    Liberty.MISSING: STILL_MISSING,
    Liberty.UNKNOWN: DISCOVERED,
    Liberty.HOUSE_ARREST: RESTRICTED,
    Liberty.EXILE: EXILED,
}
_OF_GROUND = {
    "held_past_legal_end": HELD_ARBITRARILY,
    "serving": HELD_SERVING,
    "awaiting_appeal": HELD_ON_TRIAL,  # nobody is convicted for good yet
    "pre_trial": HELD_ON_TRIAL,
}


def code(status: Status, known: tuple[Label, ...]) -> str:
    """Return the code of list 25; empty for somebody who was never held.

    known  the labels of the same status
    """
    if status.liberty in _OF_LIBERTY:
        return _OF_LIBERTY[status.liberty]
    if status.liberty is Liberty.CUSTODY:
        return _held(status, known)
    if not status.times_held:
        return ""
    if status.liberty_by and status.liberty_by.type == "escape":
        return ESCAPED
    return _released(list(status.courses.values()))


def _held(status: Status, known: tuple[Label, ...]) -> str:
    for label in known:
        if label.key in _OF_GROUND:
            return _OF_GROUND[label.key]
    under_investigation = any(course.stage is Stage.INVESTIGATION for course in status.courses.values())
    return HELD_UNDER_INVESTIGATION if under_investigation else HELD


def _released(courses: list[Course]) -> str:
    """Return the code of the proceeding that says most: one going on before one that is over."""
    codes = {_of_course(course) for course in courses}
    return min(codes, default=RELEASED_OR_ESCAPED, key=_SAYS_MOST.index)


_SAYS_MOST = (
    RELEASED_ON_TRIAL,
    RELEASED_UNDER_INVESTIGATION,
    RELEASED_SENTENCE_SERVED,
    RELEASED_ACQUITTED,
    RELEASED_PROCEDURES_STOPPED,
    RELEASED_OR_ESCAPED,
)


def _of_course(course: Course) -> str:
    if course.ended_by and course.ended_how == "sentence_served":
        return RELEASED_SENTENCE_SERVED
    if course.stage in ACQUITTED:
        return RELEASED_ACQUITTED
    if course.stage is Stage.CLOSED:
        return RELEASED_PROCEDURES_STOPPED
    if course.stage is Stage.INVESTIGATION:
        return RELEASED_UNDER_INVESTIGATION
    if course.stage is Stage.NONE or course.stage in CONVICTED:
        return RELEASED_OR_ESCAPED
    return RELEASED_ON_TRIAL
