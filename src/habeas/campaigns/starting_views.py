"""The screen that makes a campaign from a case."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from habeas.campaigns import naming, starting
from habeas.campaigns.demands import in_words
from habeas.campaigns.models import Campaign, Demand
from habeas.cases import choosing, publishable, standing
from habeas.lib import languages
from habeas.lib.errors import HabeasError

_NAMED = 3  # so many names are told one by one
_IN_ITS_LANGUAGE = (
    *("target_office", "target_holder", "person"),
    *("title", "lede", "demands", "story", "button"),
)


class StartForm(forms.Form):
    """What only people can write; what the case knows is filled in."""

    target: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        queryset=None,
        label="Who can do what is asked",
        empty_label=None,
        help_text="An authority of the case.",
    )
    target_office = forms.CharField(max_length=200, required=False, label="The office, as the page calls it")
    target_holder = forms.CharField(
        max_length=200,
        required=False,
        label="Its holder, as the page calls them",
        help_text="Empty: as the directory says it, if it does.",
    )
    person = forms.CharField(max_length=200, label="Who", help_text="The name as this page may say it.")
    title = forms.CharField(max_length=255, label="Title", help_text="Tell TARGET to DEMAND")
    lede = forms.CharField(max_length=300, label="Why it is urgent", help_text="In one line.")
    picked: forms.ModelMultipleChoiceField[Any] = forms.ModelMultipleChoiceField(
        queryset=None,
        label="Demands from the directory",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    demands = forms.CharField(
        label="Demands in your own words",
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text="One on each line. They are numbered, and follow those ticked above.",
    )
    story = forms.CharField(
        label="The story",
        widget=forms.Textarea({"rows": 8}),
        help_text="About 120 words, an empty line between paragraphs. Dates come from the case.",
    )
    button = forms.CharField(max_length=60, label="What the button says")
    slug = forms.SlugField(max_length=80, label="Address", help_text="The same in every language.")
    also = forms.MultipleChoiceField(
        label="Drafts of pages in other languages",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="To translate text by text; nowhere before they are published.",
    )

    def __init__(self, case: Any, language: str, by: User, told: Any = None) -> None:
        super().__init__(told)
        self.language = language
        target = self.fields["target"]
        target.queryset = choosing.authorities_of(case, by)  # type: ignore[attr-defined]  # a ModelChoiceField
        target.label_from_instance = lambda one: ", ".join(filter(None, (one.name, one.holder)))  # type: ignore[attr-defined]
        self._tell_of_offices(target.queryset)  # type: ignore[attr-defined]  # a ModelChoiceField
        self._offer_demands(choosing.names_of(case, language)[0])
        self.fields["button"].initial = naming.proposed_button(case, language)
        self.fields["person"].initial = choosing.names_of(case, language)[0]
        self.fields["slug"].initial = starting.proposed_slug(case)
        spoken = [code for code in settings.CONFIG.site.languages if code != language]
        others = [(code, languages.english_name(code)) for code in spoken]
        self.fields["also"].choices = others  # type: ignore[attr-defined]  # a MultipleChoiceField
        if not others:
            del self.fields["also"]
        written = {"lang": language, "dir": languages.language(language).direction}
        for name in {*_IN_ITS_LANGUAGE, "picked"} & self.fields.keys():
            self.fields[name].widget.attrs.update(written)

    def _tell_of_offices(self, offered: Iterable[Any]) -> None:
        """Say which offices have no words of the directory for the page."""
        look, called = publishable.Look(), languages.english_name(self.language)
        self._unsaid = [one for one in offered if not look.office(one, self.language)]
        told = "Empty: as the directory says it."
        if self._unsaid:
            listed = _shortened([f"“{one.name}”" for one in self._unsaid])
            told = f"{told} It has nothing public in {called} for {listed}: write it here."
        self.fields["target_office"].help_text = told

    def _offer_demands(self, person: str) -> None:
        """Offer the demands that have words in the language of the page, as the page will say them."""
        code, field = self.language, self.fields["picked"]
        there = list(Demand.objects.order_by("pk"))  # as they were added
        said = {one.pk: one.words[code] for one in there if one.words.get(code)}
        field.queryset = Demand.objects.filter(pk__in=said).order_by("pk")  # type: ignore[attr-defined]  # a ModelMultipleChoiceField
        field.label_from_instance = lambda one: in_words(said[one.pk], person or "…")  # type: ignore[attr-defined]
        unsaid = [f"“{one}”" for one in there if one.pk not in said]
        if unsaid:
            called = languages.english_name(code)
            field.help_text = f"Without words in {called} yet, and so not here: {_shortened(unsaid)}."
        if not said:
            del self.fields["picked"]

    def clean(self) -> dict[str, Any]:
        """Refuse a page that asks for nothing, or nobody."""
        told = super().clean() or {}
        if told.get("target") in self._unsaid and not told.get("target_office"):
            called = languages.english_name(self.language)
            self.add_error("target_office", f"The directory has nothing public in {called} for it: write it.")
        if not told.get("picked") and not _parts(told.get("demands", ""), "\n"):
            self.add_error("demands", "Tick a demand, or write one.")
        return told

    def clean_slug(self) -> str:
        """Refuse an address that a campaign has."""
        slug: str = self.cleaned_data["slug"]
        if Campaign.objects.filter(slug=slug).exists():
            raise ValidationError("A campaign has this address already.")
        return slug

    @property
    def first(self) -> starting.FirstPage:
        """The page that was written."""
        told = self.cleaned_data
        return starting.FirstPage(
            language=self.language,
            person=told["person"],
            title=told["title"],
            lede=told["lede"],
            button=told["button"],
            demands=_parts(told["demands"], "\n"),
            story=_parts(told["story"], "\n\n"),
            picked=tuple(told.get("picked", ())),
            office=told["target_office"],
            holder=told["target_holder"],
        )


def _shortened(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f", and {more} more" if more > 0 else "")


def _parts(text: str, between: str) -> tuple[str, ...]:
    parts = (part.strip() for part in text.replace("\r\n", "\n").split(between))
    return tuple(part for part in parts if part)


def start(request: HttpRequest, case: UUID) -> HttpResponse:
    """Ask for what the case does not know; on POST, make the campaign and lead to its opening."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm("campaigns.add_campaign"):
        raise PermissionDenied
    try:
        found = choosing.case_for(case, user)
    except choosing.NoSuchCase as error:
        raise Http404 from error
    spoken = settings.CONFIG.site.languages
    language = request.GET.get("language", "")
    language = language if language in spoken else spoken[0]
    form = StartForm(found, language, user, request.POST or None)
    made = _make(request, found, form, user) if form.is_valid() else None
    if made:
        return redirect("campaigns_move", made.pk, "publish")
    told = {
        "case": found,
        "form": form,
        "language": languages.english_name(language),
        "others": [(code, languages.english_name(code)) for code in spoken if code != language],
        "obstacles": [*publishable.obstacles(found), *publishable.contradictions(found)],
        "stands": standing.standing(found, timezone.localdate(), by=user).persons,
    }
    return render(request, "campaigns/start.html", told)


def _make(request: HttpRequest, case: Any, form: StartForm, by: User) -> Campaign | None:
    told = form.cleaned_data
    try:
        return starting.start(
            case=case,
            target=told["target"],
            slug=told["slug"],
            first=form.first,
            also=told.get("also", []),
            by=by,
        )
    except (HabeasError, OSError) as reason:
        messages.error(request, f"Nothing was made: {reason}.")
    except ValidationError as error:  # of the page: a figure that cannot be cited, a block that is too long
        for field, texts in error.message_dict.items():
            form.add_error(field if field in form.fields else None, texts)
    return None
