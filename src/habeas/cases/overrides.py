"""Answering in writing for events that seem to contradict each other, so that the case can be published."""

from django.contrib.auth.models import User

from habeas.cases import access, standing
from habeas.cases.actions import NoReason, record
from habeas.cases.models import Event, Override
from habeas.cases.status import Finding
from habeas.lib.errors import HabeasError


class NothingToOverride(HabeasError):
    """The event contradicts nothing, or somebody answers for it already."""


def contradiction_of(event: Event, by: User | None) -> Finding:
    """Return the contradiction of an event that nobody answers for.

    raises  NothingToOverride
    """
    for finding in standing.contradictions(event.case, by=by):
        if finding.event.id == str(event.pk):
            return finding
    raise NothingToOverride("this event contradicts nothing, or somebody answers for it already")


def override(event: Event, *, by: User | None, reason: str) -> Override:
    """Let an event stand though another seems to rule it out, and return who said so and why.

    The override is for whoever reads both events. Taking it back is withdrawing it.

    raises  MayNotRead, NothingToOverride, NoReason
    """
    access.check(event, by)
    finding = contradiction_of(event, by)
    if not reason.strip():
        raise NoReason("say why both stand: whoever publishes the case reads it")
    against = Event.objects.get(pk=finding.against.id) if finding.against else None
    level = max(other.access for other in (event, against) if other)
    made = Override(case=event.case, event=event, against=against, reason=reason, access=level)
    return record(made, by=by, reason=reason)
