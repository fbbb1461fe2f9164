"""Staff write an update, see what it will change, publish it, correct it, take it back."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from habeas.campaigns import actions
from habeas.campaigns.models import Campaign, Update
from habeas.campaigns.updates import Words
from habeas.config import Config
from habeas.delivery.news_status import NewsStatus, mails_by_language, news_status_path, write_news_status
from habeas.edition.slots import campaign_path
from habeas.lib import ids
from office_site import MKHAITIR, page_of
from registry_cast import member, office_only

WRITTEN = {"subject_en": "The court has set a day", "text_en": "It hears the appeal on 20 December."}


@pytest.fixture
def staff(client: Client, editor: User) -> Client:
    client.force_login(editor, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def clerk_says(config: Config, campaign: Campaign, **people: int) -> None:
    """Have the clerk tell how many asked for news, by language."""
    write_news_status(news_status_path(config), NewsStatus({campaign.ledger_id: people}))


def send(client: Client, url: str, step: str, **told: Any) -> str:
    """Send the screen; give what comes, its white space folded."""
    answer = client.post(url, {"key": str(ids.uuid7()), "mails": "on", "step": step, **told}, follow=True)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def of(campaign: Campaign) -> str:
    return reverse("campaigns_updates", args=[campaign.pk])


def test_the_second_step_says_what_will_change_and_changes_nothing(
    staff: Client, mkhaitir: Campaign, office: Config
) -> None:
    """Addresses, mails by language, who gets which language, and how page and mail look."""
    clerk_says(office, mkhaitir, en=1_200, ar=34)
    assert "1,234 people who signed asked for news" in staff.get(of(mkhaitir)).content.decode()
    shown = send(staff, of(mkhaitir), "look", **WRITTEN)

    assert "<strong>4 addresses</strong>" in shown
    assert "About 1,234 mails" in shown
    assert "1,234 in English (among them 34 who signed in Arabic)" in shown
    assert (
        "Arabic is left out: its page does not show the update; whoever signed on it gets the mail in English"
        in shown
    )
    assert "srcdoc=" in shown
    assert "/en/unsubscribe/…" in shown
    assert not Update.objects.exists()


def test_publishing_makes_one_update_however_often_the_button_is_pressed(
    staff: Client, mkhaitir: Campaign, office: Config
) -> None:
    """The form carries its own name."""
    key = str(ids.uuid7())
    told = send(staff, of(mkhaitir), "publish", **WRITTEN, key=key)
    again = send(staff, of(mkhaitir), "publish", **WRITTEN, key=key)

    assert "The clerk mails it now." in told
    assert "this update is published already" in again
    assert Update.objects.get().is_mailed
    assert WRITTEN["subject_en"] in page_of(office, campaign_path(MKHAITIR, "en"))


def test_an_update_may_go_without_mail(staff: Client, mkhaitir: Campaign) -> None:
    """The second step says that nobody is written to."""
    told = {"key": str(ids.uuid7()), **WRITTEN}
    look = staff.post(of(mkhaitir), {**told, "step": "look"}).content.decode()
    staff.post(of(mkhaitir), {**told, "step": "publish"})

    assert "Nobody is mailed." in look
    assert not Update.objects.get().is_mailed


def test_who_wants_to_change_the_words_finds_them_as_they_were(staff: Client, mkhaitir: Campaign) -> None:
    """Nothing typed is lost."""
    shown = send(staff, of(mkhaitir), "change", **WRITTEN)

    assert WRITTEN["text_en"] in shown
    assert "See what it will change" in shown
    assert not Update.objects.exists()


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({}, "Write subject and text in one language at least."),
        ({"subject_fr": "Nouvelles"}, "French, text: it is empty"),
        ({**WRITTEN, "subject_en": "x" * 101}, "at most 100 characters"),
        ({**WRITTEN, "text_en": "{{figure:arrests}}"}, "a figure cannot stand here"),
    ],
)
def test_what_is_missing_is_said_before_anything_is_shown(
    staff: Client, mkhaitir: Campaign, told: dict[str, str], said: str
) -> None:
    """Beside its field, in plain words."""
    shown = send(staff, of(mkhaitir), "look", **told)

    assert said in shown
    assert "srcdoc=" not in shown


def test_before_the_clerk_has_counted_no_number_is_said(staff: Client, mkhaitir: Campaign) -> None:
    """Rather none than a wrong one."""
    assert "has not said yet" in staff.get(of(mkhaitir)).content.decode()
    assert "How many that is the clerk has not said yet" in send(staff, of(mkhaitir), "look", **WRITTEN)


def test_a_case_that_is_taken_down_has_no_form(staff: Client, mkhaitir: Campaign, editor: User) -> None:
    """It says why instead."""
    actions.take_down(mkhaitir.case, by=editor, reason="The family asks")
    shown = staff.get(of(mkhaitir)).content.decode()

    assert "the case is under an embargo" in shown
    assert 'name="subject_en"' not in shown


def test_an_update_is_corrected_in_two_steps(
    staff: Client, mkhaitir: Campaign, editor: User, office: Config
) -> None:
    """The first step holds what it says now, the second that nobody is mailed again."""
    told = actions.write_update(mkhaitir, {"en": Words("News", "On 20 December.")}, by=editor).update
    url = reverse("campaigns_correct_update", args=[told.pk])
    assert "On 20 December." in staff.get(url).content.decode()
    look = send(staff, url, "look", subject_en="News", text_en="On 21 December.")
    done = send(staff, url, "publish", subject_en="News", text_en="On 21 December.")

    assert "was corrected today. Nobody who has had the mail is written to again" in look
    assert "Nobody is mailed again." in done
    assert "On 21 December." in page_of(office, campaign_path(MKHAITIR, "en"))
    assert Update.objects.count() == 1


def test_a_correction_that_changes_nothing_is_none(staff: Client, mkhaitir: Campaign, editor: User) -> None:
    """It is said at once, and not only on the second press."""
    told = actions.write_update(mkhaitir, {"en": Words("News", "On 20 December.")}, by=editor).update
    url = reverse("campaigns_correct_update", args=[told.pk])
    shown = send(staff, url, "look", subject_en="News", text_en="On 20 December.")

    assert "This is what it says already." in shown
    assert "Put up the correction" not in shown


def test_a_correction_says_in_which_language_nothing_stays(
    staff: Client, mkhaitir: Campaign, editor: User
) -> None:
    """A language taken out is told apart from one that never had it."""
    both = {"en": Words("News", "On 20 December."), "fr": Words("Nouvelles", "Le 20 décembre.")}
    told = actions.write_update(mkhaitir, both, by=editor).update
    url = reverse("campaigns_correct_update", args=[told.pk])
    shown = send(staff, url, "look", subject_en="News", text_en="On 21 December.")

    assert "French is taken out: its page and its feeds no longer show the update" in shown
    assert "Arabic is left out: its page does not show the update." in shown


def test_what_was_taken_back_is_not_corrected(staff: Client, mkhaitir: Campaign, editor: User) -> None:
    """There is no form to fill in for nothing, and a way on."""
    told = actions.write_update(mkhaitir, {"en": Words("News", "On 20 December.")}, by=editor).update
    actions.take_back_update(told, by=editor, reason="Misheard")
    shown = staff.get(reverse("campaigns_correct_update", args=[told.pk])).content.decode()

    assert "This update was taken back." in shown
    assert 'name="subject_en"' not in shown
    assert of(mkhaitir) in shown


def test_an_update_is_taken_back_with_a_reason(
    staff: Client, mkhaitir: Campaign, editor: User, office: Config
) -> None:
    """The screen says how many addresses change, and what stays: what has left."""
    told = actions.write_update(mkhaitir, {"en": Words("News", "On 20 December.")}, by=editor).update
    url = reverse("campaigns_take_back_update", args=[told.pk])
    shown = staff.get(url).content.decode()
    assert "<strong>4 addresses</strong>" in shown
    assert "they cannot be called back" in shown
    assert "Say why in a few words" in staff.post(url, {"reason": ""}).content.decode()
    done = staff.post(url, {"reason": "Misheard"}, follow=True).content.decode()

    assert "taken back on" in done
    assert "On 20 December." not in page_of(office, campaign_path(MKHAITIR, "en"))
    assert "It was taken back on" in staff.get(url).content.decode()


def test_what_was_told_stands_above_the_form_and_older_updates_fold(
    staff: Client, mkhaitir: Campaign, editor: User
) -> None:
    """Whoever has just corrected one, or taken it back, sees it without looking for it."""
    for number in range(5):
        actions.write_update(mkhaitir, {"en": Words(f"News {number}", "So it is.")}, by=editor)
    shown = staff.get(of(mkhaitir)).content.decode()
    places = [shown.index(f"News {number}</a>") for number in (4, 3, 2, 1, 0)]

    assert places == sorted(places)
    assert places[2] < shown.index("Earlier ones") < places[3] < shown.index('name="subject_en"')


def test_who_may_not_change_campaigns_tells_nobody_anything(
    client: Client, mkhaitir: Campaign, editor: User, office: Config
) -> None:
    """Neither new, nor other words, nor none."""
    told = actions.write_update(mkhaitir, {"en": Words("News", "On 20 December.")}, by=editor).update
    reader = member("reader")
    office_only(reader)
    client.force_login(reader, backend="allauth.account.auth_backends.AuthenticationBackend")
    for url in (
        of(mkhaitir),
        reverse("campaigns_correct_update", args=[told.pk]),
        reverse("campaigns_take_back_update", args=[told.pk]),
        reverse("campaigns_plan", args=[mkhaitir.pk]),
    ):
        assert client.get(url).status_code in {302, 403}
        client.post(url, {**WRITTEN, "step": "publish", "reason": "x", "key": str(ids.uuid7())})

    told.refresh_from_db()
    assert (Update.objects.count(), told.taken_back_on, told.corrected_on) == (1, None, None)


def test_mails_are_counted_in_the_language_people_get() -> None:
    """Those whose language is left out among them, and nobody is lost."""
    assert mails_by_language({"en": 5, "fr": 2, "ar": 1}, ["fr", "ar"]) == {
        "fr": {"en": 5, "fr": 2},
        "ar": {"ar": 1},
    }
