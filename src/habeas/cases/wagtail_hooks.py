"""Where the registry joins Wagtail's admin: its menu, its words in the audit log, its limits."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from habeas.cases.actions import IMPORTED
from habeas.cases.admin_views import RegistryViews
from habeas.cases.models import Record

register_snippet(RegistryViews)


def name_our_actions(actions: Any) -> None:
    """Give the registry's actions their words in the audit log."""
    actions.register_action(IMPORTED, "Import a case file", "Case file imported")


def refuse_to_delete_in_bulk(
    request: HttpRequest, action_type: str, _objects: list[Any], action: Any
) -> HttpResponse | None:
    """Keep records of the registry from being deleted by the dozen: others rest on them."""
    if action_type != "delete" or not issubclass(action.model, Record):
        return None
    messages.error(request, "Records of the registry are deleted one at a time.")
    return HttpResponseRedirect(action.next_url)


hooks.register("register_log_actions", name_our_actions)
hooks.register("before_bulk_action", refuse_to_delete_in_bulk)
