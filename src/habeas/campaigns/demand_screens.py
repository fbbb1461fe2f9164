"""The directory of demands in the office: its list, its form, and how a demand is chosen for a page."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.snippets.views import snippets
from wagtail.snippets.views.chooser import (
    ChooseResultsView,
    ChooseView,
    SnippetChooserViewSet,
    SnippetChosenView,
)

from habeas.campaigns import demands
from habeas.campaigns.models import Demand
from habeas.cases.admin_choosers import FindForm
from habeas.cases.admin_forms import InLanguages
from habeas.lib import languages


class DemandForm(InLanguages, WagtailAdminModelForm):
    """A demand, its words in a field for each language."""

    texts = ("words",)
    written_in = AdminAutoHeightTextInput

    def clean_words(self) -> dict[str, str]:
        """Return the words, each language's in one line."""
        return {code: " ".join(text.split()) for code, text in self.cleaned_data["words"].items()}


class CopyView(snippets.CopyView):
    """Begins a new demand with the words of another: the way to say what people signed in other words."""

    def get_initial_form_instance(self) -> Demand:
        """Return a new demand; the one it came from is not touched."""
        of = self.get_object()
        return Demand(name=f"{of.name[:70]} (copy)", words=of.words, suits=of.suits)


def said_in(demand: Demand) -> str:
    """Return the languages that a demand has words in, as lists show them."""
    return ", ".join(languages.english_name(code) for code in demands.in_order(demand))


_ASIDE = "listing__aside"  # a column that a phone has no room for
_WORDS = Column("words", label="Words", accessor=demands.first_words)
_LANGUAGES = Column("said_in", label="Languages", accessor=said_in, classname=_ASIDE)


class _WithWords:
    filter_form_class = FindForm

    @property
    def columns(self) -> list[Column]:
        """Show what a demand says beside what staff call it."""
        return [*super().columns, _WORDS, _LANGUAGES]  # type: ignore[misc]  # Wagtail's view


class _Choose(_WithWords, ChooseView):
    pass


class _ChooseResults(_WithWords, ChooseResultsView):
    pass


class _Chosen(SnippetChosenView):
    def get_display_title(self, instance: Demand) -> str:
        return demands.in_short(instance)


class DemandChoosers(SnippetChooserViewSet):
    """How a page picks a demand."""

    choose_view_class = _Choose
    choose_results_view_class = _ChooseResults
    chosen_view_class = _Chosen


class DemandViewSet(snippets.SnippetViewSet):
    """The demands of the organisation."""

    model = Demand
    icon = "list-ol"
    menu_label = "Demands"
    menu_order = 150  # beside the campaigns
    add_to_admin_menu = True
    search_backend_name = None  # searches the table: Wagtail's index loses UUIDs on SQLite
    search_fields = ("name", "words", "suits")
    list_display = (
        "name",
        _WORDS,
        _LANGUAGES,
        Column("suits", label="For cases of", sort_key="suits", classname=_ASIDE),
    )
    list_filter = ("suits",)
    chooser_viewset_class = DemandChoosers
    copy_view_class = CopyView
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel(
                "words",
                help_text="As pages say it, in as many languages as you can. {{person}} becomes the name on "
                "the page. What people have signed cannot be changed; another language may be added.",
            ),
            FieldPanel("suits"),
        ],
        base_form_class=DemandForm,
    )


def before_deleting(request: HttpRequest, snippets: list[Any]) -> HttpResponse | None:
    """Keep a demand that a campaign needs, and say which."""
    try:
        for one in snippets:
            if isinstance(one, Demand):
                demands.check_deleting(one)
    except demands.DemandRefused as reason:
        messages.error(request, f"Nothing was deleted: {reason}.")
        return redirect("wagtailsnippets_campaigns_demand:list")
    return None
