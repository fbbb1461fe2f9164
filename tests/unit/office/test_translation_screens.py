"""The screens of a campaign's languages, and those of Wagtail Localize that ours stand in for."""

from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale
from wagtail_localize.locales.components import get_locale_components
from wagtail_localize.models import StringTranslation, Translation
from wagtail_localize.strings import StringValue

from habeas.campaigns import actions, translating, translations
from habeas.campaigns.demands import PICKED
from habeas.campaigns.models import Campaign, CampaignPage, Demand
from habeas.campaigns.updates import Words
from habeas.cases.actions import amend
from office_site import MKHAITIR
from registry_cast import member, office_only


@pytest.fixture
def staff(client: Client, editor: User) -> Client:
    client.force_login(editor, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def arabic(mkhaitir: Campaign, editor: User) -> Translation:
    """A translation into Arabic, just begun."""
    page("ar").delete()
    translating.begin(mkhaitir, "ar", by=editor)
    found = translations.translation_of(page("ar"))
    assert found
    return found


def page(language: str) -> CampaignPage:
    found: CampaignPage = CampaignPage.objects.get(campaign__slug=MKHAITIR, locale__language_code=language)
    return found


def languages(campaign: Campaign) -> str:
    return reverse("campaigns_languages", args=[campaign.pk])


def edit(language: str) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page(language).pk])


def shown(client: Client, url: str, **told: object) -> str:
    """Send a form, or ask for a screen; give what comes, its white space folded."""
    answer = client.post(url, told, follow=True) if told else client.get(url, follow=True)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def change_the_original(by: User) -> None:
    original = page("en")
    original.lede = "He is on hunger strike."
    original.save_revision(user=by).publish(user=by)


def test_who_wants_another_language_begins_on_the_campaigns_screen(staff: Client, mkhaitir: Campaign) -> None:
    """One press leads to the texts beside the original."""
    page("ar").delete()
    before = shown(staff, languages(mkhaitir))
    editor = shown(staff, languages(mkhaitir), act="begin", language="ar")

    assert "No page. Nobody can read or sign in Arabic." in before
    assert "js-translation-editor" in editor
    assert "A draft: readers do not see it." in shown(staff, languages(mkhaitir))


def test_a_demand_without_words_in_a_language_is_said_with_the_way_to_add_them(
    staff: Client, mkhaitir: Campaign
) -> None:
    """Before anybody begins to translate, and in that language alone."""
    page("ar").delete()
    demand = Demand.objects.create(name="A doctor", words={"en": "Let {{person}} see a doctor"})
    original: Any = page("en")
    original.demands = [(PICKED, demand)]
    original.save_revision().publish()
    told = shown(staff, languages(mkhaitir))
    lacks = "The demand “A doctor” has no words in Arabic yet"
    assert lacks in told
    assert reverse("wagtailsnippets_campaigns_demand:edit", args=[demand.pk]) in told
    assert "no words in English" not in told
    assert "no words in French" not in told  # that page was written for itself, and asks for something else
    assert lacks in shown(staff, languages(mkhaitir), act="begin", language="ar") + shown(
        staff, languages(mkhaitir)
    )

    demand.words = {**demand.words, "ar": "السماح لـ{{person}} برؤية طبيب"}
    demand.save()
    assert lacks not in shown(staff, languages(mkhaitir))


def test_half_a_translation_is_not_published_from_the_screen(staff: Client, arabic: Translation) -> None:
    """The button says publish; what comes says what is missing."""
    told = shown(staff, edit("ar"), action="publish")

    assert "Not published: these texts are not translated yet: Title, Lede" in told
    assert not page("ar").live


def test_who_is_behind_is_said_wherever_somebody_works_on_it(
    staff: Client, mkhaitir: Campaign, editor: User
) -> None:
    """On the first screen, on the campaign, its languages, above both editors; nothing is held up."""
    change_the_original(editor)

    assert "Arabic (since" in shown(staff, reverse("wagtailadmin_home"))
    listed = shown(staff, languages(mkhaitir))
    assert "French says what it said before." in listed
    assert ">He is on hunger strike.</ins>" in listed
    assert "this page says what it said before" in shown(staff, edit("fr"))
    assert "These pages say what it said before: French (since" in shown(staff, edit("en"))
    record = shown(staff, reverse("wagtailsnippets_campaigns_campaign:edit", args=[mkhaitir.pk]))
    assert "These pages say what it said before: French (since" in record
    moving = shown(staff, reverse("campaigns_move", args=[mkhaitir.pk, "pause"]))
    assert "Behind the original, and put up as they are: French, since" in moving


def test_who_needs_a_new_holder_is_said_with_the_way_to_the_page(
    staff: Client, mkhaitir: Campaign, editor: User
) -> None:
    """On the first screen and among the languages, for the pages that say the old name alone."""
    old, new = page("en").target_holder, "A New President"
    home, listed = reverse("wagtailadmin_home"), languages(mkhaitir)
    says = f'The page says “<bdi lang="en">{old}</bdi>”. The directory says'
    way = f'<a href="{edit("en")}">'
    for before in (shown(staff, home), shown(staff, listed)):
        assert "irectory says" not in before
    amend(mkhaitir.target, {"holders": {**mkhaitir.target.holders, "en": new}}, by=editor)

    told = shown(staff, home)
    assert (
        f"The directory says another office or holder than the {way}English page</a>: "
        f'not “<bdi lang="en">{old}</bdi>” but “<bdi lang="en">{new}</bdi>”.</p>'
    ) in told
    assert f'{says} “<bdi lang="en">{new}</bdi>” now. {way}Edit the English page' in shown(staff, listed)
    amend(mkhaitir.target, {"holders": {}, "holder": new}, by=editor)
    assert f"{says} so no more." in shown(staff, listed)
    assert f'not “<bdi lang="en">{old}</bdi>”; the <a' in shown(staff, home)


