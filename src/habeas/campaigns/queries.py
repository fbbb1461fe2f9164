"""Reading campaigns, and how many people stand behind them."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from habeas.campaigns.lifecycle import PUBLIC
from habeas.campaigns.models import Campaign, CampaignPage, Citation
from habeas.cases.figures.checking import Broken, broken
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


@dataclass(frozen=True, slots=True)
class BrokenCitation:
    """A number on public pages that the records no longer bear out."""

    broken: Broken
    pages: tuple[CampaignPage, ...]  # that say it

    @property
    def in_words(self) -> str:
        """What staff are told."""
        now = self.broken
        bounds = f"{now.lower:,}" if now.lower == now.upper else f"{now.lower:,} to {_many(now.upper)}"
        pages = ", ".join(f"{page.campaign.slug} ({page.locale.language_code})" for page in self.pages)
        return (
            f"“{now.said}” ({now.slug}) no longer holds: the records now give {bounds}. It stands on {pages}"
        )


def _many(upper: int | None) -> str:
    return "an unknown number" if upper is None else f"{upper:,}"


def citing(slug: str) -> QuerySet[Citation]:
    """Return where pages say the number of a figure now, by campaign and language."""
    found = Citation.objects.filter(slug=slug, until=None)
    return found.select_related("page__campaign", "page__locale").order_by("page__campaign__slug", "page_id")


def broken_citations() -> list[BrokenCitation]:
    """Return every number on a public page that the records no longer bear out, counted again now."""
    live = Citation.objects.filter(until=None, page__live=True, page__campaign__state__in=PUBLIC)
    cited: dict[UUID, list[CampaignPage]] = defaultdict(list)
    for citation in live.select_related("page__campaign", "page__locale").order_by("page_id"):
        cited[citation.snapshot_id].append(citation.page)
    return [BrokenCitation(one, tuple(cited[one.snapshot])) for one in broken(cited)]


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
