"""Keeping citations: which number each page says. Called by what staff do to pages and figures."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from habeas.campaigns.figures import cited_by
from habeas.campaigns.models import Campaign, CampaignPage, Citation
from habeas.cases import publishable


def cite(page: CampaignPage) -> None:
    """Freeze the numbers that a page says, as they are approved now; those it no longer says are let go.

    raises  NotCitable, naming the figure
    """
    look, language = publishable.Look(), page.locale.language_code
    counts = {slug: look.citable(slug, language).snapshot for slug in cited_by(page)}
    with transaction.atomic():
        CampaignPage.objects.select_for_update(no_key=True, of=("self",)).filter(pk=page.pk).first()
        known = {one.slug: one for one in page.citations.filter(until=None)}
        gone = [one for one in known.values() if counts.get(one.slug) != one.snapshot_id]
        _let_go(gone)
        kept = {slug for slug, one in known.items() if one not in gone}
        _take_up(page, {slug: key for slug, key in counts.items() if slug not in kept})


def cite_all(campaign: Campaign) -> None:
    """Freeze the numbers of every page of a campaign that goes out for the first time."""
    for page in campaign.pages.filter(live=True).select_related("locale"):
        cite(page)


def follow_corrections() -> list[Citation]:
    """Have every page that says a number which was corrected say the right one, and return what they say now.

    The notice on the page follows from the citation that ends here. Doing it again changes nothing.
    """
    look, made = publishable.Look(), []
    with transaction.atomic():
        standing = Citation.objects.filter(until=None).select_for_update(of=("self",))
        for citation in standing.select_related("page__locale"):
            count = look.count(citation.snapshot_id, citation.slug, citation.page.locale.language_code)
            if count and count.snapshot != citation.snapshot_id:
                _let_go([citation])
                made += _take_up(citation.page, {citation.slug: count.snapshot})
                log(citation.page, "campaigns.correct", data={"figure": citation.slug})
    return made


def _let_go(citations: Iterable[Citation]) -> None:
    for one in citations:
        one.until = timezone.now()
        one.save()


def _take_up(page: CampaignPage, counts: Mapping[str, UUID]) -> list[Citation]:
    return [
        Citation.objects.create(page=page, slug=slug, snapshot_id=snapshot)
        for slug, snapshot in counts.items()
    ]
