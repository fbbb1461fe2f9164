"""A campaign: what does not change with the language it is read in."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, Q

from habeas.campaigns.deadlines import DeadlineKind
from habeas.campaigns.lifecycle import ENDED, PUBLIC, Outcome, State
from habeas.campaigns.milestones import check_milestones
from habeas.edition.manifest import CountRule
from habeas.lib import ids


class CountEvery(models.TextChoices):
    """How often the number that the public sees may change (`edition.manifest.CountRule`)."""

    LIVE = "live", "At once: it rises with every person"
    HOUR = "hour", "Once an hour"
    DAY = "day", "Once a day, at midnight UTC"


def new_ledger_id() -> str:
    """Return a new random campaign identifier as 16 hexadecimal digits."""
    return ids.campaign_id().hex()


class Campaign(models.Model):  # type: ignore[django-manager-missing]  # `pages`: Wagtail has no types
    """One demand on one target: one state, one count, one ledger, however many languages."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)
    ledger_id = models.CharField(max_length=16, unique=True, default=new_ledger_id, editable=False)
    slug = models.SlugField(
        max_length=80,
        unique=True,
        help_text="The address of its pages. If it changes, the old one leads to the new.",
    )
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
    count_from = models.PositiveIntegerField(
        "show the number from",
        default=0,
        db_default=0,  # a version from before this field may still add campaigns
        help_text="Until so many people have confirmed, the page shows no number and says: "
        "Be among the first to sign. 0: the number is always shown.",
    )
    count_step = models.PositiveIntegerField(
        "in steps of",
        default=1,
        db_default=1,
        validators=[MinValueValidator(1)],
        help_text="With 100 the page says “More than 300 people have signed” until more than 400 have. "
        "1: the number itself.",
    )
    count_every = models.CharField(
        "let it change",
        max_length=4,
        choices=CountEvery,
        default=CountEvery.LIVE,
        db_default=CountEvery.LIVE,
        help_text="Where signing is dangerous, choose the day: somebody who watches the line and sees the "
        "number rise at once knows who signed.",
    )
    milestones = models.CharField(
        max_length=200,
        blank=True,
        default="",
        db_default="",
        validators=[check_milestones],
        help_text="Numbers to reach, like 100, 1000, 10000. The page names the next one beside the number, "
        "so it stays hidden as long as the number does.",
    )
    deadline_on = models.DateField(
        "day that matters",
        null=True,
        blank=True,
        help_text="Of a hearing or an execution, if its day is set.",
    )
    deadline_kind = models.CharField(
        "what happens on it",
        max_length=12,
        choices=DeadlineKind,
        default=DeadlineKind.HEARING,
        db_default=DeadlineKind.HEARING,
    )
    portrait = models.ForeignKey(
        "cases.Document",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="A picture among the documents of the case. Pages show it once the document is public and "
        "consent covers full name and picture; until then, and without one, the name stands alone.",
    )
    portrait_credit = models.CharField(
        "picture by", max_length=200, blank=True, default="", db_default="", help_text="Who took it."
    )
    is_demonstration = models.BooleanField(default=False, help_text="An invented case; its pages say so.")
    public_key = models.TextField(blank=True, editable=False)  # base64url; empty until first published

    if TYPE_CHECKING:
        pages: Any  # a manager; CampaignPage inherits from Wagtail, which has no types

    class Meta:
        ordering = ["slug"]
        constraints = [
            CheckConstraint(
                condition=Q(count_step=1) | Q(count_every__in=[CountEvery.HOUR, CountEvery.DAY]),
                name="steps_are_told_by_the_hour_or_the_day",
                violation_error_message="In steps, the number may change once an hour or once a day, not at "
                "once: the moment in which a step is reached would tell who signed then.",
            ),
            CheckConstraint(condition=Q(count_step__gte=1), name="steps_are_of_one_or_more"),
        ]

    def __str__(self) -> str:
        return self.slug

    def save(self, *args: Any, **keywords: Any) -> None:
        """Save it; where it was to be found before stays an address of it."""
        before = Campaign.objects.filter(pk=self.pk).exclude(slug=self.slug).values_list("slug", flat=True)
        moved = before.first() if self.is_public else None
        super().save(*args, **keywords)
        OldAddress.objects.filter(slug=self.slug).delete()
        if moved:
            OldAddress.objects.create(slug=moved, campaign=self)

    def clean(self) -> None:
        """Refuse a portrait that is none.

        raises  ValidationError
        """
        super().clean()
        if self.portrait and self.portrait.case_id != self.case_id:
            raise ValidationError({"portrait": "This document belongs to another case."})
        if self.portrait and not self.portrait.mime.startswith("image/"):
            raise ValidationError(
                {"portrait": "This document is no picture: choose a JPEG, PNG, WebP or AVIF."}
            )

    @property
    def is_public(self) -> bool:
        """Whether the campaign has pages on the door."""
        return self.state in PUBLIC

    @property
    def has_ended(self) -> bool:
        """Whether the campaign is won or closed."""
        return self.state in ENDED

    @property
    def count_rule(self) -> CountRule:
        """What the public is told of the count."""
        return CountRule(self.count_from, self.count_step, self.count_every)  # type: ignore[arg-type]  # CountEvery has the same words

    @property
    def ledger_bytes(self) -> bytes:
        """The identifier that ledger entries carry."""
        return bytes.fromhex(self.ledger_id)


class OldAddress(models.Model):
    """Where a public campaign was to be found before; links to it go on working."""

    slug = models.SlugField(max_length=80, unique=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="old_addresses")

    def __str__(self) -> str:
        return self.slug
