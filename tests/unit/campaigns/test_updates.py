"""Updates: told while a campaign runs, corrected in the open, taken back with all that they said."""

from collections.abc import Mapping

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from wagtail.models import ModelLogEntry

from habeas.campaigns import actions, updates
from habeas.campaigns.lifecycle import Outcome
from habeas.campaigns.models import Campaign, Update, mailed_in
from habeas.campaigns.updates import NoSuchUpdate, UpdateRefused, Words
from habeas.cases.actions import amend
from habeas.cases.models import Consent
from habeas.config import Config
from habeas.edition import read
from habeas.edition.read import BadEdition
from habeas.edition.slots import campaign_path, feed_path, update_path
from habeas.lib import ids
from office_site import MKHAITIR, current_edition, page_of

COURT = Words("The court has set a day", "It hears the appeal on 20 December.\n\nTell one friend.")
COUR = Words("La cour a fixé une date", "Elle entendra l’appel le 20 décembre.")
TEXTS: Mapping[str, Words] = {"en": COURT, "fr": COUR}


@pytest.fixture
def told(mkhaitir: Campaign, editor: User) -> Update:
    """An update in English and French."""
    return actions.write_update(mkhaitir, TEXTS, by=editor).update


def address(update: Update, language: str) -> str:
    """Return where an update stands."""
    name = next(name for name, one in updates.all_of(update.campaign) if one == update)
    return update_path(update.campaign.slug, language, name)


def paths(config: Config) -> set[str]:
    return {page.path for page in current_edition(config).manifest.pages}


def last_entry(campaign: Campaign) -> ModelLogEntry:
    found = ModelLogEntry.objects.for_instance(campaign).order_by("timestamp").last()
    assert found
    return found


def test_an_update_stands_on_the_page_in_the_feeds_and_at_an_address_of_its_own(
    told: Update, office: Config, editor: User
) -> None:
    """Within a second, while people go on signing."""
    for language, words in TEXTS.items():
        for path in (
            campaign_path(MKHAITIR, language),
            address(told, language),
            feed_path(MKHAITIR, language),
            f"/{language}/feed.atom",
        ):
            assert words.subject in page_of(office, path)
    assert 'name="email"' not in page_of(office, address(told, "en"))
    entry = last_entry(told.campaign)
    assert (entry.action, entry.user) == ("campaigns.update", editor)
    assert entry.data == {"languages": ["en", "fr"], "mailed": True}


def test_a_language_that_is_left_out_shows_nothing_of_it(told: Update, office: Config) -> None:
    """No page in Arabic speaks English, and none is missing."""
    assert COURT.subject not in page_of(office, campaign_path(MKHAITIR, "ar"))
    assert address(told, "ar") not in paths(office)


def test_readers_of_a_language_left_out_are_mailed_the_first_of_the_site(office: Config) -> None:
    """Their own if it is written; the screen says which otherwise."""
    assert settings.CONFIG.site.languages[0] == "en"
    assert mailed_in("ar", ["fr", "ar"]) == "ar"
    assert mailed_in("ar", ["fr", "en"]) == "en"
    assert mailed_in("ar", ["tr", "sw"]) == "sw"


@pytest.mark.parametrize(
    ("texts", "trouble"),
    [
        ({}, "write it in one language at least"),
        ({"de": COURT}, "has no page in de; it has en, fr, ar"),
        ({"en": Words("", "Text")}, "English, subject: it is empty"),
        ({"en": Words("Subject", " ")}, "English, text: it is empty"),
        ({"en": Words("x" * 101, "Text")}, "no more than 100 characters"),
        ({"en": Words("Subject", "{{figure:arrests}} arrests")}, "a figure cannot stand here"),
    ],
)
def test_what_cannot_be_told_is_refused_with_its_reason(
    mkhaitir: Campaign, editor: User, office: Config, texts: dict[str, Words], trouble: str
) -> None:
    """And nothing is published or owed to anybody."""
    before = read.current_number(office.editions)
    with pytest.raises(UpdateRefused, match=trouble):
        actions.write_update(mkhaitir, texts, by=editor)

    assert not Update.objects.exists()
    assert read.current_number(office.editions) == before


