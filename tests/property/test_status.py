"""Whatever is recorded about a person, in whatever order, the status stays sane and recording goes on."""

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.cases import dates, status
from habeas.cases.dates import FuzzyDate
from habeas.cases.status import Condition, Event, Kind, Liberty, words
from habeas.cases.status.days import bounds, by_day
from habeas.cases.status.rules import NEUTRAL, POSTHUMOUS, RULES
from habeas.cases.vocabulary import CONDITIONS

HISTORIES = 20_000
DAY_ONE = date(2010, 1, 1)

kinds = st.sampled_from(sorted(RULES.keys() | NEUTRAL))
days = st.integers(0, 3650).map(lambda days: DAY_ONE + timedelta(days=days))
texts = st.builds(lambda day, length: day.isoformat()[:length], days, st.sampled_from([4, 7, 10, 10]))
fuzzy = st.one_of(
    texts.map(dates.parse),
    texts.map(lambda text: dates.parse(f"{text}/..")),
    texts.map(lambda text: dates.parse(f"../{text}")),
)
agents = st.sampled_from(["", "police", "opposition"])
proceedings = st.sampled_from(["", "", "", "fraud"])


def numbered(drawn: list[tuple[str, FuzzyDate, str, str]]) -> list[Event]:
    return [
        Event(str(number), number, kind, when, proceeding, agent=agent)
        for number, (kind, when, proceeding, agent) in enumerate(drawn, 1)
    ]


histories = st.lists(st.tuples(kinds, fuzzy, proceedings, agents), max_size=25).map(numbered)
conditions = st.lists(
    st.builds(
        Condition, st.just("c"), st.sampled_from(sorted(CONDITIONS)), fuzzy, st.one_of(st.none(), fuzzy)
    ),
    max_size=3,
)


@given(histories)
def test_nothing_that_can_be_recorded_stops_the_recording(history: list[Event]) -> None:
    """Findings never block: each event is taken, or is a contradiction that says so."""
    found = status.check(history)

    told = {finding.event.id: finding for finding in found if finding.kind is not Kind.ORDER}
    for finding in found:
        assert words.task(finding)
        assert bool(finding.assumed) is (finding.kind is Kind.GAP)
    assert told.keys() <= {event.id for event in history if event.type in RULES}


@given(histories)
def test_nobody_comes_back_from_the_dead(history: list[Event]) -> None:
    """After a death the person stays dead, and nothing but what clears their name is legal."""
    now = status.Status()
    for event in history:
        was_dead, findings = now.liberty is Liberty.DEAD, len(now.findings)
        now.take(event)
        if was_dead:
            assert now.liberty is Liberty.DEAD
            is_fine = event.type in POSTHUMOUS or event.type not in RULES
            assert is_fine or now.findings[findings:][-1].kind is Kind.CONTRADICTION


@given(histories, st.integers(0, 25))
def test_a_record_may_be_read_up_to_anywhere_and_then_on(history: list[Event], cut: int) -> None:
    first = status.replay(history[:cut])
    before = first.copy()

    assert status.replay(history[cut:], first) == status.replay(history)
    assert first == before  # and what was read stays as it was


@given(histories, days, conditions)
def test_everybodys_status_on_any_day_can_be_said(
    history: list[Event], day: date, under: list[Condition]
) -> None:
    known = status.on(day, history, under)
    ids = {event.id for event in history} | {"c"}

    for view in (known.known, *known.perhaps):
        assert words.status_in_words(view, "en")
        for label in view.labels:
            assert label.rests_on
            assert ids.issuperset(label.rests_on)
    for span in known.spans:
        assert span.least >= 0
        assert span.most is None or span.least <= span.most
        assert words.span_in_words(span, "en")


@given(histories, days)
def test_what_had_happened_by_a_day_had_happened_by_the_next(history: list[Event], day: date) -> None:
    certain, undecided = by_day(history, day)
    later, _ = by_day(history, day + timedelta(days=1))

    assert {event.id for event in certain} <= {event.id for event in later}
    assert not {event.id for event in certain} & {event.id for event in undecided}


