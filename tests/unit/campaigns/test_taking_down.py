"""Taking a case down: at once, in every language, whole; and nothing of it is lost."""

import time

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from habeas.campaigns import actions
from habeas.campaigns.demo import load as demonstration
from habeas.campaigns.lifecycle import MoveRefused
from habeas.campaigns.models import Campaign
from habeas.cases import publishable
from habeas.cases.actions import NoReason, amend, embargo, record, withdraw
from habeas.cases.models import Case, Change, Consent, Embargo, Event
from habeas.config import Config
from habeas.edition import withheld
from habeas.edition import write as edition_write
from habeas.edition.read import BadEdition
from habeas.edition.slots import campaign_path, confirmed_path, thanks_path
from office_site import MKHAITIR, SELMA, campaign, current_edition, page_of
from public_side import visitor

LANGUAGES = ("en", "fr", "ar")
HIS_NAMES = ("Mkha", "M'kheitir", "امخيطير", "Mohamed")


def every_page(config: Config) -> str:
    edition = current_edition(config)
    return "\n".join(body.decode() for name, body in edition.files.items() if name.endswith(".html"))


def test_no_page_names_him_any_more(mkhaitir: Campaign, editor: User, office: Config) -> None:
    """Not his own pages, not the home page, not the page after a signature, nor the page of another."""
    assert "Mkhaïtir" in every_page(office)
    done = actions.take_down(mkhaitir.case, by=editor, reason="His family asks")

    assert done.campaigns == (MKHAITIR,)
    assert done.edition == current_edition(office).manifest.number
    shown = every_page(office)
    for name in HIS_NAMES:
        assert name not in shown
    assert "free-mkhaitir" not in shown  # the address names him too
    assert "Selma Example" in shown


def on_the_disk(config: Config) -> str:
    """Return every page of every edition the door could be asked to read."""
    pages = config.editions.rglob("*.html")
    return "\n".join(str(page) + page.read_text() for page in pages)


def test_no_page_of_his_is_left_on_the_door(mkhaitir: Campaign, editor: User, office: Config) -> None:
    """Earlier editions go with it: whoever seizes the door finds nothing that was taken down."""
    assert "Mkhaïtir" in on_the_disk(office)
    actions.take_down(mkhaitir.case, by=editor, reason="His family asks")

    left = on_the_disk(office)
    assert "Selma Example" in left
    assert [name for name in HIS_NAMES if name in left] == []


