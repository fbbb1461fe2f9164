"""What is there before the first campaign: a home for each language, and the demands that everybody makes."""

from pathlib import Path
from urllib.parse import urlsplit

import yaml
from django.contrib.auth.models import Group, Permission
from wagtail.log_actions import log
from wagtail.models import Locale, ModelLogEntry, Page, Site

from habeas.campaigns.models import Campaign, CampaignIndex, Demand
from habeas.config import Config

_FIRST_DEMANDS = Path(__file__).parent / "first_demands.yaml"


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


def ensure_demands() -> None:
    """Give the directory its first demands, once: what staff delete stays away. Safe to call again.

    Groups that may write campaigns may write demands from then on.
    """
    if ModelLogEntry.objects.get_for_model(Demand).exists():
        return
    for told in yaml.safe_load(_FIRST_DEMANDS.read_text(encoding="utf-8")):
        log(Demand.objects.create(**told), "wagtail.create")
    for verb in ("add", "change", "delete"):
        [campaigns, ours] = (_permission(verb, model) for model in (Campaign, Demand))
        for group in Group.objects.filter(permissions=campaigns):
            group.permissions.add(ours)


def _permission(verb: str, model: type[Campaign | Demand]) -> Permission:
    name = model._meta.model_name  # noqa: SLF001  Django's documented API
    return Permission.objects.get(codename=f"{verb}_{name}", content_type__app_label="campaigns")
