"""Tasks given to somebody: a finding of the status replay, and who sees to it by when.

A finding is derived anew on every change, and has no row of its own. This hangs on what stays the same of
it: its kind, and the events it is about.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from habeas.cases.models.case import Case
from habeas.cases.models.event import Event
from habeas.cases.models.record import PRESENT, Record, once

_TOLD = "This task is given to somebody already."


class Assignment(Record):
    """A finding, and to whom it is given; there is one for each finding that was ever given to somebody."""

    KINDS = (
        ("gap", "missing step"),
        ("contradiction", "contradiction"),
        ("order", "out of order"),
    )  # of status.Kind

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="assignments")
    kind = models.CharField("what it is", max_length=20, choices=KINDS)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")  # which does not fit
    against = models.ForeignKey(  # to this one; None: to nothing in particular, as a missing step
        Event, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    holder = models.ForeignKey(  # None: it was given back, or the account is gone
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="given to",
    )
    due_on = models.DateField("by", null=True, blank=True)
    note = models.TextField(blank=True)
    is_done = models.BooleanField(
        "done", default=False
    )  # the finding is gone; it is open again if it returns

    class Meta:
        verbose_name = "task"
        ordering = ["case", "created_at"]
        constraints = [
            once(
                *("event", "kind", "against"),
                condition=PRESENT & Q(against__isnull=False),
                name="a_task_once_against",
                told=_TOLD,
            ),
            once(
                *("event", "kind"),
                condition=PRESENT & Q(against__isnull=True),
                name="a_task_once",
                told=_TOLD,
            ),
        ]
        indexes = [models.Index(fields=["holder"], condition=PRESENT, name="tasks_by_holder")]

    def __str__(self) -> str:
        whose = f"given to {self.holder}" if self.holder else "given to nobody"
        return f"{self.get_kind_display()}, {self.event}: {whose}"
