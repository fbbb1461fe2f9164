"""What follows from a status, and what is only proposed to a person."""

from datetime import date

import pytest

from habeas.cases import dates, status
from habeas.cases.status import (
    Event,
)
from histories import keys, said, view

TRIED = ("arrest", "charge", "trial_open")
SENTENCED = (*TRIED, "conviction", "sentence")


@pytest.mark.parametrize(
    ("lines", "text", "code"),
    [
        (("arrest",), "in custody, held without charge", "0202"),
        (("arrest", "investigation"), "in custody, held without charge", "020201"),
        (("arrest", "charge"), "in custody, in pre-trial detention", "020202"),
        ((*SENTENCED, "appeal_lodged"), "in custody, held while an appeal is pending", "020202"),
        (SENTENCED, "in custody, serving a sentence", "020203"),
        ((*SENTENCED, "final"), "in custody, serving a sentence", "020203"),
        ((*TRIED, "acquittal"), "in custody, held after an acquittal", "020204"),
        (("arrest", "charge", "charge_dropped"), "in custody, held after the charges were dropped", "020204"),
        ((*SENTENCED, "quashed"), "in custody, held after the judgment was quashed", "020204"),
        ((*SENTENCED, "amnesty"), "in custody, held in spite of an amnesty", "020204"),
        ((*SENTENCED, "pardon"), "in custody, held in spite of a pardon", "020204"),
        (("admin_detention_order",), "in custody, held without charge, in administrative detention", "0202"),
        (("house_arrest",), "under house arrest", "0301"),
        (("abduction",), "missing, custody denied by the authorities", "0103"),
        (("abduction", "found_alive"), "found alive", "0104"),
        (("arrest", "charge", "bail"), "free on conditions, proceedings still open", "020102"),
        (("arrest", "investigation", "release"), "free, proceedings still open", "020101"),
        (("arrest", "charge", "charge_dropped", "release"), "free", "020103"),
        ((*TRIED, "acquittal", "release"), "free, proceedings still open", "020104"),
        ((*SENTENCED, "final", "sentence_served", "release"), "free", "020105"),
        (("arrest", "release"), "free", "0201"),
        (("arrest", "escape"), "free", "020109"),
        (("fled",), "in exile", "0302"),
        (("arrest", "death_in_custody"), "died in custody", "0101"),
        (("death",), "dead", "0101"),
        (("charge",), "not known to be held, proceedings still open", ""),
        ((), "not known to be held", ""),
    ],
)
def test_the_status_is_said_and_coded(lines: tuple[str, ...], text: str, code: str) -> None:
    known = view(*lines)

    assert said(known) == text
    assert known.esf_25 == code


def test_somebody_serving_another_sentence_is_not_held_past_its_end() -> None:
    known = view("arrest", "conviction @ theft", "charge @ speech", "charge_dropped @ speech")

    assert keys(known) == ["serving"]


def test_what_only_follows_from_an_assumed_acquittal_is_said_as_after_one() -> None:
    assert said(view("arrest", "acquittal_final")) == "in custody, held after an acquittal"


def test_somebody_arrested_anew_is_not_held_past_an_old_sentence() -> None:
    known = view(*SENTENCED, "sentence_served", "release", "arrest")

    assert keys(known) == ["held_without_charge"]


def test_a_new_trial_after_an_acquittal_is_pre_trial_detention_again() -> None:
    assert keys(view(*TRIED, "acquittal", "appeal_lodged", "remitted")) == ["pre_trial"]


def test_a_condemned_person_is_on_death_row_until_the_sentence_falls() -> None:
    condemned = (*TRIED, "conviction", "death_sentence")

    assert "death_row" in keys(view(*condemned))
    for mercy in ("death_lifted", "commuted", "pardon", "amnesty"):
        assert "death_row" not in keys(view(*condemned, mercy))


def test_neither_lawyer_nor_family_is_incommunicado() -> None:
    known = view("arrest", under=("no_lawyer", "no_family"))

    [label] = [label for label in known.labels if label.key == "incommunicado"]
    assert label.rests_on == ("c0", "c1")
    assert "incommunicado" not in keys(view("arrest", under=("no_lawyer",)))
    assert "incommunicado" in keys(view("arrest", under=("incommunicado",)))


def test_conditions_are_those_of_a_person_who_is_held() -> None:
    assert said(view("arrest", under=("solitary",))).endswith("in solitary confinement")
    assert keys(view("arrest", "release", under=("solitary", "death_row"))) == []


def test_a_place_that_is_kept_secret_makes_the_detention_secret() -> None:
    assert "secret_detention" in keys(view("arrest", "whereabouts_undisclosed"))
    assert "secret_detention" in keys(view("arrest", under=("whereabouts_undisclosed",)))
    assert "secret_detention" not in keys(view("arrest", "whereabouts_disclosed"))


@pytest.mark.parametrize(
    ("lines", "is_proposed"),
    [
        (("arrest", "custody_denied"), True),
        (("abduction",), False),  # by whom, nobody knows
        (("abduction", "custody_denied"), True),
        (("arrest", "custody_denied", "custody_acknowledged"), False),
    ],
)
def test_an_enforced_disappearance_is_proposed_to_a_person_and_never_said(
    lines: tuple[str, ...], *, is_proposed: bool
) -> None:
    known = view(*lines)

    proposals = [label.key for label in known.labels if label.is_proposal]
    assert proposals == (["enforced_disappearance"] if is_proposed else [])
    assert "disappearance" not in said(known)


def test_an_abduction_by_agents_of_the_state_may_be_an_enforced_disappearance() -> None:
    by_police = Event("1", 1, "abduction", dates.parse("2020"), agent="police")
    by_others = Event("1", 1, "abduction", dates.parse("2020"), agent="opposition")

    for event, expected in ((by_police, True), (by_others, False)):
        known = status.on(date(2021, 1, 1), [event]).known
        assert any(label.key == "enforced_disappearance" for label in known.labels) is expected
