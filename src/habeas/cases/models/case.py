"""The case: one person's or one group's story, under one reference."""

from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable, RevisionMixin

from habeas.cases.models.person import Person
from habeas.cases.models.record import Record, check_country
from habeas.cases.vocabulary import Role, instrument_choices


class Case(RevisionMixin, Record, ClusterableModel):
    """What happened to somebody, and which rights it breaks."""

    ref = models.CharField("reference", max_length=40, unique=True)  # "MR-2014-001"
    country = models.CharField(
        max_length=2, validators=[check_country]
    )  # ISO 3166-1 alpha-2, where it happened
    title = models.CharField(max_length=200)
    imported_digest = models.CharField(max_length=64, blank=True, editable=False)
    # SHA-256 of the case file it came from (importing.digest); empty if staff entered it

    class Meta:
        ordering = ["ref"]

    def __str__(self) -> str:
        return f"{self.ref}: {self.title}"


class CaseRight(Orderable, Record):
    """A right that the case concerns: an article of a treaty or declaration."""

    case = ParentalKey(Case, on_delete=models.CASCADE, related_name="rights")
    instrument = models.CharField(max_length=20, choices=instrument_choices)  # "ICCPR"
    article = models.CharField(max_length=20)  # "9", "14(3)"

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(fields=["case", "instrument", "article"], name="a_right_once_a_case"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.article}"


class CaseRole(Orderable, Record):
    """What a person is in a case."""

    case = ParentalKey(Case, on_delete=models.CASCADE, related_name="roles")
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="roles")
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.SUBJECT)

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(fields=["case", "person", "role"], name="a_role_once_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}"
