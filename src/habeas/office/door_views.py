"""The door as staff see it: how wary it is of each campaign, what came to it, which mail waits.

What is told and ordered here is what `habeas door status` tells and `habeas door level` orders.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permission_policies import ModelPermissionPolicy

from habeas.campaigns import actions, queries
from habeas.campaigns.models import Campaign
from habeas.delivery.budgets import A_MAILBOX
from habeas.delivery.status import mail_status, mail_status_path
from habeas.edition.levels import Level, NotOrders, Tally, orders_path, read_orders, tallies
from habeas.edition.status import door_statuses
from habeas.lib.errors import HabeasError

LEVELS: dict[Level, str] = {"normal": "Normal", "wary": "Asks everybody again"}
ORDERS: dict[str, str] = {
    "auto": "The door decides",
    "normal": "Normal, whatever comes",
    "wary": "Ask everybody again",
}

campaigns = ModelPermissionPolicy(Campaign)  # whoever may pause a campaign may say how wary to be of it


class OrderForm(forms.Form):
    """How wary to be of one campaign."""

    campaign = forms.ModelChoiceField(Campaign.objects.all(), to_field_name="slug")
    level = forms.ChoiceField(choices=list(ORDERS.items()))


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign: what the doors do with who signs it, and what they were told to."""

    campaign: Campaign
    level: str  # in words
    only_at: list[str]  # the workers that ask again, where others do not
    order: str  # a key of ORDERS

    @property
    def orders(self) -> list[tuple[str, str]]:
        """What can be ordered, as (value, words)."""
        return list(ORDERS.items())


@dataclass(frozen=True, slots=True)
class DoorRow:
    """A door worker: the edition it serves, and what came to it since it started."""

    name: str
    serving: int
    tally: Tally


class DoorView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Show how the doors fare; on POST, order the level of a campaign."""

    permission_policy = campaigns
    permission_required = "change"
    template_name = "office/door.html"
    page_title = "Door"
    header_icon = "door"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what the page shows."""
        doors, problem = list(_doors()), ""
        try:
            orders = read_orders(orders_path(settings.CONFIG))
        except NotOrders as reason:
            orders, problem = {}, str(reason)
        return super().get_context_data(
            **kwargs,
            rows=list(_campaigns(doors, orders)),
            doors=doors,
            problem=problem,
            mail=mail_status(mail_status_path(settings.CONFIG)),
            budgets=settings.CONFIG.mail,
            per_mailbox=A_MAILBOX,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Order a level, and show the page anew."""
        form = OrderForm(request.POST)
        if not form.is_valid():
            messages.error(request, "Nothing was changed: this campaign or level is not there any more.")
            return redirect("door")
        campaign, order = form.cleaned_data["campaign"], form.cleaned_data["level"]
        try:
            actions.order_level(campaign, order, by=request.user)  # type: ignore[arg-type]  # staff are logged in
        except (HabeasError, OSError) as reason:
            messages.error(request, f"Nothing was changed: {reason}.")
        else:
            messages.success(
                request, f"{campaign.slug}: {ORDERS[order].lower()}. Every door follows within a second."
            )
        return redirect("door")


def _doors() -> Iterator[DoorRow]:
    came = tallies(settings.CONFIG.status)
    for name, status in door_statuses(settings.CONFIG.status):
        yield DoorRow(name, status.serving, came.get(name, Tally()))


def _campaigns(doors: list[DoorRow], orders: Mapping[str, Level]) -> Iterator[CampaignRow]:
    """Yield the campaigns that can be signed or read, and those of which anything was ordered."""
    for campaign in queries.all_campaigns():
        order = orders.get(campaign.slug)
        if not campaign.is_public and order is None:
            continue
        at = [door.name for door in doors if door.tally.levels.get(campaign.slug) == "wary"]
        level: Level = order or ("wary" if at else "normal")
        only_at = at if order is None and len(at) < len(doors) else []
        yield CampaignRow(campaign, LEVELS[level], only_at, order or "auto")
