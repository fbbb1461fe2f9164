"""Cases as a Django app."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Cases."""

    name = "habeas.cases"
    label = "cases"
    verbose_name = "Cases"

    def ready(self) -> None:
        """Keep what is derived from records beside them."""
        from habeas.cases import signals  # noqa: PLC0415  models exist only now

        signals.connect()
