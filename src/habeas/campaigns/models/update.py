"""Updates: what those who asked to hear are told."""

from collections.abc import Collection

from django.conf import settings
from django.db import models

from habeas.lib import ids


class Update(models.Model):
    """One piece of news about a campaign, in every language it was written in."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)
    campaign = models.ForeignKey("campaigns.Campaign", on_delete=models.CASCADE, related_name="updates")
    made_on = models.DateField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True)
    is_mailed = models.BooleanField(
        default=True,
        db_default=True,  # a version from before this field mails every update
        help_text="Whether it goes to those who asked for news as well.",
    )
    is_queued = models.BooleanField(default=False, editable=False)  # the ledger knows whom to tell
    corrected_on = models.DateField(null=True, blank=True, editable=False)
    taken_back_on = models.DateField(
        null=True, blank=True, editable=False
    )  # its address stays, and tells nothing

    class Meta:
        ordering = ["-made_on", "-id"]

    def __str__(self) -> str:
        return f"{self.campaign} on {self.made_on}"

    def text_for(self, language: str) -> "UpdateText | None":
        """Return the text that a reader of `language` is mailed; None if there is none at all."""
        texts = {text.language: text for text in self.texts.all()}
        return texts.get(mailed_in(language, texts)) if texts else None


def mailed_in(language: str, written: Collection[str]) -> str:
    """Return the language in which readers of `language` get an update that was written in some languages.

    written  at least one language
    returns  their own; else the first of the site's in which it was written; else the first by its code
    """
    order = (language, *settings.CONFIG.site.languages, *sorted(written))
    return next(code for code in order if code in written)


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
