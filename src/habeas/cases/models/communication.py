"""Communications to bodies that can be complained to, and interventions with whoever can act."""

from django.db import models

from habeas.cases.esf import Impact, ReplyPosition, Response
from habeas.cases.models.authority import Authority
from habeas.cases.models.case import Case
from habeas.cases.models.dated import undated_first
from habeas.cases.models.document import Document
from habeas.cases.models.record import Record
from habeas.cases.vocabulary import CommunicationKind


class Communication(Record):
    """A complaint or appeal to a body, and what the government answered."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="communications")
    body = models.CharField(max_length=100)  # "WGAD"
    kind = models.CharField(max_length=20, choices=CommunicationKind.choices)
    sent_on = models.DateField("sent", null=True, blank=True)
    reply_due = models.DateField(null=True, blank=True)
    reply_on = models.DateField("replied", null=True, blank=True)
    reply_position = models.CharField(
        "position of the reply", max_length=30, choices=ReplyPosition.choices, blank=True
    )
    outcome = models.TextField(blank=True)
    document = models.ForeignKey(
        Document, on_delete=models.RESTRICT, null=True, blank=True, related_name="communications"
    )

    class Meta:
        ordering = ["case", *undated_first("sent_on")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} to {self.body}"


class Intervention(Record):
    """What somebody did for the person, and what came of it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="interventions")
    party = models.CharField("by whom", max_length=200, blank=True)
    kind = models.CharField("type", max_length=100)  # in words; ESF list 20
    on = models.DateField("date", null=True, blank=True)
    authority = models.ForeignKey(
        Authority, on_delete=models.RESTRICT, null=True, blank=True, related_name="interventions"
    )  # who was asked
    requested = models.TextField(blank=True)
    response = models.CharField(max_length=20, choices=Response.choices, blank=True)
    impact = models.CharField(max_length=20, choices=Impact.choices, blank=True)
    status = models.CharField(max_length=100, blank=True)  # in words; ESF list 45
    campaign_slug = models.SlugField(
        "campaign", max_length=80, blank=True
    )  # by name: campaigns stand on the registry, never under it

    class Meta:
        ordering = ["case", *undated_first("on")]

    def __str__(self) -> str:
        return f"{self.kind}, {self.on or 'undated'}"
