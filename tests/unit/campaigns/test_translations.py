"""A page in another language is translated whole, keeps its numbers, and says when it is behind."""

from collections.abc import Callable
from typing import Any

import polib
import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from wagtail.models import PageLogEntry
from wagtail_localize.models import StringTranslation, Translation
from wagtail_localize.strings import StringValue

from figures_cast import a_case, a_question, an_event
from habeas.campaigns import translating, translations
from habeas.campaigns.demands import PICKED
from habeas.campaigns.models import Campaign, CampaignPage, Demand, SourceText
from habeas.campaigns.publishing import publish_edition
from habeas.campaigns.translating import TranslationRefused
from habeas.cases.actions import amend
from habeas.cases.figures.actions import approve, define, take
from habeas.config import Config
from habeas.edition.slots import campaign_path
from office_site import MKHAITIR, SELMA, campaign, current_edition, page_of


def page(language: str, slug: str = SELMA) -> CampaignPage:
    found: CampaignPage = CampaignPage.objects.get(campaign__slug=slug, locale__language_code=language)
    return found


@pytest.fixture
def selma(office: Config) -> Campaign:
    """The invented campaign, whose Arabic page is not there."""
    page("ar").delete()
    return campaign(SELMA)


@pytest.fixture
def arabic(selma: Campaign, editor: User) -> Translation:
    """Its translation into Arabic, just begun."""
    translating.begin(selma, "ar", by=editor)
    return found("ar")


def found(language: str, slug: str = SELMA) -> Translation:
    translation = translations.translation_of(page(language, slug))
    assert translation
    return translation


def translate(translation: Translation, into: Callable[[str], str] = lambda text: f"ع {text}") -> None:
    """Write what is missing, as the screen does."""
    for segment in translation.source.stringsegment_set.select_related("string"):
        said = into(StringValue(segment.string.data).render_text())
        StringTranslation.objects.get_or_create(
            translation_of=segment.string,
            context=segment.context,
            locale=translation.target_locale,
            defaults={"data": StringValue.from_plaintext(said).data},
        )


def say(language: str, by: User, slug: str = SELMA, **words: str) -> CampaignPage:
    """Change words of a page, and publish it."""
    changed = page(language, slug)
    for name, text in words.items():
        setattr(changed, name, text)
    changed.save_revision(user=by).publish(user=by)
    return page(language, slug)


def test_a_translation_begun_is_nowhere_and_knows_the_names(arabic: Translation, office: Config) -> None:
    """The registry says what the person is called; everything else waits for a translator."""
    draft = page("ar")

    assert not draft.live
    assert draft.campaign == campaign(SELMA)
    assert draft.person == "سلمى مثال"
    assert arabic.get_progress()[1] < arabic.get_progress()[0]
    publish_edition(office)
    assert f'hreflang="ar" href="https://act.example.org{campaign_path(SELMA, "ar")}"' not in page_of(
        office, campaign_path(SELMA, "en")
    )


def test_what_is_the_same_in_every_language_is_not_given_to_translators(arabic: Translation) -> None:
    """Neither the campaign, nor an address, nor an event can be chosen anew by mistake."""
    paths = {one.context.path.split(".")[0] for one in arabic.source.stringsegment_set.all()}

    assert not arabic.source.overridablesegment_set.exists()
    assert not arabic.source.relatedobjectsegment_set.exists()
    assert paths.isdisjoint({"campaign", "slug", "seo_title", "search_description"})
    assert [one.value["event"] for one in page("ar").timeline] == [
        one.value["event"] for one in page("en").timeline
    ]


def test_half_a_translation_is_not_published(arabic: Translation, editor: User) -> None:
    """English sentences under an Arabic address help nobody; the refusal names what is missing."""
    with pytest.raises(TranslationRefused, match=r"not translated yet: Title, Lede.*Story \(3\)"):
        translating.publish(arabic, by=editor)

    assert not page("ar").live


