"""The screen of a campaign's languages, and what stands in for harmful screens of Wagtail Localize."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.models import Page
from wagtail_localize.models import Translation, TranslationSource
from wagtail_localize.views import convert, edit_translation, update_translations

from habeas.campaigns import demands, targets, translating, translations
from habeas.campaigns.models import Campaign, CampaignPage, Demand
from habeas.campaigns.targets import Replaced
from habeas.campaigns.translations import Behind
from habeas.edition.slots import campaign_path
from habeas.lib import languages as known
from habeas.lib.errors import HabeasError

_LARGEST_PO = 2_000_000  # bytes; a campaign's page has some ten thousand


@dataclass(frozen=True, slots=True)
class Language:
    """How a campaign stands in one language."""

    code: str
    name: str
    page: CampaignPage | None
    is_original: bool
    translation: Translation | None  # if it is translated text by text
    texts: int
    translated: int
    behind: Behind | None
    url: str
    unsaid: tuple[Demand, ...] = ()  # demands it is to show that have no words in this language
    replaced: tuple[Replaced, ...] = ()  # office and holder of before, which its page still says

    @property
    def left(self) -> int:
        """How many texts are still to be translated."""
        return self.texts - self.translated


def languages(request: HttpRequest, campaign: UUID) -> HttpResponse:
    """Show how a campaign stands in each language of the site; on POST, do what was pressed."""
    found = get_object_or_404(Campaign.objects.select_related("case"), pk=campaign)
    user = request.user
    if not isinstance(user, User) or not user.has_perm("campaigns.change_campaign"):
        raise PermissionDenied
    act = _ACTS.get(request.POST.get("act", ""))
    if request.method == "POST" and act:
        return _do(request, found, act, user)
    first = translations.original(found)
    told = {
        "campaign": found,
        "rows": list(_rows(found, first, user)),
        "original": translations.name_of(first) if first else "",
    }
    return render(request, "campaigns/languages.html", told)


def _do(request: HttpRequest, campaign: Campaign, act: Callable[..., CampaignPage], by: User) -> HttpResponse:
    language = request.POST.get("language", "")
    here = redirect("campaigns_languages", campaign.pk)
    if language not in settings.CONFIG.site.languages:
        return here
    try:
        page = act(campaign, language, by=by)
    except HabeasError as reason:
        messages.error(request, f"Nothing was changed: {reason}.")
        return here
    if act is _agree:
        messages.success(request, f"{known.english_name(language)} is up to date.")
        return here
    return redirect("wagtailadmin_pages:edit", page.pk)


def _refresh(campaign: Campaign, language: str, *, by: User) -> CampaignPage:
    page = _page(campaign, language, by)
    translating.refresh(page, by=by)
    return page


def _agree(campaign: Campaign, language: str, *, by: User) -> CampaignPage:
    page = _page(campaign, language, by)
    translating.agree(page, by=by)
    return page


def _page(campaign: Campaign, language: str, by: User) -> CampaignPage:
    page = get_object_or_404(CampaignPage, campaign=campaign, locale__language_code=language)
    if not page.permissions_for_user(by).can_edit():
        raise PermissionDenied
    return page


_ACTS: dict[str, Callable[..., CampaignPage]] = {
    "begin": translating.begin,
    "refresh": _refresh,
    "agree": _agree,
}


def _rows(campaign: Campaign, first: CampaignPage | None, by: User) -> Iterator[Language]:
    pages = {page.locale.language_code: page for page in campaign.pages.select_related("locale", "campaign")}
    late = {one.page.pk: one for one in translations.behind(page__campaign=campaign)}
    replaced = targets.replaced(by, campaign=campaign).get(campaign.pk, [])
    for code in settings.CONFIG.site.languages:
        page = pages.get(code)
        translation = translations.translation_of(page) if page else None
        texts, done = translation.get_progress() if translation else (0, 0)
        yield Language(
            code=code,
            name=known.english_name(code),
            page=page,
            is_original=bool(page and page == first),
            translation=translation,
            texts=texts,
            translated=done,
            behind=late.get(page.pk) if page else None,
            url=settings.CONFIG.door_url + campaign_path(campaign.slug, code) if campaign.is_public else "",
            replaced=tuple(one for one in replaced if one.page == page),
            unsaid=_unsaid(page if page and not translation else first, code),
        )


def _unsaid(shows: CampaignPage | None, code: str) -> tuple[Demand, ...]:
    """Return the demands that a page in a language is to show and that have no words in it yet.

    shows  the page written for itself, or the original that is translated
    """
    return tuple(demands.lacking(shows, code)) if shows else ()


def before_editing(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Publish a translation as we do; above any other page of a campaign say who is behind."""
    if not isinstance(page, CampaignPage):
        return None
    translation = translations.translation_of(page)
    if translation and request.method == "POST" and request.POST.get("action") == "publish":
        return _publish(request, translation, page)
    if request.method == "GET":
        tell(request, page)
    return None


def _publish(request: HttpRequest, translation: Translation, page: CampaignPage) -> HttpResponse:
    user = request.user
    if not isinstance(user, User) or not page.permissions_for_user(user).can_publish():
        raise PermissionDenied
    try:
        published = translating.publish(translation, by=user)
    except HabeasError as reason:
        messages.error(request, f"Not published: {reason}.")
    else:
        shown = _door_link(published)
        messages.success(request, f"“{published.title}” is published in {translations.name_of(page)}.", shown)
    return redirect("wagtailadmin_pages:edit", page.pk)


