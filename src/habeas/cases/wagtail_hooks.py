"""Where the registry joins Wagtail's admin: its menu, its words in the audit log, its limits."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.widgets.button import Button, ListingButton
from wagtail.log_actions import LogFormatter
from wagtail.snippets.models import register_snippet

from habeas.cases import case_views, figure_views, import_views, office_views, task_views
from habeas.cases.actions import EXPORTED, IDENTITY_READ, IMPORTED
from habeas.cases.admin_views import RegistryViews
from habeas.cases.models import Change, FigureDef, Record, Source
from habeas.cases.models.acting import (
    AMENDED,
    ERASED,
    PUT_BACK,
    RECORDED,
    SUPERSEDED,
    TAKEN_DOWN,
    TASK_DONE,
    TASK_GIVEN,
    TASK_GIVEN_BACK,
    TASK_OPEN_AGAIN,
    WITHDRAWN,
)
from habeas.cases.today import NeedsPanel, TasksPanel

register_snippet(RegistryViews)

_VERBS = {
    RECORDED: ("Record", "Recorded"),
    AMENDED: ("Amend", "Amended"),
    WITHDRAWN: ("Withdraw", "Withdrawn"),
    SUPERSEDED: ("Supersede", "Superseded"),
    ERASED: ("Erase", "Erased"),
    TAKEN_DOWN: ("Take down", "Taken down from every page"),
    IDENTITY_READ: ("Read who a source is", "Read who a source is"),
    PUT_BACK: ("Put back", "Put back on its pages"),
    TASK_GIVEN: ("Give a task", "Task given"),
    TASK_GIVEN_BACK: ("Give a task back", "Task given back"),
    TASK_DONE: ("Task done", "Task done"),
    TASK_OPEN_AGAIN: ("Task open again", "Task open again"),
}
_SAY_ALL = frozenset({TASK_GIVEN, TASK_GIVEN_BACK, TASK_DONE, TASK_OPEN_AGAIN})  # names of fields add nothing


class ChangeWords(LogFormatter):
    """A change in words: which fields, and why."""

    def __init__(self, words: tuple[str, str]) -> None:
        self.label, self.verb = words

    def format_message(self, log_entry: Any) -> str:
        """Return what was done, to which fields; the log knows no values."""
        if log_entry.action in _SAY_ALL:
            return self.verb
        fields = ", ".join(name.replace("_", " ") for name in log_entry.fields)
        return f"{self.verb}: {fields}" if fields else self.verb

    def format_comment(self, log_entry: Any) -> str:
        """Return why."""
        reason: str = log_entry.reason
        return reason


def name_our_actions(actions: Any) -> None:
    """Give the registry a log of its own, and its actions their words there."""
    actions.register_model(Record, Change)
    actions.register_action(IMPORTED, "Import a case file", "Case file imported")
    actions.register_action(EXPORTED, "Export", "Exported")
    for name, words in _VERBS.items():
        actions.register_action(name)(lambda words=words: ChangeWords(words))


def refuse_to_delete_in_bulk(
    request: HttpRequest, action_type: str, _objects: list[Any], action: Any
) -> HttpResponse | None:
    """Keep records of the registry from being deleted by the dozen: others rest on them."""
    if action_type != "delete" or not issubclass(action.model, Record):
        return None
    messages.error(request, "Records of the registry are deleted one at a time.")
    return HttpResponseRedirect(action.next_url)


def add_our_screens() -> list[URLPattern]:
    """Add what is neither a list nor a form of a record."""
    return [
        path("cases/figure/<uuid:definition>/", figure_views.figure, name="cases_figure"),
        path("cases/identity/<uuid:source>/", office_views.identity, name="cases_identity"),
        path("cases/override/<uuid:event>/", case_views.override, name="cases_override"),
        path("cases/task/<slug:kind>/<uuid:event>/", task_views.task, name="cases_task"),
        path("cases/task/<slug:kind>/<uuid:event>/<uuid:against>/", task_views.task, name="cases_task"),
        path("cases/<uuid:case>/documents/add/", case_views.add_document, name="cases_add_document"),
        path("cases/documents/<uuid:document>/", case_views.document, name="cases_document"),
        path("cases/<uuid:case>/history/", case_views.case_history, name="cases_history"),
        path(
            "cases/compare/<slug:kind>/<uuid:record>/<int:version>/",
            case_views.compare,
            name="cases_compare",
        ),
        path("cases/import/", import_views.start, name="cases_import"),
        path("cases/import/<slug:upload>/columns/", import_views.columns, name="cases_import_columns"),
        path("cases/import/<slug:upload>/check/", import_views.check, name="cases_import_check"),
        path("cases/import/<slug:upload>/refused/", import_views.refused_rows, name="cases_import_refused"),
        path("cases/import/<slug:upload>/mapping/", import_views.mapping, name="cases_import_mapping"),
        path("cases/import/<slug:upload>/run/", import_views.import_, name="cases_import_run"),
        path("cases/import/<slug:upload>/cancel/", import_views.cancel, name="cases_import_cancel"),
        path("cases/imported/<uuid:act>/", import_views.imported, name="cases_imported"),
        path("cases/withdraw/<slug:kind>/<uuid:record>/", office_views.withdraw, name="cases_withdraw"),
    ]


def lead_to_our_screens(snippet: Any, user: Any, next_url: str | None = None) -> Any:  # noqa: ARG001  Wagtail's signature
    """Lead from a record to taking it back, from a source to who it is, from a question to its count."""
    if isinstance(snippet, Record) and not snippet.is_withdrawn:
        kind = snippet._meta.model_name  # noqa: SLF001  Django's public name
        yield Button("Withdraw", url=reverse("cases_withdraw", args=[kind, snippet.pk]), priority=70)
    if isinstance(snippet, FigureDef) and user.has_perm("cases.change_figuresnapshot"):
        yield Button("Count", url=reverse("cases_figure", args=[snippet.pk]), priority=10)
    if isinstance(snippet, Source):
        yield ListingButton("Who it is", reverse("cases_identity", args=[snippet.pk]), priority=80)


def say_what_needs_somebody(request: HttpRequest, panels: list[Any]) -> None:  # noqa: ARG001  Wagtail's signature
    """Put what the reader was given to do, and what the registry needs, on the first screen."""
    panels += [TasksPanel(), NeedsPanel()]


def add_our_style() -> str:
    """Load the look of our screens."""
    return format_html('<link rel="stylesheet" href="{}">', static("cases/cases.css"))


hooks.register("insert_global_admin_css", add_our_style)
hooks.register("construct_homepage_panels", say_what_needs_somebody)
hooks.register("register_log_actions", name_our_actions)
hooks.register("register_admin_urls", add_our_screens)
hooks.register("register_snippet_listing_buttons", lead_to_our_screens)
hooks.register("before_bulk_action", refuse_to_delete_in_bulk)
