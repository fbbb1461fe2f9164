"""Conditions: what a person lived under from one day to another."""

from typing import ClassVar

from django.db import models

from habeas.cases.dates import LONGEST
from habeas.cases.models.case import Case
from habeas.cases.models.dated import HELP, check_edtf, undated_first
from habeas.cases.models.event import Event
from habeas.cases.models.person import Person
from habeas.cases.models.record import Record
from habeas.cases.models.source import Source
from habeas.cases.vocabulary import LegalBasis, condition_choices


class ConditionInterval(Record):
    """Isolation, no lawyer, a hunger strike: with its beginning, its end and who says so."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="conditions")
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="conditions")
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, null=True, blank=True, related_name="conditions"
    )
    kind = models.CharField(max_length=40, choices=condition_choices)
    legal_basis = models.CharField(max_length=30, choices=LegalBasis.choices, blank=True)
    from_edtf = models.CharField("from", max_length=LONGEST, validators=[check_edtf], help_text=HELP)
    from_earliest = models.DateField(null=True, editable=False)
    from_latest = models.DateField(null=True, editable=False)
    to_edtf = models.CharField(
        "to", max_length=LONGEST, blank=True, validators=[check_edtf], help_text="Empty: it goes on."
    )
    to_earliest = models.DateField(null=True, editable=False)
    to_latest = models.DateField(null=True, editable=False)
    source = models.ForeignKey(Source, on_delete=models.RESTRICT, related_name="conditions")
    note = models.TextField(blank=True)

    dated: ClassVar = {"from_edtf": ("from_earliest", "from_latest"), "to_edtf": ("to_earliest", "to_latest")}

    class Meta:
        ordering = ["case", *undated_first("from_earliest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, from {self.from_edtf}" + (
            f" to {self.to_edtf}" if self.to_edtf else ""
        )
