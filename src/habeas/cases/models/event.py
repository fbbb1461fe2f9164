"""Events: what happened, in the order the editor gives."""

from typing import ClassVar

from django.db import models
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel

from habeas.cases.dates import LONGEST
from habeas.cases.models.authority import Authority
from habeas.cases.models.case import Case
from habeas.cases.models.dated import HELP, check_edtf
from habeas.cases.models.person import Person
from habeas.cases.models.place import Place
from habeas.cases.models.record import STANDING, Record, earlier_version, once, versions
from habeas.cases.protection import Verification
from habeas.cases.vocabulary import Calendar, LegalBasis, event_choices


class Event(Record, ClusterableModel):
    """One thing that happened. Its date is the chosen one; `claims` keep what each source says."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events")
    seq = models.PositiveIntegerField("order")  # the editor's; fuzzy dates cannot be sorted truthfully
    type = models.CharField(max_length=40, choices=event_choices)
    date_edtf = models.CharField("date", max_length=LONGEST, validators=[check_edtf], help_text=HELP)
    earliest = models.DateField(null=True, editable=False)  # of date_edtf; None: no one knows how early
    latest = models.DateField(null=True, editable=False)
    date_text = models.CharField(
        "date as written", max_length=100, blank=True, help_text="In the source's own words."
    )
    calendar = models.CharField(max_length=20, choices=Calendar.choices, default=Calendar.GREGORIAN)
    place = models.ForeignKey(Place, on_delete=models.RESTRICT, null=True, blank=True, related_name="events")
    authority = models.ForeignKey(
        Authority, on_delete=models.RESTRICT, null=True, blank=True, related_name="events"
    )
    proceeding = models.ForeignKey(
        "cases.Proceeding", on_delete=models.RESTRICT, null=True, blank=True, related_name="events"
    )  # None: the one proceeding of the case
    legal_basis = models.CharField(max_length=30, choices=LegalBasis.choices, blank=True)
    persons = ParentalManyToManyField(Person, blank=True, related_name="events")
    verification = models.CharField(
        max_length=20, choices=Verification.choices, default=Verification.REPORTED
    )
    note = models.TextField(blank=True)  # what happened, in our words
    quote = models.TextField(blank=True)  # somebody's own words, attributed
    details = models.JSONField(default=dict, blank=True)  # what only events of this type have
    supersedes = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="superseded_by"
    )  # an event recorded wrongly, which this one stands in for

    dated: ClassVar = {"date_edtf": ("earliest", "latest")}
    version_of = earlier_version()

    class Meta:
        ordering = ["case", "seq"]
        constraints = [
            once(
                "case",
                "seq",
                name="one_event_a_place_in_order",
                told="An event with this order already exists in the case.",
                condition=STANDING,
            )
        ]
        indexes = [
            models.Index(fields=["type", "earliest", "latest"], name="events_by_type_and_day"),
            models.Index(  # all that lists of cases ask of an event
                fields=["earliest", "latest", "access", "verification", "case"],
                condition=STANDING,
                name="standing_events_by_day",
            ),
            versions("versions_of_events"),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()}, {self.date_edtf}"
