"""Who reads what: five levels, named people, and fields for fewer than the rest."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from habeas.cases import queries
from habeas.cases.access import MayNotRead, check, hidden_fields, may_read, visible
from habeas.cases.actions import amend, import_case, record
from habeas.cases.importing import BadCaseFile
from habeas.cases.models import Authority, Case, Claim, Event, FigureDef, Person, Place, Record, Source
from habeas.cases.protection import Access
from registry_cast import Cast, whole_case

EVERYBODY = {"administrator", "teammate", "named", "outsider"}
READERS = {
    Access.PUBLIC: EVERYBODY,
    Access.PARTNERS: EVERYBODY,
    Access.STAFF: EVERYBODY,
    Access.TEAM: {"administrator", "teammate", "named"},
    Access.SEALED: {"named"},
}


def readers(one: Record, cast: Cast) -> set[str]:
    roles = ("administrator", "teammate", "named", "outsider", "collector")
    return {role for role in roles if may_read(one, getattr(cast, role))}


@pytest.mark.parametrize("level", Access)
def test_every_kind_of_record_is_for_those_its_level_says(cast: Cast, level: Access) -> None:
    records = whole_case("AQ-1", "marker", level, cast)
    del records[FigureDef]  # of no case: below
    for model, one in records.items():
        assert readers(one, cast) == READERS[level], model


@pytest.mark.parametrize("level", Access)
def test_a_record_is_never_more_open_than_its_case(cast: Cast, level: Access) -> None:
    """A public event of a sealed case would tell that there is one."""
    records = whole_case("AQ-1", "marker", Access.PUBLIC, cast)
    amend(records[Case], {"access": level}, by=None)
    del records[FigureDef]
    for model, one in records.items():
        assert readers(one, cast) == READERS[level], model


@pytest.mark.parametrize("level", Access)
def test_a_question_is_of_no_case(cast: Cast, level: Access) -> None:
    """Staff read it; above that level it is for administrators, and sealed it is for nobody."""
    expected = {Access.TEAM: {"administrator"}, Access.SEALED: set[str]()}
    question = whole_case("AQ-1", "marker", level, cast)[FigureDef]

    assert readers(question, cast) == expected.get(level, EVERYBODY)


@pytest.mark.parametrize(("holder", "part"), [(Event, Claim), (Source, Claim)])
def test_a_part_is_never_more_open_than_what_it_rests_on(cast: Cast, holder: Any, part: Any) -> None:
    records = whole_case("AQ-1", "marker", Access.TEAM, cast)
    amend(records[holder], {"access": Access.SEALED}, by=None)

    assert readers(records[part], cast) == {"named"}


def test_new_records_are_for_the_case_team(cast: Cast) -> None:
    """Until somebody decides otherwise."""
    assert Case().access == Event().access == Source().access == Access.TEAM


def test_an_administrator_who_is_named_reads_like_anybody_named(cast: Cast) -> None:
    records = whole_case("AQ-1", "marker", Access.SEALED, cast)
    assert not may_read(records[Event], cast.administrator)
    amend(records[Case], {"named": [cast.named, cast.administrator]}, by=cast.named)

    assert may_read(records[Event], cast.administrator)


def test_the_operator_at_the_shell_reads_as_an_administrator(cast: Cast) -> None:
    team = whole_case("AQ-1", "marker", Access.TEAM, cast)[Case]
    sealed = whole_case("AQ-2", "sealed", Access.SEALED, cast)[Case]

    assert queries.case_by_ref(team.ref, by=None) == team
    with pytest.raises(queries.NotRecorded, match="there is no case AQ-2"):
        queries.case_by_ref(sealed.ref, by=None)


def test_who_left_the_staff_reads_nothing(cast: Cast) -> None:
    event = whole_case("AQ-1", "marker", Access.PUBLIC, cast)[Event]
    User.objects.filter(pk=cast.named.pk).update(is_active=False)

    assert not may_read(event, User.objects.get(pk=cast.named.pk))


def test_a_person_of_two_cases_is_seen_from_the_case_one_works_on(cast: Cast) -> None:
    """The other case, sealed, is not told of."""
    records = whole_case("AQ-1", "marker", Access.TEAM, cast)
    sealed = whole_case("AQ-2", "sealed", Access.SEALED, cast)
    record(type(sealed[Case].roles.get())(case=sealed[Case], person=records[Person], access=4), by=None)

    assert may_read(records[Person], cast.teammate)
    seen = visible(records[Person].roles.all(), cast.teammate)
    assert [role.case for role in seen] == [records[Case]]


def test_what_is_of_no_case_yet_is_for_whoever_entered_it(cast: Cast) -> None:
    """A person just entered; an authority that the whole staff may choose says so itself."""
    person = record(Person(), by=cast.outsider)
    authority = {"key": "minister", "name": "Minister", "kind": "executive", "country": "AQ"}
    minister = record(Authority(access=Access.STAFF, **authority), by=cast.outsider)

    assert readers(person, cast) == {"administrator", "outsider"}
    assert readers(minister, cast) == EVERYBODY


def test_health_is_for_the_team_whoever_reads_the_rest(cast: Cast) -> None:
    records = whole_case("AQ-1", "marker", Access.STAFF, cast)

    assert "health_note" in hidden_fields(records[Person], cast.outsider)
    assert "health_note" not in hidden_fields(records[Person], cast.teammate)
    assert {"title_internal", "team", "named"} <= hidden_fields(records[Case], cast.outsider)
    assert {"latitude", "longitude"} <= hidden_fields(records[Place], cast.outsider)


def test_a_field_that_leads_to_what_one_may_not_read_is_hidden(cast: Cast) -> None:
    """The place of an event: a hiding place."""
    records = whole_case("AQ-1", "marker", Access.TEAM, cast)
    amend(records[Place], {"access": Access.SEALED}, by=None)
    amend(records[Event], {"place": records[Place]}, by=None)

    assert "place" in hidden_fields(records[Event], cast.teammate)
    assert "place" not in hidden_fields(records[Event], cast.named)


def test_asking_for_what_is_not_there_and_what_is_not_for_one_sounds_the_same(cast: Cast) -> None:
    event = whole_case("AQ-1", "marker", Access.TEAM, cast)[Event]
    for unseen in (event, Event(case=event.case, seq=99, type="arrest", date_edtf="2025")):
        with pytest.raises(MayNotRead, match="there is no such record, or it is not for you"):
            check(unseen, cast.outsider)


def test_a_timeline_leaves_out_what_is_not_for_the_reader(cast: Cast) -> None:
    """An event, or only what one source claims about it."""
    records = whole_case("AQ-1", "marker", Access.TEAM, cast)
    case, event = records[Case], records[Event]
    amend(records[Claim], {"access": Access.SEALED}, by=None)
    hidden = Event(case=case, seq=20, type="release", date_edtf="2025", access=Access.SEALED)
    record(hidden, by=None)

    seen = {
        role: [(one.seq, len(one.claims.all())) for one in queries.timeline(case, by=getattr(cast, role))]
        for role in ("teammate", "named", "outsider")
    }
    assert seen == {"teammate": [(10, 0)], "named": [(10, 1), (20, 0)], "outsider": []}
    assert event.claims.count() == 1


def test_nobody_records_into_a_case_of_others(cast: Cast) -> None:
    case = whole_case("AQ-1", "marker", Access.TEAM, cast)[Case]
    with pytest.raises(MayNotRead):
        record(Event(case=case, seq=20, type="release", date_edtf="2025"), by=cast.outsider)


def test_nobody_seals_what_no_one_could_open_again(mkhaitir_file: str, cast: Cast, client: Client) -> None:
    """A file without a reader, a case that names nobody."""
    with pytest.raises(BadCaseFile, match="nobody is named who may read it"):
        import_case(mkhaitir_file.replace("access: public", "access: sealed"), by=None)

    records = whole_case("AQ-1", "marker", Access.TEAM, cast)
    case, place = records[Case], records[Place]
    amend(case, {"named": []}, by=cast.teammate)
    client.force_login(cast.teammate, backend="allauth.account.auth_backends.AuthenticationBackend")
    sent = {"name": "A house", "kind": "unknown", "country": "AQ", "case": case.pk, "access": 4}
    answer = client.post(reverse("wagtailsnippets_cases_place:edit", args=[place.pk]), sent)
    assert "Nobody is named in the case who could read it" in answer.content.decode()
    assert Place.objects.get(pk=place.pk).access == Access.TEAM