def _door_link(page: CampaignPage) -> list[Any]:
    return [messages.button(page.full_url, "See it")] if page.campaign.is_public else []


def tell(request: HttpRequest, page: CampaignPage) -> None:
    """Say on a screen about a page whether it is behind, or others are behind it."""
    way = [messages.button(_languages_of(page), "What changed")]
    for one in translations.behind(page=page):
        messages.warning(
            request,
            f"The {one.source_language} text changed on {_day(one)}; this page says what it said before.",
            way,
        )
    late = translations.behind(source=page)
    if late:
        listed = ", ".join(f"{one.language} (since {_day(one)})" for one in late)
        messages.warning(request, f"This text changed. These pages say what it said before: {listed}.", way)


def before_editing_campaign(request: HttpRequest, campaign: Any) -> None:
    """Say above the record of a campaign which of its pages are behind."""
    if not isinstance(campaign, Campaign) or request.method != "GET":
        return
    late = translations.behind(page__campaign=campaign)
    if late:
        listed = ", ".join(f"{one.language} (since {_day(one)})" for one in late)
        way = reverse("campaigns_languages", args=[campaign.pk])
        told = f"The {late[0].source_language} text changed. These pages say what it said before: {listed}."
        messages.warning(request, told, [messages.button(way, "Bring them up to date")])


def after_publishing(request: HttpRequest, page: Any) -> None:
    """Say who is behind a page that was just published; nothing is held up by it."""
    if not isinstance(page, CampaignPage):
        return
    late = translations.behind(source=page)
    if late:
        listed = ", ".join(one.language for one in late)
        messages.warning(
            request,
            f"Published. These pages go on saying what was approved before: {listed}.",
            [messages.button(_languages_of(page), "Bring them up to date")],
        )


def before_bulk_action(request: HttpRequest, action_type: str, objects: Any, action: Any) -> Any:
    """Let nobody publish drafts of translations from the list of pages: they are not translated yet."""
    if action_type != "publish":
        return None
    begun = [page for page in objects if isinstance(page, Page) and _is_translation(page)]
    if not begun:
        return None
    titles = ", ".join(f"“{page.title}”" for page in begun)
    messages.error(request, f"Nothing was published. Publish translations where they are written: {titles}.")
    return redirect(action.next_url or "wagtailadmin_home")


def _is_translation(page: Page) -> bool:
    return isinstance(page.specific, CampaignPage) and bool(translations.translation_of(page.specific))


def _day(one: Behind) -> str:
    return date_format(one.since, "j F Y")


def _languages_of(page: CampaignPage) -> str:
    return reverse("campaigns_languages", args=[page.campaign_id])


@require_POST
def upload_po(request: HttpRequest, translation_id: int) -> HttpResponse:
    """Take in a PO file, and say how much of it; for other pages do what Wagtail Localize does."""
    translation = get_object_or_404(Translation, pk=translation_id)
    page = translation.get_target_instance()
    if not isinstance(page, CampaignPage):
        return edit_translation.upload_pofile(request, translation_id)  # type: ignore[no-any-return]  # untyped
    user = request.user
    if not isinstance(user, User) or not page.permissions_for_user(user).can_edit():
        raise PermissionDenied
    file = request.FILES.get("file")
    if file is None or (file.size or 0) > _LARGEST_PO:
        messages.error(request, "Nothing was taken in: choose the PO file that came back.")
        return redirect("wagtailadmin_pages:edit", page.pk)
    try:
        took = translating.take_in(translation, file.read(), by=user)
    except HabeasError as reason:
        messages.error(request, f"Nothing was taken in: {reason}.")
    else:
        _tell_of(request, translation, took)
    return redirect("wagtailadmin_pages:edit", page.pk)


def _tell_of(request: HttpRequest, translation: Translation, took: translating.TakenIn) -> None:
    told = [f"{took.texts} text{'' if took.texts == 1 else 's'} taken in; readers see them once you publish."]
    if took.unfinished:
        told.append(f"{took.unfinished} marked as unfinished (fuzzy): left out.")
    if took.unknown:
        told.append(f"{took.unknown} of texts that the page does not say any more: left out.")
    messages.success(request, " ".join(told))
    for sentence in translations.in_words(translations.troubles(translation)):
        messages.warning(request, f"Before it can be published: {sentence}.")


def update(request: HttpRequest, translation_source_id: int) -> HttpResponse:
    """Lead to the languages of a campaign; its texts are brought up to date one language at a time.

    Wagtail Localize would offer to publish at once what nobody has translated yet.
    """
    source = get_object_or_404(TranslationSource, pk=translation_source_id)
    page = source.get_source_instance()
    if isinstance(page, CampaignPage):
        return redirect("campaigns_languages", page.campaign_id)
    view = update_translations.UpdateTranslationsView.as_view()
    return view(request, translation_source_id=translation_source_id)  # type: ignore[no-any-return]  # untyped


def make_alias(request: HttpRequest, page_id: int) -> HttpResponse:
    """Refuse to have a campaign's page say in one language what another says; other pages may."""
    page = CampaignPage.objects.filter(pk=page_id).first()
    if page is None:
        return convert.convert_to_alias(request, page_id)  # type: ignore[no-any-return]  # untyped
    messages.error(request, "A page that says the same in another language is no translation: unpublish it.")
    return redirect("wagtailadmin_pages:edit", page.pk)
