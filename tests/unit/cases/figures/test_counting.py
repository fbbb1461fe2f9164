"""What a figure counts, and what it leaves out: worked examples."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from figures_cast import a_case, a_person, a_question, an_event, says_so
from habeas.cases.actions import amend, embargo, erase, record, supersede, withdraw
from habeas.cases.figures.counting import digest
from habeas.cases.figures.select import count
from habeas.cases.models import Case, Claim, Event, FigureDef, Place
from habeas.cases.protection import Access

pytestmark = pytest.mark.usefixtures("db")


def bounds(question: FigureDef) -> tuple[int, int | None]:
    found = count(question)
    return found.lower, found.upper


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2024-05-01", (1, 1)),
        ("2024-05", (1, 1)),
        ("2024", (1, 1)),
        ("2024-12-31", (1, 1)),
        ("2023-12/2024-01", (0, 1)),
        ("2024-12/2025", (0, 1)),
        ("2024-03/..", (0, 1)),
        ("../2024-03", (0, 1)),
        ("2023", (0, 0)),
        ("2025-01-01", (0, 0)),
    ],
)
def test_a_fuzzy_date_is_certain_only_if_every_day_of_it_is_inside(
    when: str, expected: tuple[int, int]
) -> None:
    an_event(a_case(), when)

    assert bounds(a_question()) == expected


def test_a_window_without_ends_takes_every_date() -> None:
    case = a_case()
    for when in ("1950", "../2024", "2024/..", "2024~"):
        an_event(case, when)

    assert bounds(a_question(since=None, until=None)) == (4, 4)


def test_who_is_arrested_twice_is_two_arrests_and_one_person() -> None:
    """Unit decides: "at least 23 arrests, often of the same persons"."""
    case = a_case()
    her, him = a_person(), a_person()
    an_event(case, "2024-01", her)
    an_event(case, "2024-02", her, him)

    assert bounds(a_question()) == (2, 2)
    assert bounds(a_question(unit="persons")) == (2, 2)
    assert bounds(a_question(unit="cases")) == (1, 1)
    assert bounds(a_question(unit="groups")) == (0, 0)


def test_a_person_recorded_twice_counts_once() -> None:
    """Also over several steps, and in a circle that somebody made by mistake."""
    first, second, third = a_person(), a_person(), a_person()
    for person in (first, second, third):
        an_event(a_case(), "2024-05-01", person)
    amend(second, {"same_as": first, "same_as_reason": "One passport"}, by=None)
    amend(third, {"same_as": second, "same_as_reason": "One passport"}, by=None)
    found = count(a_question(unit="persons"))
    assert (found.lower, found.upper, found.members) == (1, 1, (str(first.pk),))

    amend(first, {"same_as": third}, by=None)
    assert bounds(a_question(unit="persons")) == (1, 1)


def test_a_person_who_is_certain_once_is_certain() -> None:
    """Two arrests, of which one may lie outside."""
    her = a_person()
    case = a_case()
    an_event(case, "2023/2024", her)
    assert bounds(a_question(unit="persons")) == (0, 1)
    an_event(case, "2024-06", her)

    found = count(a_question(unit="persons"))
    assert (found.lower, found.upper, found.uncertain) == (1, 1, ())


def test_an_event_that_names_nobody_concerns_all_the_case_is_about() -> None:
    case = a_case()
    a_person(case=case)
    a_person(case=case)
    an_event(case, "2024-05-01")

    assert bounds(a_question(unit="persons")) == (2, 2)


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [((10, 20), (10, 20)), ((10, None), (10, None)), ((None, 20), (1, 20)), ((None, None), (1, None))],
)
def test_a_group_counts_for_as_many_as_it_surely_has(sizes: Any, expected: Any) -> None:
    """Of people; as a group it is one. A size nobody knows leaves the upper bound open."""
    least, most = sizes
    village = a_person(counting_unit="community", group_size_min=least, group_size_max=most)
    an_event(a_case(), "2024-05-01", village)

    assert bounds(a_question(unit="persons")) == expected
    assert bounds(a_question(unit="groups")) == (1, 1)


def test_two_papers_that_quote_one_agency_are_one_origin() -> None:
    """Three origins are asked for, or one official record."""
    event = an_event(a_case(), "2024-05-01", says=("agency", "agency", "other"))
    assert bounds(a_question(min_origins=3)) == (0, 0)
    assert bounds(a_question(min_origins=2)) == (1, 1)

    says_so(event, "court", material_type="court_record")
    assert bounds(a_question(min_origins=3)) == (1, 1)
    assert bounds(a_question(min_origins=9)) == (1, 1)


def test_a_source_that_names_no_origin_stands_for_itself() -> None:
    an_event(a_case(), "2024-05-01", says=("", ""))

    assert bounds(a_question(min_origins=2)) == (1, 1)


def test_what_is_called_corroborated_has_to_be_so() -> None:
    """Where that is asked for; a confirmation is somebody's judgment, and stands."""
    an_event(a_case(), "2024-05-01", says=("one",))
    an_event(a_case(), "2024-05-01", says=("one",), verification="confirmed")

    assert bounds(a_question()) == (1, 1)
    assert bounds(a_question(min_verification="plausible")) == (2, 2)


