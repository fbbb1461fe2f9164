"""Writing an update of a campaign, correcting it, taking it back: each first says what it will change."""

from collections.abc import Iterator, Mapping
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
from django.utils import timezone

from habeas.campaigns import actions, updates
from habeas.campaigns.models import Campaign, CampaignPage, Update, UpdateText, mailed_in
from habeas.campaigns.preview import preview_update
from habeas.campaigns.updates import Words
from habeas.delivery import news
from habeas.delivery.news_status import NewsStatus, mails_by_language, news_status, news_status_path
from habeas.edition.slots import campaign_path, update_path
from habeas.lib import ids, languages
from habeas.lib.errors import HabeasError

_CHANGED_A_LANGUAGE = (
    "the campaign's page",
    "the update's own page",
    "the campaign's feed",
    "the site's feed",
)

_SUBJECT = "Also its heading. Locked telephones show it: name neither the case nor the person."
_TEXT = "An empty line begins a paragraph. The link to the page is added."


class UpdateForm(forms.Form):
    """Subject and text in each language of the campaign's pages; a language left empty is left out."""

    key = forms.UUIDField(widget=forms.HiddenInput)  # sent twice, it is one update

    def __init__(
        self,
        campaign: Campaign,
        told: Any = None,
        *,
        said: Mapping[str, Words] | None = None,
        mails: bool = True,
    ) -> None:
        """Ask for an update, or for other words of one that says `said` now.

        mails  whether to ask if it is mailed
        """
        super().__init__(told, initial={"key": ids.uuid7()})
        self.campaign, self.pages, self.said = campaign, updates.pages_of(campaign), dict(said or {})
        for code in self.pages:
            self._ask_for(code, self.said.get(code, Words("", "")), explains=code == next(iter(self.pages)))
        if mails:
            self.fields["mails"] = forms.BooleanField(
                label="Mail it to those who asked for news", required=False, initial=True, label_suffix=""
            )

    def _ask_for(self, code: str, said: Words, *, explains: bool) -> None:
        written = {"lang": code, "dir": languages.language(code).direction}
        self.fields[f"subject_{code}"] = forms.CharField(
            label="Subject",
            required=False,
            initial=said.subject,
            max_length=updates.LONGEST_SUBJECT,
            widget=forms.TextInput(attrs=written),
            help_text=_SUBJECT if explains else "",
        )
        self.fields[f"text_{code}"] = forms.CharField(
            label="Text",
            required=False,
            initial=said.text,
            widget=forms.Textarea(attrs={**written, "rows": 5}),
            help_text=_TEXT if explains else "",
        )

    @property
    def by_language(self) -> Iterator[tuple[str, str, Any, Any]]:
        """Yield the fields of each language: its code, its name, subject, text."""
        for code in self.pages:
            yield code, updates.name_of(code), self[f"subject_{code}"], self[f"text_{code}"]

    @property
    def carried(self) -> Iterator[Any]:
        """Yield every field as one that is carried along unseen."""
        return (field.as_hidden() for field in self)

    @property
    def texts(self) -> dict[str, Words]:
        """What was written, by language."""
        told = {code: self._words(code) for code in self.pages}
        return {code: words for code, words in told.items() if words.subject or words.text}

    def _words(self, code: str) -> Words:
        text = self.cleaned_data.get(f"text_{code}", "").replace("\r\n", "\n")
        return Words(self.cleaned_data.get(f"subject_{code}", ""), text)

    def clean(self) -> dict[str, Any]:
        """Say what there is to mend beside the field it is in."""
        for code, field, trouble in updates.obstacles(self.campaign, self.texts):
            self.add_error(f"{field}_{code}" if code in self.pages else None, f"{trouble}.")
        if not self.texts and not self.errors:
            self.add_error(None, "Write subject and text in one language at least.")
        if self.said and self.texts == self.said:
            self.add_error(None, "This is what it says already. Change some words, or leave it as it is.")
        return self.cleaned_data


@dataclass(frozen=True, slots=True)
class Look:
    """An update in one language, before anybody else sees it."""

    code: str
    name: str
    address: str
    page: str  # HTML
    subject: str
    mail: str  # text; empty: none goes out


@dataclass(frozen=True, slots=True)
class Mails:
    """How many people would get the mail in one language."""

    name: str  # of the mail's language
    people: int
    others: str  # among them: those who signed in a language that is left out, in words


