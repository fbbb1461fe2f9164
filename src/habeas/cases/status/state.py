"""Replays the events of one person, in the editor's order, into a status.

Replaying some events and later the rest gives the same as replaying all of them at once. Whatever the
events say, the replay goes on: an event that nothing explains leaves the status as it is.
"""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field

from habeas.cases.status.assumptions import assumed_for_liberty, assumed_for_proceeding
from habeas.cases.status.events import Event
from habeas.cases.status.findings import Finding, Kind
from habeas.cases.status.regions import ACQUITTED, HELD, OVER, DeathPenalty, Liberty, Stage, Whereabouts
from habeas.cases.status.rules import RULES, Rule


@dataclass(slots=True)
class Course:
    """Where one proceeding against the person stands."""

    stage: Stage = Stage.NONE
    stage_by: Event | None = None  # the event that brought it there
    death: DeathPenalty = DeathPenalty.NONE
    death_by: Event | None = None
    ended_by: Event | None = None  # since which nothing of it justifies detention
    ended_how: str = ""  # the type of that event, or of the step assumed before it
    # the deprivation of liberty (Status.times_held) in which that was; 0: the person was out
    ended_in: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it may still bring the person to court or into prison."""
        return self.stage not in OVER

    @property
    def justifies_detention(self) -> bool:
        """Whether somebody may be in custody because of it."""
        is_on = self.stage not in ACQUITTED and self.stage not in {Stage.NONE, Stage.CLOSED}
        return is_on and self.ended_by is None


@dataclass(slots=True)
class Status:
    """Where a person stands after the events taken so far."""

    liberty: Liberty = Liberty.FREE
    liberty_by: Event | None = None  # the event that brought it there; None: nothing was recorded
    whereabouts: Whereabouts = Whereabouts.NA
    whereabouts_by: Event | None = None
    times_held: int = 0  # how often the person was deprived of liberty, the present time included
    held_by: Event | None = None  # with which the present deprivation began; None: not held
    administrative_by: Event | None = None  # the order, while the person is held
    denied_by: Event | None = None  # with which the authorities denied it, while the person is held
    courses: dict[str, Course] = field(default_factory=dict)  # by proceeding; "" if none is named
    findings: list[Finding] = field(default_factory=list)

    def take(self, event: Event) -> None:
        """Take one more event into account."""
        rule = RULES.get(event.type)
        if rule is None:
            return
        course = self._course(event.proceeding) if rule.touches_proceeding else None
        if self.liberty is Liberty.DEAD and not rule.is_posthumous:
            self.findings.append(Finding(Kind.CONTRADICTION, event, (), self.liberty_by, "dead"))
        elif self._is_legal(rule, course):
            self._apply(event, event.type, course)
        else:
            self._explain(event, course)

    def copy(self) -> "Status":
        """Return a status that goes its own way from here."""
        other = copy(self)
        other.courses = {proceeding: copy(course) for proceeding, course in self.courses.items()}
        other.findings = list(self.findings)
        return other

    def _course(self, proceeding: str) -> Course:
        course = self.courses.get(proceeding)
        if course is None:
            course = self.courses[proceeding] = Course()
        return course

    def _is_legal(self, rule: Rule, course: Course | None) -> bool:
        if rule.liberty is not None and self.liberty not in rule.liberty:
            return False
        if course is None:
            return True
        return (rule.stage is None or course.stage in rule.stage) and (
            rule.death is None or course.death in rule.death
        )

    def _explain(self, event: Event, course: Course | None) -> None:
        """Assume what must have happened before the event, and say so; say it if nothing explains it.

        Where a proceeding cannot go this way, what happened to the person is believed all the same:
        somebody executed in spite of a final acquittal is dead.
        """
        steps = assumed_for_liberty(event.type, self.liberty)
        more = assumed_for_proceeding(event.type, course.stage, course.death) if course else ()
        if steps is not None and more is not None:
            self.findings.append(Finding(Kind.GAP, event, (*steps, *more)))
            self._follow(event, (*steps, *more), course)
            return
        met, found = (course.stage_by, course.stage) if course else (self.liberty_by, self.liberty)
        self.findings.append(Finding(Kind.CONTRADICTION, event, (), met, found))
        if steps is not None:
            self._follow(event, steps, None)

    def _follow(self, event: Event, assumed: tuple[str, ...], course: Course | None) -> None:
        for step in (*assumed, event.type):
            self._apply(event, step, course)

    def _apply(self, event: Event, step: str, course: Course | None) -> None:
        """Take the type `step` into account: the event's own, or one assumed because of it."""
        rule = RULES[step]
        if rule.liberty is not None:
            self._apply_to_liberty(event, step, rule, rule.liberty[self.liberty])
        if course is not None:
            self._apply_to_course(event, step, rule, course)

    def _apply_to_liberty(self, event: Event, step: str, rule: Rule, liberty: Liberty) -> None:
        if liberty is not self.liberty:
            if liberty not in HELD:
                self._leave()
            elif self.held_by is None:
                self.held_by, self.times_held = event, self.times_held + 1
            self.liberty, self.liberty_by = liberty, event
        if step == "admin_detention_order":
            self.administrative_by = event
        elif step == "custody_denied":
            self.denied_by = event
        whereabouts = rule.whereabouts or self._whereabouts_left()
        if whereabouts is not self.whereabouts:
            self.whereabouts, self.whereabouts_by = whereabouts, event

    def _leave(self) -> None:
        self.held_by = self.administrative_by = self.denied_by = None

    def _whereabouts_left(self) -> Whereabouts:
        if self.held_by is None:
            return Whereabouts.NA
        return Whereabouts.UNKNOWN if self.whereabouts is Whereabouts.NA else self.whereabouts

    def _apply_to_course(self, event: Event, step: str, rule: Rule, course: Course) -> None:
        if rule.stage is not None:
            stage = rule.stage[course.stage]
            if stage is not course.stage:
                course.stage, course.stage_by = stage, event
        if rule.death is not None:
            death = rule.death[course.death]
            if death is not course.death:
                course.death, course.death_by = death, event
        if rule.ends_legal_detention:
            course.ended_by, course.ended_how = event, step
            course.ended_in = self.times_held if self.held_by else 0
        elif rule.justifies_detention:
            course.ended_by = None


def replay(events: Iterable[Event], after: Status | None = None) -> Status:
    """Return the status of the person whom all the events concern.

    events  in the editor's order (`events.concerning`)
    after   the status that the events before gave; it is left as it is
    """
    status = after.copy() if after else Status()
    for event in events:
        status.take(event)
    return status
