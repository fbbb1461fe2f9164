"""Numbers on pages: frozen when published, with who counted and when; corrected in the open."""

import html
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from figures_cast import a_case, a_question, an_event
from habeas.campaigns import actions, queries
from habeas.campaigns.cards import card_of
from habeas.campaigns.models import Campaign, CampaignPage, Citation
from habeas.campaigns.publishing import publish_edition
from habeas.cases.actions import amend, withdraw
from habeas.cases.figures.actions import approve, define, take
from habeas.cases.models import Case, Event, FigureDef, FigureSnapshot
from habeas.cases.protection import Access
from habeas.cases.publishable import Look
from habeas.config import Config
from habeas.edition.slots import campaign_path
from office_site import MKHAITIR, SELMA, campaign, page_of

NAMED = "{{figure:arrests}}"
WHY = {"en": "one record was of another year", "fr": "un acte était d’une autre année", "ar": "سنة أخرى"}


@pytest.fixture
def arrests(office: Config, editor: User) -> FigureDef:
    """Three arrests of 2024."""
    case = a_case()
    for when in ("2024-05-01", "2024-06-01", "2024-07-01"):
        an_event(case, when)
    return define(a_question(), by=editor)


@pytest.fixture
def approved(arrests: FigureDef, editor: User) -> FigureSnapshot:
    return approve(take(arrests, by=editor, value=2, qualifier="over"), by=editor)


def page(language: str = "en", slug: str = SELMA) -> CampaignPage:
    found: CampaignPage = CampaignPage.objects.get(campaign__slug=slug, locale__language_code=language)
    return found


def publish(one: CampaignPage, **words: Any) -> None:
    for name, value in words.items():
        setattr(one, name, value)
    one.save_revision().publish()


def shown(office: Config, language: str = "en", slug: str = SELMA) -> str:
    publish_edition(office)
    return html.unescape(page_of(office, campaign_path(slug, language)))


@pytest.mark.usefixtures("approved")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("lede", f"We know of {NAMED}."),
        ("story", [("paragraph", f"We know of {NAMED}.")]),
        ("demands", [("demand", f"Account for {NAMED}.")]),
        ("figures", [("figure", {"figure": None, "text": f"We know of {NAMED}."})]),
    ],
)
def test_a_number_stands_where_its_name_was_typed(office: Config, field: str, value: Any) -> None:
    """With our own count, its day, and the way to how it was counted."""
    publish(page(), **{field: value})
    told = shown(office)

    assert "of more than 2 arrests in 2024." in told or "for more than 2 arrests in 2024." in told
    assert "{{" not in told
    assert "Our own count, as of" in told
    assert 'href="/en/how-we-count/#arrests-' in told


@pytest.mark.usefixtures("approved")
def test_each_language_has_its_own_words_and_digits(office: Config) -> None:
    for language, words in (("fr", "2 arrestations en 2024"), ("ar", "2 اعتقال")):
        publish(page(language), lede=NAMED)
        assert words in shown(office, language)


@pytest.mark.usefixtures("approved")
def test_a_number_begins_a_sentence_with_a_capital(office: Config) -> None:
    publish(page(), lede=f"{NAMED}. {NAMED}, we know of {NAMED}.")

    assert "More than 2 arrests in 2024. More than 2 arrests in 2024, we know of more than 2" in shown(office)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{figure:arests}}", "There is no figure “arests”"),
        ("{{figure:}}", "There is no figure “”"),
        ("{{ figure: arrests }}", "No number of “arrests” is approved yet"),
        ("{{figure:mauritania-hrd-arrests}}", "No number of “mauritania-hrd-arrests” is approved yet"),
    ],
)
def test_what_cannot_be_published_is_refused_in_words(arrests: FigureDef, text: str, words: str) -> None:
    """At the field where it stands."""
    for field, value in (("lede", text), ("story", [("paragraph", text)])):
        one = page()
        setattr(one, field, value)
        with pytest.raises(ValidationError) as refused:
            one.full_clean()
        assert words in refused.value.message_dict[field][0]


@pytest.mark.usefixtures("approved")
def test_a_number_cannot_stand_in_a_title_or_in_what_somebody_said() -> None:
    for field in ("title", "button", "words_quote"):
        one = page()
        setattr(one, field, f"Free {NAMED}"[:60])
        with pytest.raises(ValidationError, match="cannot stand here"):
            one.full_clean()


def test_a_figure_without_words_in_a_language_is_refused_there(arrests: FigureDef, editor: User) -> None:
    amend(arrests, {"wording": {"en": "{number} arrests"}}, by=editor)
    approve(take(arrests, by=editor), by=editor)
    one = page("fr")
    one.lede = NAMED
    with pytest.raises(ValidationError, match="has no words in fr yet"):
        one.full_clean()


