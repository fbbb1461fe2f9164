"""When a page changes, the door's edition follows."""

import logging
from typing import Any

from django.conf import settings
from django.db import transaction
from wagtail.signals import page_published, page_unpublished

from habeas.campaigns.models import CampaignPage
from habeas.campaigns.publishing import publish_edition
from habeas.edition.read import BadEdition

log = logging.getLogger("habeas.campaigns")


def connect() -> None:
    """Listen for campaign pages that go live or leave."""
    for signal in (page_published, page_unpublished):
        signal.connect(_follow, sender=CampaignPage, dispatch_uid="edition follows pages")


def _follow(instance: CampaignPage, **_: Any) -> None:
    if instance.campaign.is_public:
        transaction.on_commit(_publish)


def _publish() -> None:
    try:
        publish_edition(settings.CONFIG)
    except (BadEdition, OSError):
        # The page is saved; the old edition serves, and the panel "What needs you today" says which.
        log.exception("the page is saved, but no new edition could be written")
