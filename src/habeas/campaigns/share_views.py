"""What staff hand to partners and volunteers: addresses, the form for their sites, papers, pictures."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from habeas.campaigns import sharing
from habeas.campaigns.models import Campaign
from habeas.edition import read
from habeas.edition.slots import campaign_path, embed_path
from habeas.lib import languages

_KINDS = {"poster-": "Poster", "letter-": "Letter to sign and send", "": "Picture of its link"}


@dataclass(frozen=True, slots=True)
class Sharing:
    """What there is in one language."""

    language: str  # in the language itself
    title: str
    link: str
    files: list[tuple[str, str]]  # what it is, address
    embed: str  # empty where there is nothing to sign


def share(request: HttpRequest, campaign: UUID) -> HttpResponse:
    """Show it, as the current edition has it."""
    found = get_object_or_404(Campaign.objects.select_related("case"), pk=campaign)
    addresses = _assets()
    pages = found.pages.filter(live=True).select_related("locale") if found.is_public else ()
    told = [
        _sharing(found, page.locale.language_code, page.title, addresses)
        for page in pages
        if page.locale.language_code in settings.CONFIG.site.languages
    ]
    return render(request, "campaigns/share.html", {"campaign": found, "told": told})


def _sharing(campaign: Campaign, code: str, title: str, addresses: list[str]) -> Sharing:
    origin = settings.CONFIG.door_url
    files = [
        (words, origin + path)
        for kind, words in _KINDS.items()
        for path in addresses
        if path.startswith(f"/assets/{kind}{campaign.slug}-{code}.")
    ]
    embed = "" if campaign.has_ended else sharing.embed_code(origin, embed_path(campaign.slug, code), title)
    link = origin + campaign_path(campaign.slug, code)
    return Sharing(languages.language(code).name, title, link, files, embed)


def _assets() -> list[str]:
    """Return the addresses of the assets that the door serves now."""
    editions = settings.CONFIG.editions
    try:
        manifest = read.load_manifest(editions, read.current_number(editions))
    except read.BadEdition:
        return []
    return [page.path for page in manifest.pages if page.cache == "asset"]