def test_nothing_is_told_of_a_draft(mkhaitir: Campaign, editor: User) -> None:
    """Nobody has signed, so nobody has asked to hear."""
    draft = actions.create(slug="later", case=mkhaitir.case, target=mkhaitir.target, by=editor)

    with pytest.raises(UpdateRefused, match="later is a draft: it has no page"):
        actions.write_update(draft, TEXTS, by=editor)


@pytest.mark.parametrize("state", ["paused", "won"])
def test_there_is_news_of_a_case_when_nobody_can_sign_too(
    mkhaitir: Campaign, editor: User, office: Config, state: str
) -> None:
    """People asked for news of the case, not of the form."""
    if state == "paused":
        actions.pause(mkhaitir, by=editor)
    else:
        actions.close(mkhaitir, outcome=Outcome.RELEASED, by=editor)
    actions.write_update(mkhaitir, TEXTS, by=editor)

    assert COURT.subject in page_of(office, campaign_path(MKHAITIR, "en"))


def test_nothing_is_told_of_a_case_that_is_not_public(mkhaitir: Campaign, editor: User) -> None:
    """Not on a page, and not in a mail."""
    actions.take_down(mkhaitir.case, by=editor, reason="The family asks")

    with pytest.raises(UpdateRefused, match="no mail goes out: the case is under an embargo"):
        actions.write_update(mkhaitir, TEXTS, by=editor)


def test_an_update_does_not_name_who_did_not_agree_to_it(mkhaitir: Campaign, editor: User) -> None:
    """Published, it would take every page of the campaign down."""
    for consent in Consent.objects.filter(case=mkhaitir.case):
        amend(consent, {"identification": "initials"}, by=editor, reason="He asks for it")

    with pytest.raises(UpdateRefused, match="names somebody who did not agree"):
        actions.write_update(mkhaitir, {"en": Words("News", "Mohamed Mkhaïtir is well.")}, by=editor)


def test_a_subject_that_names_the_person_is_pointed_out(mkhaitir: Campaign) -> None:
    """A locked telephone shows it to whoever looks."""
    [said] = updates.concerns(mkhaitir, {"en": Words("Mkhaïtir before the court", "…")})

    assert said.startswith("The subject in English names Mohamed Mkhaïtir")
    assert updates.concerns(mkhaitir, TEXTS) == []


def test_a_button_pressed_twice_tells_once(mkhaitir: Campaign, editor: User) -> None:
    """Nobody is mailed the same twice because a network was slow."""
    key = ids.uuid7()
    actions.write_update(mkhaitir, TEXTS, by=editor, key=key)
    with pytest.raises(UpdateRefused, match="published already"):
        actions.write_update(mkhaitir, TEXTS, by=editor, key=key)

    assert Update.objects.count() == 1


