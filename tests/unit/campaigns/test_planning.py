"""Moves left to the clock: made at their hour by the same acts, refused for the same reasons."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from wagtail.models import ModelLogEntry

from habeas.campaigns import actions, planning
from habeas.campaigns.lifecycle import Outcome, State
from habeas.campaigns.models import Campaign, PlannedMove, PlannedVerb
from habeas.campaigns.planning import PlanRefused
from habeas.cases.actions import embargo
from habeas.config import Config
from habeas.edition.read import BadEdition
from habeas.edition.slots import campaign_path
from habeas.ops.clerk import Publishing
from office_site import MKHAITIR, campaign, current_edition, page_of

OPEN, PAUSE = PlannedVerb.OPEN, PlannedVerb.PAUSE
SOON, LATER = timedelta(hours=1), timedelta(days=3)


@pytest.fixture
def draft(mkhaitir: Campaign, editor: User) -> Campaign:
    """A campaign with a page, not open yet."""
    made = actions.create(slug="later", case=mkhaitir.case, target=mkhaitir.target, by=editor)
    words = mkhaitir.pages.get(locale__language_code="en")
    fields = ("title", "person", "lede", "button", "target_office", "story", "demands")
    actions.add_page(made, "en", {name: getattr(words, name) for name in fields}, by=editor)
    return made


def after(pause: timedelta) -> datetime:
    return timezone.now() + pause


def test_a_campaign_opens_at_its_hour_and_the_log_names_who_planned_it(
    draft: Campaign, editor: User, office: Config
) -> None:
    """As if they had pressed the button."""
    planning.plan(draft, OPEN, after(SOON), by=editor)
    planning.make_due(timezone.now())
    assert campaign("later").state == State.DRAFT
    planning.make_due(after(SOON))

    assert campaign("later").state == State.OPEN
    assert campaign_path("later", "en") in page_of(office, "/en/")
    moved = ModelLogEntry.objects.for_instance(draft).filter(action="campaigns.move").get()
    assert moved.user == editor
    assert not PlannedMove.objects.exists()


def test_an_open_campaign_stops_taking_signatures_and_somebody_is_asked_how_it_ended(
    mkhaitir: Campaign, editor: User, office: Config
) -> None:
    """No clock says what became of a person."""
    planning.plan(mkhaitir, PAUSE, after(LATER), by=editor)
    planning.make_due(after(LATER))
    now = campaign(MKHAITIR)

    assert (now.state, now.outcome) == (State.PAUSED, "")
    assert {card.slug: card.state for card in current_edition(office).manifest.cards}[MKHAITIR] == "paused"
    assert PlannedMove.objects.get().made_at is not None
    planning.make_due(after(LATER))  # once
    actions.close(now, outcome=Outcome.NO_CHANGE, by=editor)
    assert not PlannedMove.objects.exists()


def test_what_holds_an_opening_up_holds_it_up_at_its_hour_too(
    draft: Campaign, editor: User, office: Config
) -> None:
    """The campaign stays as it is, staff are told why, and nothing opens hours later by surprise."""
    planning.plan(draft, OPEN, after(SOON), by=editor)
    held = embargo(draft.case, by=editor, reason="His lawyer speaks first")
    planning.make_due(after(SOON))

    assert campaign("later").state == State.DRAFT
    assert "the case is under an embargo" in PlannedMove.objects.get().refused
    assert campaign_path("later", "en") not in {one.path for one in current_edition(office).manifest.pages}
    actions.put_back(held.case, by=editor, reason="He has spoken")
    planning.make_due(after(LATER))
    assert campaign("later").state == State.DRAFT
    actions.publish(campaign("later"), by=editor)
    assert not PlannedMove.objects.exists()


def test_a_full_disk_is_no_reason_to_give_a_plan_up(
    draft: Campaign, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is wrong with the campaign: the clerk tries again."""

    def fails(*_: object) -> int:
        raise BadEdition("a page is missing")

    planning.plan(draft, OPEN, after(SOON), by=editor)
    with monkeypatch.context() as full:
        full.setattr(actions, "publish_edition", fails)
        with pytest.raises(BadEdition):
            planning.make_due(after(SOON))
    assert campaign("later").state == State.DRAFT
    planning.make_due(after(SOON))

    assert campaign("later").state == State.OPEN


def test_nobody_acts_through_the_clock_who_may_not_act_any_more(draft: Campaign, editor: User) -> None:
    """They left in between."""
    planning.plan(draft, OPEN, after(SOON), by=editor)
    User.objects.filter(pk=editor.pk).update(is_active=False)
    planning.make_due(after(SOON))

    assert campaign("later").state == State.DRAFT
    assert "editor, who planned it, may not" in PlannedMove.objects.get().refused


def test_a_move_by_hand_overtakes_what_was_planned(draft: Campaign, editor: User) -> None:
    """The end of signing stays planned when it is opened earlier."""
    planning.plan(draft, OPEN, after(SOON), by=editor)
    planning.plan(draft, PAUSE, after(LATER), by=editor)
    actions.publish(draft, by=editor)

    assert [one.verb for one in PlannedMove.objects.all()] == [PAUSE]
    planning.make_due(after(LATER))
    assert campaign("later").state == State.PAUSED


def test_a_plan_can_be_moved_and_dropped(draft: Campaign, editor: User) -> None:
    """There is one of a kind, and the log has each change."""
    planning.plan(draft, OPEN, after(SOON), by=editor)
    planning.plan(draft, OPEN, after(LATER), by=editor)
    assert PlannedMove.objects.get().at > after(SOON)

    assert planning.drop(draft, OPEN, by=editor)
    assert not planning.drop(draft, OPEN, by=editor)
    planning.make_due(after(LATER))
    assert campaign("later").state == State.DRAFT
    assert ModelLogEntry.objects.for_instance(draft).filter(action="campaigns.plan").count() == 3


def test_what_cannot_be_left_to_the_clock_is_refused(
    draft: Campaign, mkhaitir: Campaign, editor: User
) -> None:
    """An hour that is over, an end before the beginning, a campaign that is open or has ended."""
    with pytest.raises(PlanRefused, match="that hour is over"):
        planning.plan(draft, OPEN, after(-SOON), by=editor)
    with pytest.raises(PlanRefused, match="plan its opening first"):
        planning.plan(draft, PAUSE, after(SOON), by=editor)
    planning.plan(draft, OPEN, after(LATER), by=editor)
    with pytest.raises(PlanRefused, match="for an earlier hour"):
        planning.plan(draft, PAUSE, after(SOON), by=editor)
    with pytest.raises(PlanRefused, match="is open"):
        planning.plan(mkhaitir, OPEN, after(SOON), by=editor)
    actions.close(mkhaitir, outcome=Outcome.RELEASED, by=editor)
    assert planning.can_plan(mkhaitir) == []


def test_the_clerk_makes_what_is_due(
    draft: Campaign, editor: User, office: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once a minute, with its other errands."""
    monkeypatch.setattr("habeas.ops.clerk.close_old_connections", lambda: None)  # the test's is still needed
    planning.plan(draft, OPEN, after(SOON), by=editor)
    PlannedMove.objects.update(at=after(-SOON))
    Publishing(office).turn()

    assert campaign("later").state == State.OPEN
