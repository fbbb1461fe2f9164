"""Whoever is looked for is found, however the name is written; and nobody by what one may not read."""

from itertools import product
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from hypothesis import given
from hypothesis import strategies as st

from habeas.cases import access, indexing, search, spelling
from habeas.cases.actions import amend, erase, record, withdraw
from habeas.cases.models import (
    Case,
    CaseRole,
    Claim,
    Event,
    Person,
    PersonName,
    SearchEntry,
    SearchWord,
    Source,
)
from habeas.cases.models.search import OF_THEIR_CASE
from habeas.cases.protection import Access
from registry_cast import Cast, whole_case

ROLES = ("administrator", "teammate", "named", "outsider", "collector", "reader")
LEVELS = (Access.PUBLIC, Access.STAFF, Access.TEAM, Access.SEALED)


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


def found(text: str, by: User | None = None) -> set[str]:
    cases = Case.objects.filter(pk__in=search.cases_with(text, by))
    return {case.ref for case in cases}


@pytest.mark.parametrize(
    "text",
    [
        *("Mkhaitir", "Mkhaïtir", "M'kheitir", "M’kheitir", "mkhaytir", "MKHAYTIR", "امخيطير", "امخيطِير"),
        *("Cheikh", "الشيخ", "Muhammad", "محمد", "Mohamed Cheikh Ould", "Mkhai", "mr-2014-001", "MR-2014"),
        *("apostasy", "blogger apostasy", "apostasy mkhaytir"),
    ],
)
def test_he_is_found_however_he_is_written(mkhaitir: Case, text: str) -> None:
    """By any of his names, in any script and transliteration, and by words of his case."""
    assert found(text) == {"MR-2014-001"}


@pytest.mark.parametrize("text", ["Mkhatar", "Selma", "Mkhaitir Selma", "٪", "'", "zzz", "kheitirr"])
def test_nobody_is_found_who_is_not_meant(mkhaitir: Case, text: str) -> None:
    """Every word has to fit."""
    assert found(text) == (set() if text != "Mkhatar" else {"MR-2014-001"})  # it sounds the same


def test_a_name_in_chinese_is_found_from_any_character_on(db: None) -> None:
    """Chinese has no spaces between words."""
    case = record(Case(ref="CN-1", country="CN", title="A case"), by=None)
    person = record(Person(), by=None)
    record(PersonName(person=person, text="刘晓波", language="zh", script="Hans", kind="legal"), by=None)
    record(CaseRole(case=case, person=person), by=None)

    assert found("刘晓波") == found("晓波") == found("Xiaobo") == found("liuxiaobo") == {"CN-1"}


def test_a_name_that_somebody_crossed_out_is_found(db: None) -> None:
    """Also one of many letters, of which each sounds like two: PostgreSQL keeps no more than was agreed."""
    crossed_out = "X" * 100
    case = record(Case(ref="SY-1", country="SY", title="A case"), by=None)
    person = record(Person(), by=None)
    record(PersonName(person=person, text=crossed_out, language="en", script="Latn", kind="legal"), by=None)
    record(CaseRole(case=case, person=person), by=None)

    assert found(crossed_out) == {"SY-1"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("Abdelaziz", "عبد العزيز"), ("Abdallah", "عبد الله"), ("Fatima", "فاطمة"), ("Fatimah", "Fatima")),
        *(("Иванов", "Ivanov"), ("Cheikh", "الشيخ"), ("Djibril", "جبريل"), ("Mahmoud", "Mahmud")),
    ],
)
def test_transliterations_sound_alike(one: str, other: str) -> None:
    assert spelling.sounds_of(one) & spelling.sounds_of(other)


@given(st.text())
def test_a_text_is_found_by_itself(text: str) -> None:
    """Whatever people write: each word that is asked for stands in the words of the same text."""
    words = spelling.words_of(text)
    assert all(asked.begins in words for asked in spelling.asked(text))


@given(st.text())
def test_words_are_plain_and_short(text: str) -> None:
    """So that they sort alike in every database."""
    for word in spelling.words_of(text) | spelling.sounds_of(text):
        assert word.isascii()
        assert word.isalnum()
        assert word == word.lower()
        assert len(word) <= spelling.LONGEST


