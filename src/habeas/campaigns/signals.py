"""When a page changes, or what the registry lets it show, the door's edition follows."""

import logging
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_save, pre_delete
from wagtail.signals import page_published, page_unpublished
from wagtail_localize.models import Translation

from habeas.campaigns import citing, demands, translating
from habeas.campaigns.lifecycle import PUBLIC
from habeas.campaigns.models import Campaign, CampaignPage, Citation, Demand
from habeas.campaigns.publishing import publish_edition
from habeas.cases.actions import WITH_ITS_PAGES, registry_changed
from habeas.edition.read import BadEdition

log = logging.getLogger("habeas.campaigns")


def connect() -> None:
    """Listen for campaign pages that go live or leave, and for changes of the cases they are about."""
    page_published.connect(_cite, sender=CampaignPage, dispatch_uid="pages freeze their numbers")
    page_published.connect(_note, sender=CampaignPage, dispatch_uid="translations are compared")
    pre_delete.connect(_keep, sender=Demand, dispatch_uid="demands stay while pages say them")
    post_save.connect(_fill_in, sender=Translation, dispatch_uid="translations begin with what is known")
    for signal in (page_published, page_unpublished):
        signal.connect(_follow, sender=CampaignPage, dispatch_uid="edition follows pages")
    registry_changed.connect(_follow_registry, dispatch_uid="edition follows the registry")


def _follow_registry(act: Any, **_: Any) -> None:
    """Show anew what a consent taken back, a corrected date, a lifted embargo has changed.

    Earlier editions go: what may no longer be shown is not to be found on the door's disk either.
    """
    is_cited = act.touches_figures and Citation.objects.exists()
    if is_cited:
        citing.follow_corrections()
    if act.name in WITH_ITS_PAGES:
        return
    if is_cited or Campaign.objects.filter(case__in=act.cases, state__in=PUBLIC).exists():
        _publish(forgets_earlier=True)


def _cite(instance: CampaignPage, **_: Any) -> None:
    """Freeze the numbers of a page that goes live."""
    citing.cite(instance)


def _keep(instance: Demand, **_: Any) -> None:
    demands.check_deleting(instance)


def _note(instance: CampaignPage, **_: Any) -> None:
    translating.note_publishing(instance)


def _fill_in(instance: Translation, *, created: bool, update_fields: Any = None, **_: Any) -> None:
    is_taken_up = "enabled" in (update_fields or ()) and instance.enabled  # it had been stopped
    if created or is_taken_up:
        translating.fill_in(instance)


def _follow(instance: CampaignPage, **_: Any) -> None:
    if instance.campaign.is_public:
        transaction.on_commit(_publish)


def _publish(*, forgets_earlier: bool = False) -> None:
    try:
        publish_edition(settings.CONFIG, forgets_earlier=forgets_earlier)
    except (BadEdition, OSError):
        # The page is saved; the old edition serves, and the panel "What needs you today" says which.
        log.exception("the page is saved, but no new edition could be written")