@pytest.mark.parametrize(
    ("asked", "expected"), [("reported", 4), ("plausible", 3), ("corroborated", 2), ("confirmed", 1)]
)
def test_what_is_disputed_or_refuted_is_in_no_number(asked: str, expected: int) -> None:
    for verification in ("reported", "plausible", "corroborated", "confirmed", "disputed", "refuted"):
        an_event(a_case(), "2024-05-01", verification=verification)

    assert bounds(a_question(min_verification=asked)) == (expected, expected)


def test_a_denial_supports_nothing() -> None:
    event = an_event(a_case(), "2024-05-01", says=())
    says_so(event, "police", stance="denies")

    assert bounds(a_question(min_verification="reported")) == (0, 0)
    assert bounds(a_question(min_verification="reported", min_origins=0)) == (1, 1)


def test_what_was_withdrawn_counts_no_more() -> None:
    """An event, its case, a source, a person: each alone is enough."""
    question = a_question(unit="persons")
    for withdrawn in ("event", "case", "source", "person"):
        case = a_case()
        her = a_person()
        event = an_event(case, "2024-05-01", her)
        assert bounds(question) == (1, 1)
        source = case.sources.first()
        known: dict[str, Any] = {"event": event, "case": case, "source": source, "person": her}
        withdraw(known[withdrawn], by=None, reason="A mistake")
        assert bounds(question) == (0, 0), withdrawn


def test_a_claim_on_a_source_of_another_case_goes_with_it() -> None:
    """One source may speak of two cases; taken back in one, it supports nothing in the other either."""
    event = an_event(a_case(), "2024-05-01", says=())
    elsewhere = an_event(a_case(), "2020-01-01", says=("one",)).case.sources.get()
    record(Claim(event=event, source=elsewhere, value="2024-05-01"), by=None)
    question = a_question(min_verification="reported")
    assert bounds(question) == (1, 1)

    withdraw(elsewhere, by=None, reason="Invented")
    assert bounds(question) == (0, 0)


def test_what_supported_another_event_by_mistake_supports_it_no_more() -> None:
    """A claim that is moved to an event of another case."""
    wrong, right = an_event(a_case(), "2024-05-01", says=("one",)), an_event(a_case(), "2024-05-01", says=())
    question = a_question(min_verification="reported")
    assert count(question).members == (str(wrong.pk),)

    amend(wrong.claims.get(), {"event": right}, by=None)
    assert count(question).members == (str(right.pk),)


def test_when_the_only_person_of_an_event_is_erased_it_concerns_all_the_case_is_about() -> None:
    """The person had no part in the case but in this event."""
    case = a_case()
    subjects = {str(a_person(case=case).pk), str(a_person(case=case).pk)}
    passing = a_person()
    an_event(case, "2024-05-01", passing)
    assert count(a_question(unit="persons")).members == (str(passing.pk),)

    erase(passing, by=None)
    assert set(count(a_question(unit="persons")).members) == subjects


