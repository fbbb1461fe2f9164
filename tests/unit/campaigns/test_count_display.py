"""Staff decide how much of the count the public is told, and always see the true one beside it."""

from typing import Any

import msgspec
import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from habeas.campaigns import actions
from habeas.campaigns.models import Campaign
from habeas.campaigns.preview import preview
from habeas.campaigns.queries import Standing, standings
from habeas.config import Config
from habeas.edition import read
from habeas.edition.manifest import CountRule
from habeas.ledger.counts import Counts, Snapshot, write_snapshot
from habeas.ledger.shown import NOTHING, Shown, encode_shown, write_shown
from office_site import MKHAITIR, SELMA, campaign, current_edition

CAREFUL = {"count_from": 100, "count_step": 100, "count_every": "day"}


@pytest.fixture
def staff(client: Client, editor: User) -> Client:
    """The office, as the editor sees it."""
    client.force_login(editor, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def rules(config: Config) -> dict[str, CountRule]:
    return {card.slug: card.count_rule for card in current_edition(config).manifest.cards}


def form_of(one: Campaign, **changes: Any) -> dict[str, Any]:
    """Return what a browser sends for the record of a campaign."""
    return {
        "slug": one.slug,
        "case": str(one.case_id),
        "target": str(one.target_id),
        "next_action": str(one.next_action_id or ""),
        "count_from": one.count_from,
        "count_step": one.count_step,
        "count_every": one.count_every,
        "milestones": one.milestones,
        "deadline_on": one.deadline_on or "",
        "deadline_kind": one.deadline_kind,
        **changes,
    }


def saves(staff: Client, one: Campaign, **changes: Any) -> Any:
    url = reverse("wagtailsnippets_campaigns_campaign:edit", args=[one.pk])
    return staff.post(url, form_of(one, **changes), follow=True)


def people_confirmed(config: Config, one: Campaign, people: int, told: Shown) -> None:
    write_snapshot(config.confirmed, Snapshot({one.ledger_bytes: Counts.of([("MR", "ar", people)])}))
    write_shown(config.counts, encode_shown({one.ledger_bytes: told}))


def test_a_campaign_tells_every_number_unless_staff_say_otherwise(office: Config, mkhaitir: Campaign) -> None:
    """On its card, from which door and clerk know."""
    assert mkhaitir.count_rule == CountRule(0, 1, "live")
    assert rules(office) == {MKHAITIR: CountRule(), SELMA: CountRule()}


def test_what_staff_set_is_on_the_door_as_soon_as_it_is_saved(
    office: Config, mkhaitir: Campaign, staff: Client
) -> None:
    """Nobody has to remember to publish; the other campaign tells what it told."""
    answer = saves(staff, mkhaitir, **CAREFUL)

    assert answer.status_code == 200
    assert campaign(MKHAITIR).count_rule == CountRule(100, 100, "day")
    assert rules(office) == {MKHAITIR: CountRule(100, 100, "day"), SELMA: CountRule()}


def test_saving_a_draft_publishes_nothing(
    office: Config, mkhaitir: Campaign, staff: Client, editor: User
) -> None:
    """It opens with the rule it has by then."""
    draft = actions.create(slug="free-ann", case=mkhaitir.case, target=mkhaitir.target, by=editor)
    before = read.current_number(office.editions)
    saves(staff, draft, **CAREFUL)

    assert campaign("free-ann").count_rule == CountRule(100, 100, "day")
    assert read.current_number(office.editions) == before


def test_saving_a_paused_campaign_does_not_open_it(
    office: Config, mkhaitir: Campaign, staff: Client, editor: User
) -> None:
    """Its page follows, and still takes nothing."""
    actions.pause(mkhaitir, by=editor)
    saves(staff, campaign(MKHAITIR), **CAREFUL)

    assert campaign(MKHAITIR).state == "paused"
    assert rules(office)[MKHAITIR] == CountRule(100, 100, "day")


def test_staff_hear_when_the_door_could_not_follow(
    office: Config, mkhaitir: Campaign, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They believe the number hidden, and it is not."""

    def no_space(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("habeas.edition.write._write_folder", no_space)
    answer = saves(staff, mkhaitir, **CAREFUL)

    assert "its pages are as they were" in answer.content.decode()
    assert rules(office)[MKHAITIR] == CountRule()


def test_steps_that_show_at_once_are_refused_with_the_reason(
    office: Config, mkhaitir: Campaign, staff: Client
) -> None:
    """In the form, in the model and in the database."""
    answer = saves(staff, mkhaitir, count_step=100)
    assert "the moment in which a step is reached would tell who signed then" in answer.content.decode()
    assert campaign(MKHAITIR).count_step == 1

    mkhaitir.count_step = 100
    with pytest.raises(ValidationError, match="once an hour or once a day"):
        mkhaitir.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        mkhaitir.save()


@pytest.mark.parametrize(("field", "value"), [("count_step", 0), ("count_from", -1), ("count_every", "week")])
def test_a_rule_that_makes_no_sense_is_refused(mkhaitir: Campaign, field: str, value: object) -> None:
    """Beside the field."""
    setattr(mkhaitir, field, value)
    with pytest.raises(ValidationError) as refused:
        mkhaitir.full_clean()

    assert field in refused.value.message_dict


def test_staff_see_the_true_number_and_what_the_public_sees(
    office: Config, mkhaitir: Campaign, staff: Client
) -> None:
    """On the first screen, and before a campaign is closed."""
    people_confirmed(office, mkhaitir, 347, Shown(300))
    panel = " ".join(staff.get(reverse("wagtailadmin_home")).content.decode().split())
    closing = staff.get(reverse("campaigns_move", args=[mkhaitir.pk, "close"])).content.decode()

    for told in ('"Confirmed">347</td>', '"The public sees">more than 300</td>'):
        assert told in panel
    for told in ('"Confirmed">0</td>', '"The public sees">no number</td>'):
        assert told in panel
    assert "347 people confirmed so far; the public sees more than 300." in closing


def test_the_screen_says_what_each_choice_does(mkhaitir: Campaign, staff: Client) -> None:
    """In plain words, with what to choose where signing is dangerous."""
    url = reverse("wagtailsnippets_campaigns_campaign:edit", args=[mkhaitir.pk])
    page = staff.get(url).content.decode()

    for said in (
        "The number that the public sees",
        "from 100, in steps of 100, once a day",
        "Be among the first to sign",
        "knows who signed",
    ):
        assert said in page


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (NOTHING, "no number"),
        (Shown(0, is_exact=True), "0"),
        (Shown(12_345, is_exact=True), "12,345"),
        (Shown(12_300), "more than 12,300"),
    ],
)
def test_what_the_public_sees_is_said_in_words(told: Shown, words: str) -> None:
    """As on the page."""
    assert Standing(12_345, told).shown_in_words == words


def test_counts_that_cannot_be_read_are_none(office: Config, mkhaitir: Campaign) -> None:
    """The panel opens all the same."""
    for damage in (b"{", b"\xff"):
        office.counts.parent.mkdir(exist_ok=True)
        office.counts.write_bytes(damage)
        office.confirmed.write_bytes(damage)
        assert standings()(mkhaitir) == Standing(0)


def test_the_preview_shows_no_number_where_the_page_will_show_none(mkhaitir: Campaign) -> None:
    """Staff see the sentence that people will see."""
    page = mkhaitir.pages.get(locale__language_code="en")
    assert b"Be the first to sign." in preview(page, "open")

    page.campaign.count_step, page.campaign.count_every = 100, "day"
    assert b"Be among the first to sign." in preview(page, "open")


def test_a_card_from_before_there_was_a_choice_tells_every_number(office: Config) -> None:
    """An edition on disk outlives an upgrade."""
    [card, *_] = current_edition(office).manifest.cards
    old = {name: value for name, value in msgspec.to_builtins(card).items() if name != "count_rule"}

    assert msgspec.convert(old, type(card)).count_rule == CountRule()
