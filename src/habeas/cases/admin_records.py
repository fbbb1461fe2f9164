"""What all screens of records have in common: each shows a person what is for them, and nothing else."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet, RestrictedError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from wagtail.admin.filters import WagtailFilterSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.models import SnippetAdminURLFinder
from wagtail.snippets.views import snippets

from habeas.cases import access, actions
from habeas.cases.admin_choosers import RecordChoosers
from habeas.cases.models import Record


class ReadersOnly:
    """A view of one record, for those who may read it; for others there is no such record."""

    request: HttpRequest

    def get_object(self, *args: Any, **kwargs: Any) -> Any:
        """Return the record.

        raises  Http404 if there is none for this person
        """
        found = super().get_object(*args, **kwargs)  # type: ignore[misc]  # of Wagtail's view
        if not access.may_read(found, self.request.user):  # type: ignore[arg-type]  # nobody is here without a login
            raise Http404
        return found


class EditView(ReadersOnly, snippets.EditView):
    """Corrects a record."""


class UsageView(ReadersOnly, snippets.UsageView):
    """Tells where a record is used; what uses it and is not for the reader has no name there."""


class HistoryView(ReadersOnly, snippets.HistoryView):
    """Tells who changed a record, when, and in which fields."""


class DeleteView(ReadersOnly, snippets.DeleteView):
    """Erases a record that nothing rests on."""

    def form_valid(self, form: Any) -> HttpResponse:  # noqa: ARG002  Django's signature
        """Erase it, or say what rests on it."""
        try:
            actions.erase(self.object, by=self.request.user)  # type: ignore[arg-type]  # nobody is here without a login
        except RestrictedError as error:
            parts = sorted({str(part._meta.verbose_name) for part in error.restricted_objects})  # noqa: SLF001  Django's public name
            text = f"This cannot be deleted: {', '.join(parts)} records of its case rest on it."
            messages.error(self.request, text)
        else:
            messages.success(self.request, "Erased.")
        return HttpResponseRedirect(self.get_success_url())


class RecordFilters(WagtailFilterSet):
    """The filters of a list, which offer only what the person may read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in self.filters.values():
            offered = getattr(one, "queryset", None)
            if offered is not None and issubclass(offered.model, Record):
                one.queryset = access.visible(offered.all(), self.request.user)


class IndexView(snippets.IndexView):
    """Lists records."""

    base_filterset_class = RecordFilters


class RecordPolicy(ModelPermissionPolicy):
    """Wagtail's permissions by table, and who may read which record."""

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Record) -> bool:
        """Tell whether somebody may do something with one record."""
        return self.user_has_permission(user, action) and access.may_read(instance, user)

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: Record) -> bool:
        """Tell whether somebody may do any of several things with one record."""
        return self.user_has_any_permission(user, actions) and access.may_read(instance, user)

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> QuerySet[Any]:
        """Return the records somebody may do something with."""
        found: QuerySet[Any] = super().instances_user_has_any_permission_for(user, actions)
        return access.visible(found, user)


class ReadersFinder(SnippetAdminURLFinder):
    """Finds the address of a record's form, for those who may read the record."""

    def __init__(self, user: Any = None) -> None:
        super().__init__(user)
        self.user = user

    def get_edit_url(self, instance: Record) -> str | None:
        """Return the address; None says no more than that there is something."""
        if self.user is None or not access.may_read(instance, self.user):
            return None
        found: str | None = super().get_edit_url(instance)
        return found


class RegistryViewSet(snippets.SnippetViewSet):
    """What all records of the registry have in common."""

    search_backend_name = None  # searches the tables: Wagtail's index loses records with UUIDs on SQLite
    chooser_viewset_class = RecordChoosers
    index_view_class = IndexView
    edit_view_class = EditView
    delete_view_class = DeleteView
    usage_view_class = UsageView
    history_view_class = HistoryView
    copy_view_enabled = False  # nothing in the registry happened twice

    @property
    def permission_policy(self) -> RecordPolicy:
        """Who may do what."""
        return RecordPolicy(self.model)

    @property
    def url_finder_class(self) -> type[ReadersFinder]:
        """Who is led where."""
        return type("RecordFinder", (ReadersFinder,), {"model": self.model})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return what the list shows a person."""
        return access.visible(self.model.objects.all(), request.user)  # type: ignore[arg-type]  # nobody is here without a login
