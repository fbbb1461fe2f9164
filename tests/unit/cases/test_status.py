"""What is said of a person's liberty, trial and danger follows from the record, and says no more than it."""

import subprocess
import sys
import time
from datetime import date
from typing import Any

import pytest

from habeas.cases import dates, status, vocabulary
from habeas.cases.status import (
    Condition,
    Course,
    DeathPenalty,
    Event,
    Kind,
    Liberty,
    Span,
    Stage,
    Status,
    View,
    Whereabouts,
    esf,
    words,
)
from habeas.cases.status.regions import HELD
from habeas.cases.status.rules import LIBERTY, NEUTRAL, PROCEEDING, RULES
from histories import from_case_file, history

ALIVE = [liberty.value for liberty in Liberty if liberty is not Liberty.DEAD]
ANY_STAGE = [stage.value for stage in Stage]
HEARD = "charged trial appeal_pending acquittal_appealed remitted"
APPEALED = "appeal_pending acquittal_appealed"
CONVICTED = "convicted_open convicted_final"
CONDEMNED = "imposed upheld scheduled stayed"

# The table of the reference, a second time and in its own words: type, from, to ("=": the same).
OF_LIBERTY = [
    ("summons", "free conditional", "="),
    ("arrest", "free conditional exile unknown missing", "custody"),
    ("detention", "free conditional unknown custody", "custody"),
    ("abduction", "free conditional unknown", "missing"),
    ("custody_denied", "custody missing", "="),
    ("custody_acknowledged", "custody missing", "custody"),
    ("whereabouts_undisclosed", "custody house_arrest missing", "="),
    ("whereabouts_disclosed", "custody house_arrest", "="),
    ("transfer", "custody house_arrest", "="),
    ("detention_extended", "custody house_arrest", "="),
    ("admin_detention_order", "custody free conditional house_arrest", "custody"),
    ("house_arrest", "free custody conditional", "house_arrest"),
    ("bail", "custody house_arrest", "conditional"),
    ("conditional_release", "custody house_arrest", "conditional"),
    ("bail_revoked", "conditional", "custody"),
    ("release", "custody house_arrest conditional missing", "free"),
    ("escape", "custody", "free"),
    ("fled", "free conditional", "exile"),
    ("deported", " ".join(ALIVE), "exile"),
    ("found_alive", "missing", "unknown"),
    ("death_in_custody", "custody missing house_arrest", "dead"),
    ("death", "free conditional exile unknown", "dead"),
]
OF_PROCEEDINGS = [
    ("investigation", "none closed", "investigation"),
    ("charge", "none investigation closed", "charged"),
    ("charge_changed", HEARD, "="),
    ("hearing", HEARD, "="),
    ("adjourned", HEARD, "="),
    ("charge_dropped", "investigation charged trial remitted", "closed"),
    ("trial_open", "charged remitted", "trial"),
    ("conviction", f"trial remitted {APPEALED}", "convicted_open"),
    ("acquittal", f"trial remitted {APPEALED}", "acquitted_open"),
    ("sentence", "convicted_open", "="),
    ("death_sentence", CONVICTED, "="),
    ("appeal_lodged", "convicted_open appeal_pending", "appeal_pending"),
    ("appeal_lodged", "acquitted_open acquittal_appealed", "acquittal_appealed"),
    ("upheld", "appeal_pending", "convicted_open"),
    ("upheld", "acquittal_appealed", "acquitted_open"),
    ("sentence_increased", "appeal_pending", "convicted_open"),
    ("sentence_reduced", CONVICTED, "="),
    ("sentence_reduced", "appeal_pending", "convicted_open"),
    ("commuted", CONVICTED, "="),
    ("quashed", f"{APPEALED} {CONVICTED}", "closed"),
    ("remitted", APPEALED, "remitted"),
    ("retrial_ordered", f"convicted_final closed {APPEALED}", "remitted"),
    ("final", "convicted_open", "convicted_final"),
    ("acquittal_final", "acquitted_open", "acquitted_final"),
    ("pardon", f"{CONVICTED} appeal_pending", "closed"),
    ("amnesty", " ".join(ANY_STAGE), "closed"),
    ("sentence_served", f"{CONVICTED} appeal_pending", "="),
]
OF_DEATH_PENALTY = [
    ("death_sought", "none lifted", "sought"),
    ("death_sentence", "none sought lifted", "imposed"),
    ("death_upheld", "imposed upheld stayed", "upheld"),
    ("execution_scheduled", "upheld scheduled stayed", "scheduled"),
    ("stay", "scheduled", "stayed"),
    ("death_lifted", f"sought {CONDEMNED}", "lifted"),
    ("commuted", "none sought lifted", "="),
    ("commuted", CONDEMNED, "lifted"),
    ("execution", "imposed upheld scheduled", "executed"),
]


