"""The counts the office is told, and what the door may tell of them: whole, and always adding up."""

import stat
from pathlib import Path

import pytest

from habeas.ledger.counts import Counts, NotASnapshot, Snapshot, Taken, read_snapshot, write_snapshot
from habeas.ledger.shown import NOTHING, Shown, encode_shown, read_shown, write_shown
from people import CAMPAIGN, OTHER_CAMPAIGN

COUNTS = Counts.of([("ES", "en", 2), ("", "en", 1), ("ES", "fr", 4)])


def test_parts_add_up_to_the_total() -> None:
    """A page that says 7 and lists 6 is believed by nobody."""
    assert Counts(7, {"ES": 6, "": 1}, {"en": 3, "fr": 4}) == COUNTS


def test_a_snapshot_is_read_as_it_was_written(tmp_path: Path) -> None:
    """The office sees what the clerk counted, and the clerk what it noted."""
    told = Snapshot({CAMPAIGN: COUNTS, OTHER_CAMPAIGN: Counts()}, {CAMPAIGN: Taken(5, 480_000)})
    path = tmp_path / "confirmed.json"
    write_snapshot(path, told)

    assert read_snapshot(path) == told
    assert path.read_bytes().startswith(b'{"format":1,"campaigns":{"66')


def test_the_true_counts_are_for_staff_only(tmp_path: Path) -> None:
    """A door that runs as somebody else cannot read them."""
    path = tmp_path / "confirmed.json"
    write_snapshot(path, Snapshot({CAMPAIGN: COUNTS}))

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_the_public_is_told_is_read_as_it_was_written(tmp_path: Path) -> None:
    """A number, more than a number, or none."""
    told = {
        CAMPAIGN: Shown(7, is_exact=True, by_country={"ES": 6, "": 1}, by_language={"en": 3, "fr": 4}),
        OTHER_CAMPAIGN: Shown(300),
        b"free-ann": NOTHING,
    }
    path = tmp_path / "counts" / "counts.json"
    write_shown(path, encode_shown(told))

    assert read_shown(path) == told


DAMAGED = [
    b"",
    b"{}",
    b'{"format":3,"campaigns":{},"taken":{}}',
    b'{"format":1,"campaigns":{"zz":{}},"taken":{}}',
    b'{"format":2,"campaigns":{"zz":{}}}',
    b'{"format":1,"campaigns":{"00":{"total":"7"}},"taken":{}}',
    b'{"format":2,"campaigns":{"00":{"total":"7"}}}',
    b"\xff",
]


@pytest.mark.parametrize("content", DAMAGED)
def test_what_is_not_a_snapshot_is_refused(tmp_path: Path, content: bytes) -> None:
    """Whoever reads goes on with what they have."""
    path = tmp_path / "counts.json"
    path.write_bytes(content)

    with pytest.raises(NotASnapshot):
        read_snapshot(path)
    with pytest.raises(NotASnapshot):
        read_shown(path)


def test_before_the_first_snapshot_there_is_no_file(tmp_path: Path) -> None:
    """A new installation has nothing to show, which is not an error of anybody."""
    assert read_snapshot(tmp_path / "confirmed.json") == Snapshot()
    with pytest.raises(FileNotFoundError):
        read_shown(tmp_path / "counts.json")
