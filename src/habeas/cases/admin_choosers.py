"""How records are found and chosen: by any words of what their list searches, among those one may read.

Wagtail's search index is of no use here: it compares identifiers as text, and SQLite keeps UUIDs
in another spelling, so that it finds nothing.
"""

from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.snippets.views.chooser import (
    ChooseResultsView,
    ChooseView,
    SnippetChooserViewSet,
    SnippetChosenMultipleView,
    SnippetChosenView,
)

from habeas.cases.access import visible


class FindForm(BaseFilterForm):
    """One line to type words into; a record is found if it has them all."""

    q = forms.CharField(
        label="Search", required=False, widget=forms.TextInput(attrs={"placeholder": "Search"})
    )

    def filter(self, objects: QuerySet[Any]) -> QuerySet[Any]:
        """Return the records with all the words typed."""
        objects = super().filter(objects)
        self.search_query = self.cleaned_data["q"]
        self.is_searching = bool(self.search_query)
        fields = objects.model.snippet_viewset.search_fields
        for word in self.search_query.split():
            objects = objects.filter(reduce(or_, (Q(**{f"{field}__icontains": word}) for field in fields)))
        return objects.distinct()


class _Readable:
    """Offers what the person may read."""

    def get_object_list(self) -> QuerySet[Any]:
        return visible(super().get_object_list(), self.request.user)  # type: ignore[misc, attr-defined]  # Wagtail's


class _Choose(_Readable, ChooseView):
    filter_form_class = FindForm


class _ChooseResults(_Readable, ChooseResultsView):
    filter_form_class = FindForm


class _Chosen(SnippetChosenView):
    def get_object(self, pk: Any) -> Any:
        return visible(self.model_class.objects.all(), self.request.user).get(pk=pk)


class _ChosenMultiple(SnippetChosenMultipleView):
    def get_objects(self, pks: list[Any]) -> QuerySet[Any]:
        chosen: QuerySet[Any] = self.model_class.objects.filter(pk__in=pks)
        return visible(chosen, self.request.user)


class RecordChoosers(SnippetChooserViewSet):
    """The chooser of any record of the registry."""

    choose_view_class = _Choose
    choose_results_view_class = _ChooseResults
    chosen_view_class = _Chosen
    chosen_multiple_view_class = _ChosenMultiple
