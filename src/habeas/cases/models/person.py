"""Persons and their names."""

from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable, RevisionMixin

from habeas.cases.dates import LONGEST
from habeas.cases.models.dated import HELP, check_edtf
from habeas.cases.models.record import Record
from habeas.cases.models.source import Source
from habeas.cases.vocabulary import CountingUnit, NameKind


class Person(RevisionMixin, Record, ClusterableModel):
    """A human being, or a group that sources do not tell apart."""

    counting_unit = models.CharField(
        max_length=20, choices=CountingUnit.choices, default=CountingUnit.INDIVIDUAL
    )
    nationality = models.JSONField(default=list, blank=True)  # ISO 3166-1 alpha-2 codes: ["MR"]
    occupation = models.CharField(max_length=100, blank=True)
    age_years = models.PositiveSmallIntegerField(null=True, blank=True)
    age_as_of = models.CharField(max_length=LONGEST, blank=True, validators=[check_edtf], help_text=HELP)
    age_source = models.ForeignKey(Source, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        names = sorted(self.names.all(), key=lambda name: not name.preferred)
        return names[0].text if names else f"unnamed person {self.pk}"


class PersonName(Orderable, Record):
    """One name of a person, in one language and script."""

    person = ParentalKey(Person, on_delete=models.CASCADE, related_name="names")
    text = models.CharField(max_length=200)
    language = models.CharField(max_length=20)  # BCP 47: "fr"
    script = models.CharField(max_length=4)  # ISO 15924: "Latn"
    kind = models.CharField(max_length=20, choices=NameKind.choices)
    preferred = models.BooleanField(default=False)  # the one to use where nothing else decides

    class Meta(Orderable.Meta):
        pass

    def __str__(self) -> str:
        return self.text