def moves(table: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Return the table, a row for each move."""
    return [
        (kind, start, start if end == "=" else end) for kind, starts, end in table for start in starts.split()
    ]


def others(table: list[tuple[str, str, str]], states: list[str]) -> list[tuple[str, str]]:
    """Return (type, state) of everything that the table does not have."""
    legal = {(kind, start) for kind, start, _end in moves(table)}
    kinds = dict.fromkeys(kind for kind, _starts, _end in table)
    return [(kind, state) for kind in kinds for state in states if (kind, state) not in legal]


def held_since(liberty: str) -> Status:
    """Return the status of a person of whom only the liberty is known."""
    [before] = history("detention 2019")
    started = Status(liberty=Liberty(liberty), liberty_by=before)
    if started.liberty in HELD:
        started.held_by, started.times_held = before, 1
        started.whereabouts = Whereabouts.UNKNOWN
    return started


def after(started: Status, *lines: str) -> Status:
    return status.replay(history(*lines), started)


def found_in(*lines: str) -> list[status.Finding]:
    return list(status.check(history(*lines)))


@pytest.mark.parametrize(("kind", "start", "end"), moves(OF_LIBERTY))
def test_a_persons_liberty_moves_as_the_table_says(kind: str, start: str, end: str) -> None:
    now = after(held_since(start), kind)

    assert now.liberty == end
    assert now.findings == []


@pytest.mark.parametrize(("kind", "start"), others(OF_LIBERTY, ALIVE))
def test_what_cannot_happen_next_to_somebody_alive_is_a_gap_and_is_recorded(kind: str, start: str) -> None:
    now = after(held_since(start), kind)

    [finding] = now.findings
    assert finding.kind is Kind.GAP
    assert finding.assumed
    assert now.liberty in {end for name, _start, end in moves(OF_LIBERTY) if name == kind}


@pytest.mark.parametrize("kind", LIBERTY)
def test_nothing_happens_to_the_liberty_of_the_dead(kind: str) -> None:
    now = after(held_since("dead"), kind)

    assert now.liberty is Liberty.DEAD
    assert [finding.kind for finding in now.findings] == [Kind.CONTRADICTION]


@pytest.mark.parametrize(("kind", "start", "end"), moves(OF_PROCEEDINGS))
def test_a_proceeding_moves_as_the_table_says(kind: str, start: str, end: str) -> None:
    started = Status(courses={"": Course(stage=Stage(start))})

    now = after(started, kind)

    assert now.courses[""].stage == end
    assert now.findings == []


@pytest.mark.parametrize(("kind", "start"), others(OF_PROCEEDINGS, ANY_STAGE))
def test_what_cannot_come_next_in_a_proceeding_is_found(kind: str, start: str) -> None:
    now = after(Status(courses={"": Course(stage=Stage(start))}), kind)

    [finding] = now.findings
    over_for_good = start == "acquitted_final"
    assert finding.kind is (Kind.CONTRADICTION if over_for_good else Kind.GAP)
    assert bool(finding.assumed) is not over_for_good


@pytest.mark.parametrize(("kind", "start", "end"), moves(OF_DEATH_PENALTY))
def test_the_death_penalty_moves_as_the_table_says(kind: str, start: str, end: str) -> None:
    started = held_since("custody")
    started.courses[""] = Course(stage=Stage.CONVICTED_OPEN, death=DeathPenalty(start))

    now = after(started, kind)

    assert now.courses[""].death == end
    assert now.findings == []


@pytest.mark.parametrize(
    ("kind", "start"), others(OF_DEATH_PENALTY, [d.value for d in DeathPenalty if d != "executed"])
)
def test_what_is_missing_before_a_step_towards_death_is_named(kind: str, start: str) -> None:
    started = held_since("custody")
    started.courses[""] = Course(stage=Stage.CONVICTED_OPEN, death=DeathPenalty(start))

    [finding] = after(started, kind).findings

    assert finding.kind is Kind.GAP
    assert all(step.startswith(("death", "execution")) for step in finding.assumed)


@pytest.mark.parametrize(
    ("kind", "start", "place"),
    [
        ("arrest", "free", "unknown"),
        ("detention", "free", "unknown"),
        ("abduction", "free", "denied"),
        ("custody_denied", "custody", "denied"),
        ("custody_acknowledged", "missing", "undisclosed"),
        ("whereabouts_undisclosed", "custody", "undisclosed"),
        ("whereabouts_disclosed", "custody", "disclosed"),
        ("admin_detention_order", "free", "unknown"),
        ("house_arrest", "free", "unknown"),
        ("found_alive", "missing", "unknown"),
        ("release", "custody", "na"),
        ("death_in_custody", "custody", "na"),
    ],
)
def test_what_is_known_of_the_place_follows_the_event(kind: str, start: str, place: str) -> None:
    assert after(held_since(start), kind).whereabouts == place


def test_an_order_of_detention_does_not_reveal_where_somebody_is_hidden() -> None:
    now = status.replay(history("arrest", "whereabouts_undisclosed", "admin_detention_order"))

    assert now.whereabouts is Whereabouts.UNDISCLOSED
    assert now.findings == []


@pytest.mark.parametrize("kind", sorted(NEUTRAL))
def test_some_events_leave_the_status_as_it_is(kind: str) -> None:
    before = status.replay(history("arrest", "charge"))

    assert after(before, kind) == before


def test_every_kind_of_event_is_in_the_table_or_leaves_the_status() -> None:
    assert RULES.keys() | NEUTRAL == vocabulary.EVENTS.keys()


def test_an_execution_ends_a_life_and_a_proceeding() -> None:
    now = status.replay(
        history("arrest", "charge", "trial_open", "conviction", "death_sentence", "execution")
    )

    assert (now.liberty, now.courses[""].death) == (Liberty.DEAD, DeathPenalty.EXECUTED)
    assert now.findings == []


@pytest.mark.parametrize(
    ("lines", "assumed"),
    [
        (["conviction"], "charge trial_open"),
        (["sentence_served"], "charge trial_open conviction"),
        (["charge", "conviction"], "trial_open"),
        (["hearing"], "charge"),
        (["arrest", "arrest"], "release"),
        (["release"], "arrest"),
        (["bail_revoked"], "arrest bail"),
        (["found_alive"], "abduction"),
        (["arrest", "death"], "release"),
        (["death_in_custody"], "arrest"),
        (["charge", "trial_open", "conviction", "conviction"], "appeal_lodged"),
        (["charge", "trial_open", "conviction", "appeal_lodged", "final"], "upheld"),
        (["death_sentence"], "charge trial_open conviction"),
        (["arrest", "execution"], "charge trial_open conviction death_sentence"),
        (["execution"], "arrest charge trial_open conviction death_sentence"),
    ],
)
def test_what_nobody_recorded_is_assumed_in_the_fewest_steps(lines: list[str], assumed: str) -> None:
    [finding] = found_in(*lines)

    assert finding.kind is Kind.GAP
    assert finding.assumed == tuple(assumed.split())


def test_a_gap_is_told_as_a_task_in_plain_words() -> None:
    [finding] = found_in("arrest 2014-01-05", "conviction 2014-12")

    assert words.task(finding) == (
        "Before “Conviction” (December 2014) there must have been “Charge” and “Trial opens”, and nothing is "
        "recorded of it. Record what happened, with its source; or mend the kind of this event or its place "
        "in the order."
    )


def test_a_second_charge_comes_with_a_hint_at_another_proceeding() -> None:
    [finding] = found_in("charge", "charge")

    assert "give it a proceeding of its own" in words.task(finding)


def test_nobody_is_released_after_death() -> None:
    [finding] = found_in("arrest 2014", "death_in_custody 2015", "release 2016")

    assert finding.kind is Kind.CONTRADICTION
    assert finding.blocks_publishing
    assert finding.against
    assert finding.against.type == "death_in_custody"
    assert words.task(finding).startswith("“Release” (2016) cannot follow “Death in custody” (2015).")


@pytest.mark.parametrize("kind", ["quashed", "pardon", "acquittal", "retrial_ordered"])
def test_the_dead_may_still_be_cleared(kind: str) -> None:
    convicted = ["arrest", "charge", "trial_open", "conviction", "appeal_lodged", "death_in_custody"]

    assert found_in(*convicted, kind) == []


def test_charges_against_the_dead_may_be_dropped() -> None:
    assert found_in("arrest", "charge", "death_in_custody", "charge_dropped") == []


def test_the_dead_are_not_tried() -> None:
    [finding] = found_in("arrest", "charge", "death_in_custody", "trial_open")

    assert finding.kind is Kind.CONTRADICTION


def test_nobody_is_tried_again_after_a_final_acquittal() -> None:
    """Nobody shall be tried again for what they were finally acquitted of (ICCPR, article 14(7))."""
    [finding] = found_in(
        "charge 2017", "trial_open 2018", "acquittal 2018", "acquittal_final 2019", "charge 2020"
    )

    assert finding.kind is Kind.CONTRADICTION
    assert "“Acquittal final” (2019)" in words.task(finding)


def test_somebody_executed_after_a_final_acquittal_is_dead_all_the_same() -> None:
    now = status.replay(
        history("arrest", "charge", "trial_open", "acquittal", "acquittal_final", "execution")
    )

    assert [finding.kind for finding in now.findings] == [Kind.CONTRADICTION]
    assert now.liberty is Liberty.DEAD


def test_an_acquittal_upheld_on_appeal_is_no_conviction() -> None:
    now = status.replay(history("charge", "trial_open", "acquittal", "appeal_lodged", "upheld"))

    assert now.courses[""].stage is Stage.ACQUITTED_OPEN
    assert words.stage_name(Stage.ACQUITTAL_APPEALED) == "appeal_pending"


def test_two_proceedings_against_a_person_do_not_mix() -> None:
    now = status.replay(history("charge @ fraud", "charge @ false news", "trial_open @ fraud"))

    assert {name: course.stage for name, course in now.courses.items()} == {
        "fraud": Stage.TRIAL,
        "false news": Stage.CHARGED,
    }
    assert now.findings == []


def test_what_happens_to_one_of_the_accused_does_not_happen_to_the_other() -> None:
    together = history("arrest", "charge", "trial_open", persons=("ana", "luis"))
    apart = (
        Event("4", 4, "conviction", dates.parse("2021"), persons=("ana",)),
        Event("5", 5, "acquittal", dates.parse("2021"), persons=("luis",)),
        Event("6", 6, "release", dates.parse("2021"), persons=("luis",)),
    )
    events = (*together, *apart)

    ana, luis = (status.replay(status.concerning(events, person)) for person in ("ana", "luis"))

    assert (ana.liberty, ana.courses[""].stage) == (Liberty.CUSTODY, Stage.CONVICTED_OPEN)
    assert (luis.liberty, luis.courses[""].stage) == (Liberty.FREE, Stage.ACQUITTED_OPEN)
    assert status.check(events, ("ana", "luis")) == ()


def test_a_gap_that_co_accused_share_is_one_task() -> None:
    events = history("arrest", "conviction", persons=("ana", "luis"))

    assert len(status.check(events, ("ana", "luis"))) == 1


def test_an_order_that_the_dates_contradict_is_found() -> None:
    [finding] = found_in("arrest 2014-01-05", "charge 2013-12")

    assert finding.kind is Kind.ORDER
    assert finding.against
    assert finding.against.type == "arrest"
    assert not finding.blocks_publishing
    assert words.task(finding) == (
        "“Charge” (December 2013) stands after “Arrest” (5 January 2014), but by its dates it was before. "
        "Check both dates, and the order."
    )


@pytest.mark.parametrize("charged", ["2014-01", "2014", "../2014-02", "2013/.."])
def test_an_order_that_the_dates_leave_possible_is_believed(charged: str) -> None:
    assert found_in("arrest 2014-01-05", f"charge {charged}") == []


# --- The case of Mohamed Mkhaïtir ---


@pytest.fixture(scope="module")
def events(mkhaitir_file: str) -> tuple[Event, ...]:
    return from_case_file(mkhaitir_file)


def span_of(known: status.OnADay, kind: str) -> Span:
    return next(span for span in known.spans if span.kind == kind)


def said(view: View, language: str = "en") -> str:
    return words.status_in_words(view, language)


def test_a_real_and_hard_case_has_no_finding(events: tuple[Event, ...]) -> None:
    assert status.check(events) == ()


@pytest.mark.parametrize(
    ("day", "text", "code"),
    [
        ("2014-01-04", "not known to be held", ""),
        ("2014-01-05", "in custody, held without charge", "0202"),
        ("2014-02-01", "in custody, in pre-trial detention", "020202"),
        ("2015-02-01", "in custody, serving a sentence, on death row", "020203"),
        ("2017-01-31", "in custody, in pre-trial detention, on death row", "020202"),
        ("2017-11-09", "in custody, held past the legal end of the sentence", "020204"),
        (
            "2018-06-01",
            "in custody, whereabouts undisclosed, held past the legal end of the sentence",
            "020204",
        ),
        ("2019-07-29", "free, proceedings still open", "020105"),
    ],
)
def test_where_he_stood_on_a_day(events: tuple[Event, ...], day: str, text: str, code: str) -> None:
    known = status.on(date.fromisoformat(day), events).known

    assert said(known) == text
    assert known.esf_25 == code


def test_each_thing_said_of_him_names_the_events_it_rests_on(events: tuple[Event, ...]) -> None:
    known = status.on(date(2018, 6, 1), events).known

    assert {label.key: label.rests_on for label in known.labels} == {
        "held_past_legal_end": ("20", "130"),
        "administrative_detention": ("148",),
        "secret_detention": ("140",),
    }
    assert [label.wgad for label in known.labels] == ["I", "", ""]


def test_his_release_closes_no_proceeding(events: tuple[Event, ...]) -> None:
    known = status.on(date(2020, 1, 1), events).known

    assert known.status.courses[""].stage is Stage.APPEAL_PENDING
    assert [(label.key, label.rests_on) for label in known.labels] == [("proceedings_open", ("145",))]


def test_from_his_arrest_to_his_release_by_the_letter_of_counsel(events: tuple[Event, ...]) -> None:
    held = span_of(status.on(date(2020, 1, 1), events), "held")
    by_counsel = status.according_to(held)["counsel-letter"]

    assert (held.since.id, held.least, held.most) == ("20", 2031, 2031)
    assert (by_counsel.least, by_counsel.most) == (2034, 2034)
    assert by_counsel.shortest
    assert status.length(*by_counsel.shortest) == status.Length(5, 6, 27)
    assert by_counsel.more_than(years=5, months=6)  # "more than five and a half years", as was written
    assert words.span_in_words(by_counsel, "en") == "2,034 days (5 years, 6 months, 27 days)"


def test_how_long_he_was_held_past_the_end_of_the_sentence(events: tuple[Event, ...]) -> None:
    past = span_of(status.on(date(2020, 1, 1), events), "held_past_legal_end")

    assert (past.since.id, past.until.id if past.until else None) == ("130", "170")
    assert (past.least, past.most) == (627, 627)


def test_how_long_he_was_held_when_the_death_sentence_was_quashed(events: tuple[Event, ...]) -> None:
    until = span_of(status.on(date(2020, 1, 1), events), "held_until_death_lifted")

    assert (until.least, until.most) == (1404, 1404)
    assert until.at_least(years=3)
    assert not until.at_least(years=4)
    assert words.claim_in_words(until, "en") == "more than 3 years"


def test_an_event_before_one_that_is_over_is_over_too(events: tuple[Event, ...]) -> None:
    """The prosecutor's appeal, "2017-11/2018", stands before an order given by May 2018."""
    known = status.on(date(2018, 6, 1), events)

    assert known.known.status.courses[""].stage is Stage.APPEAL_PENDING
    assert [event.type for event in known.undecided] == ["health_deterioration"]


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_his_status_and_its_length_can_be_said_in_every_language(
    events: tuple[Event, ...], language: str
) -> None:
    known = status.on(date(2018, 6, 1), events)
    here = [said(known.known, language)]
    for span in known.spans:
        here += [words.kind_in_words(span.kind, language), words.span_in_words(span, language)]

    assert all(here)
    assert not any("duration" in text for text in here)  # what CLDR says where it has no word
    assert language == "en" or not any("held" in text or "detention" in text for text in here)


# --- What follows from a status ---


def view(*lines: str, under: tuple[str, ...] = ()) -> View:
    """Return how a person stands after everything, living under some conditions since long."""
    since = dates.parse("2000")
    conditions = [Condition(f"c{number}", kind, since) for number, kind in enumerate(under)]
    return status.on(date(2030, 1, 1), history(*lines), conditions).known


def keys(known: View) -> list[str]:
    return [label.key for label in known.labels]


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


# --- On a day that dates leave open ---


def test_what_may_have_happened_by_a_day_is_told_apart_from_what_had() -> None:
    known = status.on(date(2018, 6, 1), history("arrest 2018-05-01", "release 2018"))

    assert said(known.known) == "in custody, held without charge"
    assert [(said(other), other.supposing) for other in known.perhaps] == [("free", ("2",))]
    assert [event.id for event in known.undecided] == ["2"]


def test_each_status_that_the_dates_leave_open_is_told_once() -> None:
    straddling = history("arrest 2018", "transfer 2018", "release 2018")

    known = status.on(date(2018, 6, 1), straddling)

    assert said(known.known) == "not known to be held"
    assert [said(other) for other in known.perhaps] == ["in custody, held without charge", "free"]


def test_how_long_it_goes_on_ends_where_it_may_have_ended() -> None:
    [held] = status.on(date(2018, 6, 1), history("arrest 2018-05-01", "release 2018-05-20/2018-12")).spans

    assert (held.least, held.most, held.until) == (19, 31, None)
    assert held.may_have_ended_by
    assert held.may_have_ended_by.type == "release"
    assert words.day_in_words(held, "en") == ""


def test_a_condition_is_in_force_only_on_days_it_certainly_covers() -> None:
    solitary = Condition("c", "solitary", dates.parse("2020-02"), dates.parse("2020-04"))
    in_prison = history("arrest 2020-01-01")

    def on(day: str) -> tuple[bool, bool]:
        known = status.on(date.fromisoformat(day), in_prison, [solitary])
        return "solitary" in keys(known.known), bool(known.undecided_conditions)

    assert [on(day) for day in ("2020-01-31", "2020-02-15", "2020-03-15", "2020-04-15", "2020-05-01")] == [
        (False, False),
        (False, True),
        (True, False),
        (False, True),
        (False, False),
    ]


def test_conditions_of_one_prisoner_are_not_those_of_another() -> None:
    solitary = Condition("c", "solitary", dates.parse("2019"), persons=("ana",))
    events = history("arrest", persons=("ana", "luis"))

    ana, luis = (status.on(date(2021, 1, 1), events, [solitary], person).known for person in ("ana", "luis"))

    assert ("solitary" in keys(ana), "solitary" in keys(luis)) == (True, False)


# --- How long ---


def lasting(since: str, until: str) -> Span:
    first, last = history(f"arrest {since}", f"release {until}")
    return status.span("held", first, last, date(2030, 1, 1))


@pytest.mark.parametrize(
    ("since", "until", "least", "most", "said_of_it"),
    [
        ("2014-01-02", "2019-07-29", 2034, 2034, "2,034 days (5 years, 6 months, 27 days)"),
        ("2014-01", "2014-03", 29, 89, "29 days to 89 days"),
        ("2014-01", "2014-01", 0, 30, "at most 30 days"),
        ("2014-01-05", "2014-01-05", 0, 0, "0 days"),
        ("2014-01-05", "2014-02-05/..", 31, None, "at least 31 days"),
        ("../2014-01-05", "2014-02-05", 31, None, "at least 31 days"),
    ],
)
def test_a_length_is_no_more_exact_than_its_dates(
    since: str, until: str, least: int, most: int | None, said_of_it: str
) -> None:
    span = lasting(since, until)

    assert (span.least, span.most) == (least, most)
    assert words.span_in_words(span, "en") == said_of_it


@pytest.mark.parametrize(
    ("since", "until", "claim"),
    [
        ("2014-01-05", "2017-01-05", "at least 3 years"),
        ("2014-01-05", "2017-01-06", "more than 3 years"),
        ("2014-01", "2017-01-31", "at least 3 years"),
        ("2014-01", "2017-01-30", "more than 2 years"),
        ("2014-01-05", "2014-03-05", "at least 2 months"),
        ("2014-01-31", "2014-02-28", "at least 1 month"),
        ("2014-01-05", "2014-01-08", "at least 3 days"),
        ("2014-01", "2014-01", ""),
        ("2014/..", "2019", ""),
    ],
)
def test_a_text_claims_only_what_is_true_whatever_the_days_were(since: str, until: str, claim: str) -> None:
    assert words.claim_in_words(lasting(since, until), "en") == claim


def test_more_than_is_said_only_if_it_is_more() -> None:
    three_years = lasting("2014-01-05", "2017-01-05")

    assert (three_years.at_least(years=3), three_years.more_than(years=3)) == (True, False)
    assert (three_years.at_least(days=1096), three_years.more_than(days=1095)) == (True, True)
    assert not three_years.at_least(days=1097)


def test_the_day_of_the_arrest_is_the_first_day_in_detention() -> None:
    [first] = status.on(date(2020, 1, 1), history("arrest 2020-01-01")).spans
    [hundredth] = status.on(date(2020, 4, 9), history("arrest 2020-01-01")).spans
    [between] = status.on(date(2020, 4, 9), history("arrest 2020-01")).spans

    assert [words.day_in_words(held, "en") for held in (first, hundredth, between)] == [
        "day 1",
        "day 100",
        "between day 70 and day 100",
    ]


def test_each_time_somebody_was_held_counts_for_itself() -> None:
    twice = history("arrest 2020-01-01", "release 2020-01-11", "arrest 2021-01-01", "bail 2021-01-06")

    assert [span.least for span in status.on(date(2022, 1, 1), twice).spans] == [10, 5]


def test_codes_are_those_of_the_list() -> None:
    codes = {value for name, value in vars(esf).items() if name.isupper() and isinstance(value, str)}

    assert all(len(code) in {4, 6} and code.isdigit() for code in codes)


def test_the_status_is_derived_without_a_database(tmp_path: Any) -> None:
    """Plain Python on plain values: whoever has the events can check what we say."""
    code = "import sys, habeas.cases.status as s; print('django' in sys.modules, s.replay([]).liberty)"

    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert printed.split() == ["False", "free"]


def test_a_large_registry_is_read_in_less_than_a_second(events: tuple[Event, ...]) -> None:
    """So the status is derived whenever it is asked for, and stored nowhere."""
    people = 150_000 // len(events) + 1
    began = time.process_time()
    for _person in range(people):
        status.replay(events)

    assert time.process_time() - began < 1


def test_every_stage_of_the_proceedings_leads_somewhere() -> None:
    assert {kind for kind, _start, _end in moves(OF_PROCEEDINGS)} == PROCEEDING.keys()
