"""Campaigns in the office: a list, the record, the guided move."""

from typing import Any

from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.widgets.button import ListingButton
from wagtail.log_actions import LogActionRegistry
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet
from wagtail_localize.locales.components import LOCALE_COMPONENTS
from wagtail_localize.models import LocaleSynchronization

from habeas.campaigns import (
    demand_screens,
    log_lines,
    office_views,
    planning,
    planning_views,
    share_views,
    starting_views,
    style_page,
    translation_views,
)
from habeas.campaigns.models import Campaign, CampaignPage


class CampaignViewSet(SnippetViewSet):
    """The campaigns of the organisation."""

    model = Campaign
    icon = "bullhorn"
    menu_label = "Campaigns"
    menu_order = 150
    add_to_admin_menu = True
    list_display = ("slug", "case", "target", "state", "opened_on", "closed_on")
    list_filter = ("state",)
    search_fields = ("slug",)
    panels = (
        FieldPanel("slug"),
        FieldPanel("case"),
        FieldPanel("target"),
        MultiFieldPanel([FieldPanel("portrait"), FieldPanel("portrait_credit")], "Portrait"),
        FieldPanel("next_action"),
        FieldPanel("asks_comment"),
        MultiFieldPanel(
            [FieldPanel("count_from"), FieldPanel("count_step"), FieldPanel("count_every")],
            "The number that the public sees",
            help_text="Staff always see the true one. Where it is dangerous to be seen to sign: "
            "from 100, in steps of 100, once a day; set it before the campaign opens.",
        ),
        FieldPanel("milestones"),
        MultiFieldPanel(
            [FieldPanel("deadline_on"), FieldPanel("deadline_kind")],
            "A day that matters",
            help_text="Pages name it, and put the campaign first on the home page until it is over.",
        ),
        FieldPanel("is_demonstration"),
    )


register_snippet(CampaignViewSet)
register_snippet(demand_screens.DemandViewSet)


@hooks.register("register_icons")
def register_icons(icons: list[str]) -> list[str]:
    """Add the icon of the campaign menu."""
    return [*icons, "campaigns/icons/bullhorn.svg"]


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[URLPattern]:
    """Add the guided moves."""
    return [
        path("style/", style_page.style_page, name="style_page"),
        path("style/<str:ground>/<str:language>/", style_page.style_sheet, name="style_sheet"),
        path("campaigns/<uuid:campaign>/share/", share_views.share, name="campaigns_share"),
        path("campaigns/<uuid:campaign>/move/<str:verb>/", office_views.move, name="campaigns_move"),
        path("campaigns/new/<uuid:case>/", starting_views.start, name="campaigns_start"),
        path("campaigns/<uuid:campaign>/plan/", planning_views.plan, name="campaigns_plan"),
        path("campaigns/<uuid:campaign>/languages/", translation_views.languages, name="campaigns_languages"),
        *(
            path(
                f"campaigns/<uuid:campaign>/{verb}/",
                office_views.take_down,
                {"verb": verb},
                name=f"campaigns_{verb.replace('-', '_')}",
            )
            for verb in ("take-down", "put-back")
        ),
    ]


@hooks.register("register_admin_urls", order=-1)
def register_in_the_place_of_others() -> list[URLPattern]:
    """Put screens of ours before those of Wagtail Localize at the same addresses."""
    return [
        path("localize/update/<int:translation_source_id>/", translation_views.update),
        path("localize/page/<int:page_id>/convert_to_alias/", translation_views.make_alias),
        path("localize/translate/<int:translation_id>/pofile/upload/", translation_views.upload_po),
    ]


hooks.register("before_edit_page", translation_views.before_editing, order=-1)  # before Wagtail Localize's
hooks.register("after_publish_page", translation_views.after_publishing)
hooks.register("before_edit_snippet", translation_views.before_editing_campaign)
hooks.register("before_delete_snippet", demand_screens.before_deleting)
hooks.register("before_bulk_action", translation_views.before_bulk_action)


@hooks.register("construct_page_action_menu")
def construct_page_action_menu(items: list[Any], request: Any, context: Any) -> None:  # noqa: ARG001  Wagtail's signature
    """Do not offer to turn a campaign's page into a copy of another language's."""
    if isinstance(context.get("page"), CampaignPage):
        items[:] = [item for item in items if item.name != "localize-convert-to-alias"]


# "Synchronise content from another locale" would publish every page in a language it is not written in.
LOCALE_COMPONENTS[:] = [one for one in LOCALE_COMPONENTS if one["model"] is not LocaleSynchronization]


@hooks.register("register_settings_menu_item")
def register_style_page() -> MenuItem:
    """Add the style page to the settings."""
    return MenuItem("Style page", reverse("style_page"), icon_name="view", order=900)


@hooks.register("register_snippet_listing_buttons")
def register_listing_buttons(snippet: Any, user: Any, next_url: str | None = None) -> Any:  # noqa: ARG001  Wagtail's signature
    """Offer the moves a campaign may make, in its row."""
    if isinstance(snippet, Campaign):
        for position, (verb, _) in enumerate(office_views.verbs_for(snippet)):
            url = reverse("campaigns_move", args=[snippet.pk, verb])
            yield ListingButton(verb.capitalize(), url, priority=20 + position)
        yield ListingButton("Languages", reverse("campaigns_languages", args=[snippet.pk]), priority=29)
        if planning.can_plan(snippet):
            plan_url = reverse("campaigns_plan", args=[snippet.pk])
            yield ListingButton("Plan the hours", plan_url, priority=31)
        if snippet.is_public:
            yield ListingButton(
                "Write an update", reverse("campaigns_updates", args=[snippet.pk]), priority=30
            )
        yield ListingButton("Take down", reverse("campaigns_take_down", args=[snippet.pk]), priority=90)
        yield ListingButton("Put back", reverse("campaigns_put_back", args=[snippet.pk]), priority=91)


@hooks.register("after_edit_snippet")
def after_edit_snippet(request: Any, instance: Any) -> None:
    """Have the door follow what was changed in the record of a campaign."""
    if isinstance(instance, Campaign):
        office_views.put_out_anew(request, instance)


@hooks.register("construct_homepage_panels")
def construct_homepage_panels(request: Any, panels: list[Any]) -> None:  # noqa: ARG001  Wagtail's signature
    """Put what needs people today before everything else."""
    panels.insert(0, office_views.TodayPanel())


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    """Say moves in the audit log as people say them."""
    log_lines.register(actions)
