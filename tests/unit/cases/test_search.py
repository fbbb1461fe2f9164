"""Whoever is looked for is found, however the name is written; and nobody by what one may not read."""

import pytest
from django.contrib.auth.models import User
from hypothesis import given
from hypothesis import strategies as st

from habeas.cases import indexing, search, spelling
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
)
from habeas.cases.protection import Access
from registry_cast import Cast, whole_case


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


@pytest.mark.parametrize("role", ["administrator", "teammate", "named", "outsider", "collector", "reader"])
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


def words() -> set[tuple[str, str, str, str]]:
    rows = SearchWord.objects.values_list("entry__kind", "entry__field", "entry__record", "word")
    return {(kind, field, str(record), word) for kind, field, record, word in rows}
