"""The noticeboard: staff see the true counts, the door gets what it may tell, and a restart tells nothing."""

import logging
from pathlib import Path

import pytest

from habeas.config import Config
from habeas.edition import read
from habeas.edition.manifest import CountRule
from habeas.edition.write import write
from habeas.ledger import noticeboard
from habeas.ledger.counts import Counts, Taken, read_snapshot
from habeas.ledger.noticeboard import Noticeboard
from habeas.ledger.shown import NOTHING, Shown, read_shown
from habeas.lib import clock
from public_side import LIVE, SELMA, campaign_id, draft

HERS = campaign_id(SELMA)
NOON = 20_000 * 24 + 12  # in hours
DAILY = CountRule(count_every="day")
CAREFUL = CountRule(count_from=100, count_step=100, count_every="day")


class Clock:
    """Shows the hour it is set to."""

    hour = NOON


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(data=str(tmp_path))


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    shown = Clock()
    monkeypatch.setattr(clock, "this_hour", lambda: shown.hour)
    return shown


def publish(config: Config, rule: CountRule = LIVE) -> int:
    return write(config.editions, draft(config, {SELMA: "open"}, rule))


def count(people: int) -> dict[bytes, Counts]:
    return {HERS: Counts.of([("MR", "ar", people)])}


def told(config: Config) -> Shown:
    return read_shown(config.counts)[HERS]


def test_staff_see_the_true_count_and_the_public_the_one_of_the_day(config: Config, time: Clock) -> None:
    """The door's file holds nothing from which the other could be had."""
    publish(config, CAREFUL)
    board = Noticeboard(config)
    board.put_up({})
    board.put_up(count(317))
    assert told(config) == NOTHING

    time.hour += 12
    board.put_up(count(418))
    assert told(config) == Shown(400)
    assert read_snapshot(config.confirmed).counts == count(418)
    assert b"418" not in config.counts.read_bytes()


def test_the_file_for_the_door_does_not_move_when_one_person_signs(config: Config, time: Clock) -> None:
    """Neither its bytes nor its times."""
    publish(config, DAILY)
    board = Noticeboard(config)
    board.put_up(count(7))
    before = config.counts.stat()
    for people in (8, 9, 8):
        board.put_up(count(people))

    after = config.counts.stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_a_restart_tells_the_public_nothing_new(config: Config, time: Clock) -> None:
    """However often the clerk is started within the day."""
    publish(config, DAILY)
    Noticeboard(config).put_up(count(7))
    time.hour += 12
    Noticeboard(config).put_up(count(8))
    for people in (9, 10):
        time.hour += 1
        Noticeboard(config).put_up(count(people))
        assert told(config) == Shown(8, is_exact=True)


def test_a_clerk_that_dies_between_its_two_files_is_followed_by_one_that_tells_the_same(
    config: Config, time: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was taken is on the disk before it is told."""
    publish(config, DAILY)
    Noticeboard(config).put_up(count(7))
    time.hour += 12

    def dies(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(noticeboard, "write_shown", dies)
        with pytest.raises(OSError, match="No space left"):
            Noticeboard(config).put_up(count(8))
    Noticeboard(config).put_up(count(9))

    assert told(config) == Shown(8, is_exact=True)


def test_the_first_who_signs_while_the_clerk_is_away_does_not_show_when_it_comes_back(
    config: Config, time: Clock
) -> None:
    """It finds a campaign it has never seen, with one person in it."""
    publish(config, DAILY)
    Noticeboard(config).put_up(count(1))

    assert told(config) == NOTHING


def test_a_rule_holds_from_the_edition_on_that_has_it(config: Config, time: Clock) -> None:
    """Hiding is at once; telling more waits for the next day."""
    publish(config)
    board = Noticeboard(config)
    board.put_up(count(317))
    assert told(config).total == 317
    assert not board.is_due()

    publish(config, CAREFUL)
    assert board.is_due()
    board.put_up(count(318))
    assert told(config) == Shown(300)

    publish(config, DAILY)
    board.put_up(count(319))
    assert told(config) == Shown(317, is_exact=True)

    publish(config)
    board.put_up(count(320))
    assert told(config) == Shown(320, is_exact=True, by_country={"MR": 320}, by_language={"ar": 320})


def test_another_hour_is_news(config: Config, time: Clock) -> None:
    """Without anybody signing."""
    publish(config)
    board = Noticeboard(config)
    assert board.is_due()
    board.put_up({})
    assert not board.is_due()

    time.hour += 1
    assert board.is_due()


def test_a_campaign_that_is_not_public_is_told_to_staff_only(config: Config, time: Clock) -> None:
    """Before it opens, and after its pages were taken down."""
    Noticeboard(config).put_up(count(3))
    assert read_shown(config.counts) == {}

    write(config.editions, draft(config, {}))
    Noticeboard(config).put_up(count(3))
    assert read_shown(config.counts) == {}
    assert read_snapshot(config.confirmed).counts == count(3)


def test_while_an_edition_cannot_be_read_the_rules_of_the_one_before_hold(
    config: Config, time: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """Said once; and tried again, as a disk may recover."""
    publish(config, DAILY)
    board = Noticeboard(config)
    board.put_up(count(7))
    manifest = read.folder_of(config.editions, publish(config)) / "manifest.json"
    content = manifest.read_bytes()
    manifest.write_bytes(b"{")
    with caplog.at_level(logging.WARNING):
        board.put_up(count(8))
        board.put_up(count(9))
    assert told(config) == NOTHING
    assert caplog.text.count("edition 2") == 1

    manifest.write_bytes(content)
    board.put_up(count(10))
    assert told(config).total == 10


def test_a_clerk_that_starts_beside_a_damaged_edition_leaves_what_the_door_has(
    config: Config, time: Clock
) -> None:
    """Staff get their numbers all the same."""
    number = publish(config)
    Noticeboard(config).put_up(count(7))
    (read.folder_of(config.editions, number) / "manifest.json").write_bytes(b"{")
    Noticeboard(config).put_up(count(8))
    assert told(config).total == 7

    (config.editions / read.POINTER).write_text("two")
    Noticeboard(config).put_up(count(9))
    assert told(config).total == 7
    assert read_snapshot(config.confirmed).counts == count(9)


def test_a_note_that_was_damaged_makes_numbers_wait_not_show(config: Config, time: Clock) -> None:
    """Nobody knows any more what was told; a number of now would tell who came last."""
    publish(config, DAILY)
    config.confirmed.write_bytes(b"{")
    Noticeboard(config).put_up(count(8))

    assert told(config) == NOTHING
    assert read_snapshot(config.confirmed).taken == {HERS: Taken(0, NOON)}
