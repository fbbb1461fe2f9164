"""The people of a measurement fill in forms that the door takes, and count as often as is claimed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.door import form
from habeas.lib import clock, ids
from habeas.lib.addresses import parse
from habeas.ops.bench import forms
from habeas.vault import keys, links
from habeas.vault.pseudonym import Pseudonyms

CAMPAIGN = ids.campaign_id()


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The keys of one campaign."""
    folder = tmp_path_factory.mktemp("keys")
    keys.create_campaign_keys(folder, CAMPAIGN)
    return folder


def body(request: bytes) -> bytes:
    head, _, rest = request.partition(b"\r\n\r\n")
    assert f"Content-Length: {len(rest)}".encode() in head.split(b"\r\n")
    return rest


def signer(request: bytes) -> str:
    filled = form.check(form.read(body(request)), "en", asks_comment=False)
    assert isinstance(filled, form.Filled)
    return filled.address.canonical


def confirmed(request: bytes, key_folder: Path) -> bytes:
    token = request.split(b" ")[1].rpartition(b"/")[2].decode()
    key = keys.link_key(key_folder)
    return links.read(key, links.Purpose.CONFIRM, token, clock.this_hour()).signer


def test_every_form_is_one_the_door_takes_and_no_two_people_share_an_address() -> None:
    """In every script that people write their names in."""
    people = [signer(request) for request in map(forms.signer("here"), range(1_000))]

    assert len(set(people)) == 1_000


def test_people_sign_from_networks_of_their_own() -> None:
    """So that no budget of a network stands between them and the journal."""
    requests = map(forms.signer("here"), range(5, 5_005))
    networks = {
        line.rpartition(b".")[0]
        for request in requests
        for line in request.split(b"\r\n")
        if line.startswith(b"X-Forwarded-For: ")
    }

    assert len(networks) == 5_000


def test_a_link_is_pressed_for_the_person_who_signed(key_folder: Path) -> None:
    """As the mail would have brought it."""
    request = forms.confirmer("here", key_folder, CAMPAIGN)(12)
    pseudonyms = Pseudonyms(keys.index_key(key_folder, CAMPAIGN))

    assert body(request) == b""
    assert confirmed(request, key_folder) == pseudonyms.of(parse(forms.address(12)).canonical)


@pytest.mark.parametrize("number", [1, 19, 20, 21, 400, 6_000])
def test_a_replayed_day_counts_as_many_people_as_is_expected(key_folder: Path, number: int) -> None:
    """One sign in twenty is a repetition, four people in five confirm, each once."""
    requests = list(forms.replay("here", 100, number, key_folder, CAMPAIGN))
    signs = [signer(request) for request in requests if b"/sign HTTP" in request[:100]]
    presses = [confirmed(request, key_folder) for request in requests if b"/confirm/" in request[:100]]
    pseudonyms = Pseudonyms(keys.index_key(key_folder, CAMPAIGN))

    assert len(signs) == number
    assert len(set(signs)) == number - number // 20
    assert len(set(presses)) == len(presses) == forms.confirmations(number)
    assert set(presses) <= {pseudonyms.of(person) for person in signs}


@given(st.integers(0, 10**8))
def test_four_people_in_five_confirm(number: int) -> None:
    """Rounded down."""
    people = number - number // 20

    assert forms.confirmations(number) == people * 4 // 5
