"""The office as a Django app."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """Templates and admin screens of the office itself."""

    name = "habeas.office"
    label = "office"
    verbose_name = "Office"
