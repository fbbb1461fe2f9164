"""What does not fit is somebody's to mend: given, taken, given back, done when the finding is gone."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from habeas.cases import history, standing, tasks, today
from habeas.cases.access import COLLECTORS, MayNotRead, visible
from habeas.cases.actions import amend, erase, give_back_task, give_task, record, withdraw
from habeas.cases.case_page import page_of
from habeas.cases.models import Assignment, Case, Change, Event
from habeas.cases.models.record import ChangedMeanwhile
from habeas.cases.overrides import override
from habeas.cases.protection import Access
from habeas.cases.roles import RESEARCHERS
from registry_cast import Cast, member

TODAY = timezone.localdate()
GAP_TEXT = "A step is missing before “Sentence” (2021)"


def case_of(cast: Cast, level: Access = Access.TEAM, ref: str = "AQ-1") -> Case:
    """Return a case in whose team are two researchers and a collector; one of them is named."""
    case = Case(ref=ref, country="AQ", title="Somebody", access=level)
    case.team, case.named = [cast.teammate, cast.named, cast.collector], [cast.named]
    return record(case, by=None)


def event(case: Case, seq: int, kind: str, day: str, level: Access = Access.TEAM) -> Event:
    return record(Event(case=case, seq=seq, type=kind, date_edtf=day, access=level), by=None)


def gap(cast: Cast, level: Access = Access.TEAM) -> tuple[Case, tasks.Key]:
    """Return a case in which a sentence stands without the trial before it, and that finding."""
    case = case_of(cast, level)
    event(case, 10, "arrest", "2020", level)
    sentence = event(case, 40, "sentence", "2021", level)
    return case, tasks.Key("gap", sentence.pk, None)


def mend(case: Case, level: Access = Access.TEAM) -> Event:
    event(case, 20, "charge", "2020", level)
    event(case, 25, "trial_open", "2020", level)
    return event(case, 30, "conviction", "2021", level)


def said(user: User) -> list[str]:
    return [one.text for one in today.tasks_of(user, TODAY)]


def done(case: Case) -> list[tuple[str, str]]:
    """Return what the case's history says about its tasks, the oldest first."""
    return [(line.did, line.who) for line in reversed(history.lines(case, None)) if line.kind == "assignment"]


def test_a_finding_is_given_to_somebody_who_sees_it_on_their_first_screen(cast: Cast) -> None:
    """With the day and what they should know."""
    case, key = gap(cast)
    give_task(case, key, cast.named, by=cast.teammate, due_on=TODAY, note="Ask the lawyer")

    [one] = today.tasks_of(cast.named, TODAY)
    assert (one.case, one.text, one.due_on, one.note) == (case, GAP_TEXT, TODAY, "Ask the lawyer")
    assert not one.is_overdue
    assert today.tasks_of(cast.named, TODAY + timedelta(days=1))[0].is_overdue
    assert said(cast.teammate) == []
    [task] = page_of(case, TODAY, today=TODAY, by=cast.teammate).tasks
    assert task.given
    assert task.given.holder == cast.named


def test_what_is_due_first_stands_first(cast: Cast) -> None:
    """And what has no day comes last."""
    days = [None, TODAY + timedelta(days=9), TODAY + timedelta(days=2), None]
    for number, day in enumerate(days):
        case = case_of(cast, ref=f"AQ-{number}")
        sentence = event(case, 40, "sentence", "2021")
        give_task(case, tasks.Key("gap", sentence.pk, None), cast.named, by=cast.named, due_on=day)

    assert [one.case.ref for one in today.tasks_of(cast.named, TODAY)] == ["AQ-2", "AQ-1", "AQ-0", "AQ-3"]