@pytest.mark.parametrize("role", ROLES)
def test_a_search_finds_what_one_may_read(cast: Cast, role: str) -> None:
    """Sealed cases are found by those named in them; not even a count tells others of them."""
    whole_case("AQ-1", "marker-1", Access.TEAM, cast)
    whole_case("AQ-2", "marker-2", Access.SEALED, cast)
    expected = {"administrator": {"AQ-1"}, "teammate": {"AQ-1"}, "named": {"AQ-1", "AQ-2"}}

    assert found("marker", getattr(cast, role)) == expected.get(role, set())


def test_a_sealed_note_is_found_by_nobody_else(cast: Cast) -> None:
    """Though everybody on the team sees its case, and finds it by its title."""
    whole = whole_case("AQ-1", "marker", Access.TEAM, cast)
    note = {"case": whole[Case], "seq": 20, "type": "release", "date_edtf": "2026"}
    record(Event(**note, note="whispered", access=Access.SEALED), by=None)

    assert found("whispered", cast.named) == {"AQ-1"}
    for other in (cast.teammate, cast.administrator, cast.outsider, cast.collector):
        assert found("whispered", other) == set()
        assert found("marker whispered", other) == set()
    [case] = Case.objects.all()
    assert search.records_with("whispered", [case], cast.teammate) == {case.pk: []}


def test_a_field_for_the_team_finds_nothing_for_others(cast: Cast) -> None:
    """The internal title of a case that all staff may read."""
    case = record(
        Case(ref="AQ-9", country="AQ", title="Open", title_internal="Nightingale", access=Access.STAFF),
        by=None,
    )
    amend(case, {"team": [cast.teammate]}, by=None)

    assert found("nightingale", cast.teammate) == {"AQ-9"}
    assert found("nightingale", cast.outsider) == set()
    assert found("open", cast.outsider) == {"AQ-9"}
    assert search.records_with("open", [case], cast.outsider)[case.pk][0].fields == ("title",)


def test_a_data_collector_finds_their_own_records(cast: Cast) -> None:
    """And nobody else's, though they work on the same case."""
    case = whole_case("AQ-1", "marker", Access.TEAM, cast)[Case]
    amend(case, {"team": [cast.collector]}, by=None)
    event = Event(case=case, seq=20, type="release", date_edtf="2026", note="collected")
    record(event, by=cast.collector)

    assert found("collected", cast.collector) == {"AQ-1"}
    places = search.records_with("marker collected", [case], cast.collector)[case.pk]
    assert {place.record for place in places} == {case, event}


def test_the_case_beside_a_word_tells_nobody_more_than_asking_the_record(cast: Cast) -> None:
    """For every level of case and record, whoever recorded it, whoever asks."""
    for number, (level, of_event) in enumerate(product(LEVELS, LEVELS)):
        case = Case(ref=f"AQ-{number}", country="AQ", title="A case", access=level)
        case.team, case.named = [cast.teammate, cast.collector], [cast.named]
        record(case, by=None)
        about = {"case": case, "access": of_event}
        by = None if level == Access.SEALED else cast.collector
        record(Event(seq=10, type="arrest", date_edtf="2026", note="whispered", **about), by=by)
        record(Source(key="letter", title="A whispered letter", **about), by=None)

    for role in (*ROLES, None):
        user = getattr(cast, role) if role else None
        cases = access.visible(Case.objects.all(), user)
        records: list[Any] = [
            access.visible(kind.objects.filter(case__in=cases), user) for kind in (Event, Source)
        ]
        expected = {one.case.ref for some in records for one in some.select_related("case")}
        assert found("whispered", user) == expected, role
        assert found("letter whispered", user) == {one.case.ref for one in records[1]} & expected, role


