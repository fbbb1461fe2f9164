"""Reading an edition: all of it holds, or none of it is served."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from habeas.config import Config
from habeas.edition import manifest as manifests
from habeas.edition.manifest import Card, Manifest, Notice, Page
from habeas.edition.read import POINTER, BadEdition, current_number, folder_of, load
from habeas.edition.slots import COUNT, FORM, campaign_path, thanks_path
from habeas.edition.write import Draft, write
from public_side import LANGUAGES, OMAR, SELMA, draft

PAGE = campaign_path(SELMA, "en")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The editions folder of an installation whose first edition is whole; only read from."""
    config = Config(data=str(tmp_path_factory.mktemp("whole")))
    write(config.editions, draft(config))
    return config.editions


@pytest.fixture
def editions(whole: Path, tmp_path: Path) -> Path:
    """A copy to be damaged."""
    shutil.copytree(whole, tmp_path / "editions")
    return tmp_path / "editions"


def names(editions: Path) -> list[str]:
    folder = folder_of(editions, 1)
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def rewrite(editions: Path, content: bytes) -> None:
    """Put a manifest of `content` there, its checksum made to fit: what a faulty publisher would write."""
    folder = folder_of(editions, 1)
    (folder / manifests.FILE).write_bytes(content)
    (folder / manifests.CHECKSUM).write_bytes(manifests.checksum(content))


def test_a_changed_byte_in_any_file_is_found(editions: Path) -> None:
    """A bad disk, a torn copy, somebody with access to the folder: nothing altered is served."""
    assert load(editions, 1)
    for name in names(editions):
        path = folder_of(editions, 1) / name
        content = path.read_bytes()
        for place in {0, len(content) // 2, len(content) - 1}:
            altered = bytearray(content)
            altered[place] ^= 1
            path.write_bytes(altered)
            with pytest.raises(BadEdition):
                load(editions, 1)
        path.write_bytes(content)
    assert load(editions, 1)


def test_a_changed_byte_anywhere_in_the_manifest_is_found(editions: Path) -> None:
    """One letter of a public key, and a campaign's signatures would be sealed to nobody."""
    path = folder_of(editions, 1) / manifests.FILE
    content = path.read_bytes()
    for place in range(0, len(content), 97):
        altered = bytearray(content)
        altered[place] ^= 1 << place % 8
        path.write_bytes(altered)
        with pytest.raises(BadEdition, match="manifest"):
            load(editions, 1)


def test_a_missing_file_is_found(editions: Path) -> None:
    """Whichever it is."""
    for name in names(editions):
        path = folder_of(editions, 1) / name
        content = path.read_bytes()
        path.unlink()
        with pytest.raises(BadEdition):
            load(editions, 1)
        path.write_bytes(content)


def test_an_edition_that_is_not_there_is_refused(editions: Path) -> None:
    """So is a file in place of its folder."""
    (editions / "000002").write_text("not a folder")
    for number in (2, 3, 10**19):
        with pytest.raises(BadEdition):
            load(editions, number)


def test_a_manifest_cut_short_is_refused_wherever_it_ends(editions: Path) -> None:
    """Even when its checksum fits."""
    content = (folder_of(editions, 1) / manifests.FILE).read_bytes()
    for end in range(0, len(content) - 1, 211):
        rewrite(editions, content[:end])
        with pytest.raises(BadEdition, match="manifest"):
            load(editions, 1)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60) | st.text(max_size=40).map(str.encode), st.integers(0, 5_000))
@example(b'"\xff"', 12)
@example(b"[" * 60, 0)
def test_garbage_in_a_manifest_is_refused_and_nothing_worse(editions: Path, junk: bytes, place: int) -> None:
    """A door must not fall over a file it only had to refuse."""
    content = (folder_of(editions, 1) / manifests.FILE).read_bytes()
    rewrite(editions, content[:place] + junk + content[place:])
    try:
        assert load(editions, 1)
    except BadEdition:
        pass
    finally:
        rewrite(editions, content)


def test_bytes_that_are_not_text_are_refused(editions: Path) -> None:
    """In a name or in a value."""
    content = (folder_of(editions, 1) / manifests.FILE).read_bytes()
    for damage in (content.replace(b"Sign (fr)", b"Sign \xff"), content.replace(b'"number"', b'"numb\xff"')):
        rewrite(editions, damage)
        with pytest.raises(BadEdition, match="damaged"):
            load(editions, 1)


@pytest.mark.parametrize("pointer", [b"", b"\n", b"one", b"-1", b"1 2", b"0x1", "١".encode(), b"9" * 5_000])
def test_a_pointer_that_is_not_a_number_is_refused(editions: Path, pointer: bytes) -> None:
    """In words, for the office to show."""
    (editions / POINTER).write_bytes(pointer)
    with pytest.raises(BadEdition, match="pointer"):
        current_number(editions)


def test_a_pointer_that_cannot_be_read_is_refused(editions: Path) -> None:
    """A folder in its place, for one."""
    (editions / POINTER).unlink()
    (editions / POINTER).mkdir()
    with pytest.raises(BadEdition, match="pointer"):
        current_number(editions)


def changed(editions: Path, change: Callable[[Manifest], Manifest]) -> None:
    rewrite(editions, manifests.encode(change(load(editions, 1).manifest)))