def test_a_task_goes_to_somebody_else_and_back(cast: Cast) -> None:
    """One has it at a time, and the versions tell who had it when."""
    case, key = gap(cast)
    give_task(case, key, cast.named, by=cast.teammate)
    given = give_task(case, key, cast.teammate, by=cast.named, due_on=TODAY)
    assert (said(cast.named), said(cast.teammate)) == ([], [GAP_TEXT])
    give_back_task(given, by=cast.teammate)

    assert said(cast.teammate) == []
    [known] = Assignment.objects.all()
    assert [one.holder for one in known.versions()] == [cast.named, cast.teammate, None]
    assert done(case) == [
        ("Task given", "teammate"),
        ("Task given", "named"),
        ("Task given back", "teammate"),
    ]


def test_a_finding_that_is_mended_is_a_task_done(cast: Cast) -> None:
    """By itself, in the name of whoever mended it and in the same act; if it returns, it is open again."""
    case, key = gap(cast)
    give_task(case, key, cast.named, by=cast.teammate)
    mended = mend(case)
    assert said(cast.named) == []
    assert Assignment.objects.get().is_done
    assert done(case)[-1][0] == "Task done"
    withdraw(mended, by=cast.teammate, reason="It was somebody else")

    assert said(cast.named) == [GAP_TEXT]
    assert done(case)[-1] == ("Task open again", "teammate")
    [first, second] = Change.objects.order_by("-id")[:2]
    assert first.uuid == second.uuid
    assert {first.action, second.action} == {"cases.task_open_again", "cases.withdraw"}


def test_a_task_does_not_change_while_other_things_do(cast: Cast) -> None:
    """Its finding is derived anew, and is the same: part of the missing steps is recorded."""
    case, key = gap(cast)
    give_task(case, key, cast.named, by=cast.teammate)
    amend(case, {"title": "Somebody else"}, by=None)
    event(case, 20, "charge", "2020")
    amend(Event.objects.get(pk=key.event), {"note": "Read in the court"}, by=None)

    assert said(cast.named) == [GAP_TEXT]
    assert Assignment.objects.get().version == 1


def test_a_contradiction_somebody_answers_for_is_done(cast: Cast) -> None:
    case = case_of(cast)
    death = event(case, 10, "death", "2020")
    release = event(case, 20, "release", "2021")
    key = tasks.Key("contradiction", release.pk, death.pk)
    give_task(case, key, cast.teammate, by=cast.teammate)
    assert said(cast.teammate) == ["“Release” (2021) contradicts “Death” (2020)"]
    made = override(release, by=cast.teammate, reason="His body was given to the family")
    assert said(cast.teammate) == []
    with pytest.raises(tasks.NoSuchTask):
        give_task(case, key, cast.named, by=cast.teammate)
    withdraw(made, by=cast.teammate, reason="It was not")

    assert said(cast.teammate) == ["“Release” (2021) contradicts “Death” (2020)"]


def test_nobody_is_given_what_is_not_for_them(cast: Cast) -> None:
    """Who is not on the case, collects data only, or left, has no tasks of it."""
    case, key = gap(cast)
    gone = member("gone", RESEARCHERS)
    amend(case, {"team": [cast.teammate, cast.named, cast.collector, gone]}, by=None)
    gone.is_active = False
    gone.save()

    for other in (cast.outsider, cast.collector, cast.reader, cast.administrator, gone):
        with pytest.raises(tasks.MayNotHold):
            give_task(case, key, other, by=cast.teammate)
    assert tasks.possible_holders(case, key, cast.teammate) == [cast.named, cast.teammate]
    assert give_task(case, key, cast.administrator, by=cast.administrator)  # takes it


def test_who_may_not_change_the_case_gives_nothing(cast: Cast) -> None:
    """Not even to somebody who may; and whoever may not read it learns nothing."""
    case, key = gap(cast)
    known = give_task(case, key, cast.teammate, by=cast.teammate)
    for other in (cast.outsider, cast.reader):
        with pytest.raises(MayNotRead):
            give_task(case, key, cast.named, by=other)
        with pytest.raises(MayNotRead):
            give_back_task(known, by=other)
    with pytest.raises(tasks.MayNotGive):
        give_task(case, key, cast.named, by=cast.collector)
    of_staff = case_of(cast, Access.STAFF, "AQ-2")
    sentence = event(of_staff, 10, "sentence", "2021", Access.STAFF)
    with pytest.raises(tasks.MayNotGive):
        give_task(of_staff, tasks.Key("gap", sentence.pk, None), cast.outsider, by=cast.outsider)

    assert said(cast.teammate) == [GAP_TEXT]


