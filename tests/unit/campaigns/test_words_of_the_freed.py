"""The person's own words: shown once they agreed in freedom, and not before."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from habeas.campaigns import actions
from habeas.campaigns.lifecycle import Outcome, State
from habeas.campaigns.models import Campaign
from habeas.campaigns.publishing import publish_edition
from habeas.cases.actions import withdraw
from habeas.cases.closing import NotFresh, WordsConsent, record_words_consent
from habeas.cases.models import Change, Consent
from habeas.cases.protection import Giver, Identification, Purpose
from habeas.config import Config
from habeas.edition.slots import campaign_path
from office_site import MKHAITIR, campaign, page_of

RELEASED = date(2019, 7, 29)


@pytest.fixture(autouse=True)
def nobody_asked_him_yet(mkhaitir: Campaign, editor: User) -> None:
    """The demonstration repeats what is public; here he was asked nothing since his release."""
    for consent in Consent.objects.filter(case=mkhaitir.case, obtained_on__isnull=False):
        withdraw(consent, by=editor, reason="Another story")


def agreed(on: date) -> WordsConsent:
    """Return his yes of a day."""
    return WordsConsent(on, Giver.PERSON, "On the telephone", Identification.NAME_ONLY)


def words(office: Config) -> bool:
    """Tell whether his words stand on the page."""
    assert actions.has_words(campaign(MKHAITIR))
    return "<blockquote>" in page_of(office, campaign_path(MKHAITIR, "en"))


def test_words_stay_off_the_page_without_a_consent_given_in_freedom(
    mkhaitir: Campaign, editor: User, office: Config
) -> None:
    """The rest of the closing is told."""
    actions.close(mkhaitir, outcome=Outcome.RELEASED, by=editor)

    assert not words(office)
    assert "free" in page_of(office, campaign_path(MKHAITIR, "en"))


def test_a_consent_given_at_the_closing_is_a_record_of_the_case(
    mkhaitir: Campaign, editor: User, office: Config
) -> None:
    """With its day, its kind and who asked; the log has it, and the words are shown."""
    actions.close(mkhaitir, outcome=Outcome.RELEASED, by=editor, consent=agreed(RELEASED))
    given = Consent.objects.get(case=mkhaitir.case, obtained_on=RELEASED)

    assert words(office)
    assert (given.purpose, given.giver, given.identification) == (
        Purpose.PUBLIC_WEB,
        Giver.PERSON,
        Identification.NAME_ONLY,
    )
    assert (given.obtained_how, given.obtained_by) == ("On the telephone", "editor")
    assert given.person is not None
    assert Change.objects.filter(object_id=str(given.pk), user=editor, action="cases.record").exists()


def test_words_leave_the_page_when_the_consent_is_taken_back(
    mkhaitir: Campaign, editor: User, office: Config
) -> None:
    """At once, and from the disk."""
    actions.close(mkhaitir, outcome=Outcome.RELEASED, by=editor, consent=agreed(RELEASED))
    given = Consent.objects.get(case=mkhaitir.case, obtained_on=RELEASED)
    withdraw(given, by=editor, reason="He asks for it")
    publish_edition(office)

    assert not words(office)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (RELEASED - timedelta(days=1), "before 29 July 2019, the day of the release"),
        (date(2999, 1, 1), "has not come yet"),
    ],
)
def test_a_consent_from_a_cell_or_from_tomorrow_closes_nothing(
    mkhaitir: Campaign, editor: User, day: date, why: str
) -> None:
    """Nothing has changed then."""
    before = Consent.objects.count()
    with pytest.raises(NotFresh, match=why):
        actions.close(mkhaitir, outcome=Outcome.RELEASED, by=editor, consent=agreed(day))

    assert campaign(MKHAITIR).state == State.OPEN
    assert Consent.objects.count() == before


def close_on_screen(client: Client, one: Campaign, **told: Any) -> str:
    url = reverse("campaigns_move", args=[one.pk, "close"])
    answer = client.post(url, {"outcome": "released", "seen": "on", **told}, follow=True)
    return " ".join(answer.content.decode().split())


def test_the_screen_asks_for_the_consent_and_takes_it(
    mkhaitir: Campaign, editor: User, office: Config, client: Client
) -> None:
    """It says what stays off the pages without."""
    client.force_login(editor, backend="allauth.account.auth_backends.AuthenticationBackend")
    shown = client.get(reverse("campaigns_move", args=[mkhaitir.pk, "close"])).content.decode()
    assert "only if they agreed since 29 July 2019" in shown
    assert 'name="consent_on"' in shown
    assert 'name="consent_person"' not in shown  # there is one person it can be of

    refused = close_on_screen(client, mkhaitir, consent_on="2018-01-01")
    assert "Nothing was changed: that was before 29 July 2019" in refused
    close_on_screen(
        client,
        mkhaitir,
        consent_on=timezone.localdate().isoformat(),
        consent_how="In writing",
        consent_giver="person",
        consent_identification="name_only",
    )
    assert words(office)


def test_who_agreed_already_is_not_asked_again(
    mkhaitir: Campaign, editor: User, office: Config, client: Client
) -> None:
    """A researcher recorded it before."""
    record_words_consent(mkhaitir.case, agreed(RELEASED), by=editor)
    client.force_login(editor, backend="allauth.account.auth_backends.AuthenticationBackend")
    shown = client.get(reverse("campaigns_move", args=[mkhaitir.pk, "close"])).content.decode()

    assert 'name="consent_on"' not in shown
    assert "they agreed since they were let go" in shown
    close_on_screen(client, mkhaitir)
    assert words(office)
