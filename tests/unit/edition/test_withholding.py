"""What is withheld is written down in one small file, which is right whatever happens while it is written."""

from pathlib import Path

import pytest

from habeas.edition import withheld
from habeas.lib import durable

SELMA, OMAR = "free-selma", "free-omar"


def test_two_cases_are_taken_down_at_once_and_put_back_one_by_one(tmp_path: Path) -> None:
    """Neither act undoes the other; at the end nothing is left on the disk."""
    editions = tmp_path / "editions"
    withheld.withhold(editions, [SELMA])
    withheld.withhold(editions, [OMAR])
    assert withheld.read_withheld(editions) == {SELMA, OMAR}

    withheld.hand_out(editions, [SELMA])
    assert withheld.read_withheld(editions) == {OMAR}
    withheld.hand_out(editions, [OMAR])
    assert not (editions / withheld.FILE).exists()


def test_nothing_is_withheld_before_anything_was(tmp_path: Path) -> None:
    """A door looks before there is an edition."""
    assert withheld.read_withheld(tmp_path / "editions") == frozenset()


def test_a_disk_that_is_full_leaves_what_was_withheld(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever was taken down before stays so."""
    withheld.withhold(tmp_path, [SELMA])

    def no_space(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(durable, "_write_synced", no_space)
        with pytest.raises(OSError, match="No space"):
            withheld.withhold(tmp_path, [OMAR])

    assert withheld.read_withheld(tmp_path) == {SELMA}


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"campaigns": "free-selma"}', b'{"campaigns": ["../.."]}', b"\xff"]
)
def test_a_file_that_somebody_broke_is_said_to_be_and_begun_anew(tmp_path: Path, content: bytes) -> None:
    """The next take-down counts, whatever stood there."""
    (tmp_path / withheld.FILE).write_bytes(content)
    with pytest.raises(withheld.WithheldUnreadable, match=r"withheld\.json"):
        withheld.read_withheld(tmp_path)

    withheld.withhold(tmp_path, [SELMA])
    assert withheld.read_withheld(tmp_path) == {SELMA}
