"""The pages of a campaign: its words, one page a language."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField, TranslatableField

from habeas.campaigns import demands as asked
from habeas.campaigns import figures
from habeas.campaigns.blocks import (
    BlocksField,
    DemandBlock,
    FigureBlock,
    MomentBlock,
    ParagraphBlock,
    ParagraphsField,
    PickedDemandBlock,
)
from habeas.campaigns.lifecycle import State
from habeas.campaigns.preview import preview
from habeas.edition.slots import campaign_path


class CampaignIndex(Page):
    """Holds the campaign pages of one language; the home page on the door lists them."""

    subpage_types: ClassVar[list[str]] = ["campaigns.CampaignPage"]
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]

    class Meta:
        verbose_name = "campaigns of a language"

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str]:  # noqa: ARG002  Wagtail's signature
        """Return site id, the door's address and the path of the home page in this language."""
        return (1, settings.CONFIG.door_url, f"/{self.locale.language_code}/")


# What a page says in its language. Everything else is the same in all of them: the campaign, and within the
# streams events, dates and whose figures they are.
WORDS = (
    *("title", "person", "person_elsewhere", "lede", "button", "share_text"),
    *("target_office", "target_holder", "demands", "story", "timeline", "figures"),
    *("outcome_headline", "outcome_text", "thanks"),
    *("words_quote", "words_said_by", "words_occasion", "news_subject", "news_text"),
)


class CampaignPage(Page):
    """What a campaign says in one language. Dates, sources and figures come from the registry."""

    campaign = models.ForeignKey("campaigns.Campaign", on_delete=models.PROTECT, related_name="pages")
    person = models.CharField(max_length=200, help_text="The name as it may be published in this language.")
    person_elsewhere = models.CharField(max_length=200, blank=True, help_text="The name in another script.")
    lede = models.CharField(max_length=300, help_text="One line: why this is urgent.")
    button = models.CharField(max_length=60, help_text="What the button says: Sign for …")
    share_text = models.CharField(
        max_length=280,
        blank=True,
        default="",
        db_default="",  # a version from before this field may still add pages
        help_text="What people send to others with the link; empty: the title. Without the link.",
    )
    target_office = models.CharField(max_length=200)
    target_holder = models.CharField(max_length=200, blank=True)
    story = BlocksField([("paragraph", ParagraphBlock())], help_text="In about 120 words.")
    demands = BlocksField([("demand", DemandBlock()), (asked.PICKED, PickedDemandBlock("campaigns.Demand"))])
    timeline = BlocksField([("moment", MomentBlock())], blank=True)
    figures = BlocksField([("figure", FigureBlock())], blank=True)
    outcome_headline = models.CharField(max_length=200, blank=True)
    outcome_text = ParagraphsField(blank=True)
    thanks = ParagraphsField(blank=True)
    words_quote = ParagraphsField("the person's own words", blank=True)
    words_said_by = models.CharField(max_length=200, blank=True)
    words_occasion = models.CharField(max_length=200, blank=True)
    news_subject = models.CharField(
        max_length=100, blank=True, help_text="Name neither the case nor the person."
    )
    news_text = ParagraphsField(blank=True, help_text="Mailed at the closing to those who asked for news.")

    # Wagtail Localize would let a translator choose another campaign, and translate addresses.
    translatable_fields: ClassVar[list[Any]] = [
        SynchronizedField("campaign", overridable=False),
        *(TranslatableField(name) for name in WORDS),
    ]
    parent_page_types: ClassVar[list[str]] = ["campaigns.CampaignIndex"]
    subpage_types: ClassVar[list[str]] = []
    preview_modes: ClassVar[list[tuple[str, str]]] = [
        (State.OPEN, "Open"),
        (State.PAUSED, "Paused"),
        (State.WON, "Won"),
        (State.CLOSED, "Closed"),
    ]
    content_panels: ClassVar[list[Any]] = [
        FieldPanel("title", help_text="Tell TARGET to DEMAND"),
        FieldPanel("campaign"),
        MultiFieldPanel(
            [FieldPanel("person"), FieldPanel("person_elsewhere"), FieldPanel("lede"), FieldPanel("button")],
            "Who and what",
        ),
        FieldPanel("share_text"),
        MultiFieldPanel([FieldPanel("target_office"), FieldPanel("target_holder")], "Target"),
        FieldPanel("demands"),
        FieldPanel(
            "story", help_text="In about 120 words. {{figure:name}} puts in a number from the registry."
        ),
        FieldPanel("timeline"),
        FieldPanel("figures"),
        MultiFieldPanel(
            [
                HelpPanel(
                    "<p>Shown once the campaign has ended. Moving it there: Campaigns, in the menu.</p>"
                ),
                FieldPanel("outcome_headline"),
                FieldPanel("outcome_text"),
                FieldPanel("thanks"),
                FieldPanel("words_quote"),
                FieldPanel("words_said_by"),
                FieldPanel("words_occasion"),
            ],
            "Closing",
        ),
        MultiFieldPanel([FieldPanel("news_subject"), FieldPanel("news_text")], "News by mail at the closing"),
    ]

    class Meta:
        verbose_name = "campaign page"

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str]:  # noqa: ARG002  Wagtail's signature
        """Return site id, the door's address and the path of this page on it."""
        path = campaign_path(self.campaign.slug, self.locale.language_code)
        return (1, settings.CONFIG.door_url, path)

    def clean(self) -> None:
        """Refuse a number that cannot be published, a demand without words, and a second page in a language.

        raises  ValidationError
        """
        super().clean()
        if self.campaign_id and self.locale_id:
            same = CampaignPage.objects.filter(campaign=self.campaign_id, locale=self.locale_id)
            if same.exclude(pk=self.pk).exists():
                raise ValidationError({"campaign": "This campaign has a page in this language already."})
        told: dict[str, Any] = dict(figures.obstacles(self))
        unsaid = asked.obstacles(self)
        if unsaid:
            told["demands"] = [*filter(None, [told.get("demands")]), *unsaid]
        if told:
            raise ValidationError(told)

    @property
    def default_preview_mode(self) -> str:
        """Show the state the campaign is in; a draft as it will open."""
        return State.OPEN if self.campaign.state == State.DRAFT else self.campaign.state

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:  # noqa: ARG002  Wagtail's signature
        """Show the page as the door will in the state `mode_name`."""
        return HttpResponse(preview(self, mode_name))
