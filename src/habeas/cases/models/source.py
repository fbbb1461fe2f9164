"""Sources: who says so. Who a source is stands apart, sealed."""

from django.db import models

from habeas.cases.esf import Connection
from habeas.cases.models.record import PRESENT, Record, once
from habeas.cases.protection import Access
from habeas.cases.vocabulary import Reliability


class Source(Record):
    """A document, report or person that claims rest on, under a code name."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="sources")
    key = models.SlugField("code name", max_length=60)  # its name inside the case: "counsel-letter"
    title = models.CharField(max_length=300)  # as it may be named on a page
    publisher = models.CharField(max_length=200, blank=True)
    url = models.URLField(max_length=500, blank=True)
    kind = models.CharField(max_length=200, blank=True)  # "court record and counsel correspondence"
    connection = models.CharField(max_length=20, choices=Connection.choices, blank=True)
    reliability = models.CharField(max_length=20, choices=Reliability.choices, default=Reliability.UNKNOWN)
    origin = models.CharField(
        max_length=100,
        blank=True,
        help_text="Who it goes back to. Sources that repeat one another share it, and count once. "
        "Empty: it stands for itself.",
    )

    class Meta:
        ordering = ["case", "key"]
        constraints = [
            once(
                "case",
                "key",
                name="a_source_once_a_case",
                told="A source of this code name already exists in the case.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.publisher})" if self.publisher else self.title

    @property
    def ultimate_origin(self) -> str:
        """Whom it goes back to; sources of one origin corroborate nothing between them."""
        return self.origin or self.key


class SourceIdentity(Record):
    """Who a source is, and how to reach them: ciphertext only, opened with the key of the case."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="identities")
    sealed = models.BinaryField(editable=False)  # vault.box: sealed to the case's registry key

    class Meta:
        verbose_name_plural = "source identities"
        constraints = [
            models.UniqueConstraint(fields=["source"], name="one_identity_a_source", condition=PRESENT)
        ]

    def __str__(self) -> str:
        return "sealed"

    def derive(self) -> None:
        """Seal it; whoever may read the source, this is for named people only."""
        self.access = Access.SEALED
