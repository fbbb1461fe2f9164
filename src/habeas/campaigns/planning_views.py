"""The screen on which staff leave the opening of a campaign, and the end of signing, to the clock."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from habeas.campaigns import actions, planning
from habeas.campaigns.models import Campaign, PlannedVerb
from habeas.lib.errors import HabeasError

_LABELS = {PlannedVerb.OPEN: "Opens", PlannedVerb.PAUSE: "Stops taking signatures"}


class PlanForm(forms.Form):
    """When; empty: a person does it."""

    def __init__(self, campaign: Campaign, told: Any = None) -> None:
        super().__init__(told)
        hours = {one.verb: one.at for one in campaign.planned.filter(made_at=None, refused="")}
        for verb in planning.can_plan(campaign):
            self.fields[verb] = forms.DateTimeField(
                label=_LABELS[verb],
                required=False,
                initial=hours.get(verb),
                widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            )


def plan(request: HttpRequest, campaign: UUID) -> HttpResponse:
    """Ask for the hours; on POST, leave the moves to the clerk."""
    found = get_object_or_404(Campaign.objects.select_related("case"), pk=campaign)
    user = request.user
    if not isinstance(user, User) or not user.has_perm("campaigns.change_campaign"):
        raise PermissionDenied
    form = PlanForm(found, request.POST or None)
    if form.is_valid() and _keep(request, found, form, user):
        return redirect("wagtailadmin_home")
    told = {"campaign": found, "form": form, "zone": timezone.get_current_timezone_name()}
    return render(request, "campaigns/plan.html", {**told, "problem": _what_would_refuse(found, form)})


def _keep(request: HttpRequest, campaign: Campaign, form: PlanForm, by: User) -> bool:
    told = []
    for verb in planning.can_plan(campaign):  # the opening first: the end is checked against it
        at = form.cleaned_data[verb]
        try:
            if at is None:
                planning.drop(campaign, verb, by=by)
            elif form.has_changed() and verb in form.changed_data:
                planning.plan(campaign, verb, at, by=by)
        except HabeasError as reason:
            form.add_error(verb, f"{reason}."[0].upper() + f"{reason}."[1:])
            return False
        if at:
            told.append(f"{_LABELS[verb].lower()} on {timezone.localtime(at):%-d %B %Y at %H:%M}")
    messages.success(request, f"{campaign.slug} {' and '.join(told)}." if told else "Nothing is planned.")
    return True


def _what_would_refuse(campaign: Campaign, form: PlanForm) -> str:
    """Return why it would not open if the hour were now; empty if nothing stands against it."""
    if PlannedVerb.OPEN not in form.fields:
        return ""
    try:
        actions.check_opening(campaign)
    except HabeasError as reason:
        return str(reason)
    return ""
