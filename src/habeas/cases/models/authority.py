"""Authorities: who decides, and who may be asked."""

from collections.abc import Mapping
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models

from habeas.cases.models.record import Record, check_country, once
from habeas.cases.vocabulary import AuthorityKind
from habeas.lib import languages

LONGEST = 200  # characters that a page has room for


def check_words(words: Mapping[str, str]) -> None:
    """Refuse words by language that no page has room for.

    raises  ValidationError
    """
    long = [languages.english_name(code) for code, text in words.items() if len(text) > LONGEST]
    if long:
        raise ValidationError(f"At most {LONGEST} characters: {', '.join(long)}.")


class Authority(Record):
    """An office of power, and who holds it; a campaign may make it its target."""

    case = models.ForeignKey(
        "cases.Case", on_delete=models.CASCADE, null=True, blank=True, related_name="authorities"
    )
    key = models.SlugField(max_length=60)  # its name inside the case: "supreme-court"
    # What staff call the office and who holds it, and what pages do, by language: {"fr": "Président de …"}.
    # A language without words is not filled in from another one.
    name = models.CharField(max_length=LONGEST)  # "President of the Islamic Republic of Mauritania"
    offices = models.JSONField(
        "name on pages",
        default=dict,
        db_default={},  # a version from before this field may still add authorities
        blank=True,
        validators=[check_words],
    )
    holder = models.CharField(max_length=LONGEST, blank=True)  # the person in office; empty for a court
    holders = models.JSONField(
        "holder on pages", default=dict, db_default={}, blank=True, validators=[check_words]
    )
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
