"""Proceedings: before which court, on which charges, to which sentence."""

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from habeas.cases.esf import CourtKind
from habeas.cases.models.authority import Authority
from habeas.cases.models.case import Case
from habeas.cases.models.event import Event
from habeas.cases.models.person import Person
from habeas.cases.models.record import Record
from habeas.cases.vocabulary import ChargeClass, CountsFrom, CourtLevel, Runs, SentenceKind


class Proceeding(Record):
    """One case before the courts, from its investigation to its end, however many courts hear it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="proceedings")
    authority = models.ForeignKey(
        Authority, on_delete=models.RESTRICT, null=True, blank=True, related_name="proceedings"
    )
    court = models.CharField(max_length=200, blank=True)  # by its name, where it is no authority of ours
    court_kind = models.CharField(max_length=20, choices=CourtKind.choices, blank=True)
    level = models.CharField(max_length=20, choices=CourtLevel.choices, blank=True)  # the highest so far
    file_no = models.CharField("file number", max_length=100, blank=True)
    judicial_district = models.CharField(max_length=200, blank=True)
    language_access = models.CharField(
        max_length=200, blank=True, help_text="Whether the person could follow: interpretation, translation."
    )
    counsel = models.CharField(max_length=200, blank=True, help_text="Who defends, and since when.")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["case", "created_at"]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.court or str(self.authority or "proceeding"), self.file_no)))


class Charge(Orderable, Record):
    """One offence a person is charged with; later events drop it, change it, or end it."""

    event = ParentalKey(Event, on_delete=models.CASCADE, related_name="charges")  # the charging
    proceeding = models.ForeignKey(
        Proceeding, on_delete=models.SET_NULL, null=True, blank=True, related_name="charges"
    )
    person = models.ForeignKey(
        Person,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="charges",
        help_text="Empty: everybody whom the event names.",
    )
    offence = models.CharField(max_length=200)  # in our words
    offence_original = models.CharField("offence in the law's language", max_length=200, blank=True)
    law = models.CharField(max_length=200, blank=True)
    article = models.CharField(max_length=20, blank=True)
    charge_class = models.CharField("class", max_length=20, choices=ChargeClass.choices, blank=True)
    death_eligible = models.BooleanField("punishable by death", default=False)

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return self.offence


class SentenceComponent(Orderable, Record):
    """One part of a sentence: ten years, a thousand lashes, a million riyal, a travel ban."""

    event = ParentalKey(Event, on_delete=models.CASCADE, related_name="components")  # the sentencing
    person = models.ForeignKey(
        Person,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="sentences",
        help_text="Empty: everybody whom the event names.",
    )
    kind = models.CharField(max_length=20, choices=SentenceKind.choices)
    qty = models.PositiveIntegerField("how much", null=True, blank=True)
    unit = models.CharField(
        max_length=10, blank=True
    )  # day, week, month, year, lash, or a currency (ISO 4217)
    suspended_qty = models.PositiveIntegerField("of that suspended", null=True, blank=True)
    runs = models.CharField(max_length=20, choices=Runs.choices, blank=True)
    counts_from = models.CharField(max_length=20, choices=CountsFrom.choices, blank=True)

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return " ".join(filter(None, (self.kind, str(self.qty or ""), self.unit)))
