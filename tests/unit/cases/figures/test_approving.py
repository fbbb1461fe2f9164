"""Snapshots: kept as they were counted, approved by somebody, corrected with a reason."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from figures_cast import a_case, a_question, an_event
from habeas.cases.actions import BadRecord, amend, record, withdraw
from habeas.cases.figures.actions import (
    NobodyApproves,
    NoReasonForReaders,
    SaysTooMuch,
    approve,
    define,
    take,
    to_correct,
)
from habeas.cases.figures.checking import broken
from habeas.cases.models import Case, Change, Event, FigureDef, FigureSnapshot
from habeas.cases.models.figure import ApprovedAlready
from habeas.cases.protection import Access

WHY = {"en": "one record was of another year", "fr": "un acte était d’une autre année", "ar": "سنة أخرى"}


@pytest.fixture
def arrests(researcher: User) -> FigureDef:
    """Three arrests of 2024, of which one may be of 2023."""
    case = a_case()
    for when in ("2024-05-01", "2024-06-01", "2023-12/2024-01"):
        an_event(case, when)
    return define(a_question(), by=researcher)


def first_event() -> Event:
    return Event.objects.order_by("created_at")[0]


def test_a_snapshot_keeps_what_was_counted_and_how(arrests: FigureDef, researcher: User) -> None:
    taken = take(arrests, by=researcher)
    withdraw(first_event(), by=researcher, reason="A mistake")

    kept = FigureSnapshot.objects.get(pk=taken.pk)
    assert (kept.lower, kept.upper, kept.qualifier, kept.value) == (2, 3, "at least", 2)
    assert (len(kept.members), len(kept.uncertain), len(kept.members_sha256)) == (3, 1, 64)
    assert (kept.definition_version, kept.access, kept.is_approved) == (1, Access.STAFF, False)


@pytest.mark.parametrize(("qualifier", "value"), [("over", 1), ("at least", 2), ("at least", 0)])
def test_what_the_count_allows_may_be_said(
    arrests: FigureDef, researcher: User, qualifier: str, value: int
) -> None:
    assert take(arrests, by=researcher, value=value, qualifier=qualifier).value == value


@pytest.mark.parametrize(("qualifier", "value"), [("over", 2), ("at least", 3), ("exactly", 2), ("about", 3)])
def test_more_than_we_know_is_not_said(
    arrests: FigureDef, researcher: User, qualifier: str, value: int
) -> None:
    """And the message says what we know."""
    with pytest.raises(SaysTooMuch, match="between 2 and 3"):
        take(arrests, by=researcher, value=value, qualifier=qualifier)


def test_the_database_itself_refuses_what_is_too_firm(arrests: FigureDef, researcher: User) -> None:
    """Whatever the code around it does."""
    taken = take(arrests, by=researcher)
    for told in ({"qualifier": "over"}, {"qualifier": "exactly"}, {"lower": None}, {"value": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FigureSnapshot.every.filter(pk=taken.pk).update(**told)


def test_somebody_answers_for_a_number(arrests: FigureDef, researcher: User) -> None:
    """With their name in the log, in the same transaction; a command alone cannot."""
    taken = take(arrests, by=None)
    with pytest.raises(NobodyApproves):
        approve(taken, by=None)
    approved = approve(taken, by=researcher)

    assert (approved.approver, approved.access) == (researcher, Access.PUBLIC)
    last = Change.objects.for_instance(approved)[0]
    assert (last.user, "approver" in last.fields) == (researcher, True)
    with pytest.raises(ProtectedError):
        researcher.delete()


def test_somebody_who_left_approves_nothing(arrests: FigureDef, researcher: User) -> None:
    taken = take(arrests, by=researcher)
    researcher.is_active = False
    with pytest.raises(NobodyApproves):
        approve(taken, by=researcher)


def test_an_approved_number_is_not_changed(arrests: FigureDef, researcher: User) -> None:
    """Nor approved a second time."""
    approved = approve(take(arrests, by=researcher), by=researcher)
    with pytest.raises(ApprovedAlready):
        approve(approved, by=researcher)
    with pytest.raises(ApprovedAlready):
        amend(approved, {"value": 1}, by=researcher)

    assert FigureSnapshot.objects.get(pk=approved.pk).value == 2


def test_a_snapshot_that_no_longer_holds_is_not_approved(arrests: FigureDef, researcher: User) -> None:
    taken = take(arrests, by=researcher)
    withdraw(first_event(), by=researcher, reason="A mistake")
    with pytest.raises(SaysTooMuch, match="the records changed since"):
        approve(taken, by=researcher)


def test_what_happened_since_is_no_mistake_of_then(researcher: User) -> None:
    """“Exactly two as of today” stays true when somebody is arrested tomorrow."""
    case = a_case()
    an_event(case, "2024-05-01")
    question = define(a_question(until=None), by=researcher)
    approved = approve(take(question, by=researcher, value=1, qualifier="exactly"), by=researcher)
    an_event(case, "2099-05-01")
    assert broken([approved.pk]) == []

    an_event(case, "2024-07-01")
    assert [one.lower for one in broken([approved.pk])] == [2]


def test_a_correction_tells_readers_why_in_every_language(arrests: FigureDef, researcher: User) -> None:
    wrong = approve(take(arrests, by=researcher), by=researcher)
    withdraw(first_event(), by=researcher, reason="A mistake")
    [told] = broken([wrong.pk])
    assert (told.slug, told.said, told.lower, told.upper) == ("arrests", "at least 2", 1, 2)

    right = take(arrests, by=researcher)
    with pytest.raises(NoReasonForReaders, match="“at least 2”: tell readers why, in ar, fr"):
        approve(right, by=researcher, reasons={"en": WHY["en"], "fr": " "})
    approved = approve(right, by=researcher, reasons=WHY)

    assert (approved.corrects, approved.reasons) == ([str(wrong.pk)], WHY)
    assert to_correct("arrests") == []


def test_a_newer_number_corrects_nothing_that_still_holds(arrests: FigureDef, researcher: User) -> None:
    """“At least two” is true of three."""
    approve(take(arrests, by=researcher), by=researcher)
    an_event(Case.objects.get(), "2024-09-01")
    newer = approve(take(arrests, by=researcher), by=researcher)

    assert (newer.value, newer.corrects) == (3, [])


def test_a_claim_is_counted_again_by_the_question_of_then(arrests: FigureDef, researcher: User) -> None:
    """A question that was changed asks something else."""
    approved = approve(take(arrests, by=researcher), by=researcher)
    amend(arrests, {"event_types": ["release"]}, by=researcher)

    assert broken([approved.pk]) == []


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"event_types": ["arrests"]}, "Not kinds of events: arrests"),
        ({"event_types": []}, "Choose some"),
        ({"wording": {"en": "many arrests"}}, "it does not in: en"),
        ({"wording": {}}, "wording"),
        ({"since": "2025-01-01", "until": "2024-01-01"}, "ends before it begins"),
        ({"unit": "mice"}, "unit"),
        ({"country": "XX"}, "country"),
        ({"access_ceiling": Access.SEALED}, "access_ceiling"),
        ({"min_verification": "refuted"}, "min_verification"),
        ({"slug": "mauritania-hrd-arrests"}, "A figure of another body has this name"),
    ],
)
def test_a_question_that_counts_nothing_is_refused(mkhaitir: Case, told: dict[str, Any], words: str) -> None:
    with pytest.raises(BadRecord, match=words):
        record(a_question(**told), by=None)


def test_a_number_of_another_body_is_approved_as_it_was_entered(mkhaitir: Case, researcher: User) -> None:
    """It was read from their words: over 168."""
    cited = FigureSnapshot.objects.get()
    assert (cited.qualifier, cited.value, cited.is_approved) == ("over", 168, False)

    assert approve(cited, by=researcher).corrects == []
