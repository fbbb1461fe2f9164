"""How a case stands on a day, as screens and commands show it: status, labels, findings, durations.

Reads the registry, hands plain values to `cases.status`, and puts what comes out into words. The JSON of
`habeas case show` is a `Standing` (docs/legal-status.md).
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from itertools import groupby

import msgspec
from django.contrib.auth.models import User
from django.db.models import Prefetch

from habeas.cases import dates, queries, status
from habeas.cases.access import visible
from habeas.cases.models import Assignment, Case, CaseRole, ConditionInterval, Event, Person, PersonName
from habeas.cases.protection import Verification
from habeas.cases.status import words
from habeas.cases.vocabulary import Role, condition_label, event_label

_ABOUT = (Role.SUBJECT, Role.CO_ACCUSED)  # whose status follows from the events


class State(msgspec.Struct, frozen=True):
    """Where one region is."""

    state: str  # the reference's word: "custody"
    event: str | None  # identifier of the event that brought it there; None: nothing did


class ProceedingState(msgspec.Struct, frozen=True):
    """Where one proceeding against the person is."""

    proceeding: str  # its identifier; empty if the events name none
    stage: State
    death_penalty: State


class LabelLine(msgspec.Struct, frozen=True):
    """One thing that follows from the record."""

    key: str  # "held_past_legal_end"
    text: str  # "held past the legal end of the sentence"
    events: tuple[str, ...]  # identifiers of the events and conditions it rests on
    wgad: str  # category of the Working Group on Arbitrary Detention it points to; empty if none
    is_proposal: bool  # a person decides


class Otherwise(msgspec.Struct, frozen=True):
    """What the status may be instead, because dates leave it open."""

    text: str
    supposing: tuple[str, ...]  # identifiers of the events that happened by then, if so


class DurationLine(msgspec.Struct, frozen=True):
    """How long something lasted, or lasts."""

    kind: str  # "held"
    text: str  # "deprived of liberty"
    since: str  # identifier of the event it began with
    until: str | None  # and ended with; None: it goes on
    as_of: date
    least_days: int
    most_days: int | None  # None: nobody knows
    calendar: str  # the least as years, months and days: "5y 6m 27d"; empty if it may be no time at all
    in_words: str
    may_say: str  # the most that a text may claim: "more than 3 years"; empty if nothing
    day: str  # of what certainly goes on: "day 1,609"; empty if it is over
    may_have_ended_by: str | None  # identifier of the event that may have ended it by then
    according_to: dict[str, "DurationLine"]  # by source, where one gives other dates


class PersonStanding(msgspec.Struct, frozen=True):
    """How one person stands."""

    person: str  # identifier; empty if the case names nobody
    name: str  # as staff know the person; empty if it is not for whoever reads
    text: str  # "in custody, whereabouts undisclosed, held past the legal end of the sentence"
    liberty: State
    whereabouts: State
    proceedings: tuple[ProceedingState, ...]
    labels: tuple[LabelLine, ...]
    esf_25: str  # code in list 25 of the Events Standard Formats; empty for somebody never held
    perhaps: tuple[Otherwise, ...]
    undecided: tuple[str, ...]  # identifiers of events that may have happened by the day, or not
    undecided_conditions: tuple[str, ...]  # conditions that may have been in force, in words
    durations: tuple[DurationLine, ...]


class FindingLine(msgspec.Struct, frozen=True):
    """What a researcher should look at."""

    kind: str  # "gap", "contradiction" or "order"
    event: str
    assumed: tuple[str, ...]  # of a gap: the types of the steps that nobody recorded
    against: str | None  # identifier of the event that it does not fit to
    text: str  # the task in plain words
    is_overridden: bool = False  # of a contradiction: somebody answers for it in writing
    given_to: str = ""  # user name of whoever sees to it; empty: nobody, or it is not for whoever reads
    due_on: date | None = None  # and by when


class TimelineRow(msgspec.Struct, frozen=True):
    """One event, as a list shows it."""

    event: str
    seq: int
    type: str
    date: str  # EDTF
    when: str  # in words
    label: str
    authority: str  # empty if nobody is named
    sources: tuple[str, ...]  # titles, of those that give this date
    differing: dict[str, str]  # title of a source: the date it gives, in words
    findings: tuple[str, ...]  # texts of what does not fit


class Standing(msgspec.Struct, frozen=True):
    """A case on a day."""

    case: str  # its reference
    title: str
    on: date
    persons: tuple[PersonStanding, ...]
    findings: tuple[FindingLine, ...]  # whatever the day
    blocks_publishing: bool  # a finding has to be mended, or overridden in writing, before it is published
    timeline: tuple[TimelineRow, ...]


def standing(case: Case, day: date, *, by: User | None, language: str = "en") -> Standing:
    """Return how the case stands at the end of `day`.

    by  who reads: what is not for them is not taken into account
    """
    recorded = queries.timeline(case, by=by)
    events, persons = history(case, recorded), persons_of(case, by=by)
    conditions = conditions_of(case, by=by)
    found, overridden = status.check(events, persons), queries.overridden(case)
    given = queries.given_tasks(case, by=by)
    views, names = [status.on(day, events, conditions, person) for person in persons], _names(persons, by=by)
    return Standing(
        case=case.ref,
        title=case.title,
        on=day,
        persons=tuple(_person(view, names.get(view.person, ""), language) for view in views),
        findings=tuple(_finding(finding, overridden, given) for finding in found),
        blocks_publishing=any(_blocks(finding, overridden) for finding in found),
        timeline=tuple(timeline_rows(recorded, found, language)),
    )


def findings(case: Case, *, by: User | None) -> tuple[status.Finding, ...]:
    """Return what does not fit together in the case."""
    return status.check(history(case, queries.timeline(case, by=by)), persons_of(case, by=by))


def contradictions(case: Case, *, by: User | None) -> tuple[status.Finding, ...]:
    """Return the contradictions in the case that nobody overrode: it is not published with them."""
    overridden = queries.overridden(case)
    return tuple(finding for finding in findings(case, by=by) if _blocks(finding, overridden))


def is_overridden(finding: status.Finding, overridden: Collection[tuple[str, str, str]]) -> bool:
    """Tell whether somebody answers in writing for a contradiction.

    overridden  event, its kind at that time, and the event against it (queries.overridden)
    """
    against = finding.against.id if finding.against else ""
    return finding.blocks_publishing and (finding.event.id, finding.event.type, against) in overridden


def _blocks(finding: status.Finding, overridden: Collection[tuple[str, str, str]]) -> bool:
    return finding.blocks_publishing and not is_overridden(finding, overridden)


def history(case: Case, recorded: Iterable[Event]) -> tuple[status.Event, ...]:
    """Return the case's events as the replay reads them; what was refuted did not happen."""
    persons = _persons_of_events(case)
    happened = [event for event in recorded if event.verification != Verification.REFUTED]
    only = _only_proceeding(happened)
    return tuple(_event(event, persons.get(event.pk, ()), only) for event in happened)


