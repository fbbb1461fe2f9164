"""Qualifications: what a body says a case is, in law."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from habeas.cases.models.case import Case
from habeas.cases.models.dated import undated_first
from habeas.cases.models.document import Document
from habeas.cases.models.record import Record
from habeas.cases.vocabulary import Label

# Of the UN Working Group on Arbitrary Detention: I no legal basis, II exercise of a right, III unfair
# trial, IV administrative custody of migrants without review, V discrimination.
WGAD_CATEGORIES = ("I", "II", "III", "IV", "V")


def check_wgad(categories: Any) -> None:
    """Refuse what is not a list of the Working Group's categories.

    raises  ValidationError
    """
    if not isinstance(categories, list) or not set(map(str, categories)) <= set(WGAD_CATEGORIES):
        raise ValidationError(f'Write a list of {", ".join(WGAD_CATEGORIES)}, like ["I", "III"].')


class Qualification(Record):
    """Arbitrary detention, says the Working Group, in Opinion 35/2017."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="qualifications")
    body = models.CharField(max_length=100)  # "own_org", "WGAD", "ECOWAS"
    label = models.CharField(max_length=40, choices=Label.choices)
    wgad_categories = models.JSONField(
        "WGAD categories", default=list, blank=True, validators=[check_wgad]
    )  # ⊂ I to V
    articles = models.JSONField(default=list, blank=True)  # [["ICCPR", "9"]]
    ref = models.CharField("reference", max_length=100, blank=True)  # "Opinion 35/2017"
    decided_on = models.DateField("decided", null=True, blank=True)
    confidence = models.CharField(max_length=100, blank=True, help_text="Of our own: how sure, and why.")
    document = models.ForeignKey(
        Document, on_delete=models.RESTRICT, null=True, blank=True, related_name="qualifications"
    )

    class Meta:
        ordering = ["case", *undated_first("decided_on")]

    def __str__(self) -> str:
        return f"{self.get_label_display()} ({self.body} {self.ref})".replace(" )", ")")
