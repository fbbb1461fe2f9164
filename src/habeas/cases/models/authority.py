"""Authorities: who decides, and who may be asked."""

from uuid import UUID

from django.db import models

from habeas.cases.models.record import Record, check_country, once
from habeas.cases.vocabulary import AuthorityKind


class Authority(Record):
    """An office of power, and who holds it; a campaign may make it its target."""

    case = models.ForeignKey(
        "cases.Case", on_delete=models.CASCADE, null=True, blank=True, related_name="authorities"
    )
    key = models.SlugField(max_length=60)  # its name inside the case: "supreme-court"
    name = models.CharField(max_length=200)  # "President of the Islamic Republic of Mauritania"
    holder = models.CharField(max_length=200, blank=True)  # the person in office; empty for a court
    kind = models.CharField(max_length=20, choices=AuthorityKind.choices)
    country = models.CharField(max_length=2, validators=[check_country])  # ISO 3166-1 alpha-2
    parent = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="parts",
        help_text="What it belongs to: the ministry of a prison service.",
    )
    salutation = models.JSONField(default=dict, blank=True)  # by language: {"en": "Your Excellency"}

    class Meta:
        ordering = ["country", "name"]
        verbose_name_plural = "authorities"
        constraints = [
            once(
                "case",
                "key",
                name="an_authority_once_a_case",
                told="An authority of this name already exists in the case.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.country})"

    def of_cases(self) -> set[UUID]:
        """Return its case, and those in which it acted: what it is decides how they stand."""
        return super().of_cases() | set(self.events.values_list("case", flat=True))