def test_a_whole_translation_is_published_in_the_name_of_who_did_it(
    arabic: Translation, editor: User, office: Config
) -> None:
    """It is on the door with its own words, and the other languages lead to it."""
    translate(arabic)
    translating.publish(arabic, by=editor)
    publish_edition(office)

    shown = page_of(office, campaign_path(SELMA, "ar"))
    assert f"ع {page('en').lede}" in shown
    assert 'lang="ar" dir="rtl"' in shown
    assert campaign_path(SELMA, "ar") in page_of(office, campaign_path(SELMA, "en"))
    assert PageLogEntry.objects.filter(page=page("ar").pk, action="wagtail.publish").last().user == editor
    [card] = [card for card in current_edition(office).manifest.cards if card.slug == SELMA]
    assert set(card.languages) == {"en", "fr", "ar"}


def test_paragraphs_are_translated_one_at_a_time(arabic: Translation, editor: User) -> None:
    """Nobody meets HTML, and the empty line between them is there again."""
    texts = [
        one.string.data
        for one in arabic.source.stringsegment_set.select_related("string", "context")
        if one.context.path.startswith("news_text.")
    ]
    translate(arabic)
    translating.publish(arabic, by=editor)

    assert len(texts) == 2
    assert not [text for text in texts if "<" in text]
    assert page("ar").news_text == "\n\n".join(f"ع {text}" for text in texts)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("كان عددهم كبيرا", "the number {{figure:arrests}} is missing"),
        ("كانوا {{figure:arests}}", "the number {{figure:arrests}} is missing"),
        ("كانوا {{figur:arrests}}", "the number {{figure:arrests}} is missing"),
        (
            "{{figure:arrests}} {{figure:arrests}}",
            "{{figure:arrests}} does not stand in the English",
        ),
        ("{{figure:arrests}} {{deaths}}", "“{{deaths}}” is not read as a number"),
        ("كانوا {{figure:arrests}}", ""),
        ("كانوا {{ figure: arrests }}", ""),
    ],
)
def test_a_number_lost_or_mistyped_on_the_way_is_seen(text: str, told: str) -> None:
    """A sentence without its number, or with braces in it, goes to nobody."""
    said = translations.figure_trouble("They were {{figure:arrests}}.", text, "English")

    assert said.startswith(told) if told else said == ""


def test_a_text_that_lost_its_number_is_marked_where_it_is_written(arabic: Translation, editor: User) -> None:
    """The refusal says which text, and the editor shows it beside the text; mended, it passes."""
    [lede] = arabic.source.stringsegment_set.filter(context__path="lede").select_related("string")
    lede.string.data = "Held with {{figure:arrests}}."
    lede.string.save()
    translate(arabic, lambda text: text.replace("{{figure:arrests}}", "ignored"))

    with pytest.raises(TranslationRefused, match=r"Lede, “Held with .*”: the number .* is missing"):
        translating.publish(arabic, by=editor)

    said = StringTranslation.objects.get(context=lede.context, locale=arabic.target_locale)
    assert (said.get_error() or "").startswith("The number {{figure:arrests}} is missing")
    assert not page("ar").live


def test_what_only_looks_like_a_number_is_refused(office: Config) -> None:
    """Also on pages that are written by hand: braces say nothing to readers."""
    written = page("en")
    written.lede = "Held with {{figur:arrests}}."

    with pytest.raises(ValidationError, match="is not read as a number"):
        written.clean()


def test_a_changed_original_leaves_translations_behind_until_they_are_brought_up_to_date(
    arabic: Translation, editor: User, office: Config
) -> None:
    """Readers go on with what was approved; staff see who is behind, since when, and what changed."""
    translate(arabic)
    translating.publish(arabic, by=editor)
    say("en", editor, lede="She is on hunger strike.")
    late = {one.language: one for one in translations.behind(page__campaign=campaign(SELMA))}

    assert set(late) == {"French", "Arabic"}
    assert late["Arabic"].since.date()
    assert [(one.field, one.now) for one in late["Arabic"].changes] == [("Lede", "She is on hunger strike.")]
    publish_edition(office)
    assert "hunger strike" not in page_of(office, campaign_path(SELMA, "ar"))

    translating.refresh(page("ar"), by=editor)
    with pytest.raises(TranslationRefused, match=r"not translated yet: Lede$"):
        translating.publish(found("ar"), by=editor)
    translate(found("ar"))
    translating.publish(found("ar"), by=editor)

    assert [one.language for one in translations.behind(page__campaign=campaign(SELMA))] == ["French"]
    publish_edition(office)
    assert "ع She is on hunger strike." in page_of(office, campaign_path(SELMA, "ar"))