def _event(event: Event, persons: tuple[str, ...], proceeding: str) -> status.Event:
    return status.Event(
        id=str(event.pk),
        seq=event.seq,
        type=event.type,
        date=dates.parse(event.date_edtf),
        proceeding=str(event.proceeding_id or proceeding),
        persons=persons,
        agent=event.authority.kind if event.authority else "",
        claims=tuple((claim.source.key, dates.parse(claim.value)) for claim in queries.date_claims(event)),
    )


def _only_proceeding(events: Iterable[Event]) -> str:
    """Return the proceeding that is meant where none is named: the only one, if there is one."""
    named = {str(event.proceeding_id) for event in events if event.proceeding_id}
    return named.pop() if len(named) == 1 else ""


def _persons_of_events(case: Case) -> dict[object, tuple[str, ...]]:
    """Return the persons of each event that names some, in one question to the database."""
    through = Event.persons.through._default_manager  # noqa: SLF001  Django's public name
    pairs = through.filter(event__case=case).order_by("event_id").values_list("event_id", "person_id")
    return {
        event: tuple(sorted(str(person) for _event, person in rows))
        for event, rows in groupby(pairs, key=lambda pair: pair[0])
    }


def persons_of(case: Case, *, by: User | None) -> tuple[str, ...]:
    """Return whom the case is about, subjects first; one empty text if it names nobody."""
    roles = visible(CaseRole.objects.filter(case=case, role__in=_ABOUT, withdrawn_at__isnull=True), by)
    found = dict.fromkeys(str(role.person_id) for role in roles.order_by("-role", "sort_order"))
    return tuple(found) or ("",)


def _names(persons: tuple[str, ...], *, by: User | None) -> dict[str, str]:
    known = visible(PersonName.objects.filter(withdrawn_at__isnull=True), by)
    people = visible(Person.objects.filter(pk__in=filter(None, persons)), by)
    return {str(person.pk): str(person) for person in people.prefetch_related(Prefetch("names", known))}


