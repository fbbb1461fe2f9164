"""How staff see and correct the registry in Wagtail's admin: lists, forms, choosers."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.snippets.views import snippets

from habeas.cases.admin_case_page import CaseView
from habeas.cases.admin_cases import CaseIndexView, CaseTitleColumn, StandsColumn, TasksColumn
from habeas.cases.admin_forms import AuthorityForm, CaseForm, EventForm, FigureDefForm, FigureForm, RecordForm
from habeas.cases.admin_records import RegistryViewSet
from habeas.cases.models import (
    Authority,
    Case,
    Communication,
    ConditionInterval,
    Consent,
    Embargo,
    Event,
    FigureDef,
    FigureSnapshot,
    Intervention,
    Override,
    Person,
    Place,
    Proceeding,
    Qualification,
    Source,
)


def _form(*panels: Any, base: type[RecordForm] = RecordForm) -> ObjectList:
    why = MultiFieldPanel(
        [FieldPanel("access"), FieldPanel("reason")], heading="Who reads it, and why it changed"
    )
    return ObjectList([*panels, why], base_form_class=base)


def _fields(*names: str) -> list[FieldPanel]:
    return [FieldPanel(name) for name in names]


class CaseViews(RegistryViewSet):
    """Cases, with the rights they concern and the people in them."""

    model = Case
    icon = "folder-open-inverse"
    index_view_class = CaseIndexView
    inspect_view_class = CaseView
    inspect_view_enabled = True
    list_display = [
        "ref",
        CaseTitleColumn("title", label="Title", sort_key="title"),
        StandsColumn("stands", label="Stands"),
        TasksColumn("tasks", label="To do"),
        "country",
        "lifecycle",
        "next_review_on",
    ]
    search_fields = ["ref", "title"]  # of choosers; the list searches whole cases
    edit_handler = _form(
        FieldPanel("ref"),
        FieldPanel("title", help_text="As it may be published."),
        FieldPanel("title_internal"),
        FieldPanel("country", help_text="Two letters (ISO 3166-1), like MR."),
        MultiFieldPanel(
            _fields("lifecycle", "priority", "monitoring", "next_review_on", "silence_alarm_days"),
            heading="The work on it",
        ),
        MultiFieldPanel(_fields("team", "named"), heading="Who works on it"),
        InlinePanel("rights", [FieldPanel("instrument"), FieldPanel("article")], label="Right"),
        InlinePanel("roles", [FieldPanel("person"), FieldPanel("role")], label="Person"),
        base=CaseForm,
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
                FieldPanel("publishable"),
            ],
            label="Name",
            min_num=1,
        ),
        MultiFieldPanel(_fields("counting_unit", "group_size_min", "group_size_max"), heading="How many"),
        *_fields("birth_edtf", "sex", "occupation", "medium"),
        FieldPanel("nationality", help_text='A list of two-letter codes, like ["MR"].'),
        MultiFieldPanel(
            [FieldPanel("age_years"), FieldPanel("age_as_of"), FieldPanel("age_source")], heading="Age"
        ),
        FieldPanel("health_note"),
        MultiFieldPanel(_fields("same_as", "same_as_reason"), heading="The same person as"),
    )


class EventViews(RegistryViewSet):
    """Events, with what each source claims about them."""

    model = Event
    icon = "date"
    list_display = ["case", "seq", "type", "date_edtf", "verification"]
    list_filter = ["case", "type", "verification"]
    search_fields = ["note", "quote", "case__ref"]
    edit_handler = _form(
        FieldPanel("case"),
        FieldPanel("seq", help_text="The place in the case: 10, 20, 30 leave room for what turns up later."),
        FieldPanel("type"),
        FieldPanel("date_edtf"),
        MultiFieldPanel(_fields("date_text", "calendar"), heading="As the source writes the date"),
        FieldPanel("verification", help_text="Corroborated: by two origins, or one official record."),
        InlinePanel(
            "claims",
            _fields(
                *("source", "field", "value", "stance", "credibility", "material_type", "received_on"),
                *("language", "note", "quote", "access"),
            ),
            label="Claim",
            help_text="One for each source. Where sources disagree, all stay.",
        ),
        *_fields("persons", "place", "authority", "proceeding", "legal_basis", "note", "quote"),
        InlinePanel(
            "charges",
            _fields("offence", "offence_original", "law", "article", "charge_class", "death_eligible"),
            label="Charge",
        ),
        InlinePanel(
            "components",
            _fields("kind", "qty", "unit", "suspended_qty", "runs", "counts_from"),
            label="Part of the sentence",
        ),
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
        *_fields("case", "person", "event", "kind", "legal_basis", "from_edtf", "to_edtf", "source", "note")
    )


class SourceViews(RegistryViewSet):
    """Sources of a case."""

    model = Source
    icon = "doc-full"
    list_display = ["title", "publisher", "case", "reliability"]
    list_filter = ["case", "reliability"]
    search_fields = ["key", "title", "publisher"]
    edit_handler = _form(
        *_fields("case", "key", "title", "publisher", "url", "kind", "connection", "reliability", "origin")
    )


class AuthorityViews(RegistryViewSet):
    """Authorities; a campaign chooses its target among them."""

    model = Authority
    icon = "group"
    list_display = ["name", "holder", "kind", "country"]
    list_filter = ["country", "kind"]
    search_fields = ["name", "holder"]
    edit_handler = _form(
        FieldPanel("name", help_text="What staff call the office."),
        FieldPanel(
            "offices",
            help_text="New pages and translations begin with it. Empty: each page says it in its own words.",
        ),
        FieldPanel("holder", help_text="Who holds it, for staff. Empty for a court."),
        FieldPanel("holders", help_text="The name as pages in each language write it."),
        FieldPanel("kind"),
        FieldPanel("country", help_text="Two letters (ISO 3166-1), like MR."),
        FieldPanel("parent"),
        FieldPanel("salutation", help_text="How a letter begins: “Your Excellency”."),
        FieldPanel("case"),
        FieldPanel("key", help_text="Its name inside the case: “supreme-court”."),
        base=AuthorityForm,
    )


class FigureDefViews(RegistryViewSet):
    """Questions that are counted from our records; the button "Count" leads to the numbers."""

    model = FigureDef
    icon = "order"
    list_display = ["slug", "question", "unit", "since", "until"]
    list_filter = ["unit", "country"]
    search_fields = ["slug", "question"]
    edit_handler = _form(
        *_fields("slug", "question"),
        FieldPanel("questions", help_text="For readers of “How we count”."),
        *_fields("unit", "event_types"),
        MultiFieldPanel(_fields("since", "until", "country", "place"), heading="When and where"),
        MultiFieldPanel(
            _fields("min_verification", "min_origins", "access_ceiling"), heading="What is sure enough"
        ),
        FieldPanel("wording", help_text="What a page says: “{number} arrests in Mauritania since 2014”."),
        base=FigureDefForm,
    )


class FigureViews(RegistryViewSet):
    """Numbers that pages may cite: of other bodies, entered here, and the snapshots of our own counts."""

    model = FigureSnapshot
    icon = "table"
    list_display = ["slug", "__str__", "source", "kind", "is_approved"]
    list_filter = ["case", "kind"]
    search_fields = ["slug", "wording"]
    edit_handler = _form(
        *_fields("slug", "wording", "source", "document", "page", "quote", "case"),
        MultiFieldPanel(_fields("value", "qualifier"), heading="The number alone, for {{figure:name}}"),
        base=FigureForm,
    )


class PlaceViews(RegistryViewSet):
    """Places."""

    model = Place
    icon = "site"
    list_display = ["name", "kind", "country"]
    list_filter = ["kind", "country"]
    search_fields = ["name", "note"]
    edit_handler = _form(
        *_fields("name", "kind", "country", "latitude", "longitude", "precision_m", "note", "case")
    )


class ProceedingViews(RegistryViewSet):
    """Cases before the courts."""

    model = Proceeding
    icon = "doc-empty-inverse"
    list_display = ["case", "__str__", "court_kind", "level"]
    list_filter = ["case", "court_kind", "level"]
    search_fields = ["court", "file_no", "case__ref"]
    edit_handler = _form(
        *_fields("case", "authority", "court", "court_kind", "level", "file_no", "judicial_district"),
        *_fields("language_access", "counsel", "note"),
    )


class ConsentViews(RegistryViewSet):
    """What people allowed."""

    model = Consent
    icon = "tick"
    list_display = ["case", "person", "purpose", "identification", "is_withdrawn"]
    list_filter = ["case", "purpose", "identification"]
    search_fields = ["scope", "case__ref"]
    edit_handler = _form(
        *_fields("case", "person", "source", "giver", "purpose", "identification", "scope"),
        *_fields("obtained_by", "obtained_how", "obtained_on", "review_by"),
    )


class EmbargoViews(RegistryViewSet):
    """What is not published yet, or no longer."""

    model = Embargo
    icon = "lock"
    list_display = ["case", "event", "until", "is_withdrawn"]
    list_filter = ["case"]
    search_fields = ["case__ref"]
    edit_handler = _form(*_fields("case", "event", "until"))


class OverrideViews(RegistryViewSet):
    """What stands though it seems to contradict itself; made from a case's page."""

    model = Override
    icon = "warning"
    list_display = ["case", "event", "against", "created_by", "created_at", "is_withdrawn"]
    list_filter = ["case"]
    search_fields = ["reason", "case__ref"]
    edit_handler = _form(*_fields("case", "event", "against", "reason"))


