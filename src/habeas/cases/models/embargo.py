"""Embargoes: what may be public, but not yet, or no longer."""

from datetime import date

from django.db import models

from habeas.cases.models.case import Case
from habeas.cases.models.event import Event
from habeas.cases.models.record import Record


class Embargo(Record):
    """Nothing of the case, or of one event, is published until a day; without one, until it is lifted.

    Lifting it is withdrawing it. An emergency take-down is one without a day.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="embargoes")
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, null=True, blank=True, related_name="embargoes"
    )  # None: the whole case
    until = models.DateField(null=True, blank=True, help_text="The first day it may be public.")
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["case", "created_at"]
        verbose_name_plural = "embargoes"

    def __str__(self) -> str:
        return f"embargo until {self.until}" if self.until else "embargo"

    def holds(self, today: date) -> bool:
        """Tell whether it stands in the way today."""
        return not self.is_withdrawn and (self.until is None or today < self.until)
