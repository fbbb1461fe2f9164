"""Publishing: everything that is public, in every language, as the door needs it; and nothing else."""

import re
from pathlib import Path

import msgspec
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from pytest_django import DjangoCaptureOnCommitCallbacks

from habeas.campaigns import actions, render
from habeas.campaigns.cards import card_of
from habeas.campaigns.lifecycle import Outcome
from habeas.campaigns.models import Campaign, CampaignIndex, CampaignPage
from habeas.campaigns.preview import preview
from habeas.campaigns.publishing import publish_edition
from habeas.campaigns.queries import NoSuchCampaign, all_campaigns, campaign_named
from habeas.campaigns.setup import ensure_languages
from habeas.cases.models import Case
from habeas.cases.publishable import Look
from habeas.config import Config
from habeas.edition import manifest, read
from habeas.edition.slots import campaign_path, confirmed_path, thanks_path
from habeas.lib import ids
from habeas.vault import keys
from office_site import DOOR, MKHAITIR, SELMA, campaign, current_edition, load_demonstration, page_of
from public_side import Reader, visitor

# What search engines read runs nothing; what runs is our own asset, and nothing stands in it.
SCRIPT = re.compile(
    r'<script(?! type="application/ld\+json">\{)'
    r'(?! type="module" src="/assets/live\.[0-9a-f]{12}\.js"></script>)'
)
LINES = re.compile(r"<pre.*?</pre>", re.DOTALL)  # for partners to paste: shown, not followed
LANGUAGES = ("en", "fr", "ar")
OPENED_LINK = re.compile(r'(?:href|src)="(/[^"#]*)"')


def text_version(slug: str) -> str:
    one = campaign(slug)
    return card_of(one, list(one.pages.order_by("locale_id")), Look()).text_version


def test_the_demonstration_is_there_in_every_language(office: Config) -> None:
    """One real case and an invented one, open, whole."""
    edition = current_edition(office)
    paths = {page.path for page in edition.manifest.pages}

    assert edition.manifest.languages == LANGUAGES
    assert {card.slug: card.languages for card in edition.manifest.cards} == {
        MKHAITIR: LANGUAGES,
        SELMA: LANGUAGES,
    }
    for language in LANGUAGES:
        assert {f"/{language}/", f"/{language}/privacy/"} <= paths
        for slug in (MKHAITIR, SELMA):
            for address in (campaign_path, thanks_path, confirmed_path):
                assert address(slug, language) in paths


def test_loading_the_demonstration_again_doubles_nothing(office: Config) -> None:
    """`habeas demo` a second time keeps what is there, also what staff changed."""
    page = CampaignPage.objects.get(campaign__slug=SELMA, locale__language_code="en")
    page.lede = "Changed by an editor."
    page.save()
    before = read.current_number(office.editions)
    load_demonstration()

    assert sorted(Campaign.objects.values_list("slug", flat=True)) == [MKHAITIR, SELMA]
    assert Case.objects.count() == 2
    assert CampaignPage.objects.count() == 6
    assert CampaignIndex.objects.count() == 3
    assert CampaignPage.objects.get(pk=page.pk).lede == "Changed by an editor."
    assert read.current_number(office.editions) == before


def test_every_link_of_every_page_leads_somewhere(office: Config) -> None:
    """A page, a stylesheet, an icon: all of them are in the edition."""
    edition = current_edition(office)
    paths = {page.path for page in edition.manifest.pages}
    linked = {
        link
        for name, body in edition.files.items()
        if name.endswith(".html")
        for link in OPENED_LINK.findall(body.decode())
    }

    assert linked
    assert linked <= paths