def test_a_page_written_for_itself_is_agreed_to_be_up_to_date(
    staff: Client, mkhaitir: Campaign, editor: User
) -> None:
    """By somebody who compared both."""
    change_the_original(editor)
    told = shown(staff, languages(mkhaitir), act="agree", language="fr")

    assert "French is up to date." in told
    assert "French says what it said before." not in told


def test_a_translation_is_brought_up_to_date_with_one_press(
    staff: Client, arabic: Translation, mkhaitir: Campaign, editor: User
) -> None:
    """It leads to the editor, in which the new text waits."""
    for segment in arabic.source.stringsegment_set.select_related("string"):
        StringTranslation.objects.get_or_create(
            translation_of=segment.string,
            context=segment.context,
            locale=arabic.target_locale,
            defaults={"data": StringValue.from_plaintext("ع").data},
        )
    assert "is published in Arabic" in shown(staff, edit("ar"), action="publish")
    change_the_original(editor)
    assert "Bring Arabic up to date" in shown(staff, languages(mkhaitir))
    told = shown(staff, languages(mkhaitir), act="refresh", language="ar")

    assert "He is on hunger strike." in told
    assert "1 text to translate before it can be published again." in shown(staff, languages(mkhaitir))


def test_a_po_file_goes_out_and_comes_back_through_the_screen(staff: Client, arabic: Translation) -> None:
    """It says how much came, and what still stands against publishing."""
    sent = staff.get(reverse("wagtail_localize:download_pofile", args=[arabic.pk]))
    po = arabic.export_po()
    po[0].msgstr = "ع"
    upload = reverse("wagtail_localize:upload_pofile", args=[arabic.pk])
    told = shown(staff, upload, file=BytesIO(str(po).encode()))

    assert sent.headers["Content-Type"] == "text/x-gettext-translation"
    assert b"X-WagtailLocalize-TranslationID" in sent.content
    assert "taken in; readers see them once you publish." in told
    assert "Before it can be published: these texts are not translated yet: Lede" in told


@pytest.mark.parametrize("content", [None, b"hello", b'msgid ""\nmsgstr ""\n'])
def test_what_is_no_po_file_is_refused_in_words(
    staff: Client, arabic: Translation, content: bytes | None
) -> None:
    """Not with an error of the server."""
    upload = reverse("wagtail_localize:upload_pofile", args=[arabic.pk])
    told = {"next": "/"} if content is None else {"file": BytesIO(content)}

    assert "Nothing was taken in: " in shown(staff, upload, **told)


def test_nothing_publishes_all_languages_unread(staff: Client, arabic: Translation) -> None:
    """Wagtail Localize offers to, on a screen of its own; it leads to the campaign's languages instead."""
    url = reverse("wagtail_localize:update_translations", args=[arabic.source_id])
    told = shown(staff, url, publish_translations="on")

    assert "One campaign, one count, a page in each language." in told
    assert not page("ar").live


def test_no_page_becomes_a_copy_in_another_language(staff: Client, arabic: Translation) -> None:
    """Neither one by one, nor a whole language by a setting."""
    told = shown(staff, reverse("wagtail_localize:convert_to_alias", args=[page("ar").pk]), sure="yes")
    locale = Locale.objects.get(language_code="ar")
    setting = shown(staff, reverse("wagtaillocales:edit", args=[locale.pk]))

    assert "is no translation" in told
    assert page("ar").alias_of_id is None
    assert "Synchronise content" not in setting
    assert get_locale_components() == []


def test_only_who_may_change_campaigns_sees_its_languages(client: Client, mkhaitir: Campaign) -> None:
    """Being let into the office is not enough."""
    reader = member("reader")
    office_only(reader)
    client.force_login(reader, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert client.get(languages(mkhaitir)).status_code == 302
    assert client.post(languages(mkhaitir), {"act": "agree", "language": "fr"}).status_code == 302


def test_an_update_says_which_languages_lack_it_and_what_people_there_get(
    staff: Client, mkhaitir: Campaign, editor: User
) -> None:
    """Before it is written, and after."""
    page("ar").unpublish()
    url = reverse("campaigns_updates", args=[mkhaitir.pk])
    written = Words("News", "The court has set a day.")
    actions.write_update(mkhaitir, {"en": written}, by=editor)
    told = shown(staff, url)
    correcting = shown(staff, reverse("campaigns_correct_update", args=[mkhaitir.updates.get().pk]))

    assert "The campaign has no page in Arabic: nobody reads or signs it there." in told
    assert (
        "Not in French: readers there do not see it, and who signed there gets the mail in English." in told
    )
    assert "It does not stand in French yet" in correcting


def test_a_draft_of_a_translation_is_not_published_from_the_list_of_pages(
    staff: Client, arabic: Translation
) -> None:
    """It holds the original's words wherever nobody has translated them."""
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    query = f"?id={page('ar').pk}&next={reverse('wagtailadmin_home')}"
    told = shown(staff, url + query, include_descendants="")

    assert "Publish translations where they are written" in told
    assert not page("ar").live
