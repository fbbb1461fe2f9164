"""Staff leave an opening to the clock, and are told when it could not be."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from habeas.campaigns import actions, planning
from habeas.campaigns.models import Campaign, PlannedMove, PlannedVerb
from habeas.cases.actions import embargo

HOUR = "%Y-%m-%dT%H:%M"


@pytest.fixture
def staff(client: Client, editor: User) -> Client:
    client.force_login(editor, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def home(client: Client) -> str:
    return " ".join(client.get(reverse("wagtailadmin_home")).content.decode().split())


def test_an_hour_is_given_in_the_zone_that_the_screen_names(
    staff: Client, mkhaitir: Campaign, editor: User
) -> None:
    """And what is planned is said on the first screen; emptied, it is gone."""
    url = reverse("campaigns_plan", args=[mkhaitir.pk])
    assert "time zone <strong>UTC</strong>" in staff.get(url).content.decode()
    at = timezone.now() + timedelta(days=3)
    staff.post(url, {"pause": at.strftime(HOUR)})
    planned = PlannedMove.objects.get()

    assert planned.by == editor
    assert planned.at.strftime(HOUR) == at.strftime(HOUR)
    assert "Stops taking signatures on" in home(staff)
    staff.post(url, {"pause": ""})
    staff.post(url, {"pause": "", "x": "1"})
    assert not PlannedMove.objects.exists()


def test_a_slip_is_said_beside_the_hour(staff: Client, mkhaitir: Campaign) -> None:
    """Nothing is planned then."""
    url = reverse("campaigns_plan", args=[mkhaitir.pk])
    shown = staff.post(url, {"pause": "2020-01-01T10:00"}).content.decode()

    assert "That hour is over." in shown
    assert not PlannedMove.objects.exists()


def test_what_could_not_be_opened_is_the_first_thing_staff_see(
    staff: Client, mkhaitir: Campaign, editor: User
) -> None:
    """With the reason."""
    actions.pause(mkhaitir, by=editor)
    at = timezone.now() + timedelta(hours=1)
    planning.plan(mkhaitir, PlannedVerb.OPEN, at, by=editor)
    embargo(mkhaitir.case, by=editor, reason="His lawyer speaks first")
    planned = staff.get(reverse("campaigns_plan", args=[mkhaitir.pk])).content.decode()
    assert "If the hour were now, it would not open" in planned
    planning.make_due(at)

    assert "as planned (open)" in home(staff)
    assert "the case is under an embargo" in home(staff)


def test_staff_are_asked_what_came_of_it_when_signing_has_stopped(
    staff: Client, mkhaitir: Campaign, editor: User
) -> None:
    """Nobody but a person says how it ended."""
    at = timezone.now() + timedelta(hours=1)
    planning.plan(mkhaitir, PlannedVerb.PAUSE, at, by=editor)
    planning.make_due(at)

    assert "as planned. Say what came of it, or open it again." in home(staff)
