"""The page of a case in the office."""

from typing import Any

from django import forms
from django.utils import timezone
from wagtail.admin.widgets import AdminDateInput
from wagtail.snippets.views import snippets

from habeas.cases import case_page, tasks
from habeas.cases.admin_records import ReadersOnly


class DayForm(forms.Form):
    """On which day."""

    on = forms.DateField(label="On another day", required=False, widget=AdminDateInput())


class CaseView(ReadersOnly, snippets.InspectView):
    """Shows a case to whoever works on it."""

    template_name = "cases/case.html"
    page_title = "Case"

    def get_fields(self) -> list[str]:
        """Return nothing: the page says it better than a list of fields."""
        return []

    def get_fields_context(self) -> list[Any]:
        """Return nothing, for the same reason."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what the page shows."""
        today, user = timezone.localdate(), self.request.user
        form = DayForm(self.request.GET or None)
        chosen = form.cleaned_data["on"] if form.is_valid() else None
        told = {
            "page": case_page.page_of(self.object, chosen or today, today=today, by=user),  # type: ignore[arg-type]  # nobody is here without a login
            "day_form": form if form.is_bound else DayForm(),
            "may_change": user.has_perm("cases.change_event"),
            "may_override": user.has_perm("cases.add_override"),
            "may_give": tasks.may_give(self.object, user),  # type: ignore[arg-type]  # nobody is here without a login
            "may_add_document": user.has_perm("cases.change_case"),
        }
        return {**super().get_context_data(**kwargs), **told}
