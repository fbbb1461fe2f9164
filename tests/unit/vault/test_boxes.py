"""Who a source is can be read with the key of the case, and in no other way."""

from pathlib import Path

import pytest

from habeas.vault import box, keys
from habeas.vault.unseal import CannotOpen, open_box

CASE, OTHER_CASE = b"a case 1", b"a case 2"
SOURCE, OTHER_SOURCE = b"source 1", b"source 2"
WHO = "Aïcha, +222 00 00 00 00, never before noon".encode()


@pytest.fixture
def sealed(tmp_path: Path) -> bytes:
    return box.seal(WHO, keys.create_registry_keys(tmp_path, CASE), SOURCE)


def test_what_was_sealed_opens(sealed: bytes, tmp_path: Path) -> None:
    """With the key of its case, as what it was sealed for."""
    assert open_box(sealed, tmp_path, CASE, SOURCE) == WHO
    assert WHO not in sealed


def test_a_box_tells_not_even_how_long_a_name_is(tmp_path: Path) -> None:
    """Ana and Maximiliana look the same."""
    public = keys.create_registry_keys(tmp_path, CASE)

    assert len(box.seal(b"Ana", public, SOURCE)) == len(box.seal(b"Maximiliana", public, SOURCE))


def test_a_box_of_one_source_does_not_open_as_anothers(sealed: bytes, tmp_path: Path) -> None:
    """Rows that are swapped in the database name nobody."""
    with pytest.raises(CannotOpen):
        open_box(sealed, tmp_path, CASE, OTHER_SOURCE)


def test_the_key_of_another_case_opens_nothing(sealed: bytes, tmp_path: Path) -> None:
    """Nor does the lack of one."""
    with pytest.raises(keys.KeysMissing):
        open_box(sealed, tmp_path, OTHER_CASE, SOURCE)
    keys.create_registry_keys(tmp_path, OTHER_CASE)
    with pytest.raises(CannotOpen):
        open_box(sealed, tmp_path, OTHER_CASE, SOURCE)


@pytest.mark.parametrize("place", [0, 5, 20, 1_200, -1])
def test_a_box_that_was_altered_does_not_open(sealed: bytes, tmp_path: Path, place: int) -> None:
    """Not with a single bit."""
    altered = bytearray(sealed)
    altered[place] ^= 1
    with pytest.raises(CannotOpen):
        open_box(bytes(altered), tmp_path, CASE, SOURCE)


def test_the_key_of_a_case_is_made_once_and_read_by_its_owner_only(tmp_path: Path) -> None:
    """A second call replaces nothing: what was sealed before still opens."""
    first = keys.create_registry_keys(tmp_path, CASE)

    assert keys.create_registry_keys(tmp_path, CASE) == first
    assert keys.registry_key_path(tmp_path, CASE).stat().st_mode & 0o777 == 0o600


def test_what_no_box_holds_is_refused(tmp_path: Path) -> None:
    """Instead of being cut."""
    with pytest.raises(box.TooLongForABox):
        box.seal(b"x" * 70_000, keys.create_registry_keys(tmp_path, CASE), SOURCE)