@pytest.mark.parametrize("role", [*ROLES, None])
def test_where_common_words_stand_is_told_as_of_rare_ones(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, role: str | None
) -> None:
    """Of common words the records of the listed cases are looked at, of rare ones those of the words."""
    user = getattr(cast, role) if role else None
    whole_case("AQ-1", "marker-1", Access.TEAM, cast)
    whole_case("AQ-2", "marker-2", Access.SEALED, cast)
    cases = list(access.visible(Case.objects.all(), user))
    rare = search.records_with("marker letter", cases, user)
    monkeypatch.setattr(search, "_FEW", 0)

    assert search.records_with("marker letter", cases, user) == rare
    assert all(rare.values())


def test_a_record_that_moves_or_changes_its_level_takes_its_words_along(cast: Cast) -> None:
    """Sealed, taken back, put into another case."""
    first, second = (
        whole_case(f"AQ-{number}", f"marker-{number}", Access.TEAM, cast)[Case] for number in (1, 2)
    )
    event = Event(case=first, seq=20, type="release", date_edtf="2026", note="whispered")
    record(event, by=None)
    assert found("whispered", cast.teammate) == {"AQ-1"}
    amend(event, {"case": second}, by=None)
    assert found("whispered", cast.teammate) == {"AQ-2"}
    amend(event, {"access": Access.SEALED}, by=cast.named)
    assert (found("whispered", cast.teammate), found("whispered", cast.named)) == (set(), {"AQ-2"})
    withdraw(event, by=cast.named, reason="It was somebody else")

    assert found("whispered", cast.named) == set()


def test_no_kind_with_its_case_beside_has_fields_for_fewer() -> None:
    """Its level alone would not do."""
    kinds = {apps.get_model("cases", kind) for kind in OF_THEIR_CASE}
    assert not kinds & access.FIELDS_OF_FEWER.keys()


def test_what_is_corrected_is_found_by_what_it_says_now(mkhaitir: Case) -> None:
    event = Event.objects.filter(case=mkhaitir, type="arrest").get()
    amend(event, {"note": "taken at the market"}, by=None)
    assert found("market") == {"MR-2014-001"}
    amend(event, {"note": "taken at the harbour"}, by=None)

    assert found("market") == set()
    assert found("harbour") == {"MR-2014-001"}


def test_what_is_taken_back_or_erased_is_not_found(mkhaitir: Case) -> None:
    """And of what is erased no word stays."""
    event = Event.objects.filter(case=mkhaitir, type="arrest").get()
    amend(event, {"note": "taken at the market"}, by=None)
    withdraw(event, by=None, reason="It was somebody else")
    assert found("market") == set()

    erase(mkhaitir, by=None)
    kinds = set(SearchEntry.objects.values_list("kind", flat=True))
    assert kinds == {"personname", "person"}  # he is not part of the case; he is erased on his own
    erase(Person.objects.get(), by=None)
    assert not SearchWord.objects.exists()


def test_a_person_of_no_case_is_found_by_whoever_entered_them(cast: Cast) -> None:
    person = record(Person(), by=cast.teammate)
    name = {"language": "en", "script": "Latn", "kind": "legal"}
    record(PersonName(person=person, text="Zuhra Marker", **name), by=cast.teammate)

    assert list(search.persons_without_case("zuhra", cast.teammate)) == [person]
    assert not search.persons_without_case("zuhra", cast.outsider).exists()
    assert not search.persons_without_case("", cast.teammate).exists()


def test_the_index_made_anew_is_the_one_that_was_kept(mkhaitir: Case, cast: Cast) -> None:
    """After records were corrected, added and taken back."""
    whole_case("AQ-1", "marker", Access.TEAM, cast)
    amend(Event.objects.get(case=mkhaitir, type="arrest"), {"note": "at the market"}, by=None)
    amend(Claim.objects.filter(event__case=mkhaitir)[0], {"quote": "He said so"}, by=None)
    erase(Claim.objects.filter(event__case=mkhaitir)[1], by=None)
    kept = words()
    indexing.make_anew()

    assert words() == kept


def words() -> set[tuple[str, ...]]:
    told = ("kind", "field", "record", "of_case", "access")
    rows = SearchWord.objects.values_list(*(f"entry__{name}" for name in told), "word")
    return {tuple(map(str, row)) for row in rows}