def test_no_page_loads_anything_from_elsewhere(office: Config) -> None:
    """No script but ours, no font, no picture of another host; links to sources are links."""
    drawn = (".png", ".pdf")
    for name, body in current_edition(office).files.items():
        text = "" if name.endswith(drawn) else LINES.sub("", body.decode())
        assert not SCRIPT.search(text), name
        assert not re.search(
            r"<(?:img|link|iframe|video|source)[^>]*(?:src|href)=\"(?:https?:)?//(?!act\.)", text
        )
        assert not re.search(r"\s(?:style|on[a-z]+)=", text), name
        assert "url(http" not in text, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_in_one_language_and_names_the_others(office: Config, language: str) -> None:
    """Readers of Arabic read from the right, and everybody finds their own."""
    page = page_of(office, campaign_path(MKHAITIR, language))
    direction = "rtl" if language == "ar" else "ltr"

    assert re.search(rf'<html lang="{language}" dir="{direction}"', page)
    assert f'<link rel="canonical" href="{DOOR}{campaign_path(MKHAITIR, language)}">' in page
    for other in LANGUAGES:
        assert f'hreflang="{other}" href="{DOOR}{campaign_path(MKHAITIR, other)}"' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_everything_the_editor_wrote(office: Config, language: str) -> None:
    """Target, demands, story, figures with who counted them, and the days from the registry."""
    page = page_of(office, campaign_path(MKHAITIR, language))
    words = CampaignPage.objects.get(campaign__slug=MKHAITIR, locale__language_code=language)

    for said in (words.title, words.lede, words.target_office, *(str(b.value) for b in words.demands)):
        assert said in page
    for block in words.story:
        assert str(block.value)[:40] in page
    assert str(words.figures[0].value["text"]) in page
    assert words.figures[0].value["figure"].source.publisher in page
    assert 'datetime="2019-07-29"' not in page  # the release is told at the closing


def test_the_closed_page_tells_of_the_release(office: Config, mkhaitir: Campaign, editor: User) -> None:
    """With its day, which nobody typed into the page."""
    actions.close(mkhaitir, outcome=Outcome.RELEASED, by=editor)

    assert 'datetime="2019-07-29"' in page_of(office, campaign_path(MKHAITIR, "en"))


def test_people_can_sign_what_was_published(office: Config) -> None:
    """The door reads the office's edition as it is."""
    maria = visitor(office)
    answer = maria.opens(campaign_path(MKHAITIR, "ar"))

    assert answer.status == 200
    assert Reader(answer.body).inputs.keys() == {"name", "email", "country", "website", "updates"}
    assert maria.signs(MKHAITIR, "ar").status == 303
    assert maria.journal.signatures[0].text_version.hex() == text_version(MKHAITIR)
    assert keys.index_key(office.keys, campaign(MKHAITIR).ledger_bytes)


def test_an_invented_case_says_that_it_is_one(office: Config) -> None:
    """In every language; the real one does not."""
    for language in LANGUAGES:
        marked = page_of(office, campaign_path(SELMA, language))
        assert "demonstration" in marked
    real = page_of(office, campaign_path(MKHAITIR, "en"))
    assert "invented" not in real


def test_the_home_page_lists_who_waits_before_what_came_of_it(
    office: Config, mkhaitir: Campaign, editor: User
) -> None:
    """Whoever comes can act."""
    actions.close(mkhaitir, outcome=Outcome.RELEASED, by=editor)
    home = page_of(office, "/en/")

    assert home.index(campaign_path(SELMA, "en")) < home.index(campaign_path(MKHAITIR, "en"))


def test_a_draft_is_on_no_page(office: Config, mkhaitir: Campaign, editor: User) -> None:
    """Nothing of a campaign leaves the office before it is opened."""
    words = {
        "title": "Tell nobody yet",
        "person": "Ann",
        "lede": "Secret",
        "button": "Sign",
        "target_office": "Office",
        "story": [],
        "demands": [("demand", "Free her")],
    }
    draft = actions.create(slug="free-ann", case=mkhaitir.case, target=mkhaitir.target, by=editor)
    actions.add_page(draft, "en", words, by=editor)
    publish_edition(office)
    assert b"Tell nobody yet" not in b"".join(current_edition(office).files.values())

    actions.publish(draft, by=editor)
    assert "Tell nobody yet" in page_of(office, campaign_path("free-ann", "en"))
    assert "Tell nobody yet" not in page_of(office, "/fr/")


def test_a_language_that_is_no_longer_spoken_leaves_the_door(office: Config) -> None:
    """Its pages stay in the office; the campaign goes on in the others."""
    fewer = msgspec.structs.replace(office, site=msgspec.structs.replace(office.site, languages=("fr", "en")))
    publish_edition(fewer)
    edition = current_edition(fewer)

    assert edition.manifest.languages == ("fr", "en")
    assert {language for card in edition.manifest.cards for language in card.languages} == {"fr", "en"}
    assert not [page for page in edition.manifest.pages if page.language == "ar"]


def test_what_an_editor_types_cannot_become_part_of_the_page(office: Config) -> None:
    """Neither a tag nor one of the door's own places."""
    evil = '<script>alert(1)</script><!--slot:form-->"'
    page = CampaignPage.objects.get(campaign__slug=SELMA, locale__language_code="en")
    page.lede = page.person = page.target_holder = evil
    page.story = [("paragraph", evil)]
    page.save()
    publish_edition(office)
    shown = page_of(office, campaign_path(SELMA, "en"))

    assert not SCRIPT.search(shown)
    assert shown.count("<!--slot:form-->") == 1


