"""Persons and their names."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from habeas.cases.dates import LONGEST
from habeas.cases.models.dated import HELP, check_edtf
from habeas.cases.models.record import Record
from habeas.cases.models.source import Source
from habeas.cases.vocabulary import CountingUnit, NameKind, Sex


class Person(Record, ClusterableModel):
    """A human being, or a group that sources do not tell apart."""

    counting_unit = models.CharField(
        max_length=20, choices=CountingUnit.choices, default=CountingUnit.INDIVIDUAL
    )
    group_size_min = models.PositiveIntegerField("at least so many", null=True, blank=True)
    group_size_max = models.PositiveIntegerField("at most so many", null=True, blank=True)
    birth_edtf = models.CharField(
        "born", max_length=LONGEST, blank=True, validators=[check_edtf], help_text=HELP
    )
    birth_earliest = models.DateField(null=True, editable=False)
    birth_latest = models.DateField(null=True, editable=False)
    sex = models.CharField(max_length=10, choices=Sex.choices, default=Sex.UNKNOWN)
    nationality = models.JSONField(default=list, blank=True)  # ISO 3166-1 alpha-2 codes: ["MR"]
    occupation = models.CharField(max_length=100, blank=True)
    medium = models.CharField(max_length=100, blank=True)  # of a journalist: blog, print, radio
    health_note = models.TextField(blank=True, help_text="For the case team, whoever else reads the record.")
    age_years = models.PositiveSmallIntegerField(null=True, blank=True)
    age_as_of = models.CharField(max_length=LONGEST, blank=True, validators=[check_edtf], help_text=HELP)
    age_source = models.ForeignKey(Source, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    same_as = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="doubles",
        help_text="The record of the same person that counts; this one stays as it is.",
    )
    same_as_reason = models.TextField("why they are the same", blank=True)

    dated: ClassVar = {"birth_edtf": ("birth_earliest", "birth_latest")}

    def __str__(self) -> str:
        names = sorted(self.names.all(), key=lambda name: not name.preferred)
        return names[0].text if names else f"unnamed person {self.pk}"

    def of_cases(self) -> set[UUID]:
        """Return the cases in which the person has a part, or that name the person in an event."""
        return {*self.roles.values_list("case", flat=True), *self.events.values_list("case", flat=True)}


class PersonName(Orderable, Record):
    """One name of a person, in one language and script."""

    person = ParentalKey(Person, on_delete=models.CASCADE, related_name="names")
    text = models.CharField(max_length=200)
    language = models.CharField(max_length=20)  # BCP 47: "fr"
    script = models.CharField(max_length=4)  # ISO 15924: "Latn"
    kind = models.CharField(max_length=20, choices=NameKind.choices)
    preferred = models.BooleanField(default=False)  # the one to use where nothing else decides
    publishable = models.BooleanField(default=False)  # may be shown, where consent covers a name

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return self.text

    def of_cases(self) -> set[UUID]:
        """Return the cases of the person."""
        cases: set[UUID] = self.person.of_cases()
        return cases
