"""The office's own additions to Wagtail: our colours, and the way to a second factor."""

from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("insert_global_admin_css")
def insert_colours() -> str:
    """Load our colours on every screen."""
    return format_html('<link rel="stylesheet" href="{}">', static("office/office.css"))


@hooks.register("register_settings_menu_item")
def register_second_factor() -> MenuItem:
    """Lead staff to their second factor."""
    return MenuItem("Second factor", reverse("mfa_index"), icon_name="lock", order=900)
