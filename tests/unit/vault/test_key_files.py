"""Keys are made once, kept from others, and never replaced."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from habeas.vault import keys
from people import CAMPAIGN, OTHER_CAMPAIGN


def test_making_the_keys_of_a_campaign_again_returns_the_same_public_key(tmp_path: Path) -> None:
    """A new key would lock away everything people sealed to the old one."""
    first = keys.create_campaign_keys(tmp_path, CAMPAIGN)
    pair = keys.private_key_path(tmp_path, CAMPAIGN).read_bytes()

    assert keys.create_campaign_keys(tmp_path, CAMPAIGN) == first
    assert keys.private_key_path(tmp_path, CAMPAIGN).read_bytes() == pair
    assert keys.public_key(tmp_path, CAMPAIGN) == first


def test_every_campaign_has_keys_of_its_own(tmp_path: Path) -> None:
    """Destroying the keys of one campaign leaves the others readable."""
    assert keys.create_campaign_keys(tmp_path, CAMPAIGN) != keys.create_campaign_keys(
        tmp_path, OTHER_CAMPAIGN
    )
    assert keys.index_key(tmp_path, CAMPAIGN) != keys.index_key(tmp_path, OTHER_CAMPAIGN)


def test_two_offices_making_keys_at_once_agree_on_one(tmp_path: Path) -> None:
    """Two clicks on publish must not leave a page with a key whose private half is gone."""
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: keys.create_campaign_keys(tmp_path, CAMPAIGN), range(8)))
        links = set(pool.map(lambda _: keys.link_key(tmp_path), range(8)))

    assert len(made) == len(links) == 1


def test_key_files_are_closed_to_other_users_and_nothing_else_is_left(tmp_path: Path) -> None:
    """Temporary copies of a key would be keys too."""
    folder = tmp_path / "keys"
    keys.create_campaign_keys(folder, CAMPAIGN)
    keys.link_key(folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file())

    assert [path.name for path in files] == [f"{CAMPAIGN.hex()}.seal", f"{CAMPAIGN.hex()}.index", "links"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert {stat.S_IMODE((folder / part).stat().st_mode) for part in ("clerk", "door")} == {0o700}


def test_missing_keys_are_named_and_not_made_up(tmp_path: Path) -> None:
    """A made-up index key would count everyone a second time."""
    with pytest.raises(keys.KeysMissing):
        keys.index_key(tmp_path, CAMPAIGN)
    with pytest.raises(keys.KeysMissing):
        keys.public_key(tmp_path, CAMPAIGN)


def test_a_shortened_key_file_is_refused(tmp_path: Path) -> None:
    """An empty HMAC key works without complaint, and hides nothing."""
    keys.create_campaign_keys(tmp_path, CAMPAIGN)
    keys.index_key_path(tmp_path, CAMPAIGN).write_bytes(b"")
    keys.private_key_path(tmp_path, CAMPAIGN).write_bytes(b"\x01")

    with pytest.raises(keys.KeysDamaged):
        keys.index_key(tmp_path, CAMPAIGN)
    with pytest.raises(keys.KeysDamaged):
        keys.public_key(tmp_path, CAMPAIGN)
