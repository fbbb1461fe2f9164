"""The clerk's calendar: what has its day is shown on that day, and nobody has to press a button."""

import os
import time
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from habeas.campaigns import actions
from habeas.campaigns.models import Campaign
from habeas.campaigns.publishing import publish_edition
from habeas.cases.actions import embargo
from habeas.config import Config
from habeas.edition import read
from habeas.edition.slots import campaign_path
from habeas.ledger.shown import Shown, encode_shown, write_shown
from habeas.lib import clock
from habeas.ops.clerk import Publishing
from office_site import MKHAITIR, page_of


@pytest.fixture(autouse=True)
def _one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("habeas.ops.clerk.close_old_connections", lambda: None)  # the test's is still needed


@pytest.fixture
def tomorrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a day pass."""
    day, date = clock.today() + 1, timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr(clock, "today", lambda: day)
    monkeypatch.setattr(timezone, "localdate", lambda: date)


@pytest.fixture
def withheld(mkhaitir: Campaign, editor: User, office: Config) -> str:
    """The address of a page that is under an embargo until tomorrow."""
    until = timezone.localdate() + timedelta(days=1)
    embargo(mkhaitir.case, until=until, by=editor, reason="His lawyer speaks first")
    actions.publish(mkhaitir, by=editor)
    address = campaign_path(MKHAITIR, "en")
    assert "Mkha" not in page_of(office, address)
    return address


def test_what_was_under_an_embargo_is_shown_when_its_day_comes(
    withheld: str, office: Config, request: pytest.FixtureRequest
) -> None:
    """Nobody has to think of it at midnight."""
    Publishing(office).turn()
    assert "Mkha" not in page_of(office, withheld)

    request.getfixturevalue("tomorrow")
    Publishing(office).turn()
    assert "Mkha" in page_of(office, withheld)


def test_a_day_brings_one_edition(office: Config) -> None:
    """However often the clerk looks, or is started; doors do not read them anew all day."""
    yesterday = time.time() - clock.SECONDS_A_DAY
    os.utime(office.editions / read.POINTER, (yesterday, yesterday))
    before = read.current_number(office.editions)
    for _ in range(3):
        Publishing(office).turn()

    assert read.current_number(office.editions) == before + 1


def test_nothing_is_put_out_before_staff_have_published_anything(office: Config) -> None:
    """A new installation stays empty."""
    (office.editions / read.POINTER).unlink()
    Publishing(office).turn()

    assert read.current_number(office.editions) == 0


def test_a_page_with_an_hour_goes_up_by_itself(mkhaitir: Campaign, editor: User, office: Config) -> None:
    """An editor sets it before going home."""
    page = mkhaitir.pages.get(locale__language_code="en")
    page.lede, page.go_live_at = "Scheduled words", timezone.now() + timedelta(hours=1)
    page.save_revision(user=editor).publish(user=editor)
    revision, due = page.get_latest_revision(), timezone.now() - timedelta(minutes=1)
    revision.approved_go_live_at = due
    revision.content = {**revision.content, "go_live_at": due.isoformat()}
    revision.save()
    assert mkhaitir.pages.get(pk=page.pk).lede != "Scheduled words"
    Publishing(office).turn()

    assert mkhaitir.pages.get(pk=page.pk).lede == "Scheduled words"


def test_a_milestone_that_is_passed_brings_one_edition(office: Config) -> None:
    """The pictures of links name it; people who sign in between bring no edition each."""
    one = Campaign.objects.get(slug=MKHAITIR)
    one.milestones = "100, 10000"
    one.save()
    publish_edition(office)
    before = read.current_number(office.editions)
    for people in (100, 101, 102, 9_000):
        write_shown(office.counts, encode_shown({one.ledger_bytes: Shown(people, is_exact=True)}))
        Publishing(office).turn()

    assert read.current_number(office.editions) == before + 1
