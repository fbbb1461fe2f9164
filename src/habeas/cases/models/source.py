"""Sources: who says so."""

from django.db import models
from wagtail.models import RevisionMixin

from habeas.cases.models.record import Record
from habeas.cases.vocabulary import Reliability


class Source(RevisionMixin, Record):
    """A document or report that claims rest on, as it may be named on a page."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="sources")
    key = models.SlugField(max_length=60)  # its name inside the case: "counsel-letter"
    title = models.CharField(max_length=300)
    publisher = models.CharField(max_length=200)
    url = models.URLField(max_length=500, blank=True)
    kind = models.CharField(max_length=200, blank=True)  # "court record and counsel correspondence"
    reliability = models.CharField(max_length=20, choices=Reliability.choices, default=Reliability.UNKNOWN)

    class Meta:
        ordering = ["case", "key"]
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="a_source_once_a_case")]

    def __str__(self) -> str:
        return f"{self.title} ({self.publisher})"
