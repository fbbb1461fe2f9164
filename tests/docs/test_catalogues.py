"""Whatever the public reads is there in every language the site speaks, with all its plurals."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from habeas.lib import languages

ROOT = Path(__file__).parents[2]
TRANSLATED = [code for code in languages.AVAILABLE if code != languages.DEFAULT]
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "N_": None,
}
PLACE = re.compile(r"%\((\w+)\)s|\{(\w*)\}")


@cache
def in_the_source() -> frozenset[str]:
    """Return the first form of every message `make messages` finds."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]  # Babel's
    found = extract_from_dir(ROOT, methods, options, keywords=KEYWORDS, strip_comment_tags=True)
    return frozenset(first(message) for _, _, message, _, _ in found)


def first(message: str | tuple[str, ...] | list[str]) -> str:
    return message if isinstance(message, str) else message[0]


def catalogue(code: str) -> Catalog:
    path = languages.CATALOGUES / code.replace("-", "_") / "LC_MESSAGES" / f"{languages.DOMAIN}.po"
    with path.open("rb") as file:
        return read_po(file, code.replace("-", "_"))


def forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def places(text: str) -> set[str]:
    return {found[0] or found[1] for found in PLACE.findall(text)}


@pytest.mark.parametrize("code", TRANSLATED)
def test_everything_the_public_reads_is_in_the_catalogue(code: str) -> None:
    """After a change of words: `make messages`, then translate."""
    kept = {first(message.id) for message in catalogue(code) if message.id}

    assert "Be among the first to sign." in in_the_source()
    assert in_the_source() - kept == set()


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_word_is_translated(code: str) -> None:
    """Each plural too: Arabic has six."""
    words = catalogue(code)
    missing = [
        message.id
        for message in words
        if message.id and (message.fuzzy or not all(form.strip() for form in forms(message)))
    ]
    short = [
        message.id
        for message in words
        if message.id and message.pluralizable and len(forms(message)) != words.num_plurals
    ]

    assert missing == []
    assert short == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_names_and_numbers_have_their_places_in_every_language(code: str) -> None:
    """A translation asks for nothing the page does not give."""
    wrong = [
        message.id
        for message in catalogue(code)
        if message.id and any(places(form) - places(str(message.id)) for form in forms(message))
    ]

    assert wrong == []