def test_tasks_of_a_sealed_case_are_for_named_people(cast: Cast) -> None:
    """Also those that stay in the table: nobody else reads to whom they are given."""
    case, key = gap(cast, Access.SEALED)
    give_task(case, key, cast.named, by=cast.named)

    assert said(cast.named) == [GAP_TEXT]
    for other in (cast.teammate, cast.administrator, cast.outsider, None):
        assert not visible(Assignment.objects.all(), other).exists()
    with pytest.raises(tasks.MayNotHold):
        give_task(case, key, cast.teammate, by=cast.named)


def test_what_only_a_sealed_record_makes_a_task_is_for_named_people(cast: Cast) -> None:
    """The team is not told that there is something; not by a task, nor by its being done."""
    case = case_of(cast)
    event(case, 10, "arrest", "2020")
    death = event(case, 20, "death", "2020", Access.SEALED)
    release = event(case, 30, "release", "2021")
    key = tasks.Key("contradiction", release.pk, death.pk)
    given = give_task(case, key, cast.named, by=cast.named)

    assert given.access == Access.SEALED
    assert not visible(Assignment.objects.all(), cast.teammate).exists()
    assert not visible(Assignment.objects.all(), cast.administrator).exists()
    with pytest.raises(tasks.MayNotHold):
        give_task(case, key, cast.teammate, by=cast.named)


def test_what_is_sealed_mends_nothing_for_those_who_do_not_read_it(cast: Cast) -> None:
    """For the team the step is missing still: that the task were done would tell them of the record."""
    case, key = gap(cast)
    give_task(case, key, cast.teammate, by=cast.teammate)
    mend(case, Access.SEALED)

    assert said(cast.teammate) == [GAP_TEXT]
    assert not Assignment.objects.get().is_done
    assert done(case) == [("Task given", "teammate")]
    give_task(case, key, cast.teammate, by=cast.teammate, note="Still")
    with pytest.raises(tasks.MayNotHold):
        give_task(case, key, cast.named, by=cast.teammate)  # who sees that nothing is missing


def test_a_task_that_comes_to_rest_on_what_is_sealed_leaves_the_team(cast: Cast) -> None:
    """Named people keep it; of somebody who does not read what is sealed, it is done."""
    case = case_of(cast)
    death = event(case, 20, "death", "2020")
    release = event(case, 30, "release", "2021")
    key = tasks.Key("contradiction", release.pk, death.pk)
    give_task(case, key, cast.named, by=cast.teammate, note="For both of us")
    amend(death, {"access": Access.SEALED}, by=cast.named)

    assert len(said(cast.named)) == 1
    assert not visible(Assignment.objects.all(), cast.teammate).exists()
    amend(death, {"access": Access.TEAM}, by=cast.named)
    assert not visible(
        Assignment.objects.all(), cast.teammate
    ).exists()  # its note may be of the time between
    again = give_task(case, key, cast.teammate, by=cast.teammate, seen=0)
    assert again.access == Access.TEAM
    amend(death, {"access": Access.SEALED}, by=cast.named)
    assert Assignment.objects.get().is_done
    assert said(cast.teammate) == []


def test_who_left_the_team_sees_no_task_of_it(cast: Cast) -> None:
    """The others see that nobody is at it, and give it to somebody else."""
    case, key = gap(cast)
    give_task(case, key, cast.named, by=cast.teammate)
    amend(case, {"team": [cast.teammate], "named": []}, by=cast.teammate)

    assert said(cast.named) == []
    [task] = page_of(case, TODAY, today=TODAY, by=cast.teammate).tasks
    assert task.is_out_of_sight
    give_task(case, key, cast.teammate, by=cast.teammate)
    assert said(cast.teammate) == [GAP_TEXT]