def test_an_edition_that_cannot_be_written_tells_nobody(
    mkhaitir: Campaign, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Page, mail and log agree: nothing happened."""

    def fails(*_: object, **__: object) -> int:
        raise BadEdition("a page is missing")

    monkeypatch.setattr(actions, "publish_edition", fails)
    with pytest.raises(BadEdition):
        actions.write_update(mkhaitir, TEXTS, by=editor)

    assert not Update.objects.exists()
    assert last_entry(mkhaitir).action != "campaigns.update"


def test_a_correction_is_said_where_the_update_stands(told: Update, editor: User, office: Config) -> None:
    """On its page, on the campaign's, and for feed readers, with its day."""
    right = Words(COURT.subject, "It hears the appeal on 21 December.")
    actions.correct_update(told, {**TEXTS, "en": right}, by=editor)

    for path in (address(told, "en"), campaign_path(MKHAITIR, "en"), feed_path(MKHAITIR, "en")):
        page = page_of(office, path)
        assert "21 December" in page
        assert "20 December" not in page
        assert "Corrected on" in page
    assert "Corrigé le" in page_of(office, address(told, "fr"))


def test_a_correction_may_bring_a_language_and_take_one_away(
    told: Update, editor: User, office: Config
) -> None:
    """The translation came a day later."""
    actions.correct_update(told, {"en": COURT, "ar": Words("خبر", "تنظر المحكمة في الاستئناف.")}, by=editor)

    assert "خبر" in page_of(office, address(told, "ar"))
    assert address(told, "fr") not in paths(office)


def test_what_says_the_same_is_no_correction(told: Update, editor: User) -> None:
    """Readers look for what changed."""
    with pytest.raises(UpdateRefused, match="the same as before"):
        actions.correct_update(told, TEXTS, by=editor)


def test_an_update_taken_back_leaves_every_page_and_feed(told: Update, editor: User, office: Config) -> None:
    """Its address says that it was, and nothing that it said; no edition on the disk says it either."""
    where = {language: address(told, language) for language in TEXTS}
    actions.take_back_update(told, by=editor, reason="The lawyer was misheard")

    for language, words in TEXTS.items():
        for path in (campaign_path(MKHAITIR, language), feed_path(MKHAITIR, language), where[language]):
            assert words.subject not in page_of(office, path)
            assert words.text[:20] not in page_of(office, path)
    assert "taken back" in page_of(office, where["en"])
    assert "retiré" in page_of(office, where["fr"])
    assert len([one for one in office.editions.iterdir() if one.is_dir()]) == 1
    assert last_entry(told.campaign).data == {"reason": "The lawyer was misheard"}


def test_an_update_taken_back_is_not_found_by_search(told: Update, editor: User, office: Config) -> None:
    """It is there for whoever follows a link."""
    actions.take_back_update(told, by=editor, reason="Wrong")
    [page] = [one for one in current_edition(office).manifest.pages if one.path == address(told, "en")]

    assert page.cache == "none"
    assert address(told, "en") not in page_of(office, "/sitemap.xml")


def test_other_updates_keep_their_addresses_when_one_is_taken_back(
    told: Update, mkhaitir: Campaign, editor: User
) -> None:
    """A link to the second of a day goes on leading there."""
    second = actions.write_update(mkhaitir, {"en": Words("Later that day", "More.")}, by=editor).update
    before = address(second, "en")
    actions.take_back_update(told, by=editor, reason="Wrong")

    assert before.endswith("-2/")
    assert address(second, "en") == before


@pytest.mark.parametrize("act", ["again", "correct", "no reason"])
def test_what_is_taken_back_stays_so(told: Update, editor: User, act: str) -> None:
    """And taking back needs a reason."""
    if act == "no reason":
        with pytest.raises(UpdateRefused, match="say why"):
            actions.take_back_update(told, by=editor, reason=" ")
        return
    actions.take_back_update(told, by=editor, reason="Wrong")
    again = {
        "again": lambda: actions.take_back_update(told, by=editor, reason="Wrong"),
        "correct": lambda: actions.correct_update(told, {"en": COURT}, by=editor),
    }
    with pytest.raises(UpdateRefused, match="taken back"):
        again[act]()


def test_an_update_is_found_by_the_name_in_its_address(told: Update, mkhaitir: Campaign) -> None:
    """As people copy it from the page."""
    name = address(told, "en").rstrip("/").rpartition("/")[2]
    assert updates.update_named(mkhaitir, name) == told
    with pytest.raises(NoSuchUpdate, match=f"it has {name}$"):
        updates.update_named(mkhaitir, "2001-01-01")


def test_how_it_will_end_is_on_no_page_before_it_has(
    told: Update, mkhaitir: Campaign, editor: User, office: Config
) -> None:
    """Closing words are written long before: an open or paused page, its updates and feeds keep them."""
    words = mkhaitir.pages.get(locale__language_code="en")
    assert words.outcome_headline
    actions.pause(mkhaitir, by=editor)

    for path in (campaign_path(MKHAITIR, "en"), address(told, "en"), feed_path(MKHAITIR, "en")):
        page = page_of(office, path)
        assert words.outcome_headline not in page
        assert words.outcome_text[:40] not in page
