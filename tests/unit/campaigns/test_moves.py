"""Moving a campaign: only where it may go, by somebody who answers for it, and whole or not at all."""

from collections.abc import Callable
from datetime import date
from itertools import product

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError
from django.utils import timezone
from wagtail.models import ModelLogEntry

from habeas.campaigns import actions, lifecycle
from habeas.campaigns.lifecycle import ENDED, MOVES, PUBLIC, WON_BY, MoveRefused, Outcome, State
from habeas.campaigns.models import Campaign, Update, UpdateText
from habeas.config import Config
from habeas.edition import read
from habeas.edition.slots import campaign_path
from habeas.edition.write import Draft
from office_site import MKHAITIR, SELMA, campaign, current_edition, page_of

LANGUAGES = ("en", "fr", "ar")
EVERY_MOVE = list(product(State.values, State.values))


def entries_about(moved: Campaign) -> list[ModelLogEntry]:
    found = ModelLogEntry.objects.filter(action="campaigns.move", object_id=str(moved.pk))
    return list(found.order_by("timestamp"))


def set_state(moved: Campaign, state: str) -> Campaign:
    """Put a campaign into a state without the way there."""
    Campaign.objects.filter(pk=moved.pk).update(state=state)
    moved.refresh_from_db()
    return moved


@pytest.mark.parametrize(("current", "to"), EVERY_MOVE)
def test_a_campaign_moves_only_where_the_table_says(current: str, to: str) -> None:
    """Every pair of states is either allowed or refused with what is possible instead."""
    if to in MOVES[current]:
        lifecycle.check_move(current, to)
        return
    with pytest.raises(MoveRefused, match=f"{current} cannot become {to}; possible: ") as refused:
        lifecycle.check_move(current, to)
    for possible in MOVES[current]:
        assert possible in str(refused.value)


def test_the_table_is_the_one_that_was_decided() -> None:
    """A draft only opens, nothing becomes a draft again, and what ended may begin anew: re-arrests happen."""
    assert {(current, to) for current, to in EVERY_MOVE if to in MOVES[current]} == {
        *(("draft", "open"), ("open", "paused"), ("paused", "open")),
        *(("open", "won"), ("open", "closed"), ("paused", "won"), ("paused", "closed")),
        *(("won", "open"), ("closed", "open")),
    }
    assert MOVES.keys() == set(State.values)


ACTS: dict[str, tuple[Callable[..., actions.Moved], dict[str, str], str]] = {
    "publish": (actions.publish, {}, "open"),
    "pause": (actions.pause, {}, "paused"),
    "reopen": (actions.reopen, {}, "open"),
    "close as won": (actions.close, {"outcome": Outcome.RELEASED}, "won"),
    "close": (actions.close, {"outcome": Outcome.DIED}, "closed"),
}


@pytest.mark.parametrize("verb", ACTS)
@pytest.mark.parametrize("current", State.values)
def test_every_act_keeps_to_the_table(
    mkhaitir: Campaign, editor: User, monkeypatch: pytest.MonkeyPatch, current: str, verb: str
) -> None:
    """Also where a screen or a command forgot to ask."""
    monkeypatch.setattr(actions, "publish_edition", lambda _: 7)
    act, more, to = ACTS[verb]
    set_state(mkhaitir, current)
    is_republished = verb == "publish" and current in ENDED | {State.OPEN}
    if to in MOVES[current] or is_republished:
        assert act(mkhaitir, by=editor, **more).edition == 7
        expected = current if is_republished else to
    else:
        with pytest.raises(MoveRefused):
            act(mkhaitir, by=editor, **more)
        expected = current

    assert campaign(MKHAITIR).state == expected
    assert len(entries_about(mkhaitir)) == 1 + (expected != current)


def test_every_move_says_who_made_it(mkhaitir: Campaign, editor: User, office: Config) -> None:
    """From where to where, in the log that staff can read."""
    actions.pause(mkhaitir, by=editor)
    actions.reopen(mkhaitir, by=editor)
    opened, paused, reopened = entries_about(mkhaitir)

    assert {entry.user for entry in (opened, paused, reopened)} == {editor}
    assert opened.data == {"from": "draft", "to": "open", "outcome": ""}
    assert paused.data == {"from": "open", "to": "paused", "outcome": ""}
    assert reopened.data == {"from": "paused", "to": "open", "outcome": ""}


