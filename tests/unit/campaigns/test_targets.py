"""Whom a page asks: the directory's words in its language, no other's, and nothing that is not public."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from wagtail_localize.models import StringTranslation
from wagtail_localize.strings import StringValue

from habeas.campaigns import actions, targets, translating, translations
from habeas.campaigns.lifecycle import Outcome
from habeas.campaigns.models import Campaign, CampaignPage
from habeas.cases.actions import amend
from habeas.cases.protection import Access
from habeas.cases.publishable import Look
from habeas.config import Config
from habeas.edition.slots import campaign_path
from office_site import MKHAITIR, page_of

NEW = {"en": "A New President", "fr": "Un nouveau président", "ar": "رئيس جديد"}


def page(language: str) -> CampaignPage:
    found: CampaignPage = CampaignPage.objects.get(campaign__slug=MKHAITIR, locale__language_code=language)
    return found


def begun(language: str, one: Campaign, by: User) -> dict[str, str]:
    """Begin a translation anew; return what is filled in, by the paths of the texts."""
    page(language).delete()
    translating.begin(one, language, by=by)
    return filled_in(language)


def filled_in(language: str) -> dict[str, str]:
    said = StringTranslation.objects.filter(
        locale__language_code=language, context__object_id=page(language).translation_key
    )
    return {one.context.path: StringValue(one.data).render_text() for one in said.select_related("context")}


def test_a_page_says_of_its_target_what_the_directory_says_in_its_language(mkhaitir: Campaign) -> None:
    """What has no words in a language is left empty, and not said in another."""
    assert targets.said_in("ar", mkhaitir.target, Look()) == {
        "target_office": "رئيس الجمهورية الإسلامية الموريتانية",
        "target_holder": "محمد ولد عبد العزيز",
    }
    assert targets.said_in("sw", mkhaitir.target, Look()) == {"target_office": "", "target_holder": ""}


@pytest.mark.parametrize("hidden", ["target", "case"])
def test_what_is_not_public_is_on_no_page(mkhaitir: Campaign, editor: User, hidden: str) -> None:
    """An authority for the team alone, or one of a case that is: it stays with the team."""
    amend(getattr(mkhaitir, hidden), {"access": Access.TEAM}, by=editor, reason="Not yet")
    mkhaitir.refresh_from_db()

    assert set(targets.said_in("en", mkhaitir.target, Look()).values()) == {""}


def test_a_translation_begins_with_the_directorys_office_and_holder(mkhaitir: Campaign, editor: User) -> None:
    """Its translator sees them filled in, and from where; nothing else of it is written."""
    known = begun("ar", mkhaitir, editor)

    assert known["target_office"] == "رئيس الجمهورية الإسلامية الموريتانية"
    assert known["target_holder"] == "محمد ولد عبد العزيز"
    assert "title" not in known


def test_where_a_page_uses_words_of_its_own_its_translation_waits_for_a_translator(
    mkhaitir: Campaign, editor: User
) -> None:
    """The directory's holder is not put beside another; each text is looked at by itself."""
    original: Any = page("en")
    original.target_holder = "General Aziz"
    original.save_revision(user=editor).publish(user=editor)
    known = begun("ar", mkhaitir, editor)

    assert "target_holder" not in known
    assert known["target_office"] == "رئيس الجمهورية الإسلامية الموريتانية"


def test_a_language_without_words_waits_for_a_translator_too(mkhaitir: Campaign, editor: User) -> None:
    """English is not put in the place of Arabic."""
    amend(mkhaitir.target, {"offices": {"en": mkhaitir.target.offices["en"]}}, by=editor)
    mkhaitir.refresh_from_db()

    assert "target_office" not in begun("ar", mkhaitir, editor)


def test_brought_up_to_date_a_translation_has_the_new_holder(mkhaitir: Campaign, editor: User) -> None:
    """After a change of government the directory is written once; what somebody translated stays."""
    begun("ar", mkhaitir, editor)
    office = StringTranslation.objects.get(
        context__path="target_office", context__object_id=page("ar").translation_key
    )
    office.data = "الرئيس"
    office.save()
    amend(mkhaitir.target, {"holders": NEW}, by=editor)
    original: Any = page("en")
    original.target_holder = NEW["en"]
    original.save_revision(user=editor).publish(user=editor)
    translating.refresh(page("ar"), by=editor)
    [holder] = [
        said
        for segment in _segments("ar")
        if segment.context.path == "target_holder"
        for said in StringTranslation.objects.filter(
            translation_of=segment.string, context=segment.context, locale__language_code="ar"
        )
    ]

    assert StringValue(holder.data).render_text() == NEW["ar"]
    office.refresh_from_db()
    assert office.data == "الرئيس"


def _segments(language: str) -> Any:
    translation = translations.translation_of(page(language))
    assert translation
    return translation.source.stringsegment_set.select_related("context", "string")


def told(one: Campaign, by: User) -> list[tuple[str, str, str]]:
    found = targets.replaced(by).get(one.pk, [])
    return [(replaced.language, replaced.said, replaced.now) for replaced in found]


def test_pages_that_name_the_old_holder_are_told_and_stay_as_they_are(
    mkhaitir: Campaign, editor: User, office: Config
) -> None:
    """In each language in which the directory was written anew; nobody's page changes by itself."""
    assert told(mkhaitir, editor) == []
    amend(mkhaitir.target, {"holders": {**NEW, "fr": mkhaitir.target.holders["fr"]}}, by=editor)

    assert told(mkhaitir, editor) == [
        ("English", "Mohamed Ould Abdel Aziz", NEW["en"]),
        ("Arabic", "محمد ولد عبد العزيز", NEW["ar"]),
    ]
    assert "Mohamed Ould Abdel Aziz" in page_of(office, campaign_path(MKHAITIR, "en"))
    page("ar").unpublish()
    assert [language for language, *_ in told(mkhaitir, editor)] == ["English"]


def test_a_page_that_was_mended_is_told_no_more(mkhaitir: Campaign, editor: User) -> None:
    """Once it is published, as readers see the old name until then."""
    amend(mkhaitir.target, {"holders": {**mkhaitir.target.holders, "en": NEW["en"]}}, by=editor)
    mended: Any = page("en")
    mended.target_holder = NEW["en"]
    revision = mended.save_revision(user=editor)
    assert [language for language, *_ in told(mkhaitir, editor)] == ["English"]
    revision.publish(user=editor)

    assert told(mkhaitir, editor) == []


def test_a_campaign_that_has_ended_goes_on_saying_whom_it_asked(mkhaitir: Campaign, editor: User) -> None:
    """Its pages are a record of what happened."""
    amend(mkhaitir.target, {"holders": NEW, "offices": NEW}, by=editor)
    assert len(told(mkhaitir, editor)) == 6
    actions.close(mkhaitir, outcome=Outcome.RELEASED, by=editor)

    assert told(mkhaitir, editor) == []
