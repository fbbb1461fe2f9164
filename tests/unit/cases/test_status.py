"""What is said of a person's liberty, trial and danger follows from the record, and says no more than it."""

import subprocess
import sys
import time
from typing import Any

import pytest

from habeas.cases import dates, status, vocabulary
from habeas.cases.status import (
    Course,
    DeathPenalty,
    Event,
    Kind,
    Liberty,
    Stage,
    Status,
    Whereabouts,
    esf,
    words,
)
from habeas.cases.status.regions import HELD
from habeas.cases.status.rules import LIBERTY, NEUTRAL, PROCEEDING, RULES
from histories import history

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
