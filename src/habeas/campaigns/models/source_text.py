"""What a page was translated from: kept beside it, so that a later change can be seen and shown."""

from django.db import models


class SourceText(models.Model):
    """What another page of the campaign said when a page was last brought up to date with it."""

    page = models.OneToOneField(
        "campaigns.CampaignPage", on_delete=models.CASCADE, related_name="source_text"
    )
    source = models.ForeignKey("campaigns.CampaignPage", on_delete=models.CASCADE, related_name="+")
    words = models.JSONField()  # by field of CampaignPage (`translations.words_of`)
    changed_at = models.DateTimeField(
        null=True, blank=True
    )  # since when the source has said something else; None: it has not

    def __str__(self) -> str:
        return f"{self.page} from {self.source}"
