"""Before a campaign is closed: what the record says against it is read by whoever closes."""

from datetime import date

from django.contrib.auth.models import User

from habeas.cases.actions import amend, record, withdraw
from habeas.cases.closing import concerns
from habeas.cases.models import Case, Consent, Event
from habeas.cases.protection import Giver, Purpose, Verification

OPEN = "Proceedings are still open (appeal pending)"
CONSENT = "No consent to public pages or media is recorded since the release"


def test_a_release_does_not_hide_that_an_appeal_was_never_heard(mkhaitir: Case) -> None:
    """Somebody has to keep watching: he can be called back before a court."""
    [only] = concerns(mkhaitir, says_released=True, shows_words=False)
    assert only.startswith(OPEN)


def test_nobody_is_called_free_whom_the_record_has_in_custody(mkhaitir: Case, researcher: User) -> None:
    """The record says otherwise, and its words are shown."""
    release = Event.objects.get(case=mkhaitir, type="release")
    amend(release, {"verification": Verification.REFUTED}, by=researcher)

    first, *_ = concerns(mkhaitir, says_released=True, shows_words=False)
    assert "was let go. It says: in custody" in first
    assert all("let go" not in told for told in concerns(mkhaitir, says_released=False, shows_words=False))


def test_a_release_that_one_source_tells_of_is_called_so(mkhaitir: Case, researcher: User) -> None:
    """A rumour of a release must not end a campaign unread."""
    release = Event.objects.get(case=mkhaitir, type="release")
    amend(release, {"verification": Verification.REPORTED}, by=researcher)

    assert "rests on one source" in concerns(mkhaitir, says_released=True, shows_words=False)[0]


def test_words_need_a_consent_given_in_freedom(mkhaitir: Case, researcher: User) -> None:
    """What somebody agreed to in a cell does not cover what they say afterwards."""
    withdraw(Consent.objects.get(case=mkhaitir, purpose=Purpose.MEDIA), by=researcher, reason="Not asked yet")
    assert any(told.startswith(CONSENT) for told in concerns(mkhaitir, says_released=True, shows_words=True))
    for day, is_asked_for in ((date(2019, 7, 28), True), (date(2019, 7, 29), False)):
        given = Consent(
            case=mkhaitir, giver=Giver.PERSON, purpose=Purpose.MEDIA, obtained_on=day, scope="His words"
        )
        record(given, by=researcher)
        told = concerns(mkhaitir, says_released=True, shows_words=True)
        assert any(one.startswith(CONSENT) for one in told) is is_asked_for