def test_no_picture_is_drawn_for_it(
    mkhaitir: Campaign, editor: User, office: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of everybody else are there from before, also for a shell that begins anew; his are gone."""
    actions.publish(mkhaitir, by=editor)
    before = set(office.pictures.iterdir())
    monkeypatch.setattr("habeas.campaigns.pictures.draw", lambda _: pytest.fail("drawn during a take-down"))
    actions.take_down(mkhaitir.case, by=editor, reason="His family asks")

    left = set(office.pictures.iterdir())
    assert left < before
    assert left


def test_it_takes_less_than_a_second(mkhaitir: Campaign, editor: User) -> None:
    """From the button to the edition that every door swaps to; of the processor, whatever else it does."""
    started = time.process_time()
    actions.take_down(mkhaitir.case, by=editor, reason="Somebody is in danger")

    assert time.process_time() - started < 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_comes_is_told_calmly_that_nothing_is_shown(
    mkhaitir: Campaign, editor: User, office: Config, language: str
) -> None:
    """On every address the campaign had; no search engine keeps it, no browser stores it."""
    actions.take_down(mkhaitir.case, by=editor, reason="His family asks")
    for address in (campaign_path, thanks_path, confirmed_path):
        page = page_of(office, address(MKHAITIR, language))
        assert f'<html lang="{language}"' in page
        assert 'name="robots" content="noindex"' in page
        assert "<img" not in page.partition("<main")[2]
    answer = visitor(office).opens(campaign_path(MKHAITIR, language))
    assert answer.status == 200
    assert dict(answer.headers)["cache-control"] == "no-store"


def test_nobody_can_sign_meanwhile_and_nothing_is_forgotten(
    mkhaitir: Campaign, editor: User, office: Config
) -> None:
    """The campaign stays as it was; its identifier and keys are in the edition, so links in mails work."""
    before = current_edition(office).manifest.cards
    actions.take_down(mkhaitir.case, by=editor, reason="His family asks")
    cards = {card.slug: card for card in current_edition(office).manifest.cards}

    assert visitor(office).signs(MKHAITIR, "en").status != 303
    assert campaign(MKHAITIR).state == "open"
    assert cards[MKHAITIR].state == "paused"
    assert {card.id for card in cards.values()} == {card.id for card in before}


def test_put_back_the_pages_are_as_before(mkhaitir: Campaign, editor: User, office: Config) -> None:
    """A false alarm costs nothing."""
    before = page_of(office, campaign_path(MKHAITIR, "en"))
    actions.take_down(mkhaitir.case, by=editor, reason="A rumour")
    actions.put_back(mkhaitir.case, by=editor, reason="It was a rumour")

    assert page_of(office, campaign_path(MKHAITIR, "en")) == before


def test_an_embargo_with_a_day_outlasts_putting_back(
    mkhaitir: Campaign, editor: User, office: Config
) -> None:
    """It was agreed on with somebody."""
    embargo(mkhaitir.case, until="2999-01-01", by=editor, reason="Agreed with his lawyer")
    actions.take_down(mkhaitir.case, by=editor, reason="A rumour")
    actions.put_back(mkhaitir.case, by=editor, reason="It was a rumour")

    assert "Mkha" not in every_page(office)


def test_taken_down_twice_is_taken_down_once(mkhaitir: Campaign, editor: User) -> None:
    """Two people see the danger."""
    for _ in range(2):
        actions.take_down(mkhaitir.case, by=editor, reason="His family asks")

    assert Embargo.objects.count() == 1


def test_the_log_tells_who_took_it_down_and_why(mkhaitir: Campaign, editor: User) -> None:
    """And that it was put back."""
    actions.take_down(mkhaitir.case, by=editor, reason="His family asks")
    actions.put_back(mkhaitir.case, by=editor, reason="They agree now")
    back, down = Change.objects.for_instance(mkhaitir.case)[:2]

    assert (down.action, down.user, down.reason) == ("cases.take_down", editor, "His family asks")
    assert (back.action, back.user, back.reason) == ("cases.put_back", editor, "They agree now")


def test_without_a_reason_nothing_is_taken_down(mkhaitir: Campaign, editor: User) -> None:
    """Whoever asks later needs an answer."""
    with pytest.raises(NoReason):
        actions.take_down(mkhaitir.case, by=editor, reason=" ")

    assert publishable.is_public(mkhaitir.case)


def test_what_could_not_be_written_is_not_shown_by_the_next_edition_either(
    mkhaitir: Campaign, editor: User, office: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full at the worst moment: the error is said, and the decision stands."""

    def no_space(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("habeas.edition.write._write_folder", no_space)
        with pytest.raises(OSError, match="No space"):
            actions.take_down(mkhaitir.case, by=editor, reason="His family asks")
    actions.pause(campaign(SELMA), by=editor)

    assert "Mkha" not in every_page(office)


def test_the_door_shows_nothing_of_it_although_no_edition_could_be_written(
    mkhaitir: Campaign, editor: User, office: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for an edition: it may take seconds with many campaigns, or fail."""
    maria = visitor(office)
    assert maria.opens("/en/").status == 200

    def fails(*_: object) -> int:
        raise BadEdition("a page is missing")

    with monkeypatch.context() as patch:
        patch.setattr("habeas.edition.write._write_folder", fails)
        with pytest.raises(BadEdition):
            actions.take_down(mkhaitir.case, by=editor, reason="His family asks")
    maria.current.look()

    for path in ("/en/", campaign_path(MKHAITIR, "en"), thanks_path(MKHAITIR, "ar")):
        answer = maria.opens(path)
        assert (answer.status, [name for name in HIS_NAMES if name in answer.body.decode()]) == (503, [])
    assert maria.opens(campaign_path(SELMA, "en")).status == 200


def test_nothing_is_withheld_any_more_once_the_edition_is_out(
    mkhaitir: Campaign, editor: User, office: Config
) -> None:
    """The front page is back, without the case; and so is the case, when it is put back."""
    maria = visitor(office)
    actions.take_down(mkhaitir.case, by=editor, reason="His family asks")
    maria.current.look()
    assert "Mkha" not in maria.opens("/en/").body.decode()
    assert maria.opens("/en/").status == 200

    actions.put_back(mkhaitir.case, by=editor, reason="A rumour")
    maria.current.look()
    assert "Mkha" in maria.opens("/en/").body.decode()


def test_an_edition_that_was_begun_before_does_not_bring_it_back(
    mkhaitir: Campaign, editor: User, office: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody publishes something else at the same moment, and read the case before it was taken down."""
    maria = visitor(office)

    def late(*arguments: object, **options: object) -> None:
        withheld.withhold(office.editions, [MKHAITIR])
        write_folder(*arguments, **options)  # type: ignore[arg-type]  # passed on

    write_folder = edition_write._write_folder
    with monkeypatch.context() as patch:
        patch.setattr(edition_write, "_write_folder", late)
        actions.pause(campaign(SELMA), by=editor)
    maria.current.look()

    assert maria.opens(campaign_path(MKHAITIR, "en")).status == 503


def test_an_editor_takes_it_down_in_the_office(
    client: Client, mkhaitir: Campaign, editor: User, office: Config
) -> None:
    """One page, one reason, one button; and the panel says what is not shown."""
    client.force_login(editor, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = reverse("campaigns_take_down", args=[mkhaitir.pk])
    assert "names nobody" in client.get(address).content.decode()
    assert client.post(address, {"reason": ""}).status_code == 200
    assert "Mkha" in every_page(office)

    assert client.post(address, {"reason": "His family asks"}).status_code == 302
    assert "Mkha" not in every_page(office)
    assert (
        "Not shown: the case is under an embargo" in client.get(reverse("wagtailadmin_home")).content.decode()
    )

    client.post(reverse("campaigns_put_back", args=[mkhaitir.pk]), {"reason": "They agree"})
    assert "Mkha" in every_page(office)


def test_somebody_without_the_right_takes_nothing_down(client: Client, mkhaitir: Campaign, db: None) -> None:
    """A reader of the office reads."""
    reader = User.objects.create_user("reader", password="not-a-secret-here")
    client.force_login(reader, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.post(reverse("campaigns_take_down", args=[mkhaitir.pk]), {"reason": "Mischief"})

    assert publishable.is_public(mkhaitir.case)


def test_loading_the_demonstration_again_puts_nothing_back(
    mkhaitir: Campaign, editor: User, office: Config
) -> None:
    """What was taken down stays down."""
    actions.take_down(mkhaitir.case, by=editor, reason="His family asks")
    demonstration.import_cases(by=editor)
    demonstration.create_campaigns(by=editor)

    assert "Mkha" not in every_page(office)


def test_a_consent_taken_back_turns_the_pages_at_once(
    mkhaitir: Campaign,
    editor: User,
    office: Config,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """Nobody has to think of publishing."""
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(Consent.objects.get(case=mkhaitir.case, purpose="public_web"), by=editor, reason="He asks")

    assert "Mkha" not in every_page(office)
    assert "Mkha" not in on_the_disk(office)


def test_a_corrected_date_is_on_the_page_at_once(
    mkhaitir: Campaign,
    editor: User,
    office: Config,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """And a change of a case without a public campaign writes no edition."""
    before = current_edition(office).manifest.number
    with django_capture_on_commit_callbacks(execute=True):
        record(Case(ref="AQ-9", country="AQ", title="Another case"), by=editor)
    assert current_edition(office).manifest.number == before

    arrest = Event.objects.get(case=mkhaitir.case, type="arrest")
    with django_capture_on_commit_callbacks(execute=True):
        amend(arrest, {"date_edtf": "2014-01-02"}, by=editor)
    assert 'datetime="2014-01-02"' in page_of(office, campaign_path(MKHAITIR, "en"))


def test_a_campaign_that_would_show_nothing_is_not_opened(mkhaitir: Campaign, editor: User) -> None:
    """What is missing is said."""
    actions.pause(mkhaitir, by=editor)
    withdraw(Consent.objects.get(case=mkhaitir.case, purpose="public_web"), by=editor, reason="He asks")
    with pytest.raises(MoveRefused, match="free-mkhaitir would show nothing: no consent to public pages"):
        actions.publish(mkhaitir, by=editor)


def test_a_name_typed_where_nobody_may_be_named_keeps_the_page_off(
    mkhaitir: Campaign, editor: User, office: Config, caplog: pytest.LogCaptureFixture
) -> None:
    """The page says his name in its title: without consent to a name it is not shown, and the log says so."""
    amend(
        Consent.objects.get(case=mkhaitir.case, purpose="public_web"),
        {"identification": "initials"},
        by=editor,
    )
    actions.pause(campaign(SELMA), by=editor)

    assert "Mohamed Mkhaïtir" not in every_page(office)
    assert "free-mkhaitir is not shown: a page names somebody who did not agree" in caplog.text