def test_a_superseded_event_counts_once() -> None:
    """A better record takes its place; earlier versions are no events of their own."""
    case = a_case()
    wrong = an_event(case, "2024-05-01")
    amend(wrong, {"note": "Another word"}, by=None)
    assert bounds(a_question()) == (1, 1)
    better = Event(case=case, seq=9, type="arrest", date_edtf="2024-06", verification="confirmed")
    supersede(wrong, better, by=None, reason="Another day")
    says_so(better, "one")

    found = count(a_question())
    assert (found.lower, found.members) == (1, (str(better.pk),))


def test_what_is_under_an_embargo_counts_once_it_is_over() -> None:
    case, tomorrow = a_case(), timezone.localdate() + timedelta(1)
    held, free = an_event(case, "2024-05-01"), an_event(case, "2024-05-02")
    made = embargo(case, event=held, until=tomorrow, by=None, reason="The family asks")
    assert count(a_question()).members == (str(free.pk),)
    whole = embargo(case, by=None, reason="The family asks")
    assert bounds(a_question()) == (0, 0)

    withdraw(whole, by=None, reason="They agree")
    amend(made, {"until": timezone.localdate()}, by=None)
    assert bounds(a_question()) == (2, 2)


def test_what_is_more_protected_than_the_ceiling_is_in_no_number() -> None:
    """Nor is anything sealed, ever: a number that moves would tell."""
    for access in Access:
        an_event(a_case(access=Access.TEAM), "2024-05-01", access=access)
        an_event(a_case(access=access), "2024-05-01", access=Access.PUBLIC)

    assert bounds(a_question()) == (8, 8)
    assert bounds(a_question(access_ceiling=Access.PUBLIC)) == (1, 1)


def test_where_it_happened_is_the_place_or_else_the_country_of_the_case() -> None:
    here, abroad = a_case(country="AQ"), a_case(country="NZ")
    prison = record(Place(name="Prison", country="AQ"), by=None)
    an_event(here, "2024-05-01")
    an_event(abroad, "2024-05-01")
    there = an_event(abroad, "2024-05-01", place=prison)

    assert bounds(a_question()) == (3, 3)
    assert bounds(a_question(country="AQ")) == (2, 2)
    assert bounds(a_question(country="NZ")) == (1, 1)
    assert count(a_question(place=prison)).members == (str(there.pk),)


def test_only_the_kinds_of_events_asked_for_count() -> None:
    case = a_case()
    an_event(case, "2024-05-01")
    an_event(case, "2024-05-02", type="detention")
    an_event(case, "2024-05-03", type="release")

    assert bounds(a_question()) == (1, 1)
    assert bounds(a_question(event_types=["arrest", "detention"])) == (2, 2)


def test_the_members_can_be_checked_with_common_tools() -> None:
    """sha256sum of the sorted identifiers, one a line."""
    assert digest(["b", "a"]) == "911169ddaaf146aff539f58c26c489af3b892dff0fe283c1c264c65ae5aa59a2"
    one, other = an_event(a_case(), "2024-05-01"), an_event(a_case(), "2023/2024")
    found = count(a_question())

    assert found.members == tuple(sorted([str(one.pk), str(other.pk)]))
    assert found.uncertain == (str(other.pk),)
    assert found.sha256 == digest(reversed(found.members))


def test_the_real_case_counts_as_its_record_says(mkhaitir: Case) -> None:
    """One arrest, given as the second and as the fifth of January 2014, of one person."""
    question = a_question(since=date(2014, 1, 1), until=date(2014, 12, 31), country="MR")

    assert bounds(question) == (1, 1)
    question.event_types, question.unit = ["conviction", "death_sentence"], "persons"
    assert bounds(question) == (0, 0)  # the chosen date is January 2015
    question.until = None
    assert bounds(question) == (1, 1)
