"""Forms from elsewhere, from robots or of another kind are not counted; links in mails are."""

from urllib.parse import urlencode

import pytest

from habeas.door.app import Door
from habeas.door.http import Request
from habeas.door.limits import (
    Limits,
)
from habeas.door.links import Links
from habeas.door.sign import Desks
from habeas.edition.levels import Tally
from habeas.edition.slots import sign_path, thanks_path
from habeas.vault import keys
from habeas.vault.links import Purpose
from public_side import SELMA, TYPED, Reader, Visitor, header, run

OURS = "https://act.example.org"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null", "sec-fetch-site": "same-origin"},  # what browsers send from our pages
        {"origin": "null"},
        {"origin": OURS},
        {"origin": OURS.upper(), "sec-fetch-site": "same-origin"},
        {"origin": "http://127.0.0.1:8000"},
        {"origin": "http://abcdef.onion", "host": "abcdef.onion"},
        {"sec-fetch-site": "none"},
    ],
)
def test_our_own_pages_are_known(headers: dict[str, str]) -> None:
    """Also through an onion address, also by browsers that say nothing."""
    assert not Limits([OURS, "http://127.0.0.1:8000"]).is_from_elsewhere(headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "cross-site", "origin": "null", "host": "act.example.org"},
        {"origin": "https://partner.example", "host": "act.example.org"},
        {"origin": "https://partner.example"},
        {"origin": "https://other.example.org", "sec-fetch-site": "same-site", "host": "act.example.org"},
    ],
)
def test_a_partners_copy_of_the_form_is_thanked_and_stores_nothing(
    maria: Visitor, headers: dict[str, str]
) -> None:
    """Whoever built it learns nothing; the statistic does."""
    made = Limits([OURS])
    link_key = keys.link_key(maria.config.keys)
    door = Door(maria.current, Desks(maria.config.keys), Links(link_key), maria.journal.append, made)
    body = urlencode(TYPED).encode()
    answer = run(door.respond(Request("POST", sign_path(SELMA, "en"), headers, body)))

    assert (answer.status, header(answer, "location")) == (303, thanks_path(SELMA, "en"))
    assert not maria.journal.groups
    assert made.told() == Tally(elsewhere=1)


@pytest.mark.parametrize(
    ("word", "purpose"),
    [("confirm", Purpose.CONFIRM), ("unsubscribe", Purpose.UNSUBSCRIBE), ("withdraw", Purpose.WITHDRAW)],
)
def test_links_in_mails_may_be_pressed_from_anywhere(maria: Visitor, word: str, purpose: Purpose) -> None:
    """Mail providers do it for people (RFC 8058), as multipart if they like."""
    headers = {
        "sec_fetch_site": "cross-site",
        "origin": "https://mail.example",
        "content_type": "multipart/form-data; boundary=x",
    }
    answer = maria.asks("POST", maria.link(word, purpose), b"List-Unsubscribe=One-Click", **headers)

    assert answer.status in {200, 303}
    assert len(maria.journal.groups) == 1


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/json", "text/plain"])
def test_only_plain_forms_are_read(maria: Visitor, kind: str) -> None:
    """Said in words, in the person's language."""
    body = urlencode(TYPED).encode()
    answer = maria.asks("POST", sign_path(SELMA, "fr"), body, content_type=kind)

    assert answer.status == 400
    assert Reader(answer.body).language == "fr"
    assert not maria.journal.groups


@pytest.mark.parametrize(
    "kind", ["", "application/x-www-form-urlencoded", "Application/X-WWW-Form-Urlencoded; charset=UTF-8"]
)
def test_a_plain_form_is_known_however_it_is_spelled(maria: Visitor, kind: str) -> None:
    """Old browsers add a character set."""
    body = urlencode(TYPED).encode()

    assert maria.asks("POST", sign_path(SELMA, "fr"), body, content_type=kind).status == 303


def test_robots_are_counted_too(maria: Visitor) -> None:
    """In numbers only."""
    maria.signs(website="x")

    assert maria.door.limits.told() == Tally(robots=1)