@given(histories)
def test_an_events_place_in_the_order_never_takes_it_out_of_its_own_dates(history: list[Event]) -> None:
    for event, (first, last) in zip(history, bounds(history), strict=True):
        assert first <= last
        assert (event.date.earliest or date.min) <= first
        assert last <= (event.date.latest or date.max)


@given(st.lists(st.tuples(kinds, days), max_size=10), st.data())
def test_true_dates_blurred_are_never_out_of_order(true: list[tuple[str, date]], data: st.DataObject) -> None:
    """Whatever a source leaves vague, a researcher who puts events in their true order hears of no order."""
    ordered = sorted(true, key=lambda told: told[1])
    blurred = [day.isoformat()[: data.draw(st.sampled_from([4, 7, 10]))] for _kind, day in ordered]
    history = numbered(
        [(kind, dates.parse(text), "", "") for (kind, _), text in zip(ordered, blurred, strict=True)]
    )

    assert [finding for finding in status.check(history) if finding.kind is Kind.ORDER] == []
    for (_kind, day), (first, last) in zip(ordered, bounds(history), strict=True):
        assert first <= day <= last


@given(days, days, st.integers(0, 12), st.integers(0, 40), st.integers(0, 400))
def test_a_claim_about_a_length_is_never_more_than_the_length(
    one: date, other: date, years: int, months: int, number: int
) -> None:
    since, until = sorted((one, other))
    span = status.span(
        "held",
        Event("1", 1, "arrest", dates.parse(since.isoformat())),
        Event("2", 2, "release", dates.parse(until.isoformat())),
        until,
    )
    known = status.length(since, until)

    assert span.at_least(years=known.years, months=known.months, days=known.days)
    assert not span.more_than(years=known.years, months=known.months, days=known.days)
    assert span.at_least(days=span.least)
    assert not span.at_least(days=span.least + 1)
    if span.more_than(years=years, months=months, days=number):
        assert span.at_least(years=years, months=months, days=number)


def test_twenty_thousand_people_with_any_history_at_all() -> None:
    """The promises above, on more histories than Hypothesis has time for: no crash, death is the end,
    a record may be read in parts, and what is found stops nothing.
    """
    chance = random.Random(7)
    for number in range(HISTORIES):
        history = at_random(chance)
        cut = chance.randrange(len(history) + 1)

        now = status.replay(history)
        assert status.replay(history[cut:], status.replay(history[:cut])) == now, number
        assert (now.liberty is Liberty.DEAD) is has_died(history), number
        if number % 10 == 0:  # Hypothesis looks at words too
            assert words.status_in_words(status.on(date(2016, 1, 1), history).known, "en"), number


KINDS, DATES = (
    sorted(RULES.keys() | NEUTRAL),
    [dates.parse(f"201{year}-0{month}") for year in range(10) for month in (3, 9)],
)


def at_random(chance: random.Random) -> list[Event]:
    """Return up to twenty events of any kind, in an order that their dates may contradict."""
    size = chance.randrange(1, 20)
    told = [
        (chance.choice(KINDS), chance.choice(DATES), chance.choice(["", "", "fraud"]), "")
        for _ in range(size)
    ]
    return numbered(told)


def has_died(history: list[Event]) -> bool:
    """Whether somebody recorded a death: every way to die is legal, or is after assumed steps."""
    return any(event.type in {"death", "death_in_custody", "execution"} for event in history)


@pytest.mark.parametrize("kind", sorted(RULES))
def test_a_person_alive_has_a_past_that_explains_anything(kind: str) -> None:
    """From nothing recorded, every event is legal once the missing steps are assumed."""
    [*findings] = status.replay(numbered([(kind, dates.parse("2020"), "", "")])).findings

    assert all(finding.kind is Kind.GAP for finding in findings)