def conditions_of(case: Case, *, by: User | None) -> list[status.Condition]:
    """Return what people lived under, as the replay reads it."""
    intervals = visible(ConditionInterval.objects.filter(case=case, withdrawn_at__isnull=True), by)
    return [
        status.Condition(
            id=str(interval.pk),
            kind=interval.kind,
            begins=dates.parse(interval.from_edtf),
            ends=dates.parse(interval.to_edtf) if interval.to_edtf else None,
            event=str(interval.event_id or ""),
            persons=(str(interval.person_id),),
        )
        for interval in intervals
    ]


def _person(view: status.OnADay, name: str, language: str) -> PersonStanding:
    known = view.known.status
    return PersonStanding(
        person=view.person,
        name=name,
        text=words.status_in_words(view.known, language),
        liberty=_state(known.liberty, known.liberty_by),
        whereabouts=_state(known.whereabouts, known.whereabouts_by),
        proceedings=tuple(_proceeding(key, course) for key, course in known.courses.items()),
        labels=tuple(_label(label, language) for label in view.known.labels),
        esf_25=view.known.esf_25,
        perhaps=tuple(
            Otherwise(words.status_in_words(other, language), other.supposing) for other in view.perhaps
        ),
        undecided=tuple(event.id for event in view.undecided),
        undecided_conditions=tuple(
            condition_label(condition.kind, language) for condition in view.undecided_conditions
        ),
        durations=tuple(_duration(span, language) for span in view.spans),
    )


def _state(state: str, event: status.Event | None) -> State:
    return State(str(state), event.id if event else None)


def _proceeding(key: str, course: status.Course) -> ProceedingState:
    stage = _state(words.stage_name(course.stage), course.stage_by)
    return ProceedingState(key, stage, _state(course.death, course.death_by))


def _label(label: status.Label, language: str) -> LabelLine:
    text = words.label_in_words(label, language)
    return LabelLine(label.key, text, label.rests_on, label.wgad, label.is_proposal)


def _duration(span: status.Span, language: str, *, with_sources: bool = True) -> DurationLine:
    known = status.length(*span.shortest) if span.shortest else None
    others = status.according_to(span) if with_sources else {}
    return DurationLine(
        kind=span.kind,
        text=words.kind_in_words(span.kind, language),
        since=span.since.id,
        until=span.until.id if span.until else None,
        as_of=span.as_of,
        least_days=span.least,
        most_days=span.most,
        calendar=f"{known.years}y {known.months}m {known.days}d" if known else "",
        in_words=words.span_in_words(span, language),
        may_say=words.claim_in_words(span, language),
        day=words.day_in_words(span, language),
        may_have_ended_by=span.may_have_ended_by.id if span.may_have_ended_by else None,
        according_to={
            source: _duration(other, language, with_sources=False) for source, other in others.items()
        },
    )


def _finding(
    finding: status.Finding,
    overridden: Collection[tuple[str, str, str]],
    given: Mapping[tuple[str, str, str], Assignment],
) -> FindingLine:
    against = finding.against.id if finding.against else ""
    known = given.get((str(finding.kind), finding.event.id, against))
    return FindingLine(
        kind=str(finding.kind),
        event=finding.event.id,
        assumed=finding.assumed,
        against=against or None,
        text=words.task(finding),
        is_overridden=is_overridden(finding, overridden),
        given_to=str(known.holder) if known else "",
        due_on=known.due_on if known else None,
    )


def timeline_rows(
    recorded: Iterable[Event], found: Iterable[status.Finding], language: str
) -> Iterable[TimelineRow]:
    """Yield each event with who says so, who says otherwise, and what does not fit."""
    tasks: dict[str, list[str]] = {}
    for finding in found:
        tasks.setdefault(finding.event.id, []).append(words.task(finding))
    for event in recorded:
        yield _row(event, tuple(tasks.get(str(event.pk), ())), language)


def _row(event: Event, tasks: tuple[str, ...], language: str) -> TimelineRow:
    return TimelineRow(
        event=str(event.pk),
        seq=event.seq,
        type=event.type,
        date=event.date_edtf,
        when=dates.in_words(event.date_edtf, language),
        label=event_label(event.type, language),
        authority=event.authority.name if event.authority else "",
        sources=tuple(claim.source.title for claim in queries.agreeing_claims(event)),
        differing={
            claim.source.title: dates.in_words(claim.value, language)
            for claim in queries.differing_claims(event)
        },
        findings=tasks,
    )
