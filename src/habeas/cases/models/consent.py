"""Consent: what a person allowed, for which use, and how far they may be made known."""

from django.db import models

from habeas.cases.models.case import Case
from habeas.cases.models.document import Document
from habeas.cases.models.person import Person
from habeas.cases.models.record import Record
from habeas.cases.models.source import Source
from habeas.cases.protection import Giver, Identification, Purpose


class Consent(Record):
    """One person's yes to one use. Taken back, it is withdrawn like any record, and covers nothing."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="consents")
    person = models.ForeignKey(
        Person,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="consents",
        help_text="About whom. Empty: the source's own words.",
    )
    source = models.ForeignKey(
        Source, on_delete=models.RESTRICT, null=True, blank=True, related_name="consents"
    )
    giver = models.CharField("given by", max_length=20, choices=Giver.choices)
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    identification = models.CharField(
        max_length=20, choices=Identification.choices, default=Identification.NONE
    )
    scope = models.TextField(blank=True, help_text="What exactly was allowed, in words.")
    obtained_by = models.CharField(max_length=200, blank=True, help_text="Who asked.")
    obtained_how = models.CharField(max_length=200, blank=True, help_text="In writing, on the telephone, …")
    obtained_on = models.DateField("obtained", null=True, blank=True)
    review_by = models.DateField(
        "ask again by", null=True, blank=True, help_text="A reminder; the consent does not end with it."
    )
    document = models.ForeignKey(
        Document, on_delete=models.RESTRICT, null=True, blank=True, related_name="consents"
    )

    class Meta:
        ordering = ["case", "created_at"]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.get_identification_display()}"