def test_publishing_a_translation_again_does_not_hide_that_it_is_behind(
    arabic: Translation, editor: User
) -> None:
    """A mended comma in Arabic is no translation of what is new in English."""
    translate(arabic)
    translating.publish(arabic, by=editor)
    say("en", editor, lede="She is on hunger strike.")
    translating.publish(found("ar"), by=editor)

    assert "Arabic" in [one.language for one in translations.behind()]


def test_who_takes_a_change_back_leaves_nobody_behind(office: Config, editor: User) -> None:
    """Only a text that differs from the one translated counts."""
    before = page("en").lede
    say("en", editor, lede="Something else.")
    assert translations.behind()
    say("en", editor, lede=f"{before}\r\n")

    assert not translations.behind()


def test_a_page_written_for_itself_is_up_to_date_when_somebody_says_so(office: Config, editor: User) -> None:
    """Its own publishing settles nothing: nobody can know what it was for."""
    say("en", editor, lede="She is on hunger strike.")
    say("fr", editor, lede="Elle fait la grève de la faim.")
    assert "French" in [one.language for one in translations.behind()]
    translating.agree(page("fr"), by=editor)

    assert "French" not in [one.language for one in translations.behind()]
    assert PageLogEntry.objects.filter(action="campaigns.agree_translation", user=editor).exists()


def test_a_page_written_for_itself_becomes_a_translation_with_its_own_words(
    office: Config, editor: User
) -> None:
    """Each text stands beside the one it is for; readers see what they saw."""
    lede, live = page("fr").lede, page("fr").live_revision_id
    translating.begin(campaign(SELMA), "fr", by=editor)
    translation = found("fr")

    total, done = translation.get_progress()
    assert done == total
    assert page("fr").live_revision_id == live
    translating.publish(translation, by=editor)
    assert page("fr").lede == lede
    assert not translations.behind()


def test_what_was_old_already_is_not_taken_for_a_translation_of_the_new(office: Config, editor: User) -> None:
    """A page that is behind has no words yet for what changed."""
    say("en", editor, lede="She is on hunger strike.")
    translating.begin(campaign(SELMA), "fr", by=editor)

    with pytest.raises(TranslationRefused, match=r"not translated yet: Lede$"):
        translating.publish(found("fr"), by=editor)


def test_what_was_written_on_the_page_meanwhile_is_kept(arabic: Translation, editor: User) -> None:
    """A translation can be stopped, the page edited by itself, and translated text by text again."""
    translate(arabic)
    translating.publish(arabic, by=editor)
    arabic.enabled = False
    arabic.save(update_fields=["enabled"])
    say("ar", editor, lede="بيد أحدهم")
    translating.begin(campaign(SELMA), "ar", by=editor)
    translating.publish(found("ar"), by=editor)

    assert page("ar").lede == "بيد أحدهم"
    assert page("ar").title == f"ع {page('en').title}"


def test_a_translation_is_begun_once(arabic: Translation, editor: User) -> None:
    """The original itself is none."""
    for language in ("ar", "en"):
        with pytest.raises(TranslationRefused):
            translating.begin(campaign(SELMA), language, by=editor)


def test_an_alias_is_not_taken_for_a_translation(office: Config, editor: User) -> None:
    """Its words are those of another language."""
    CampaignPage.objects.filter(pk=page("fr").pk).update(alias_of=page("en"))

    with pytest.raises(TranslationRefused, match="only repeats another language"):
        translating.begin(campaign(SELMA), "fr", by=editor)


