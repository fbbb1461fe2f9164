"""The case: one person's or one group's story, under one reference."""

from uuid import UUID

from django.conf import settings
from django.db import models
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from habeas.cases.esf import Monitoring, Priority
from habeas.cases.models.person import Person
from habeas.cases.models.record import PRESENT, Record, check_country, once
from habeas.cases.vocabulary import Lifecycle, Role, instrument_choices


class Case(Record, ClusterableModel):
    """What happened to somebody, and which rights it breaks."""

    ref = models.CharField("reference", max_length=40)  # "MR-2014-001"
    country = models.CharField(
        max_length=2, validators=[check_country]
    )  # ISO 3166-1 alpha-2, where it happened
    title = models.CharField(max_length=200)  # as it may be published
    title_internal = models.CharField(
        "internal title", max_length=200, blank=True, help_text="What staff call it among themselves."
    )
    monitoring = models.CharField(max_length=20, choices=Monitoring.choices, default=Monitoring.ACTIVE)
    priority = models.CharField(max_length=20, choices=Priority.choices, default=Priority.NORMAL)
    lifecycle = models.CharField(max_length=20, choices=Lifecycle.choices, default=Lifecycle.INTAKE)
    team = ParentalManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="team_cases",
        help_text="Who works on it, and reads what is for the case team.",
    )
    named = ParentalManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="sealed_cases",
        verbose_name="named people",
        help_text="Who reads what is sealed. Nobody else does, administrators included.",
    )
    next_review_on = models.DateField(
        "next review", null=True, blank=True, help_text="When somebody looks at it again."
    )
    silence_alarm_days = models.PositiveSmallIntegerField(
        "alarm after silence", null=True, blank=True, help_text="Days without news that are too many."
    )
    imported_digest = models.CharField(max_length=64, blank=True, editable=False)
    # SHA-256 of the case file it came from (importing.digest); empty if staff entered it

    class Meta:
        ordering = ["ref"]
        constraints = [
            once("ref", name="a_reference_once", told="A case with this reference already exists.")
        ]
        indexes = [
            models.Index(fields=["country", "ref"], condition=PRESENT, name="cases_by_country"),
        ]

    def __str__(self) -> str:
        return f"{self.ref}: {self.title}"

    def of_cases(self) -> set[UUID]:
        """Return itself."""
        return {self.pk}


class CaseRight(Orderable, Record):
    """A right that the case concerns: an article of a treaty or declaration."""

    case = ParentalKey(Case, on_delete=models.CASCADE, related_name="rights")
    instrument = models.CharField(max_length=20, choices=instrument_choices)  # "ICCPR"
    article = models.CharField(max_length=20)  # "9", "14(3)"

    class Meta(Orderable.Meta):
        constraints = [
            once(
                "case",
                "instrument",
                "article",
                name="a_right_once_a_case",
                told="This right already exists in the case.",
            ),
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
            once(
                "case",
                "person",
                "role",
                name="a_role_once_a_person",
                told="This person already has this role in the case.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}"
