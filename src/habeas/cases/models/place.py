"""Places: where it happened, where somebody is held."""

from django.db import models

from habeas.cases.models.record import Record, check_country
from habeas.cases.vocabulary import PlaceKind


class Place(Record):
    """A prison, a police station, a site nobody admits to."""

    case = models.ForeignKey(
        "cases.Case", on_delete=models.CASCADE, null=True, blank=True, related_name="places"
    )
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=PlaceKind.choices, default=PlaceKind.UNKNOWN)
    country = models.CharField(max_length=2, validators=[check_country])  # ISO 3166-1 alpha-2
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)  # WGS 84, degrees
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    precision_m = models.PositiveIntegerField(
        "precision in metres", null=True, blank=True, help_text="How far off the point may be."
    )
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["country", "name"]

    def __str__(self) -> str:
        return f"{self.name} ({self.country})"
