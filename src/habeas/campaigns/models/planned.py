"""Planned moves: what a campaign is to do at an hour, and who wants it."""

from django.conf import settings
from django.db import models

from habeas.lib import ids


class PlannedVerb(models.TextChoices):
    """What can be left to the clock. How a case ended is said by a person."""

    OPEN = "publish", "Open"
    PAUSE = "pause", "Stop taking signatures"


class PlannedMove(models.Model):
    """A move that the clerk makes when its hour has come; gone once the campaign goes on."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)
    campaign = models.ForeignKey("campaigns.Campaign", on_delete=models.CASCADE, related_name="planned")
    verb = models.CharField(max_length=10, choices=PlannedVerb)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE
    )  # nobody's plan is nobody's act
    made_at = models.DateTimeField(
        null=True, blank=True
    )  # a pause that was made stays, until somebody goes on
    refused = models.TextField(blank=True, default="")  # why it was not made; it is not tried again then

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "verb"], name="one_plan_a_campaign_and_verb")
        ]

    def __str__(self) -> str:
        return f"{self.campaign}: {self.verb} at {self.at:%Y-%m-%d %H:%M} UTC"
