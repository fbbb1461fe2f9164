"""What lists say of how cases stand is what a replay says, for everybody who reads them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from habeas.cases import access, indexing, standings
from habeas.cases.actions import amend, erase, record, withdraw
from habeas.cases.models import (
    Authority,
    Case,
    CaseRole,
    CaseStanding,
    ConditionInterval,
    Event,
    Override,
    Person,
    Source,
)
from habeas.cases.protection import Access
from habeas.cases.standing import standing
from habeas.cases.status.rules import RULES
from registry_cast import Cast

ROLES = ("administrator", "teammate", "named", "outsider", "collector", "reader")
LEVELS = [Access.PUBLIC, Access.STAFF, Access.TEAM, Access.TEAM, Access.SEALED]


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


def told(case: Case, by: User | None) -> list[tuple[Any, ...]]:
    """Return what the list says."""
    lines = standings.of_cases([case.pk], by).get(case.pk, [])
    return sorted((line.text, line.gaps, line.contradictions, line.misplaced) for line in lines)


def replayed(case: Case, by: User | None) -> list[tuple[Any, ...]]:
    """Return what the page of the case says."""
    known = standing(case, timezone.localdate(), by=by)
    kinds = [finding.kind for finding in known.findings if not finding.is_overridden]
    counts = (kinds.count("gap"), kinds.count("contradiction"), kinds.count("order"))
    return sorted((person.text, *counts) for person in known.persons)


def stored() -> set[tuple[Any, ...]]:
    names = [field.name for field in CaseStanding._meta.concrete_fields if field.name != "id"]
    return set(CaseStanding.objects.values_list(*names))


events = st.lists(
    st.tuples(
        st.sampled_from(sorted(RULES)),
        st.sampled_from(
            ["2014", "2015-03", "2016-01-05", "2017~", "2018/2031", "2027", "../2019", "2020-02/.."]
        ),
        st.sampled_from(LEVELS),
        st.booleans(),  # one person's, or everybody's
    ),
    max_size=8,
)


@effort(
    max_examples=25,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    history=events,
    roles=st.lists(st.sampled_from(LEVELS), max_size=2),
    conditions=st.lists(st.tuples(st.sampled_from(LEVELS), st.sampled_from(LEVELS)), max_size=2),
    case_level=st.sampled_from([Access.STAFF, Access.TEAM, Access.SEALED]),
)
def test_lists_say_what_a_replay_says_to_everybody(
    cast: Cast, history: Any, roles: Any, conditions: Any, case_level: Access
) -> None:
    """Whatever is hidden from whom: what somebody may not read decides nothing they are told."""
    number = Case.objects.count()
    case = Case(ref=f"AQ-{number}", country="AQ", title="A case", access=case_level)
    case.team, case.named = [cast.teammate, cast.collector], [cast.named]
    record(case, by=None)
    persons = [record(Person(access=Access.STAFF), by=None) for _ in roles]
    for person, level in zip(persons, roles, strict=True):
        record(CaseRole(case=case, person=person, access=level), by=None)
    for seq, (kind, day, level, is_own) in enumerate(history):
        event = Event(case=case, seq=seq, type=kind, date_edtf=day, access=level)
        event.persons = persons[:1] if is_own else []
        record(event, by=cast.collector if level == Access.TEAM and case_level != Access.SEALED else None)
    for level, of_source in conditions if persons else ():
        source = Source(case=case, key=f"s{Source.objects.count()}", title="A source", access=of_source)
        record(source, by=None)
        about = {"case": case, "person": persons[0], "source": source, "access": level}
        record(ConditionInterval(kind="solitary", from_edtf="2015", **about), by=None)

    for role in ROLES:
        user = getattr(cast, role)
        expected = replayed(case, user) if access.may_read(case, user) else []
        if access.may_read(case, user):
            assert told(case, user) == expected, role
    kept = stored()
    indexing.make_anew()
    assert stored() == kept


def arrested(cast: Cast, level: Access = Access.TEAM) -> Case:
    case = Case(ref="AQ-1", country="AQ", title="A case", access=Access.STAFF)
    case.team, case.named = [cast.teammate], [cast.named]
    record(case, by=None)
    record(Event(case=case, seq=10, type="arrest", date_edtf="2020", access=level), by=None)
    return case


def listed(key: str, by: User | None) -> bool:
    return Case.objects.filter(standings.cases_with(key, by)).exists()


def test_a_sealed_arrest_puts_nobody_into_custody_for_others(cast: Cast) -> None:
    """A filter by status is a question, too."""
    arrested(cast, Access.SEALED)

    assert listed("custody", cast.named)
    for other in (cast.teammate, cast.administrator, cast.outsider, None):
        assert not listed("custody", other)
        assert listed("never_held", other)


def test_a_list_follows_what_is_recorded_amended_withdrawn_and_erased(cast: Cast) -> None:
    case = arrested(cast)
    release = record(Event(case=case, seq=20, type="release", date_edtf="2021"), by=None)
    assert listed("free", cast.teammate)
    amend(release, {"type": "death_in_custody"}, by=None)
    assert listed("dead", cast.teammate)
    withdraw(release, by=None, reason="It was somebody else")
    assert listed("custody", cast.teammate)
    erase(Event.objects.get(seq=10), by=None)
    assert listed("never_held", cast.teammate)
    erase(case, by=None)
    assert not CaseStanding.objects.exists()


def test_what_an_authority_is_decides_how_cases_stand(cast: Cast) -> None:
    """Abducted by strangers, or by the police: the second may be an enforced disappearance."""
    case = record(Case(ref="AQ-1", country="AQ", title="A case"), by=None)
    gang = record(Authority(key="men", name="Men in masks", kind="private", country="AQ"), by=None)
    record(Event(case=case, seq=10, type="abduction", date_edtf="2020", authority=gang), by=None)
    assert not listed("enforced_disappearance", None)
    amend(gang, {"kind": "police"}, by=None)

    assert listed("enforced_disappearance", None)


def test_time_alone_changes_how_somebody_stands(cast: Cast) -> None:
    """An event of some time this year is certain when the year is over, without anybody touching the case."""
    case = arrested(cast)
    today = timezone.localdate()
    record(Event(case=case, seq=20, type="release", date_edtf=f"{today + timedelta(days=2)}"), by=None)
    standings.keep_up(today + timedelta(days=1))
    assert listed("custody", cast.teammate)
    standings.keep_up(today + timedelta(days=2))

    assert listed("free", cast.teammate)


def test_an_override_is_no_task_any_more(cast: Cast) -> None:
    case = arrested(cast)
    death = record(Event(case=case, seq=20, type="death_in_custody", date_edtf="2021"), by=None)
    release = record(Event(case=case, seq=30, type="release", date_edtf="2022"), by=None)
    assert Case.objects.filter(standings.cases_to_mend(["contradictions"], cast.teammate)).exists()
    made = record(Override(case=case, event=release, against=death, reason="His body was released"), by=None)
    assert not Case.objects.filter(standings.cases_to_mend(["contradictions"], cast.teammate)).exists()
    withdraw(made, by=None, reason="It was not")

    assert Case.objects.filter(standings.cases_to_mend(["contradictions"], cast.teammate)).exists()


def test_a_case_that_may_be_told_another_day_says_when(cast: Cast) -> None:
    arrested(cast)

    assert set(CaseStanding.objects.values_list("next_change_on", flat=True)) == {None}
    assert date.max not in set(CaseStanding.objects.values_list("next_change_on", flat=True))
