"""What may be public: in the words of consent, and with every reason why not."""

from typing import Any

import pytest

from habeas.cases import publishable
from habeas.cases.actions import amend, embargo, record, withdraw
from habeas.cases.corroboration import is_corroborated
from habeas.cases.models import Case, Claim, Consent, Event, Person, Source
from habeas.cases.protection import Access, Identification, Verification

NAME = "Mohamed Mkhaïtir"


def allow(case: Case, identification: str) -> None:
    amend(Consent.objects.get(case=case, purpose="public_web"), {"identification": identification}, by=None)


@pytest.mark.parametrize(
    ("identification", "shown"),
    [
        (Identification.FULL_NAME_PHOTO, NAME),
        (Identification.NAME_ONLY, NAME),
        (Identification.INITIALS, "M. M."),
        (Identification.ANONYMOUS, ""),
        (Identification.NONE, ""),
    ],
)
def test_a_person_is_named_as_far_as_they_allow(mkhaitir: Case, identification: str, shown: str) -> None:
    allow(mkhaitir, identification)

    assert publishable.Look().as_allowed(mkhaitir, NAME) == shown


def test_names_of_whoever_did_not_agree_are_withheld(mkhaitir: Case) -> None:
    """All of them, in every script."""
    assert publishable.Look().names_to_withhold(mkhaitir) == set()
    allow(mkhaitir, Identification.INITIALS)

    names = publishable.Look().names_to_withhold(mkhaitir)
    assert names == {NAME, "Mohamed Cheikh Ould M'kheitir", "محمد الشيخ ولد امخيطير"}
    assert publishable.names_in("They came for mohamed mkhaïtir.", names) == [NAME]
    assert publishable.names_in("الحرية: محمد الشيخ ولد امخيطير!", names) == ["محمد الشيخ ولد امخيطير"]
    assert publishable.names_in("Nobody is named.", names) == []


def test_a_name_inside_another_word_is_none(mkhaitir: Case) -> None:
    """Ali is not in Mali."""
    assert publishable.names_in("The president of Mali", ["Ali"]) == []


def test_a_consent_taken_back_takes_the_case_off(mkhaitir: Case) -> None:
    assert publishable.is_public(mkhaitir)
    withdraw(Consent.objects.get(purpose="public_web"), by=None, reason="He asks")

    [told] = publishable.obstacles(mkhaitir)
    assert "no consent to public pages" in told


def test_consent_to_one_use_is_none_to_another(mkhaitir: Case) -> None:
    amend(Consent.objects.get(purpose="public_web"), {"purpose": "media"}, by=None)

    assert not publishable.is_public(mkhaitir)


def test_everything_in_the_way_is_said(mkhaitir: Case) -> None:
    """To the editors, who have to mend it."""
    embargo(mkhaitir, by=None, reason="His lawyer asks")
    withdraw(Consent.objects.get(purpose="public_web"), by=None, reason="He asks")
    amend(mkhaitir, {"access": Access.STAFF}, by=None)

    assert len(publishable.obstacles(Case.objects.get())) == 3


def arrest(case: Case) -> Event:
    return Event.objects.get(case=case, type="arrest")


def public(event: Event) -> Any:
    return publishable.Look().events([event]).get(event.pk)


def test_an_event_is_told_with_who_says_so_and_who_says_otherwise(mkhaitir: Case) -> None:
    told = public(arrest(mkhaitir))

    assert (told.type, told.date, told.until) == ("arrest", "2014-01-05", "")
    assert [source.publisher for source in told.agreeing] == ["Amnesty International"]
    assert [(claim.date, claim.source.publisher) for claim in told.differing] == [
        ("2014-01-02", "Counsel and partner organisations")
    ]


def test_two_papers_that_quote_one_agency_corroborate_nothing(mkhaitir: Case) -> None:
    event = arrest(mkhaitir)
    amend(event, {"verification": Verification.CORROBORATED}, by=None)
    assert public(event)
    for claim in Claim.objects.filter(event=event):
        amend(claim, {"material_type": ""}, by=None)
        amend(claim.source, {"origin": "agency"}, by=None)

    assert not is_corroborated(Claim.objects.filter(event=event))
    assert public(event) is None


def test_one_official_record_corroborates(mkhaitir: Case) -> None:
    opened = Event.objects.get(case=mkhaitir, type="trial_open")

    assert is_corroborated(Claim.objects.filter(event=opened))


def test_a_denial_corroborates_nothing(mkhaitir: Case) -> None:
    event = arrest(mkhaitir)
    for claim in Claim.objects.filter(event=event):
        amend(claim, {"stance": "denies"}, by=None)

    assert not is_corroborated(Claim.objects.filter(event=event))


@pytest.mark.parametrize("verification", ["reported", "plausible", "disputed", "refuted"])
def test_what_is_not_sure_is_not_published(mkhaitir: Case, verification: str) -> None:
    event = amend(arrest(mkhaitir), {"verification": verification}, by=None)

    assert public(event) is None


def test_an_event_with_somebody_who_agreed_to_nothing_is_not_told(mkhaitir: Case) -> None:
    """A brother who was there."""
    brother = record(Person(access=0), by=None)
    event = amend(arrest(mkhaitir), {"persons": [*arrest(mkhaitir).persons.all(), brother]}, by=None)
    assert public(event) is None

    consent = Consent(
        case=mkhaitir, person=brother, giver="person", purpose="public_web", identification="anonymous"
    )
    record(consent, by=None)
    assert public(event)


def test_a_witness_is_cited_only_with_their_own_consent(mkhaitir: Case) -> None:
    source = Source.objects.get(key="amnesty-campaign")
    amend(source, {"connection": "witness"}, by=None)

    assert public(arrest(mkhaitir)).agreeing == ()