def test_a_number_of_another_body_names_who_counted(office: Config, editor: User) -> None:
    """Once somebody approved it."""
    approve(FigureSnapshot.objects.get(slug="mauritania-hrd-arrests"), by=editor)
    publish(page(slug=MKHAITIR), lede="We know of {{figure:mauritania-hrd-arrests}} arrests.", figures=[])
    told = shown(office, slug=MKHAITIR)

    assert "We know of more than 168 arrests." in told
    assert "Amnesty International" in told[told.index('id="figures"') : told.index('id="share"')]


def test_publishing_freezes_the_number(
    office: Config,
    arrests: FigureDef,
    approved: FigureSnapshot,
    editor: User,
) -> None:
    """A newer one shows when the page is published again, and not before."""
    publish(page(), lede=NAMED)
    an_event(Case.objects.get(ref__startswith="AQ-", title="A case"), "2024-09-01")
    newer = approve(take(arrests, by=editor, value=3, qualifier="over"), by=editor)
    assert "More than 2 arrests" in shown(office)

    publish(page())
    assert "More than 3 arrests" in shown(office)
    assert [one.snapshot for one in queries.citing("arrests")] == [newer]
    assert Citation.objects.count() == 2


def test_a_changed_wording_changes_no_page_silently(
    office: Config,
    arrests: FigureDef,
    approved: FigureSnapshot,
    editor: User,
) -> None:
    publish(page(), lede=NAMED)
    amend(arrests, {"wording": {"en": "{number} murders"}}, by=editor)

    assert "murders" not in shown(office)


def test_a_number_that_may_no_longer_be_shown_takes_its_sentence_along(
    office: Config,
    approved: FigureSnapshot,
    editor: User,
) -> None:
    publish(page(), lede=f"We know of {NAMED}.", story=[("paragraph", NAMED), ("paragraph", "The rest.")])
    amend(approved, {"access": Access.STAFF}, by=editor)
    told = shown(office)

    assert "We know of" not in told
    assert "arrests in 2024" not in told
    assert "The rest." in told


def test_a_number_in_a_demand_is_part_of_what_is_signed(approved: FigureSnapshot) -> None:
    """No name moves under another number."""
    one = page()
    before = card_of(campaign(SELMA), [one], Look()).text_version
    one.demands = [("demand", f"Account for {NAMED}")]  # type: ignore[assignment]  # Wagtail's stream takes it

    assert card_of(campaign(SELMA), [one], Look()).text_version != before


def break_it(arrests: FigureDef, editor: User) -> None:
    """Take one of the three arrests back."""
    event = Event.objects.filter(case__title="A case").order_by("-seq")[0]
    withdraw(event, by=editor, reason="It was of 2023")


