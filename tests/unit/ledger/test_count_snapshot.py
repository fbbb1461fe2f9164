"""The counts the door shows: whole, and always adding up."""

from pathlib import Path

import pytest

from habeas.ledger.counts import Counts, NotASnapshot, read_snapshot, write_snapshot
from people import CAMPAIGN, OTHER_CAMPAIGN

COUNTS = Counts.of([("ES", "en", 2), ("", "en", 1), ("ES", "fr", 4)])


def test_parts_add_up_to_the_total() -> None:
    """A page that says 7 and lists 6 is believed by nobody."""
    assert Counts(7, {"ES": 6, "": 1}, {"en": 3, "fr": 4}) == COUNTS


def test_a_snapshot_is_read_as_it_was_written(tmp_path: Path) -> None:
    """The door shows what the clerk counted."""
    counts = {CAMPAIGN: COUNTS, OTHER_CAMPAIGN: Counts()}
    path = tmp_path / "counts" / "counts.json"
    write_snapshot(path, counts)

    assert read_snapshot(path) == counts
    assert path.read_bytes().startswith(b'{"format":1,"campaigns":{"66')


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b'{"format":2,"campaigns":{}}',
        b'{"format":1,"campaigns":{"zz":{}}}',
        b'{"format":1,"campaigns":{"00":{"total":"7"}}}',
        b"\xff",
    ],
)
def test_what_is_not_a_snapshot_is_refused(tmp_path: Path, content: bytes) -> None:
    """The door then goes on with the counts it has."""
    path = tmp_path / "counts.json"
    path.write_bytes(content)

    with pytest.raises(NotASnapshot):
        read_snapshot(path)


def test_before_the_first_snapshot_there_is_no_file(tmp_path: Path) -> None:
    """A new installation has nothing to show, which is not an error of anybody."""
    with pytest.raises(FileNotFoundError):
        read_snapshot(tmp_path / "counts.json")
