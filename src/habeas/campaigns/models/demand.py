"""Demands that organisations make again and again: written once, in every language, and picked for a page."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from habeas.campaigns import demands
from habeas.lib import ids


class AsWritten(json.JSONEncoder):
    """Keeps letters as they are, so that a search in the table finds Arabic too."""

    def __init__(self, **said: Any) -> None:
        super().__init__(**{**said, "ensure_ascii": False})


class Demand(models.Model):
    """One thing a target may be asked to do, in the words of each language; campaign pages pick it."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)
    name = models.CharField(
        max_length=80,
        unique=True,
        error_messages={"unique": "A demand has this name already."},
        help_text="For staff; readers never see it.",
    )
    words = models.JSONField(encoder=AsWritten)  # by language: {"en": "Release {{person}}"}
    suits = models.CharField(
        "for cases of",
        max_length=80,
        blank=True,
        help_text="What helps to find it: arbitrary detention, a death sentence.",
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **keywords: Any) -> None:
        """Save it, unless words would go that people have signed.

        raises  DemandRefused
        """
        with transaction.atomic():
            demands.check_words(self)
            super().save(*args, **keywords)

    def clean(self) -> None:
        """Refuse words that no page could say, and others than those people have signed.

        raises  ValidationError
        """
        super().clean()
        told = [*demands.mistakes_in(self.words or {}), *demands.signed_words_lost(self)]
        if told:
            raise ValidationError({"words": told})
