"""The door takes the newest edition that is whole, and keeps what it has when one is not."""

from pathlib import Path

import pytest

from habeas.config import Config
from habeas.door.current import Current
from habeas.edition import read
from habeas.edition.slots import campaign_path
from habeas.edition.status import door_statuses
from habeas.edition.write import write
from public_side import JO, SELMA, STATES, Visitor, draft, visitor

CLOSED = {**STATES, SELMA: "closed"}


def point_to(config: Config, number: str) -> None:
    (config.editions / read.POINTER).write_text(number)


def spoil(config: Config, number: int) -> None:
    page = read.folder_of(config.editions, number) / f"pages{campaign_path(SELMA, 'en')}index.html"
    page.write_bytes(page.read_bytes().replace(b"free", b"flee"))


def shows(maria: Visitor) -> bytes:
    return maria.opens(campaign_path(SELMA, "en")).body


def test_a_new_edition_is_served_from_the_next_look_on(config: Config) -> None:
    """A campaign that ended takes no signature any more, without a restart."""
    write(config.editions, draft(config))
    maria = visitor(config)
    assert maria.signs().status == 303

    write(config.editions, draft(config, CLOSED))
    maria.current.look()

    assert maria.signs().status == 410
    assert [status.serving for _, status in door_statuses(config.status)] == [2]


def test_a_damaged_edition_is_refused_and_the_old_one_keeps_serving(config: Config) -> None:
    """People go on signing while the office is told what is wrong."""
    write(config.editions, draft(config))
    maria = visitor(config)
    write(config.editions, draft(config, CLOSED))
    spoil(config, 2)
    maria.current.look()

    assert b"free-selma open" in shows(maria)
    assert maria.signs().status == 303
    [(worker, status)] = door_statuses(config.status)
    assert worker == "door-00"
    assert (status.serving, status.refused) == (1, 2)
    assert "pages/en/c/free-selma/index.html" in status.reason


def test_once_the_edition_is_mended_nothing_is_refused_any_more(config: Config) -> None:
    """The office's warning goes away by itself."""
    write(config.editions, draft(config))
    maria = visitor(config)
    write(config.editions, draft(config))
    spoil(config, 2)
    maria.current.look()
    write(config.editions, draft(config, CLOSED))
    maria.current.look()

    assert b"free-selma closed" in shows(maria)
    assert [(status.serving, status.refused) for _, status in door_statuses(config.status)] == [(3, 0)]


@pytest.mark.parametrize("pointer", ["", "two", "-1", "1.0", "99", "²", "9" * 5_000, "../000001"])
def test_a_pointer_to_nowhere_changes_nothing(config: Config, pointer: str) -> None:
    """Neither while the door runs nor when it starts."""
    write(config.editions, draft(config))
    maria = visitor(config)
    point_to(config, pointer)
    maria.current.look()

    assert b"free-selma open" in shows(maria)
    assert visitor(config).opens("/").status == 503
    assert all(status.reason for _, status in door_statuses(config.status))


def test_a_door_that_starts_on_a_damaged_edition_waits_for_the_next(config: Config) -> None:
    """It answers, takes nothing, and serves as soon as there is something to serve."""
    write(config.editions, draft(config))
    spoil(config, 1)
    maria = visitor(config)
    assert maria.opens("/en/").status == 503

    write(config.editions, draft(config))
    maria.current.look()

    assert maria.opens("/en/").status == 200


def test_an_edition_is_read_once(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking a few times a second costs next to nothing while nothing changed."""
    write(config.editions, draft(config))
    maria = visitor(config)
    loaded: list[int] = []
    real = read.load

    def counted(editions: Path, number: int) -> read.Edition:
        loaded.append(number)
        return real(editions, number)

    monkeypatch.setattr(read, "load", counted)
    for _ in range(5):
        maria.current.look()
    assert loaded == []

    write(config.editions, draft(config))
    for _ in range(5):
        maria.current.look()
    assert loaded == [2]


def test_a_door_that_cannot_say_what_it_serves_serves_it(config: Config) -> None:
    """A full disk takes the office's view of the door, not the page from people."""
    write(config.editions, draft(config))
    config.status.parent.mkdir(exist_ok=True)
    config.status.write_text("a file where the folder should be")
    current = Current(config.editions, config.counts, config.status / "door-00.json")
    current.look()

    assert current.shelf is not None
    assert current.shelf.has(campaign_path(JO, "ar"))


def test_the_office_passes_over_a_status_it_cannot_read(config: Config) -> None:
    """One worker's half-written file does not hide the others."""
    write(config.editions, draft(config))
    visitor(config)
    for name, damage in (
        ("door-01.json", b"{"),
        ("door-02.json", b"\xff\xfe"),
        ("door-03.json", b'{"serving":1,"reason":"\xff"}'),
    ):
        (config.status / name).write_bytes(damage)

    assert [worker for worker, _ in door_statuses(config.status)] == ["door-00"]