def test_a_campaign_has_one_page_a_language(office: Config) -> None:
    """A second one, added by hand in the tree, is refused."""
    second = page("fr")
    second.pk = second.id = None
    second.slug = "another"

    with pytest.raises(ValidationError, match="has a page in this language already"):
        second.clean()


def test_an_alias_is_not_shown(office: Config, mkhaitir: Campaign) -> None:
    """It would say in one language what is written in another."""
    CampaignPage.objects.filter(pk=page("fr", MKHAITIR).pk).update(alias_of=page("en", MKHAITIR))
    publish_edition(office)

    assert campaign_path(MKHAITIR, "fr") not in {one.path for one in current_edition(office).manifest.pages}


def test_pages_from_before_count_as_up_to_date(office: Config, editor: User) -> None:
    """Where nobody noted what was translated, the present text is taken; from then on changes are seen."""
    SourceText.objects.all().delete()
    translating.ensure_noted()
    translating.ensure_noted()
    assert SourceText.objects.count() == 4
    assert not translations.behind()
    say("en", editor, lede="She is on hunger strike.")

    assert {one.language for one in translations.behind()} == {"French", "Arabic"}


def po_file(translation: Translation, into: Callable[[str], str] = lambda text: f"ع {text}") -> polib.POFile:
    """Return the PO file of a translation as a translator sends it back."""
    po = translation.export_po()
    for entry in po:
        entry.msgstr = into(entry.msgid)
    return po


def test_a_po_file_comes_back_and_is_published(arabic: Translation, editor: User) -> None:
    """Translators outside need no account: the file goes to them, and comes back."""
    po = po_file(arabic)
    took = translating.take_in(arabic, str(po).encode(), by=editor)

    assert (took.texts, took.unfinished, took.unknown) == (len(po), 0, 0)
    translating.publish(arabic, by=editor)
    assert page("ar").lede == f"ع {page('en').lede}"


def test_what_a_translator_marked_as_unsure_does_not_count(arabic: Translation, editor: User) -> None:
    """Fuzzy is how PO files say so; and what the page no longer says is told, not lost in silence."""
    po = po_file(arabic)
    po[0].flags.append("fuzzy")
    po.append(polib.POEntry(msgid="An old sentence.", msgctxt="lede", msgstr="قديم"))
    took = translating.take_in(arabic, str(po).encode(), by=editor)

    assert (took.texts, took.unfinished, took.unknown) == (len(po) - 2, 1, 1)
    with pytest.raises(TranslationRefused, match=r"not translated yet: Title$"):
        translating.publish(arabic, by=editor)


@pytest.mark.parametrize("content", [b"", b"\x00\xff", b"/etc/hostname", b'msgid "a"\nmsgstr "b"\n'])
def test_a_file_that_is_no_po_file_of_this_page_is_refused(
    arabic: Translation, editor: User, content: bytes
) -> None:
    """Nothing is taken in, and what looks like the name of a file is not opened."""
    before = StringTranslation.objects.count()

    with pytest.raises(TranslationRefused, match=r"no PO file|not of this page"):
        translating.take_in(arabic, content, by=editor)
    assert StringTranslation.objects.count() == before


def test_a_po_file_of_another_page_is_refused(arabic: Translation, editor: User) -> None:
    """The first lines of a file say which page and language it is of."""
    po = po_file(arabic)
    po.metadata["X-WagtailLocalize-TranslationID"] = "another"

    with pytest.raises(TranslationRefused, match="not of this page"):
        translating.take_in(arabic, str(po).encode(), by=editor)


def test_a_number_without_words_in_the_language_is_named(arabic: Translation, editor: User) -> None:
    """Whoever keeps the figure has to add them; until then nothing goes up."""
    figure = define(a_question(wording={"en": "{number} arrests"}), by=editor)
    an_event(a_case(), "2024-05-01")
    approve(take(figure, by=editor), by=editor)
    say("en", editor, lede=f"Held with {{{{figure:{figure.slug}}}}}.")
    translating.refresh(page("ar"), by=editor)
    translate(found("ar"))

    with pytest.raises(TranslationRefused, match=r"^Lede: .* has no words in ar yet"):
        translating.publish(found("ar"), by=editor)
    assert not page("ar").live
    amend(figure, {"wording": {"en": "{number} arrests", "ar": "{number} اعتقال"}}, by=editor)
    approve(take(figure, by=editor), by=editor)
    translating.publish(found("ar"), by=editor)
    assert page("ar").live
    assert page("ar").citations.filter(until=None).exists()