def write(request: HttpRequest, campaign: UUID) -> HttpResponse:
    """Ask for an update; show what it changes; on the second press, publish it."""
    found, user = _campaign(request, campaign)
    form = UpdateForm(found, request.POST or None)
    wants = request.POST.get("step", "")
    if wants and form.is_valid() and wants == "look":
        return render(request, "office/update_look.html", _what_will_change(found, form))
    if wants and form.is_valid() and wants == "publish" and _publish(request, found, form, user):
        return _to_the_updates(found)
    return render(request, "office/update.html", _asked(found, form))


def correct(request: HttpRequest, update: UUID) -> HttpResponse:
    """Ask for other words; show what they change; on the second press, put them up."""
    told = get_object_or_404(Update.objects.select_related("campaign__case"), pk=update)
    found, user = _campaign(request, told.campaign_id)
    form = UpdateForm(found, request.POST or None, said=updates.words_of(told), mails=False)
    wants = request.POST.get("step", "")
    if wants and form.is_valid() and wants == "look":
        return render(request, "office/update_look.html", _what_will_change(found, form, told))
    if wants and form.is_valid() and wants == "publish" and _correct(request, told, form, user):
        return _to_the_updates(found)
    return render(request, "office/update.html", _asked(found, form, told))


class ReasonForm(forms.Form):
    """Why; the log keeps it."""

    reason = forms.CharField(
        label="Why",
        max_length=500,
        help_text="For the log. No reader sees it.",
        error_messages={"required": "Say why in a few words: whoever asks later finds them in the log."},
    )


