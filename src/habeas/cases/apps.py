"""Cases as a Django app."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Cases."""

    name = "habeas.cases"
    label = "cases"
    verbose_name = "Cases"