class QualificationViews(RegistryViewSet):
    """What bodies say a case is."""

    model = Qualification
    icon = "tag"
    list_display = ["case", "label", "body", "ref"]
    list_filter = ["case", "label"]
    search_fields = ["ref", "body", "case__ref"]
    edit_handler = _form(
        *_fields("case", "body", "label", "wgad_categories", "articles", "ref", "decided_on", "confidence")
    )


class CommunicationViews(RegistryViewSet):
    """Complaints and appeals to bodies."""

    model = Communication
    icon = "mail"
    list_display = ["case", "body", "kind", "sent_on", "reply_due", "reply_on"]
    list_filter = ["case", "kind"]
    search_fields = ["body", "outcome", "case__ref"]
    edit_handler = _form(
        *_fields("case", "body", "kind", "sent_on", "reply_due", "reply_on", "reply_position", "outcome")
    )


class InterventionViews(RegistryViewSet):
    """What was done, and what came of it."""

    model = Intervention
    icon = "pick"
    list_display = ["case", "kind", "on", "response", "impact"]
    list_filter = ["case", "response", "impact"]
    search_fields = ["kind", "requested", "case__ref"]
    edit_handler = _form(
        *_fields("case", "party", "kind", "on", "authority", "requested", "response", "impact", "status"),
        *_fields("campaign_slug"),
    )


class ImportItem(MenuItem):
    """The way to the import of tables."""

    def __init__(self) -> None:
        super().__init__(
            "Import a table", reverse_lazy("cases_import"), name="import", icon_name="upload", order=9_000
        )

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to whoever may add cases."""
        return bool(getattr(request.user, "has_perm", None) and request.user.has_perm("cases.add_case"))


class RegistryViews(snippets.SnippetViewSetGroup):
    """The registry's place in the menu."""

    items = (
        CaseViews,
        PersonViews,
        EventViews,
        ConditionViews,
        ProceedingViews,
        SourceViews,
        ConsentViews,
        EmbargoViews,
        OverrideViews,
        AuthorityViews,
        PlaceViews,
        QualificationViews,
        CommunicationViews,
        InterventionViews,
        FigureDefViews,
        FigureViews,
    )
    menu_label = "Cases"
    menu_icon = "folder-open-inverse"
    menu_name = "cases"
    menu_order = 150  # above Wagtail's own images and documents

    def get_submenu_items(self) -> list[Any]:
        """Return the lists, and the way to import one, for whoever may add cases."""
        return [*super().get_submenu_items(), ImportItem()]
