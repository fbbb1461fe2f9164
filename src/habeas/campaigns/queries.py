"""Reading campaigns, and how many people stand behind them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

from habeas.campaigns.models import Campaign
from habeas.ledger.counts import Counts, NotASnapshot, Snapshot, read_snapshot
from habeas.ledger.shown import NOTHING, Shown, read_shown
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


@dataclass(frozen=True, slots=True)
class Standing:
    """How many people stand behind a campaign, and how much of it the public knows."""

    confirmed: int
    shown: Shown = NOTHING

    @property
    def shown_in_words(self) -> str:
        """What the public is told, as staff read it."""
        if self.shown.total is None:
            return "no number"
        return f"{self.shown.total:,}" if self.shown.is_exact else f"more than {self.shown.total:,}"


def standings() -> Callable[[Campaign], Standing]:
    """Return what tells the standing of a campaign, as the clerk counted last."""
    counts, shown = _confirmed().counts, _shown()
    return lambda campaign: Standing(
        counts.get(campaign.ledger_bytes, Counts()).total, shown.get(campaign.ledger_bytes, NOTHING)
    )


def _confirmed() -> Snapshot:
    try:
        return read_snapshot(settings.CONFIG.confirmed)
    except (NotASnapshot, OSError):
        return Snapshot()


def _shown() -> dict[bytes, Shown]:
    try:
        return read_shown(settings.CONFIG.counts)
    except (NotASnapshot, OSError):
        return {}
