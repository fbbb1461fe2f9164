"""Citations: which page froze which number, so that "which pages cite it" is one query."""

from django.db import models
from django.utils import timezone

from habeas.lib import ids


class Citation(models.Model):
    """A page says the number of a snapshot, since it was published and until it says another or none."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)
    page = models.ForeignKey("campaigns.CampaignPage", on_delete=models.CASCADE, related_name="citations")
    snapshot = models.ForeignKey(
        "cases.FigureSnapshot",
        on_delete=models.RESTRICT,  # what a page said is not erased
        related_name="citations",
    )
    slug = models.SlugField(max_length=80)  # the figure's name, as the text has it
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)  # None: it says so now

    class Meta:
        ordering = ["since"]
        indexes = [models.Index(fields=["slug", "until"], name="citations_by_figure")]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "slug"], condition=models.Q(until=None), name="one_number_a_figure_and_page"
            )
        ]

    def __str__(self) -> str:
        return f"{self.slug} on {self.page_id}"
