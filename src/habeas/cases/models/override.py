"""Overrides: somebody answers in writing for events that seem to contradict each other."""

from typing import Any

from django.db import models

from habeas.cases.models.case import Case
from habeas.cases.models.event import Event
from habeas.cases.models.record import Record


class Override(Record):
    """An event stands though another seems to rule it out: who says so, when, and why.

    It holds for these two events as they were: if one becomes an event of another kind, or the checker
    finds another contradiction, it says nothing about that.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="overrides")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="overrides")
    against = models.ForeignKey(
        Event,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text="The event that seems to rule it out.",
    )
    event_type = models.CharField(max_length=40, editable=False)  # of the event, when it was overridden
    reason = models.TextField("why both stand")

    class Meta:
        ordering = ["case", "created_at"]

    def __str__(self) -> str:
        return f"override of {self.event}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write it with the kind of event it is about."""
        if self._state.adding and self.event_id:
            self.event_type = self.event.type
        super().save(*args, **kwargs)
