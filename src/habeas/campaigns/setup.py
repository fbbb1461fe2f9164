"""The frame Wagtail needs before the first campaign: a locale and a home for each language."""

from urllib.parse import urlsplit

from wagtail.models import Locale, Page, Site

from habeas.campaigns.models import CampaignIndex
from habeas.config import Config


def ensure_languages(config: Config) -> None:
    """Make sure that every language of the site has a locale and an index page; safe to call again."""
    for code in config.site.languages:
        locale, _ = Locale.objects.get_or_create(language_code=code)
        if not CampaignIndex.objects.filter(locale=locale).exists():
            _add_index(locale)
    _point_site(config)


def _add_index(locale: Locale) -> None:
    root = Page.get_first_root_node()
    code = locale.language_code
    index = CampaignIndex(title=f"Campaigns ({code})", slug=f"campaigns-{code}", locale=locale)
    first = CampaignIndex.objects.first()
    if first:
        index.translation_key = first.translation_key
    root.add_child(instance=index)


def _point_site(config: Config) -> None:
    """Make the first language's index the site's root, in place of Wagtail's welcome page."""
    parts = urlsplit(config.door_url)
    root = CampaignIndex.objects.get(locale__language_code=config.site.languages[0])
    port = parts.port or (443 if parts.scheme == "https" else 80)
    wanted = {"hostname": parts.hostname, "port": port, "root_page": root, "site_name": config.site.name}
    Site.objects.update_or_create(is_default_site=True, defaults=wanted)
    Page.objects.filter(depth=2, slug="home", content_type__model="page").delete()
