"""Two people who turn the same pages at the same moment: the door shows what was decided last."""

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from wagtail.signal_handlers import disable_reference_index_auto_update

from at_once import at_once
from habeas.campaigns import actions
from habeas.campaigns.lifecycle import MoveRefused, State
from habeas.campaigns.models import Update
from habeas.campaigns.publishing import publish_edition
from habeas.config import Config
from office_site import MKHAITIR, campaign, current_edition, installed_at, load_demonstration

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """Give the demonstration, in the database for everybody to see."""
    config = installed_at(tmp_path)
    monkeypatch.setattr(settings, "CONFIG", config)
    with disable_reference_index_auto_update():
        load_demonstration()
    return config


@pytest.fixture
def editor(office: Config) -> User:
    return User.objects.get(username="editor")


def shown(config: Config) -> str:
    [card] = [card for card in current_edition(config).manifest.cards if card.slug == MKHAITIR]
    return card.state


def test_who_pauses_what_is_being_closed_is_told(office: Config, editor: User) -> None:
    """Two screens show the campaign open; the news goes out once."""
    one, other = campaign(MKHAITIR), campaign(MKHAITIR)
    first, second = at_once(
        lambda: actions.close(one, outcome="released", by=editor), lambda: actions.pause(other, by=editor)
    )

    assert isinstance(first, actions.Moved)
    assert isinstance(second, MoveRefused)
    assert campaign(MKHAITIR).state == shown(office) == State.WON
    assert Update.objects.count() == 1


def test_the_clerk_does_not_undo_what_staff_decide_meanwhile(office: Config, editor: User) -> None:
    """It reads the pages before the decision is made, and would write them after."""
    one = campaign(MKHAITIR)
    first, second = at_once(
        lambda: actions.close(one, outcome="released", by=editor), lambda: publish_edition(office)
    )

    assert second > first.edition
    assert shown(office) == State.WON