def test_what_was_signed_has_another_mark_once_a_demand_changes(office: Config) -> None:
    """Nobody's name can be moved under another demand, in any language."""
    page = CampaignPage.objects.get(campaign__slug=SELMA, locale__language_code="ar")
    before = text_version(SELMA)
    page.demands = [*[(b.block_type, b.value) for b in page.demands], ("demand", "أكثر")]
    page.save()
    assert (changed := text_version(SELMA)) != before

    page.title = "طالِبوا"
    page.save()
    assert text_version(SELMA) not in {before, changed}


@pytest.mark.parametrize("field", ["lede", "button", "person", "target_holder", "thanks", "news_text"])
def test_words_around_what_is_signed_change_no_mark(office: Config, field: str) -> None:
    """A corrected slip does not part the signatures."""
    page = CampaignPage.objects.get(campaign__slug=SELMA, locale__language_code="en")
    before = text_version(SELMA)
    setattr(page, field, "Something else")
    page.save()

    assert text_version(SELMA) == before


def test_each_campaign_is_sealed_to_a_key_of_its_own(office: Config) -> None:
    """And the card carries the public half only."""
    cards = current_edition(office).manifest.cards
    public = {ids.from_text(card.public_key) for card in cards}

    assert public == {keys.public_key(office.keys, card.campaign) for card in cards}
    assert len(public) == 2


def test_a_page_that_goes_live_is_on_the_door(
    office: Config,
    editor: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """The editor presses publish, and that is all; a page taken down is gone as quickly."""
    page = CampaignPage.objects.get(campaign__slug=SELMA, locale__language_code="fr")
    page.lede = "Corrigé."
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision(user=editor).publish(user=editor)
    assert "Corrigé." in page_of(office, campaign_path(SELMA, "fr"))

    with django_capture_on_commit_callbacks(execute=True):
        page.unpublish(user=editor)
    [card] = [card for card in current_edition(office).manifest.cards if card.slug == SELMA]
    assert card.languages == ("en", "ar")


def test_a_page_is_saved_even_when_no_edition_can_be_written(
    office: Config,
    editor: User,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """The words are not lost, the old edition serves, and the log says why."""

    def no_space(*_: object) -> int:
        raise OSError(28, "No space left on device")

    before = read.current_number(office.editions)
    page = CampaignPage.objects.get(campaign__slug=SELMA, locale__language_code="fr")
    page.lede = "Corrigé."
    monkeypatch.setattr("habeas.edition.write._write_folder", no_space)
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision(user=editor).publish(user=editor)

    assert CampaignPage.objects.get(pk=page.pk).lede == "Corrigé."
    assert read.current_number(office.editions) == before
    assert "no new edition could be written" in caplog.text


@pytest.mark.parametrize("state", ["open", "paused", "won", "closed"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_editor_sees_a_page_as_the_door_will_show_it(office: Config, state: str, language: str) -> None:
    """In any state, and nothing is saved by looking."""
    page = CampaignPage.objects.get(campaign__slug=MKHAITIR, locale__language_code=language)
    shown = preview(page, state)

    assert Reader(shown).language == language
    assert bool(Reader(shown).inputs) == (state == "open")
    assert b"slot:" not in shown
    assert campaign(MKHAITIR).state == "open"


def test_every_state_and_notice_has_a_template() -> None:
    """What the manifest may name can be rendered."""
    public = Path(render.__file__).parent / "public"
    wanted = {f"{state}.html" for state in ("open", "paused", "won", "closed")}
    wanted |= {f"{name.replace('-', '_')}.html" for name in manifest.NOTICES} | {"error.html"}

    assert wanted <= {path.name for path in public.glob("*.html")}


def test_a_campaign_is_found_by_its_name(office: Config) -> None:
    """Or those there are get listed."""
    assert campaign_named(MKHAITIR).slug == MKHAITIR
    assert [one.slug for one in all_campaigns()] == [MKHAITIR, SELMA]
    with pytest.raises(NoSuchCampaign, match=f"there is no campaign free; there are: {MKHAITIR}, {SELMA}"):
        campaign_named("free")


def test_setting_up_the_languages_again_changes_nothing(office: Config) -> None:
    """Every start does it."""
    before = set(CampaignIndex.objects.values_list("pk", flat=True))
    ensure_languages(settings.CONFIG)

    assert set(CampaignIndex.objects.values_list("pk", flat=True)) == before
