"""A campaign: what does not change with the language it is read in."""

from typing import TYPE_CHECKING, Any

from django.db import models

from habeas.campaigns.lifecycle import ENDED, PUBLIC, Outcome, State
from habeas.lib import ids


def new_ledger_id() -> str:
    """Return a new random campaign identifier as 16 hexadecimal digits."""
    return ids.campaign_id().hex()


class Campaign(models.Model):  # type: ignore[django-manager-missing]  # `pages`: Wagtail has no types
    """One demand on one target: one state, one count, one ledger, however many languages."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)
    ledger_id = models.CharField(max_length=16, unique=True, default=new_ledger_id, editable=False)
    slug = models.SlugField(max_length=80, unique=True, help_text="The address of its pages; never changes.")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="campaigns")
    target = models.ForeignKey(
        "cases.Authority",
        on_delete=models.PROTECT,
        related_name="campaigns",
        help_text="The office that can do what is asked.",
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    outcome = models.CharField(max_length=24, choices=Outcome.choices, blank=True, editable=False)
    opened_on = models.DateField(null=True, blank=True, editable=False)
    closed_on = models.DateField(null=True, blank=True, editable=False)
    next_action = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="follows",
        help_text="Where people go when this campaign has ended: who still waits.",
    )
    asks_comment = models.BooleanField(default=False, help_text="Let people add a line of their own.")
    is_demonstration = models.BooleanField(default=False, help_text="An invented case; its pages say so.")
    public_key = models.TextField(blank=True, editable=False)  # base64url; empty until first published

    if TYPE_CHECKING:
        pages: Any  # a manager; CampaignPage inherits from Wagtail, which has no types

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug

    @property
    def is_public(self) -> bool:
        """Whether the campaign has pages on the door."""
        return self.state in PUBLIC

    @property
    def has_ended(self) -> bool:
        """Whether the campaign is won or closed."""
        return self.state in ENDED

    @property
    def ledger_bytes(self) -> bytes:
        """The identifier that ledger entries carry."""
        return bytes.fromhex(self.ledger_id)
