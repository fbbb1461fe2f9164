"""The office's own additions to Wagtail's menu."""

from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("register_settings_menu_item")
def register_second_factor() -> MenuItem:
    """Lead staff to their second factor."""
    return MenuItem("Second factor", reverse("mfa_index"), icon_name="lock", order=900)
