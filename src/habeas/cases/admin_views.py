"""How staff see and correct the registry in Wagtail's admin: lists, forms, choosers."""

from typing import Any

from django.contrib import messages
from django.db.models import RestrictedError
from django.http import HttpResponse, HttpResponseRedirect
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.snippets.views import snippets

from habeas.cases.admin_choosers import RecordChoosers
from habeas.cases.admin_forms import EventForm, RecordForm
from habeas.cases.models import Authority, Case, ConditionInterval, Event, FigureSnapshot, Person, Source


def _form(*panels: Any, base: type[RecordForm] = RecordForm) -> ObjectList:
    return ObjectList(list(panels), base_form_class=base)


class DeleteView(snippets.DeleteView):
    """Deletes a record that nothing rests on."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Delete it, or say what rests on it."""
        try:
            response: HttpResponse = super().form_valid(form)
        except RestrictedError as error:
            parts = sorted({str(part._meta.verbose_name) for part in error.restricted_objects})  # noqa: SLF001  Django's public name
            text = f"This cannot be deleted: {', '.join(parts)} records of its case rest on it."
            messages.error(self.request, text)
            return HttpResponseRedirect(self.get_success_url())
        return response


class RegistryViewSet(snippets.SnippetViewSet):
    """What all records of the registry have in common."""

    search_backend_name = None  # searches the tables: Wagtail's index loses records with UUIDs on SQLite
    chooser_viewset_class = RecordChoosers
    delete_view_class = DeleteView


class CaseViews(RegistryViewSet):
    """Cases, with the rights they concern and the people in them."""

    model = Case
    icon = "folder-open-inverse"
    list_display = ["ref", "title", "country"]
    list_filter = ["country"]
    search_fields = ["ref", "title"]
    edit_handler = _form(
        FieldPanel("ref"),
        FieldPanel("title"),
        FieldPanel("country", help_text="Two letters (ISO 3166-1), like MR."),
        InlinePanel("rights", [FieldPanel("instrument"), FieldPanel("article")], label="Right"),
        InlinePanel("roles", [FieldPanel("person"), FieldPanel("role")], label="Person"),
    )


class PersonViews(RegistryViewSet):
    """Persons, with their names."""

    model = Person
    icon = "user"
    list_display = ["__str__", "occupation", "counting_unit"]
    list_filter = ["counting_unit"]
    search_fields = ["names__text", "occupation"]
    edit_handler = _form(
        InlinePanel(
            "names",
            [
                FieldPanel("text"),
                FieldPanel("language", help_text="A code, like fr."),
                FieldPanel("script", help_text="Four letters (ISO 15924), like Latn or Arab."),
                FieldPanel("kind"),
                FieldPanel("preferred"),
            ],
            label="Name",
            min_num=1,
        ),
        FieldPanel("counting_unit"),
        FieldPanel("occupation"),
        FieldPanel("nationality", help_text='A list of two-letter codes, like ["MR"].'),
        MultiFieldPanel(
            [FieldPanel("age_years"), FieldPanel("age_as_of"), FieldPanel("age_source")], heading="Age"
        ),
    )


class EventViews(RegistryViewSet):
    """Events, with what each source claims about them."""

    model = Event
    icon = "date"
    list_display = ["case", "seq", "type", "date_edtf", "authority"]
    list_filter = ["case", "type"]
    search_fields = ["note", "quote", "case__ref"]
    edit_handler = _form(
        FieldPanel("case"),
        FieldPanel("seq", help_text="The place in the case: 10, 20, 30 leave room for what turns up later."),
        FieldPanel("type"),
        FieldPanel("date_edtf"),
        InlinePanel(
            "claims",
            [
                FieldPanel("source"),
                FieldPanel("field"),
                FieldPanel("value"),
                FieldPanel("stance"),
                FieldPanel("note"),
                FieldPanel("quote"),
            ],
            label="Claim",
            help_text="One for each source. Where sources disagree, all stay.",
        ),
        FieldPanel("persons"),
        FieldPanel("authority"),
        FieldPanel("note"),
        FieldPanel("quote"),
        FieldPanel("details"),
        base=EventForm,
    )


class ConditionViews(RegistryViewSet):
    """Conditions a person lived under, from one day to another."""

    model = ConditionInterval
    icon = "time"
    list_display = ["case", "person", "kind", "from_edtf", "to_edtf"]
    list_filter = ["case", "kind"]
    search_fields = ["note", "case__ref"]
    edit_handler = _form(
        *(
            FieldPanel(name)
            for name in ("case", "person", "event", "kind", "from_edtf", "to_edtf", "source", "note")
        )
    )


class SourceViews(RegistryViewSet):
    """Sources of a case."""

    model = Source
    icon = "doc-full"
    list_display = ["title", "publisher", "case", "reliability"]
    list_filter = ["case", "reliability"]
    search_fields = ["key", "title", "publisher"]
    edit_handler = _form(
        *(FieldPanel(name) for name in ("case", "key", "title", "publisher", "url", "kind", "reliability"))
    )


class AuthorityViews(RegistryViewSet):
    """Authorities; a campaign chooses its target among them."""

    model = Authority
    icon = "group"
    list_display = ["name", "holder", "kind", "country"]
    list_filter = ["country", "kind"]
    search_fields = ["name", "holder"]
    edit_handler = _form(
        FieldPanel("name"),
        FieldPanel("holder"),
        FieldPanel("kind"),
        FieldPanel("country", help_text="Two letters (ISO 3166-1), like MR."),
        FieldPanel("salutation", help_text='By language, like {"en": "Your Excellency"}.'),
        FieldPanel("case"),
        FieldPanel("key"),
    )


class FigureViews(RegistryViewSet):
    """Figures that pages may cite."""

    model = FigureSnapshot
    icon = "table"
    list_display = ["slug", "wording", "source", "kind"]
    list_filter = ["case", "kind"]
    search_fields = ["slug", "wording"]
    edit_handler = _form(
        *(
            FieldPanel(name)
            for name in ("slug", "wording", "kind", "source", "document", "page", "quote", "case")
        )
    )


class RegistryViews(snippets.SnippetViewSetGroup):
    """The registry's place in the menu."""

    items = (CaseViews, PersonViews, EventViews, ConditionViews, SourceViews, AuthorityViews, FigureViews)
    menu_label = "Cases"
    menu_icon = "folder-open-inverse"
    menu_name = "cases"
    menu_order = 150  # above Wagtail's own images and documents