def test_a_broken_number_alarms_staff_and_changes_no_page(
    office: Config,
    arrests: FigureDef,
    approved: FigureSnapshot,
    editor: User,
    client: Client,
) -> None:
    """They are told which pages say it; the pages wait for a correction."""
    publish(page(), lede=NAMED)
    publish(page("fr"), lede=NAMED)
    assert queries.broken_citations() == []
    break_it(arrests, editor)

    [told] = queries.broken_citations()
    assert told.in_words == (
        "“over 2” (arrests) no longer holds: the records now give 2."
        " It stands on free-selma (en), free-selma (fr)"
    )
    client.force_login(editor, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert told.in_words in html.unescape(client.get("/admin/").content.decode())
    assert "More than 2 arrests" in shown(office)


def test_a_correction_is_told_on_every_page_that_said_it(
    office: Config,
    arrests: FigureDef,
    approved: FigureSnapshot,
    editor: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """What we had written, what it is, and why: never a silent change."""
    publish(page(), lede=NAMED)
    publish(page("fr"), story=[("paragraph", f"Au moins {NAMED}.")])
    break_it(arrests, editor)
    with django_capture_on_commit_callbacks(execute=True):
        right = approve(take(arrests, by=editor), by=editor, reasons=WHY)

    english = html.unescape(page_of(office, campaign_path(SELMA, "en")))
    assert (
        "we had written “more than 2 arrests in 2024”; it is “2 arrests in 2024”, because one record was of"
        in english
    )
    assert "Corrected on" in english
    assert "un acte était d’une autre année" in html.unescape(page_of(office, campaign_path(SELMA, "fr")))
    assert "Corrected on" not in page_of(office, campaign_path(SELMA, "ar"))
    assert {one.snapshot for one in queries.citing("arrests")} == {right}
    assert queries.broken_citations() == []
    assert "one record was of another year" in html.unescape(page_of(office, "/en/how-we-count/"))


def test_the_notice_stays_when_the_page_is_published_again(
    office: Config,
    arrests: FigureDef,
    approved: FigureSnapshot,
    editor: User,
) -> None:
    """Also when the sentence is gone; and publishing before the correction does not lose it."""
    publish(page(), lede=NAMED)
    break_it(arrests, editor)
    approve(take(arrests, by=editor), by=editor, reasons=WHY)
    publish(page(), button="Sign now")
    assert shown(office).count("we had written") == 1

    publish(page(), lede="Another word.")
    assert "we had written “more than 2" in shown(office)
    assert not queries.citing("arrests")


@pytest.mark.usefixtures("approved")
def test_how_we_count_explains_every_number_of_our_own(office: Config) -> None:
    """Question, unit, window, rule, day, bounds, and what the words promise."""
    publish(page(), lede=NAMED)
    publish_edition(office)
    told = html.unescape(page_of(office, "/en/how-we-count/"))

    for words in (
        "More than 2 arrests in 2024",
        "How many arrests in 2024?",
        "from 1 January 2024 to 31 December 2024",
        "Two sources that are independent of one another",
        "3, no more and no fewer",
        "even the lowest possible count is higher",
        'datetime="20',
    ):
        assert words in told
    assert "لا يوجد في هذه الصفحات حاليًا أي رقم من إحصائنا" in page_of(office, "/ar/how-we-count/")


def test_a_campaign_opens_with_the_number_of_the_day(
    office: Config,
    arrests: FigureDef,
    approved: FigureSnapshot,
    editor: User,
) -> None:
    """Words written months before it opens do not freeze the number of then."""
    publish(page(), lede=NAMED)
    Campaign.objects.filter(slug=SELMA).update(state="draft")
    an_event(Case.objects.get(title="A case"), "2024-09-01")
    approve(take(arrests, by=editor, value=3, qualifier="over"), by=editor)
    actions.publish(campaign(SELMA), by=editor)

    assert "More than 3 arrests" in html.unescape(page_of(office, campaign_path(SELMA, "en")))


def test_staff_keep_approve_and_correct_a_count_on_one_screen(
    office: Config, arrests: FigureDef, editor: User, client: Client
) -> None:
    """What cannot be said is refused there in words, and nothing changes."""
    client.force_login(editor, backend="allauth.account.auth_backends.AuthenticationBackend")
    screen = f"/admin/cases/figure/{arrests.pk}/"
    assert NAMED in html.unescape(client.get(screen).content.decode())
    refused = client.post(screen, {"take": "1", "qualifier": "over", "value": "3"})
    assert "“over 3” is more than we know: 3" in html.unescape(refused.content.decode())
    client.post(screen, {"take": "1", "qualifier": "over", "value": "2"})
    first = FigureSnapshot.objects.get(slug="arrests")
    client.post(screen, {"approve": str(first.pk)})
    first.refresh_from_db()
    assert first.approver == editor

    break_it(arrests, editor)
    client.post(screen, {"take": "1", "qualifier": "exactly", "value": "2"})
    right = FigureSnapshot.objects.get(slug="arrests", value=2, qualifier="exactly")
    refused = client.post(screen, {"approve": str(right.pk), "reason-en": "a slip"})
    assert "tell readers why, in ar, fr" in html.unescape(refused.content.decode())
    client.post(screen, {"approve": str(right.pk), **{f"reason-{code}": text for code, text in WHY.items()}})
    right.refresh_from_db()
    assert (right.is_approved, right.reasons) == (True, WHY)


def test_a_question_is_entered_in_its_form(office: Config, editor: User, client: Client) -> None:
    """With boxes to tick for the kinds of events."""
    client.force_login(editor, backend="allauth.account.auth_backends.AuthenticationBackend")
    told = {
        "slug": "releases",
        "question": "How many were released?",
        "questions_fr": "Combien ont été libérés ?",
        "unit": "persons",
        "event_types": ["release", "bail"],
        "min_verification": "corroborated",
        "min_origins": "1",
        "access_ceiling": "3",
        "access": "2",
        "wording_en": "{number} people were released",
    }
    answer = client.post("/admin/snippets/cases/figuredef/add/", told)

    assert answer.status_code == 302, html.unescape(answer.content.decode())
    made = FigureDef.objects.get(slug="releases")
    assert made.event_types == ["release", "bail"]
    assert made.questions == {"fr": "Combien ont été libérés ?"}
    assert made.wording == {"en": "{number} people were released"}
