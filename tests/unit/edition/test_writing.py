"""Writing an edition: what was put in comes out, and until all of it is on disk the old one is current."""

import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from habeas.config import Config
from habeas.edition import manifest as manifests
from habeas.edition import read
from habeas.edition import write as writing
from habeas.edition.read import BadEdition, current_number, folder_of, load
from habeas.edition.write import KEPT, write
from habeas.lib import durable
from public_side import SELMA, STATES, draft


def test_what_the_office_wrote_the_door_reads(config: Config) -> None:
    """Every page, asset, notice and card, byte for byte."""
    made = draft(config)
    number = write(config.editions, made)
    edition = load(config.editions, number)

    assert current_number(config.editions) == number == edition.manifest.number == 1
    assert edition.files == made.files
    assert list(edition.manifest.cards) == made.cards
    assert list(edition.manifest.pages) == made.pages
    assert list(edition.manifest.notices) == made.notices


def test_a_manifest_reads_as_it_was_written(config: Config) -> None:
    """The contract loses nothing on the way."""
    write(config.editions, draft(config))
    manifest = load(config.editions, 1).manifest

    assert manifests.decode(manifests.encode(manifest)) == manifest


def test_the_address_of_an_asset_follows_its_content(config: Config) -> None:
    """Browsers keep it for a year, so other content needs another address; the same content has one."""
    made = draft(config)
    first = made.add_asset("style.css", b"a", "text/css")

    assert made.add_asset("style.css", b"b", "text/css") != first
    assert made.add_asset("style.css", b"a", "text/css") == first
    assert len([page for page in made.pages if page.path == first]) == 1


def test_nothing_is_current_before_the_first_edition(config: Config) -> None:
    """A fresh installation is no mistake."""
    assert current_number(config.editions) == 0


def fails(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (Path, "mkdir"),
        (os, "fsync"),
        (Path, "rename"),
        (durable, "sync_folder"),
        (durable, "write"),
    ],
)
def test_when_the_disk_fails_the_old_edition_stays_current(
    config: Config, monkeypatch: pytest.MonkeyPatch, module: object, name: str
) -> None:
    """Wherever on the way it fails; and the next try succeeds."""
    made = draft(config)
    write(config.editions, made)
    with monkeypatch.context() as broken:
        broken.setattr(module, name, fails)
        with pytest.raises(OSError, match="No space left"):
            write(config.editions, made)

    assert current_number(config.editions) == 1
    assert load(config.editions, 1)
    again = write(config.editions, draft(config))
    assert current_number(config.editions) == again > 1


def test_the_pointer_moves_when_everything_else_is_on_disk(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut just before leaves the old edition, just after the new one, whole."""
    real: Callable[[Path, bytes], None] = durable.write
    made, seen = draft(config), list[int]()

    def look(path: Path, content: bytes) -> None:
        assert load(config.editions, int(content)).manifest.number == int(content)
        seen.append(current_number(config.editions))
        real(path, content)

    monkeypatch.setattr(durable, "write", look)
    for _ in range(2):
        write(config.editions, made)

    assert seen == [0, 1]


def test_an_edition_that_does_not_hold_never_becomes_current(config: Config) -> None:
    """A mistake in publishing is found by the publisher, not by the public."""
    write(config.editions, draft(config))
    made = draft(config)
    made.notices.pop()
    with pytest.raises(BadEdition):
        write(config.editions, made)

    assert current_number(config.editions) == 1
    assert write(config.editions, draft(config)) == 3


def _page(editions: Path, number: int) -> Path:
    return folder_of(editions, number) / "pages" / "en" / "index.html"


def test_what_did_not_change_is_not_written_again(config: Config) -> None:
    """Who publishes one campaign of a hundred waits for one; nor does an old edition's end take it away."""
    for _ in range(KEPT + 3):
        number = write(config.editions, draft(config))

    assert _page(config.editions, number).samefile(_page(config.editions, number - 1))
    assert load(config.editions, number).files == draft(config).files


def test_damage_in_the_edition_before_is_not_carried_on(config: Config) -> None:
    """A flipped bit on the disk ends with the next edition."""
    write(config.editions, draft(config))
    _page(config.editions, 1).write_bytes(b"damaged")
    write(config.editions, draft(config))

    assert load(config.editions, 2).files == draft(config).files


def test_a_broken_pointer_is_mended_by_publishing(config: Config) -> None:
    """Nobody has to know what a pointer is to get their pages out."""
    write(config.editions, draft(config))
    (config.editions / read.POINTER).write_text("damaged")

    assert write(config.editions, draft(config)) == current_number(config.editions) == 2


def test_a_disk_without_second_names_takes_editions_too(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not every file system gives a file two names."""
    monkeypatch.setattr(Path, "hardlink_to", fails)
    for _ in range(2):
        number = write(config.editions, draft(config))

    assert not _page(config.editions, number).samefile(_page(config.editions, number - 1))
    assert load(config.editions, number).files == draft(config).files


def test_what_a_crash_left_behind_is_in_nobodys_way(config: Config) -> None:
    """A half-written folder is written anew."""
    leftover = config.editions / ".000001.new" / "pages" / "old.html"
    leftover.parent.mkdir(parents=True)
    leftover.write_text("half")
    write(config.editions, draft(config))

    assert load(config.editions, 1)
    assert not (folder_of(config.editions, 1) / "pages" / "old.html").exists()


def test_two_editors_who_publish_at_once_get_an_edition_each(config: Config) -> None:
    """Neither overwrites the other, and the later one is current."""
    made = [draft(config) for _ in range(4)]
    numbers: list[int] = []
    begin = threading.Barrier(len(made))

    def publish(one: writing.Draft) -> None:
        begin.wait()
        numbers.append(write(config.editions, one))

    editors = [threading.Thread(target=publish, args=(one,)) for one in made]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()

    assert sorted(numbers) == [1, 2, 3, 4]
    assert current_number(config.editions) == 4
    assert all(load(config.editions, number) for number in numbers)


def test_old_editions_go_and_a_door_in_the_middle_of_reading_finds_its_files(config: Config) -> None:
    """Published hourly for years, the disk still does not fill."""
    small = draft(config, {SELMA: "open"})
    for _ in range(KEPT + 4):
        write(config.editions, small)
    kept = [int(folder.name) for folder in config.editions.iterdir() if folder.name.isdecimal()]

    assert sorted(kept) == list(range(4, KEPT + 5))
    assert all(load(config.editions, number) for number in kept)


def test_the_current_edition_is_never_forgotten(config: Config) -> None:
    """However many failed attempts lie between."""
    write(config.editions, draft(config))
    bad = draft(config)
    bad.notices.pop()
    for _ in range(KEPT + 3):
        with pytest.raises(BadEdition):
            write(config.editions, bad)

    assert current_number(config.editions) == 1
    assert load(config.editions, 1)


def test_an_edition_may_be_copied_to_another_machine(config: Config, tmp_path: Path) -> None:
    """It holds everything it needs, and its checksum file is one that sha256sum reads."""
    write(config.editions, draft(config))
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(config.editions, elsewhere)
    checksum = (folder_of(elsewhere, 1) / "manifest.sha256").read_text()

    assert load(elsewhere, 1).files == load(config.editions, 1).files
    assert checksum.split("  ")[1] == "manifest.json\n"


def test_the_pointer_names_the_number_and_nothing_else(config: Config) -> None:
    """Another program can read it with one line of shell."""
    write(config.editions, draft(config, {**STATES, SELMA: "paused"}))

    assert (config.editions / read.POINTER).read_bytes() == b"1\n"
