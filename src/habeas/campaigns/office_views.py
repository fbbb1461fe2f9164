"""Screens of the office that are about campaigns: what needs you today, and the guided moves."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from wagtail.admin.ui.components import Component

from habeas.campaigns import actions, planning, queries, targets, translations
from habeas.campaigns.lifecycle import MOVES, PUBLIC, Outcome, State
from habeas.campaigns.models import Campaign, CampaignPage, PlannedMove
from habeas.campaigns.preview import preview
from habeas.campaigns.publishing import publish_edition
from habeas.campaigns.queries import Standing
from habeas.campaigns.targets import Replaced
from habeas.campaigns.translations import Behind
from habeas.cases import closing, publishable
from habeas.cases.closing import WordsConsent
from habeas.cases.protection import Giver, Identification
from habeas.edition import read
from habeas.edition.status import door_statuses
from habeas.lib import languages
from habeas.lib.errors import HabeasError

_VERBS: dict[str, tuple[State, str]] = {
    "publish": (State.OPEN, "Open"),
    "pause": (State.PAUSED, "Pause"),
    "close": (State.CLOSED, "Close with its outcome"),
}


_ACTS: dict[str, Callable[..., actions.Moved]] = {
    "publish": actions.publish,
    "pause": actions.pause,
    "close": actions.close,
}


def verbs_for(campaign: Campaign) -> list[tuple[str, str]]:
    """Return (verb, label) of the moves `campaign` may make from where it is."""
    return [(verb, label) for verb, (to, label) in _VERBS.items() if to in MOVES[campaign.state]]


_NAMES_HOW_FAR = (
    (Identification.NAME_ONLY, "Their name, no picture"),
    (Identification.FULL_NAME_PHOTO, "Their name and picture"),
    (Identification.INITIALS, "Initials"),
    (Identification.ANONYMOUS, "Neither"),
)
_WAYS = ("In writing", "By message", "On the telephone", "On video", "In person")
_GIVERS = (Giver.PERSON, Giver.NEXT_OF_KIN, Giver.LAWYER)


class CloseForm(forms.Form):
    """What closing asks for: the outcome, a consent to the person's words, and that the record was read."""

    outcome = forms.ChoiceField(choices=Outcome.choices, label="What came of it")
    consent_on = forms.DateField(
        label="They agreed on",
        required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text="Empty: nobody has asked yet, and the words stay off the pages.",
    )
    consent_how = forms.ChoiceField(label="How", required=False, choices=[(way, way) for way in _WAYS])
    consent_giver = forms.ChoiceField(
        label="Who said so", required=False, choices=[(one.value, one.label) for one in _GIVERS]
    )
    consent_identification = forms.ChoiceField(
        label="What may stand beside the words", required=False, choices=_NAMES_HOW_FAR
    )
    consent_person = forms.ChoiceField(label="Whose words they are", required=False)
    seen = forms.BooleanField(
        label="I have read what the record says, and close it all the same",
        label_suffix="",
        error_messages={"required": "Please read what the record says, and tick the box."},
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self["outcome"].value()
        self.concerns = actions.closing_concerns(
            campaign, chosen if chosen in Outcome.values else Outcome.RELEASED
        )
        if not self.concerns:
            del self.fields["seen"]
        self.has_words = actions.has_words(campaign)
        self.asks_consent = self.has_words and not closing.may_show_words(campaign.case)
        self.fresh_since = closing.fresh_since(campaign.case) if self.asks_consent else None
        people = closing.subjects(campaign.case) if self.asks_consent else []
        self.fields["consent_person"].choices = [(str(key), name) for key, name in people]  # type: ignore[attr-defined]  # a ChoiceField
        for name in [one for one in self.fields if one.startswith("consent_")]:
            is_asked = self.asks_consent and (name != "consent_person" or len(people) > 1)
            if not is_asked:
                del self.fields[name]

    @property
    def consent_fields(self) -> list[Any]:
        """The fields of the consent; none if one is on record."""
        return [self[name] for name in self.fields if name.startswith("consent_")]

    def clean(self) -> dict[str, Any]:
        """Return what the act takes."""
        return {"outcome": self.cleaned_data.get("outcome"), "consent": self._consent()}

    def _consent(self) -> WordsConsent | None:
        told = self.cleaned_data
        if not told.get("consent_on"):
            return None
        person = told.get("consent_person")
        return WordsConsent(
            on=told["consent_on"],
            giver=Giver(told["consent_giver"] or Giver.PERSON),
            how=told["consent_how"] or "",
            identification=Identification(told["consent_identification"] or Identification.NAME_ONLY),
            person=UUID(person) if person else None,
        )


def move(request: HttpRequest, campaign: UUID, verb: str) -> HttpResponse:
    """Show what a move will change; on POST, make it."""
    found = get_object_or_404(Campaign, pk=campaign)
    user = request.user
    if not isinstance(user, User) or not user.has_perm("campaigns.change_campaign"):
        raise PermissionDenied
    form = _form(request, found, verb)
    if request.method == "POST" and form.is_valid() and _make(request, found, verb, form, user):
        return redirect("wagtailadmin_home")
    found.refresh_from_db()
    return render(request, "campaigns/move.html", _what_will_change(found, verb, form))


def _form(request: HttpRequest, campaign: Campaign, verb: str) -> forms.Form:
    told = request.POST or None
    return CloseForm(told, campaign=campaign) if verb == "close" else forms.Form(told)


def _make(request: HttpRequest, campaign: Campaign, verb: str, form: forms.Form, by: User) -> bool:
    act = _ACTS[verb]
    try:
        moved = act(campaign, by=by, **form.cleaned_data)
    except (HabeasError, OSError) as reason:
        messages.error(request, f"Nothing was changed: {reason}.")
        return False
    messages.success(
        request, f"{campaign.slug} is {moved.campaign.get_state_display().lower()} in every language."
    )
    return True


def _what_will_change(campaign: Campaign, verb: str, form: forms.Form) -> dict[str, Any]:
    pages = list(campaign.pages.filter(live=True).select_related("locale"))
    problem = ""
    check = {"close": actions.check_closing, "publish": actions.check_opening}.get(verb)
    try:
        if check:
            check(campaign)
    except HabeasError as reason:
        problem = str(reason)
    return {
        "campaign": campaign,
        "verb": verb,
        "label": _VERBS[verb][1] if verb in _VERBS else verb,
        "form": form,
        "pages": pages,
        "standing": queries.standings()(campaign),
        "problem": problem,
        "looks": list(_looks(pages)) if verb == "publish" else [],
        "behind": translations.behind(page__campaign=campaign),
    }


def _looks(pages: list[CampaignPage]) -> Iterator[tuple[str, CampaignPage, str]]:
    """Yield each page as it will open: its language, the page, HTML."""
    for page in pages:
        apart = CampaignPage.objects.get(pk=page.pk)  # a preview changes the state of its campaign
        name = languages.english_name(page.locale.language_code)
        yield name, page, preview(apart, State.OPEN).decode()


class ReasonForm(forms.Form):
    """Why; the log keeps it."""

    reason = forms.CharField(label="Why", max_length=500)


_TAKE_DOWN: dict[str, tuple[Callable[..., actions.TakenDown], str]] = {
    "take-down": (actions.take_down, "Take down now"),
    "put-back": (actions.put_back, "Put back"),
}


def take_down(request: HttpRequest, campaign: UUID, verb: str) -> HttpResponse:
    """Ask why; on POST, take every page of the campaign's case down, or put them back."""
    found = get_object_or_404(Campaign.objects.select_related("case"), pk=campaign)
    user = request.user
    if not isinstance(user, User) or not user.has_perm("campaigns.change_campaign"):
        raise PermissionDenied
    form = ReasonForm(request.POST or None)
    act, label = _TAKE_DOWN[verb]
    if request.method == "POST" and form.is_valid():
        try:
            done = act(found.case, by=user, reason=form.cleaned_data["reason"])
        except (HabeasError, OSError) as reason:
            messages.error(request, f"The pages did not change: {reason}.")
        else:
            messages.success(request, f"Done, in edition {done.edition}: {', '.join(done.campaigns)}.")
            return redirect("wagtailadmin_home")
    others = Campaign.objects.filter(case=found.case, state__in=PUBLIC)
    told = {"campaign": found, "verb": verb, "label": label, "form": form, "campaigns": others}
    return render(request, "campaigns/take_down.html", told)


def put_out_anew(request: HttpRequest, campaign: Campaign) -> None:
    """Have the door follow the record of a public campaign that was just saved."""
    if not campaign.is_public:
        return
    try:
        publish_edition(settings.CONFIG)
    except (HabeasError, OSError) as reason:
        messages.error(request, f"{campaign.slug} is saved, but its pages are as they were: {reason}.")


@dataclass(frozen=True, slots=True)
class Row:
    """A campaign on the panel."""

    campaign: Campaign
    standing: Standing
    verbs: list[tuple[str, str]]
    obstacles: list[str]  # why none of its pages is shown, though it is public; usually empty
    contradictions: list[str]  # what is left out of them until it is mended
    plans: list[PlannedMove]  # what was left to the clock
    can_plan: bool
    behind: list[Behind]  # languages that say what the original said before
    replaced: list[Replaced]  # offices and holders of before


class TodayPanel(Component):
    """The first thing staff see: campaigns, counts, and doors that do not serve what was published."""

    order = 10
    template_name = "campaigns/today.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return what the panel shows."""
        standing_of = queries.standings()
        late, user = translations.behind_by_campaign(), parent_context["request"].user
        replaced = targets.replaced(user)
        rows = [
            Row(
                campaign,
                standing_of(campaign),
                verbs_for(campaign),
                publishable.obstacles(campaign.case) if campaign.is_public else [],
                publishable.contradictions(campaign.case) if campaign.is_public else [],
                list(campaign.planned.all()),
                bool(planning.can_plan(campaign)),
                late.get(campaign.pk, []),
                replaced.get(campaign.pk, []),
            )
            for campaign in queries.all_campaigns().prefetch_related("planned")
        ]
        broken = queries.broken_citations()
        return {
            "rows": rows,
            "broken": broken,
            "doors": _doors(),
            "door_url": settings.CONFIG.door_url,
            "may_start": user.has_perms(["campaigns.add_campaign", "cases.view_case"]),
        }


def _doors() -> list[str]:
    """Return a sentence for every door that does not serve the current edition."""
    try:
        current = read.current_number(settings.CONFIG.editions)
    except read.BadEdition as reason:
        return [f"The current edition cannot be read: {reason}."]
    return [
        f"{name} refused edition {status.refused}: {status.reason}. It still serves edition {status.serving}."
        for name, status in door_statuses(settings.CONFIG.status)
        if status.refused == current
    ]