def test_a_move_shows_on_the_door_in_every_language(mkhaitir: Campaign, editor: User, office: Config) -> None:
    """The page turns with the state, not some time after it."""
    moved = actions.pause(mkhaitir, by=editor)
    cards = {card.slug: card.state for card in current_edition(office).manifest.cards}

    assert moved.edition == read.current_number(office.editions)
    assert cards == {MKHAITIR: "paused", SELMA: "open"}
    for language in LANGUAGES:
        assert "slot:form" not in page_of(office, campaign_path(MKHAITIR, language))


@pytest.mark.parametrize("outcome", Outcome.values)
def test_a_campaign_is_won_when_the_person_is_free(outcome: str) -> None:
    """Every other end closes it."""
    assert lifecycle.ending(outcome) == (State.WON if outcome in WON_BY else State.CLOSED)


def test_the_campaign_is_not_won_by_a_death() -> None:
    """Nor by a transfer, an execution, a flight, or nothing."""
    lost = {"commuted", "transferred", "died", "executed", "disappeared", "fled", "no_change"}

    assert set(Outcome.values) - WON_BY == lost


def test_an_outcome_nobody_knows_is_refused(mkhaitir: Campaign, editor: User) -> None:
    """With those there are."""
    with pytest.raises(MoveRefused, match=r"no outcome free; choose one of released, .*no_change"):
        actions.close(mkhaitir, outcome="free", by=editor)


def test_a_closing_tells_its_news_once_in_every_language(
    mkhaitir: Campaign, editor: User, office: Config
) -> None:
    """To who asked for it, by mail and on the page."""
    moved = actions.close(mkhaitir, outcome=Outcome.RELEASED, by=editor)
    [update] = Update.objects.all()
    pages = {page.locale.language_code: page for page in mkhaitir.pages.all()}

    assert (moved.campaign.state, moved.campaign.outcome) == ("won", "released")
    assert moved.campaign.closed_on == timezone.localdate()
    assert (update.campaign, update.made_by, update.is_queued) == (mkhaitir, editor, False)
    assert {text.language: (text.subject, text.text) for text in update.texts.all()} == {
        code: (pages[code].news_subject, pages[code].news_text) for code in LANGUAGES
    }
    assert entries_about(mkhaitir)[-1].data == {
        "from": "open",
        "to": "won",
        "outcome": "released",
        "concerns": 1,
    }
    assert entries_about(mkhaitir)[-1].user == editor
    for code in LANGUAGES:
        page = page_of(office, campaign_path(MKHAITIR, code))
        assert pages[code].outcome_headline in page
        assert campaign_path(SELMA, code) in page  # where people go from here


def test_a_second_closing_is_refused_and_tells_nobody_again(mkhaitir: Campaign, editor: User) -> None:
    """Two editors press the button."""
    actions.close(mkhaitir, outcome=Outcome.RELEASED, by=editor)
    with pytest.raises(MoveRefused):
        actions.close(campaign(MKHAITIR), outcome=Outcome.RELEASED, by=editor)

    assert Update.objects.count() == 1


@pytest.mark.parametrize("field", ["outcome_headline", "thanks", "news_subject", "news_text"])
def test_a_page_without_its_closing_words_holds_the_closing_up(
    mkhaitir: Campaign, editor: User, field: str
) -> None:
    """What is missing is named, with its language."""
    page = mkhaitir.pages.get(locale__language_code="ar")
    setattr(page, field, "")
    page.save()
    name = field.replace("_", " ")
    with pytest.raises(MoveRefused, match=rf"^before free-mkhaitir can be closed, write {name} \(ar\)$"):
        actions.close(mkhaitir, outcome=Outcome.RELEASED, by=editor)

    assert campaign(MKHAITIR).state == "open"
    assert not Update.objects.exists()