def test_who_becomes_a_data_collector_has_no_tasks(cast: Cast) -> None:
    case, key = gap(cast)
    give_task(case, key, cast.named, by=cast.teammate)
    cast.named.groups.set(Group.objects.filter(name=COLLECTORS))

    assert said(User.objects.get(pk=cast.named.pk)) == []


def test_of_two_who_give_the_same_task_one_is_told(cast: Cast) -> None:
    """The screen they decided on said that nobody had it."""
    case, key = gap(cast)
    give_task(case, key, cast.named, by=cast.teammate, seen=0)
    with pytest.raises(ChangedMeanwhile):
        give_task(case, key, cast.teammate, by=cast.teammate, seen=0)

    assert said(cast.named) == [GAP_TEXT]


def test_the_json_of_a_case_names_the_user_and_nothing_more_about_them(cast: Cast) -> None:
    case, key = gap(cast)
    cast.named.first_name, cast.named.email = "Amina", "amina@example.org"
    cast.named.save()
    give_task(case, key, cast.named, by=cast.teammate, due_on=date(2031, 2, 3), note="Ask the lawyer")
    [line] = standing.standing(case, TODAY, by=None).findings

    assert (line.given_to, line.due_on) == ("named", date(2031, 2, 3))
    assert "amina" not in repr(line).lower()
    assert "lawyer" not in repr(line)


def test_what_is_erased_leaves_no_task(cast: Cast) -> None:
    """Nor an account that is gone."""
    case, key = gap(cast)
    give_task(case, key, cast.named, by=cast.teammate)
    cast.named.delete()
    assert Assignment.objects.get().holder is None
    erase(case, by=None)

    assert not Assignment.every.exists()


def logged_in(client: Client, user: User) -> Client:
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def address(key: tasks.Key) -> str:
    return reverse("cases_task", args=[part for part in key if part])


@pytest.fixture
def office(client: Client, cast: Cast) -> Client:
    return logged_in(client, cast.teammate)


def test_the_screen_gives_takes_and_gives_back(office: Client, cast: Cast) -> None:
    case, key = gap(cast)
    told: dict[str, Any] = {"act": "give", "to": cast.named.pk, "note": "Ask", "seen": 0}
    over = {**told, "due_on": TODAY - timedelta(days=1)}
    assert "This day is over" in office.post(address(key), over).content.decode()
    assert office.post(address(key), {**told, "due_on": TODAY}).status_code == 302
    assert said(cast.named) == [GAP_TEXT]
    assert "meanwhile" in office.post(address(key), told).content.decode()
    office.post(address(key), {"act": "take"})
    assert said(cast.teammate) == [GAP_TEXT]
    office.post(address(key), {"act": "back"})

    assert said(cast.teammate) == []
    mend(case)
    assert "Nothing to do" in office.get(address(key), follow=True).content.decode()


def test_the_screen_gives_to_nobody_it_does_not_offer(office: Client, cast: Cast) -> None:
    _, key = gap(cast)
    answer = office.post(address(key), {"act": "give", "to": cast.outsider.pk, "seen": 0})

    assert answer.status_code == 200
    assert not Assignment.objects.exists()


def test_the_list_of_cases_shows_those_with_a_task_of_mine(office: Client, cast: Cast) -> None:
    case, key = gap(cast)
    listed = reverse("wagtailsnippets_cases_case:list")
    assert "AQ-1" not in office.get(listed, {"to_do": "mine"}).content.decode()
    give_task(case, key, cast.teammate, by=cast.named)

    assert "AQ-1" in office.get(listed, {"to_do": "mine"}).content.decode()
    assert GAP_TEXT in office.get(reverse("wagtailadmin_home")).content.decode()
