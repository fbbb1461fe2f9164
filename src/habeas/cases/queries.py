"""Reading the registry for staff: cases, what happened in them, who says so, and who says otherwise.

`by` is who reads; what is not for them is not there (cases.access). None is a command of the operator.
What the public reads comes from `cases.publishable`, and from nowhere else.
"""

from django.apps import apps
from django.contrib.auth.models import User
from django.db.models import Prefetch

from habeas.cases import dates, names
from habeas.cases.access import visible
from habeas.cases.dates import FuzzyDate
from habeas.cases.models import (
    Assignment,
    Authority,
    Case,
    CaseRole,
    Claim,
    ClaimField,
    ConditionInterval,
    Event,
    FigureSnapshot,
    Override,
    Person,
    PersonName,
    Record,
    Source,
)
from habeas.cases.vocabulary import Role, Stance
from habeas.lib.errors import HabeasError


class NotRecorded(HabeasError):
    """The registry has nothing under this reference or name."""


def case_by_ref(ref: str, *, by: User | None) -> Case:
    """Return the case of the reference, like "MR-2014-001".

    raises  NotRecorded
    """
    case = visible(Case.objects.filter(ref=ref), by).first()
    if case is None:
        raise NotRecorded(f"there is no case {ref}")
    return case


def subject(case: Case, *, by: User | None) -> Person:
    """Return the person whom the case is about.

    raises  NotRecorded if it names nobody yet
    """
    persons = visible(Person.objects.all(), by)
    roles = visible(CaseRole.objects.filter(case=case, role=Role.SUBJECT, person__in=persons), by)
    role = roles.select_related("person").first()
    if role is None:
        raise NotRecorded(f"{case.ref} names no person yet")
    return role.person


def published_name(person: Person, language: str) -> PersonName:
    """Return the name for readers of the language, in their script where there is one, else the preferred.

    raises  NotRecorded if the person has no name to show
    """
    known = list(person.names.all())
    found = names.best(known, language) or next((name for name in known if name.preferred), None)
    if found is None:
        raise NotRecorded(f"{person} has no name that may be shown")
    return found


def name_elsewhere(person: Person, language: str) -> PersonName | None:
    """Return the person's name in another script than the language's, if there is one."""
    return names.elsewhere(person.names.all(), language)


def timeline(case: Case, *, by: User | None) -> list[Event]:
    """Return what happened, in the editor's order; claims, their sources and conditions come along.

    Events that were withdrawn are not among them, nor claims.
    """
    standing = Event.objects.filter(case=case, withdrawn_at__isnull=True)
    conditions = visible(ConditionInterval.objects.filter(withdrawn_at__isnull=True), by)
    events = visible(standing, by).select_related("authority").order_by("seq")
    found = list(events.prefetch_related("claims__source", Prefetch("conditions", conditions)))
    claims = Claim.objects.filter(event__in=found, withdrawn_at__isnull=True)
    _leave_claims(found, set(visible(claims, by)))
    return found


def _leave_claims(events: list[Event], readable: set[Claim]) -> None:
    """Leave out the claims that are not for the reader.

    Not by a queryset of one's own in `Prefetch`: modelcluster forgets then whose claims they are, and
    `event.claims.filter()` returns those of every event.
    """
    for event in events:
        fetched = event.claims.all()
        fetched._result_cache = [claim for claim in fetched if claim in readable]  # noqa: SLF001  what prefetching set


def record_models() -> list[type[Record]]:
    """Return every kind of record there is."""
    return [model for model in apps.get_app_config("cases").get_models() if issubclass(model, Record)]


def overridden(case: Case) -> frozenset[tuple[str, str, str]]:
    """Return the contradictions that somebody answers for: event, its kind then, and the event against it.

    Whoever reads: that a contradiction counts no more is no secret, why it does not is in the override.
    """
    standing = Override.objects.filter(case=case, withdrawn_at=None)
    rows = standing.values_list("event", "event_type", "against")
    return frozenset((str(event), kind, str(against or "")) for event, kind, against in rows)


def given_tasks(case: Case, *, by: User | None) -> dict[tuple[str, str, str], Assignment]:
    """Return who sees to which finding: its kind, its event and the event against it, and the assignment."""
    given = Assignment.objects.filter(case=case, holder__isnull=False, withdrawn_at=None)
    known = visible(given, by).select_related("holder")
    return {(one.kind, str(one.event_id), str(one.against_id or "")): one for one in known}


def date_claims(event: Event) -> list[Claim]:
    """Return what the sources say about when the event was, or began, in the file's order."""
    claims = [claim for claim in event.claims.all() if claim.field == ClaimField.DATE]
    return [claim for claim in claims if claim.stance == Stance.SUPPORTS]


def agreeing_claims(event: Event) -> list[Claim]:
    """Return the claims that give the date chosen for the event: who says so."""
    return [claim for claim in date_claims(event) if claim.value == event.date_edtf]


def differing_claims(event: Event) -> list[Claim]:
    """Return the claims that give another date; all are kept, none is merged away."""
    return [claim for claim in date_claims(event) if claim.value != event.date_edtf]


def ends(event: Event) -> str:
    """Return when an event that lasts has ended, in EDTF; empty if it does not last or goes on."""
    found = [claim.value for claim in event.claims.all() if claim.field == ClaimField.UNTIL]
    return found[0] if found else ""


def date_by(event: Event, source_key: str) -> FuzzyDate:
    """Return the date of the event according to one source of the case.

    raises  NotRecorded if the source gives none
    """
    for claim in date_claims(event):
        if claim.source.key == source_key:
            return dates.parse(claim.value)
    raise NotRecorded(f"{source_key} gives no date for {event}")


def events_of(case: Case, type: str, *, by: User | None) -> list[Event]:  # noqa: A002  "type" is the field's own word
    """Return the events of one kind, like "release", in the editor's order."""
    return [event for event in timeline(case, by=by) if event.type == type]


def source(case: Case, key: str, *, by: User | None) -> Source:
    """Return the source that the case file calls `key`.

    raises  NotRecorded
    """
    found = visible(Source.objects.filter(case=case, key=key), by).first()
    if found is None:
        raise NotRecorded(f"{case.ref} has no source {key}")
    return found


def authority(case: Case, key: str, *, by: User | None) -> Authority:
    """Return the authority that the case file calls `key`.

    raises  NotRecorded
    """
    found = visible(Authority.objects.filter(case=case, key=key), by).first()
    if found is None:
        raise NotRecorded(f"{case.ref} has no authority {key}")
    return found


def figure(slug: str, *, by: User | None) -> FigureSnapshot:
    """Return the figure, its source along.

    raises  NotRecorded
    """
    found = visible(FigureSnapshot.objects.filter(slug=slug), by).select_related("source").first()
    if found is None:
        raise NotRecorded(f"there is no figure {slug}")
    return found
