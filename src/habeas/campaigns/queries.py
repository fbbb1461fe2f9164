"""Reading campaigns."""

from django.db.models import QuerySet

from habeas.campaigns.models import Campaign
from habeas.lib.errors import HabeasError


class NoSuchCampaign(HabeasError):
    """No campaign has that slug."""


def all_campaigns() -> QuerySet[Campaign]:
    """Return every campaign, by slug."""
    return Campaign.objects.select_related("case", "target").order_by("slug")


def campaign_named(slug: str) -> Campaign:
    """Return the campaign with that slug.

    raises  NoSuchCampaign, naming those there are
    """
    found = Campaign.objects.filter(slug=slug).first()
    if found is None:
        names = ", ".join(Campaign.objects.values_list("slug", flat=True)) or "none yet"
        raise NoSuchCampaign(f"there is no campaign {slug}; there are: {names}")
    return found
