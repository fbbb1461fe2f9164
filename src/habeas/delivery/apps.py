"""Delivery as a Django app."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """Delivery."""

    name = "habeas.delivery"
    label = "delivery"
    verbose_name = "Delivery"
