"""Moves left to the clock: a campaign opens at an hour, and stops taking signatures at one.

How a case ended is said by a person, so nothing closes by itself (docs/decisions/0023).
"""

import logging
from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from habeas.campaigns import actions
from habeas.campaigns.lifecycle import State
from habeas.campaigns.models import Campaign, PlannedMove, PlannedVerb
from habeas.edition.read import BadEdition
from habeas.lib.errors import HabeasError

_LEADS_TO: dict[str, State] = {PlannedVerb.OPEN: State.OPEN, PlannedVerb.PAUSE: State.PAUSED}
_ACTS: dict[str, Callable[..., actions.Moved]] = {
    PlannedVerb.OPEN: actions.publish,
    PlannedVerb.PAUSE: actions.pause,
}
_CAN_OPEN = frozenset({State.DRAFT, State.PAUSED})  # an ended one is opened by a person, who knows why

log_of_clerk = logging.getLogger("habeas.clerk")


class PlanRefused(HabeasError):
    """A move cannot be left to the clock, or not at that hour; nothing was planned."""


def plan(campaign: Campaign, verb: PlannedVerb, at: datetime, *, by: User) -> PlannedMove:
    """Have the clerk make a move at an hour, by the same act, as the same person; an earlier plan goes.

    raises  PlanRefused
    """
    _check(campaign, verb, at)
    with transaction.atomic():
        made, _ = PlannedMove.objects.update_or_create(
            campaign=campaign, verb=verb, defaults={"at": at, "by": by, "refused": "", "made_at": None}
        )
        log(campaign, "campaigns.plan", user=by, data={"verb": str(verb), "at": at.isoformat()})
    return made


def drop(campaign: Campaign, verb: PlannedVerb, *, by: User) -> bool:
    """Leave nothing of a move to the clock any more; return whether anything was."""
    with transaction.atomic():
        gone, _ = campaign.planned.filter(verb=verb).delete()
        if gone:
            log(campaign, "campaigns.plan", user=by, data={"verb": str(verb), "at": ""})
    return bool(gone)


def can_plan(campaign: Campaign) -> list[PlannedVerb]:
    """Return the moves of a campaign that can be left to the clock from where it is."""
    opens = [PlannedVerb.OPEN] if campaign.state in _CAN_OPEN else []
    return [*opens, *([PlannedVerb.PAUSE] if opens or campaign.state == State.OPEN else [])]


def _check(campaign: Campaign, verb: PlannedVerb, at: datetime) -> None:
    if verb not in can_plan(campaign):
        raise PlanRefused(f"{campaign.slug} is {campaign.state}: that is not left to the clock")
    if at <= timezone.now():
        raise PlanRefused("that hour is over")
    if verb == PlannedVerb.PAUSE and campaign.state != State.OPEN:
        opening = campaign.planned.filter(verb=PlannedVerb.OPEN, refused="").first()
        if opening is None or opening.at >= at:
            raise PlanRefused(
                "it has to open before it can stop: plan its opening first, for an earlier hour"
            )


def make_due(now: datetime) -> None:
    """Make every move whose hour has come. One that is refused is not tried again: staff are told why.

    raises  BadEdition, OSError: then it is tried again, as nothing is wrong with the campaign
    """
    due = PlannedMove.objects.filter(at__lte=now, made_at=None, refused="")
    for one in due.select_related("campaign__case", "by").order_by("at"):
        try:
            _make(one)
        except BadEdition:
            raise
        except HabeasError as reason:
            one.refused = str(reason)
            one.save(update_fields=["refused"])
            log_of_clerk.warning("%s was not moved as planned; the office says why", one.campaign.slug)


def _make(due: PlannedMove) -> None:
    if due.campaign.state == _LEADS_TO[due.verb]:  # somebody did it by hand in the same minute
        due.delete()
        return
    if not (due.by.is_active and due.by.has_perm("campaigns.change_campaign")):
        raise PlanRefused(f"{due.by.username}, who planned it, may not move campaigns any more")
    with transaction.atomic():
        _ACTS[due.verb](due.campaign, by=due.by)
        if due.verb == PlannedVerb.PAUSE:
            due.made_at = timezone.now()
            due.save()  # the act forgot it with every other plan that it settled
    log_of_clerk.info("%s moved as planned", due.campaign.slug)
