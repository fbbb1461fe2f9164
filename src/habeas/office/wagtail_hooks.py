"""The office's own additions to Wagtail: our colours, the second factor, the door's page, updates."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from habeas.office import update_views
from habeas.office.door_views import DoorView


@hooks.register("insert_global_admin_css")
def insert_colours() -> str:
    """Load our colours on every screen."""
    return format_html('<link rel="stylesheet" href="{}">', static("office/office.css"))


@hooks.register("register_settings_menu_item")
def register_second_factor() -> MenuItem:
    """Lead staff to their second factor."""
    return MenuItem("Second factor", reverse("mfa_index"), icon_name="lock", order=900)


@hooks.register("register_icons")
def register_icons(icons: list[str]) -> list[str]:
    """Add the icon of the page about the door."""
    return [*icons, "office/icons/door.svg"]


@hooks.register("register_admin_urls")
def register_door() -> list[URLPattern]:
    """Add the page about the door."""
    return [path("door/", DoorView.as_view(), name="door")]


@hooks.register("register_admin_urls")
def register_updates() -> list[URLPattern]:
    """Add writing, correcting and taking back updates; mails are shown, so these stand above campaigns."""
    return [
        path("campaigns/<uuid:campaign>/updates/", update_views.write, name="campaigns_updates"),
        path(
            "campaigns/updates/<uuid:update>/correct/", update_views.correct, name="campaigns_correct_update"
        ),
        path(
            "campaigns/updates/<uuid:update>/take-back/",
            update_views.take_back,
            name="campaigns_take_back_update",
        ),
    ]


class DoorMenuItem(MenuItem):
    """The way to the page, for those who may open it."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether this person may."""
        policy = DoorView.permission_policy
        return bool(policy.user_has_permission(request.user, DoorView.permission_required))


@hooks.register("register_admin_menu_item")
def register_door_menu_item() -> MenuItem:
    """Put the door behind the campaigns."""
    return DoorMenuItem("Door", reverse("door"), icon_name="door", order=160)