def take_back(request: HttpRequest, update: UUID) -> HttpResponse:
    """Ask why; on POST, take an update off every page and stop its mails."""
    told = get_object_or_404(Update.objects.select_related("campaign__case"), pk=update)
    found, user = _campaign(request, told.campaign_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            actions.take_back_update(told, by=user, reason=form.cleaned_data["reason"])
        except (HabeasError, OSError) as reason:
            messages.error(request, f"Nothing was changed: {reason}.")
        else:
            messages.success(request, "Taken back. Its pages say so, and no more of its mails leave.")
            return _to_the_updates(found)
    return render(request, "office/update_take_back.html", _what_goes(found, told, form))


def _what_goes(campaign: Campaign, told: Update, form: ReasonForm) -> dict[str, Any]:
    """Return what the screen shows of an update that may be taken back."""
    status, texts = _status(), list(told.texts.all())
    up = updates.pages_of(campaign).keys() & {text.language for text in texts}
    return {
        "campaign": campaign,
        "update": told,
        "form": form,
        "texts": [(updates.name_of(text.language), text) for text in texts],
        "pages": len(_CHANGED_A_LANGUAGE) * len(up),
        "changed": _CHANGED_A_LANGUAGE,
        "owed": status.owed_of(told.pk) if status else None,
    }


def _to_the_updates(campaign: Campaign) -> HttpResponse:
    """Lead to what was told so far, where what was just done is seen."""
    return redirect("campaigns_updates", campaign.pk)


def _campaign(request: HttpRequest, key: UUID) -> tuple[Campaign, User]:
    """Return a campaign and who asks.

    raises  PermissionDenied
    """
    user = request.user
    if not isinstance(user, User) or not user.has_perm("campaigns.change_campaign"):
        raise PermissionDenied
    return get_object_or_404(Campaign.objects.select_related("case"), pk=key), user


def _publish(request: HttpRequest, campaign: Campaign, form: UpdateForm, by: User) -> bool:
    told, mails = form.cleaned_data, bool(form.cleaned_data["mails"])
    try:
        actions.write_update(campaign, form.texts, by=by, mails=mails, key=told["key"])
    except (HabeasError, OSError) as reason:
        messages.error(request, f"Nothing was published: {reason}.")
        return False
    follows = "The clerk mails it now." if mails else "Nobody is written to."
    messages.success(request, f"The update is on its pages. {follows}")
    return True


def _correct(request: HttpRequest, update: Update, form: UpdateForm, by: User) -> bool:
    try:
        actions.correct_update(update, form.texts, by=by)
    except (HabeasError, OSError) as reason:
        messages.error(request, f"Nothing was changed: {reason}.")
        return False
    messages.success(request, "Corrected, with today's date on its pages. Nobody is mailed again.")
    return True


def _asked(campaign: Campaign, form: UpdateForm, told: Update | None = None) -> dict[str, Any]:
    """Return what the first step shows."""
    problem, status = "", _status()
    try:
        updates.check_campaign(campaign)
    except updates.UpdateRefused as reason:
        problem = f"Not now: {reason}"
    if told and told.taken_back_on:
        problem = "This update was taken back. If it was right after all, write it again"
    earlier = [] if told else list(_earlier(campaign, status))
    asked = status.wanted_of(campaign.ledger_id) if status else None
    return {
        "campaign": campaign,
        "form": form,
        "problem": problem,
        "told": told,
        "earlier": earlier,
        "unspoken": [
            updates.name_of(code) for code in settings.CONFIG.site.languages if code not in form.pages
        ],
        "left_out": _left_out_of(form, told),
        "asked": None if asked is None else sum(asked.values()),
    }


def _left_out_of(form: UpdateForm, told: Update | None) -> list[str]:
    """Return the languages in which an update that is to be corrected does not stand."""
    words = updates.words_of(told) if told else {}
    return [updates.name_of(code) for code in form.pages if words and code not in words]


@dataclass(frozen=True, slots=True)
class Earlier:
    """An update that is out."""

    update: Update
    subject: str
    languages: str
    missing: str  # languages of the campaign's pages that do not show it, in words; usually empty
    instead: str  # the language in which those who signed there were mailed
    url: str
    owed: int | None  # mails that have not left; None: nobody knows


def _earlier(campaign: Campaign, status: NewsStatus | None) -> Iterator[Earlier]:
    pages = updates.pages_of(campaign)
    for name, update in updates.all_of(campaign):
        words = updates.words_of(update)
        if words:
            first = mailed_in("", words)
            yield Earlier(
                update,
                words[first].subject,
                ", ".join(updates.name_of(code) for code in words),
                ", ".join(updates.name_of(code) for code in pages if code not in words),
                updates.name_of(first),
                settings.CONFIG.door_url + update_path(campaign.slug, first, name),
                status.owed_of(update.pk) if status else None,
            )


def _what_will_change(campaign: Campaign, form: UpdateForm, told: Update | None = None) -> dict[str, Any]:
    """Return what the second step shows; nothing has changed yet."""
    texts, status = form.texts, _status()
    mails = bool(form.cleaned_data.get("mails"))
    left_out = [code for code in form.pages if code not in texts and code not in form.said]
    taken_out = [code for code in form.pages if code not in texts and code in form.said]
    wanted = status.wanted_of(campaign.ledger_id) if status else {}
    owed = status.owed_of(told.pk) if status and told else 0
    return {
        "campaign": campaign,
        "form": form,
        "told": told,
        "concerns": updates.concerns(campaign, texts) if mails else [],
        "changed": _CHANGED_A_LANGUAGE,
        "pages": len(_CHANGED_A_LANGUAGE) * len(texts),
        "written": [updates.name_of(code) for code in texts],
        "left_out": [(updates.name_of(code), updates.name_of(mailed_in(code, texts))) for code in left_out],
        "taken_out": [updates.name_of(code) for code in taken_out],
        "mails": mails,
        "is_counted": status is not None,
        "people": sum(wanted.values()),
        "by_language": list(_mails(wanted, texts)) if mails else [],
        "owed": owed,
        "looks": [_look(form.pages[code], texts[code], told, mails=mails) for code in texts],
    }


def _mails(wanted: Mapping[str, int], texts: Mapping[str, Words]) -> Iterator[Mails]:
    for code, signed_in in mails_by_language(wanted, texts).items():
        others = ", ".join(
            f"{people:,} who signed in {updates.name_of(other)}"
            for other, people in signed_in.items()
            if other != code
        )
        yield Mails(updates.name_of(code), sum(signed_in.values()), others)


def _look(page: CampaignPage, words: Words, told: Update | None, *, mails: bool) -> Look:
    campaign, code, today = page.campaign, page.locale.language_code, timezone.localdate()
    shown = Update(
        campaign=campaign, made_on=told.made_on if told else today, corrected_on=today if told else None
    )
    text = UpdateText(language=code, subject=words.subject, text=words.text)
    return Look(
        code,
        updates.name_of(code),
        settings.CONFIG.door_url + campaign_path(campaign.slug, code),
        preview_update(page, shown, words).decode(),
        words.subject,
        news.preview(settings.CONFIG, campaign, text) if mails else "",
    )


def _status() -> NewsStatus | None:
    return news_status(news_status_path(settings.CONFIG))
