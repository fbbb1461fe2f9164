"""Updates: what those who asked to hear are told."""

from django.conf import settings
from django.db import models

from habeas.lib import ids


class Update(models.Model):
    """One piece of news about a campaign, in every language it was written in."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)
    campaign = models.ForeignKey("campaigns.Campaign", on_delete=models.CASCADE, related_name="updates")
    made_on = models.DateField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    is_queued = models.BooleanField(default=False, editable=False)  # the ledger knows whom to tell

    class Meta:
        ordering = ["-made_on", "-id"]

    def __str__(self) -> str:
        return f"{self.campaign} on {self.made_on}"


class UpdateText(models.Model):
    """An update in one language."""

    update = models.ForeignKey(Update, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=12)
    subject = models.CharField(max_length=100)
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["update", "language"], name="one_text_a_language")]

    def __str__(self) -> str:
        return f"{self.language}: {self.subject}"