@pytest.fixture
def picked(selma: Campaign, editor: User) -> Demand:
    """A demand of the directory without Arabic, which the original asks for beside a typed one."""
    made = Demand.objects.create(name="A doctor", words={"en": "Let {{person}} see a doctor"})
    ask_for(made, "Drop the charge", by=editor)
    return made


def ask_for(*demands: Demand | str, by: User) -> None:
    """Publish the original with these demands."""
    one: Any = page("en")
    kinds = [PICKED if isinstance(demand, Demand) else "demand" for demand in demands]
    one.demands = list(zip(kinds, demands, strict=True))
    one.save_revision(user=by).publish(user=by)


def demands_of(language: str) -> list[str]:
    return [str(block.value) for block in page(language).demands]


def test_a_picked_demand_is_not_given_to_translators(picked: Demand, editor: User) -> None:
    """Its words come from the directory; the page cannot go up before they are there."""
    translating.begin(campaign(SELMA), "ar", by=editor)
    texts = [one.string.data for one in found("ar").source.stringsegment_set.select_related("string")]
    assert "Drop the charge" in texts
    assert not [text for text in texts if "doctor" in text or str(picked.pk) in text]
    with pytest.raises(
        TranslationRefused, match=r"^these texts .* Demands.*The demand “A doctor” has no words"
    ):
        translating.publish(found("ar"), by=editor)
    translate(found("ar"))
    with pytest.raises(TranslationRefused, match=r"^The demand “A doctor” has no words in Arabic"):
        translating.publish(found("ar"), by=editor)
    assert not page("ar").live

    picked.words = {**picked.words, "ar": "السماح لـ{{person}} برؤية طبيب"}
    picked.save()
    translating.publish(found("ar"), by=editor)
    assert demands_of("ar") == ["A doctor", "ع Drop the charge"]


def test_a_page_follows_when_the_original_picks_another_demand(
    picked: Demand, editor: User, office: Config
) -> None:
    """Even where nothing is left to translate: it would go on asking for what was taken back."""
    ask_for(Demand.objects.get(name="Release"), "Drop the charge", by=editor)
    translating.begin(campaign(SELMA), "ar", by=editor)
    translate(found("ar"))
    translating.publish(found("ar"), by=editor)
    ask_for(Demand.objects.get(name="Drop all charges"), by=editor)
    [late] = [one for one in translations.behind() if one.language == "Arabic"]
    assert {(one.before, one.now) for one in late.changes} == {
        ("Release", ""),
        ("Drop the charge", ""),
        ("", "Drop all charges"),
    }

    translating.refresh(page("ar"), by=editor)
    translating.publish(found("ar"), by=editor)
    assert demands_of("ar") == ["Drop all charges"]
    assert "Arabic" not in [one.language for one in translations.behind()]
    publish_edition(office)
    assert "إسقاط جميع التهم الموجهة إلى سلمى مثال" in page_of(office, campaign_path(SELMA, "ar"))


def test_a_page_written_for_itself_keeps_its_typed_demands_beside_a_picked_one(
    picked: Demand, editor: User
) -> None:
    """A picked demand is no text that one of its own could stand for."""
    picked.words = {**picked.words, "fr": "Permettre à {{person}} de voir un médecin"}
    picked.save()
    own: Any = page("fr")
    own.demands = [("demand", "Abandonner l’accusation"), (PICKED, picked)]
    own.save_revision(user=editor).publish(user=editor)
    translating.agree(page("fr"), by=editor)
    translating.begin(campaign(SELMA), "fr", by=editor)
    translating.publish(found("fr"), by=editor)

    assert demands_of("fr") == ["A doctor", "Abandonner l’accusation"]