def test_everything_that_is_missing_is_said_at_once(mkhaitir: Campaign, editor: User) -> None:
    """Nobody has to press the button five times to find out."""
    for page in mkhaitir.pages.filter(locale__language_code__in=["en", "fr"]):
        page.thanks = ""
        page.save()
    mkhaitir.next_action = None
    with pytest.raises(MoveRefused) as refused:
        actions.close(mkhaitir, outcome=Outcome.DIED, by=editor)

    for missing in ("thanks (en)", "thanks (fr)", "the next action: where people go from here"):
        assert missing in str(refused.value)


def test_a_campaign_without_a_page_is_not_closed(mkhaitir: Campaign, editor: User) -> None:
    """There would be no words to tell people how it ended."""
    mkhaitir.pages.update(live=False)
    with pytest.raises(MoveRefused, match="a published page"):
        actions.close(mkhaitir, outcome=Outcome.RELEASED, by=editor)

    assert not Update.objects.exists()


def no_space(*_: object) -> int:
    raise OSError(28, "No space left on device")


def no_notice(*_: object) -> None:
    """Forget what every edition must hold."""


MOVING = {
    "pause": lambda one, by: actions.pause(one, by=by),
    "close": lambda one, by: actions.close(one, outcome=Outcome.RELEASED, by=by),
}


BREAKING: dict[str, tuple[str, object, type[Exception]]] = {
    "the disk is full": ("habeas.edition.write._write_folder", no_space, OSError),
    "a page is missing": (f"{Draft.__module__}.Draft.add_notice", no_notice, read.BadEdition),
}


@pytest.mark.parametrize("verb", MOVING)
@pytest.mark.parametrize("trouble", BREAKING)
def test_an_edition_that_cannot_be_written_leaves_everything_as_it_was(
    editor: User, office: Config, monkeypatch: pytest.MonkeyPatch, verb: str, trouble: str
) -> None:
    """State, news, audit log and door agree: nothing happened."""
    one, (what, broken, error) = campaign(MKHAITIR), BREAKING[trouble]
    before, log_before = read.current_number(office.editions), len(entries_about(one))
    monkeypatch.setattr(what, broken)
    with pytest.raises(error):
        MOVING[verb](one, editor)
    after = campaign(MKHAITIR)

    assert (after.state, after.outcome, after.closed_on) == ("open", "", None)
    assert not Update.objects.exists()
    assert len(entries_about(one)) == log_before
    assert read.current_number(office.editions) == before
    assert {card.slug: card.state for card in current_edition(office).manifest.cards}[MKHAITIR] == "open"


def test_news_that_cannot_be_written_down_turns_no_page(
    mkhaitir: Campaign, editor: User, office: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The door never shows an end that the office does not know of."""

    def fails(**_: object) -> None:
        raise DatabaseError("disk I/O error")

    before = read.current_number(office.editions)
    monkeypatch.setattr(UpdateText.objects, "create", fails)
    with pytest.raises(DatabaseError):
        actions.close(mkhaitir, outcome=Outcome.RELEASED, by=editor)

    assert campaign(MKHAITIR).state == "open"
    assert read.current_number(office.editions) == before


def test_a_person_who_is_arrested_again_is_campaigned_for_again(
    mkhaitir: Campaign, editor: User, office: Config
) -> None:
    """The page asks for signatures anew; the day it first opened stays."""
    Campaign.objects.filter(pk=mkhaitir.pk).update(opened_on=date(2018, 1, 1))
    mkhaitir.refresh_from_db()
    actions.close(mkhaitir, outcome=Outcome.RELEASED, by=editor)
    actions.reopen(mkhaitir, by=editor)
    after = campaign(MKHAITIR)

    assert (after.state, after.outcome, after.closed_on) == ("open", "", None)
    assert after.opened_on == date(2018, 1, 1)
    assert "slot:form" in page_of(office, campaign_path(MKHAITIR, "en"))


def test_a_campaign_without_a_page_is_not_opened(mkhaitir: Campaign, editor: User) -> None:
    """There would be nothing to sign."""
    new = actions.create(slug="free-ann", case=mkhaitir.case, target=mkhaitir.target, by=editor)
    with pytest.raises(MoveRefused, match="no published page"):
        actions.publish(new, by=editor)

    assert campaign("free-ann").state == "draft"


def test_what_the_public_may_see_is_never_a_draft() -> None:
    """Four states have pages."""
    assert {*State.values} - PUBLIC == {"draft"}
