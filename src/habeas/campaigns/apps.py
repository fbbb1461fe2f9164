"""Campaigns as a Django app."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """Campaigns."""

    name = "habeas.campaigns"
    label = "campaigns"
    verbose_name = "Campaigns"

    def ready(self) -> None:
        """Have editions follow pages."""
        from habeas.campaigns import signals  # noqa: PLC0415  signals need the models loaded

        signals.connect()