def without(items: tuple[Any, ...], **told: str) -> tuple[Any, ...]:
    return tuple(one for one in items if any(getattr(one, name) != value for name, value in told.items()))


replace = msgspec.structs.replace


def with_pages(manifest: Manifest, path: str, **new: Any) -> Manifest:
    pages = tuple(replace(page, **new) if page.path == path else page for page in manifest.pages)
    return replace(manifest, pages=pages)


def with_cards(manifest: Manifest, slug: str, **new: Any) -> Manifest:
    cards = tuple(replace(card, **new) if card.slug == slug else card for card in manifest.cards)
    return replace(manifest, cards=cards)


IMPOSSIBLE: dict[str, tuple[Callable[[Manifest], Manifest], str]] = {
    "a later format": (lambda m: replace(m, format=2), "format is 2"),
    "another number": (lambda m: replace(m, number=7), "of edition 7"),
    "a language the door does not speak": (lambda m: replace(m, languages=(*LANGUAGES, "xx")), "xx"),
    "no privacy page": (lambda m: replace(m, privacy_paths={"en": "/en/privacy/"}), "privacy page"),
    "a privacy page that is not there": (
        lambda m: replace(m, pages=without(m.pages, path="/fr/privacy/")),
        "privacy page is missing in fr",
    ),
    "no page of a campaign in a language": (
        lambda m: replace(m, pages=without(m.pages, path=campaign_path(SELMA, "ar"))),
        "free-selma has no page in ar",
    ),
    "no page of thanks": (
        lambda m: replace(m, pages=without(m.pages, path=thanks_path(SELMA, "ar"))),
        "/ar/c/free-selma/thanks/ is missing",
    ),
    "another campaign's page": (
        lambda m: with_pages(m, campaign_path(OMAR, "ar"), card="free-lena"),
        "free-omar has no page in ar",
    ),
    "a campaign's page in a language it is not in": (
        lambda m: with_cards(m, OMAR, languages=("en",)),
        "language in which the campaign is not",
    ),
    "a campaign in a language the edition is not in": (
        lambda m: with_cards(m, OMAR, languages=(*LANGUAGES, "es")),
        "free-omar is in es",
    ),
    "a page of no campaign": (lambda m: with_pages(m, PAGE, card="free-nobody"), "not in the edition"),
    "no words on a button": (lambda m: with_cards(m, SELMA, buttons={"en": "Sign"}), "on its button"),
    "an open campaign without a form": (lambda m: with_cards(m, OMAR, state="open"), "places for the form"),
    "a form on an ended campaign": (lambda m: with_cards(m, SELMA, state="won"), "places for the form"),
    "two campaigns of one name": (
        lambda m: replace(m, cards=(*m.cards, m.cards[0])),
        "share an address",
    ),
    "two pages at one address": (lambda m: replace(m, pages=(*m.pages, m.pages[0])), "share an address"),
    "an error page short": (
        lambda m: replace(m, notices=without(m.notices, name="error-503", language="ar")),
        "error-503 is missing in ar",
    ),
    "a way out of the folder": (
        lambda m: with_pages(m, PAGE, file="pages/../../000002/manifest.json"),
        "leaves the edition's folder",
    ),
    "an absolute file": (lambda m: with_pages(m, PAGE, file="/etc/passwd"), "damaged"),
    "an unknown state": (lambda m: with_cards(m, SELMA, state="draft"), "damaged"),
    "an unknown way to cache": (lambda m: with_pages(m, PAGE, cache="forever"), "damaged"),
    "a campaign that is not an identifier": (lambda m: with_cards(m, SELMA, id="selma"), "damaged"),
}


@pytest.mark.parametrize(("change", "reason"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_an_edition_that_would_fail_people_later_is_refused_now(
    editions: Path, change: Callable[[Manifest], Manifest], reason: str
) -> None:
    """What is wrong is said in words, for the office to show."""
    changed(editions, change)
    with pytest.raises(BadEdition, match=reason):
        load(editions, 1)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html>" + COUNT, "0 places for the form"),
        (b"<html>" + FORM + FORM + COUNT, "2 places for the form"),
        (b"<html>" + FORM + COUNT + COUNT, "2 places for the count"),
    ],
)
def test_a_page_with_the_wrong_places_is_refused(tmp_path: Path, body: bytes, reason: str) -> None:
    """A template that lost its form would leave people without one."""
    config = Config(data=str(tmp_path))
    made = draft(config)
    made.pages = [page for page in made.pages if page.path != PAGE]
    made.add_page(PAGE, body, language="en", card=SELMA)
    with pytest.raises(BadEdition, match=reason):
        write(config.editions, made)


def test_a_page_outside_campaigns_has_no_places(tmp_path: Path) -> None:
    """Nobody would fill them."""
    config = Config(data=str(tmp_path))
    made: Draft = draft(config)
    made.add_page("/en/about/", b"<html>" + COUNT, language="en")
    with pytest.raises(BadEdition, match="1 places for the count"):
        write(config.editions, made)


def test_the_contract_names_every_field() -> None:
    """A field more or less is another format, and refused."""
    for kind in (Card, Page, Notice, Manifest):
        assert kind.__struct_config__.forbid_unknown_fields
