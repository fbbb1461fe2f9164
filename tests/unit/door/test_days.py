"""What changes at midnight: the day of being held, and how near the deadline is."""

from datetime import date

import msgspec
import pytest

from habeas.config import Config
from habeas.door.shelf import Shelf
from habeas.edition import read
from habeas.edition.manifest import Card, Deadline, Running
from habeas.edition.slots import DAYS, FORM, campaign_path
from habeas.edition.write import write
from habeas.lib import clock
from public_side import SELMA, draft

PAGE = campaign_path(SELMA, "en")
SINCE = date(2025, 3, 11)
HEARING = {
    "en": "Hearing on 14 December 2026",
    "fr": "Audience le 14 décembre 2026",
    "ar": "جلسة في 14 ديسمبر 2026",
}


def days_since_epoch(day: date) -> int:
    return (day - clock.date_of(0)).days


@pytest.fixture
def shelf(config: Config) -> Shelf:
    """A door's shelf with Selma's page, which says both."""
    made = draft(config)
    made.cards = [_dated(card) if card.slug == SELMA else card for card in made.cards]
    for page in list(made.pages):
        if page.card == SELMA:
            made.pages.remove(page)
            body = made.files[page.file].replace(FORM, FORM + DAYS)
            made.add_page(page.path, body, language=page.language, card=SELMA)
    write(config.editions, made)
    return Shelf(read.load(config.editions, 1), {})


def _dated(card: Card) -> Card:
    running = Running("detention", SINCE, True)  # noqa: FBT003  a field
    return msgspec.structs.replace(card, running=running, deadline=Deadline(date(2026, 12, 14), HEARING))


def shown(shelf: Shelf, on: date) -> str:
    shelf.turn_to(days_since_epoch(on))
    copy = shelf.copy(PAGE, "")
    assert copy
    return copy.body.decode()


def test_the_page_counts_the_days_by_itself(shelf: Shelf) -> None:
    """No edition has to be written, and nobody has to be awake."""
    assert "Day 622 in detention" in shown(shelf, date(2026, 11, 22))
    assert "Day 623 in detention" in shown(shelf, date(2026, 11, 23))


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2026, 11, 22), "in 22 days"),
        (date(2026, 12, 13), "tomorrow"),
        (date(2026, 12, 14), "today"),
    ],
)
def test_the_deadline_says_how_near_it_is(shelf: Shelf, on: date, words: str) -> None:
    page = shown(shelf, on)

    assert '<time datetime="2026-12-14">Hearing on 14 December 2026</time>' in page
    assert f"<span>{words}</span>" in page


def test_a_deadline_that_is_over_urges_nobody(shelf: Shelf) -> None:
    page = shown(shelf, date(2026, 12, 15))

    assert "Hearing" not in page
    assert "Day 645" in page


def test_a_page_is_made_anew_once_a_day_and_not_for_each_reader(shelf: Shelf) -> None:
    """The same bytes lie ready until midnight."""
    shown(shelf, date(2026, 11, 22))
    first = shelf.copy(PAGE, "")
    shelf.turn_to(days_since_epoch(date(2026, 11, 22)))

    assert shelf.copy(PAGE, "") is first
    shelf.turn_to(days_since_epoch(date(2026, 11, 23)))
    assert shelf.copy(PAGE, "") is not first


def test_a_place_for_the_days_on_a_page_of_no_campaign_is_refused(config: Config) -> None:
    made = draft(config)
    made.add_page("/en/stray/", b"<!doctype html>" + DAYS, language="en")

    with pytest.raises(read.BadEdition, match="places for the days"):
        write(config.editions, made)
