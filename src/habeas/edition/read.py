"""Reading an edition, checking all of it before any of it is served."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import msgspec

from habeas.edition import manifest as manifests
from habeas.edition.manifest import Card, Manifest, Page
from habeas.edition.slots import COUNT, DAYS, FORM, campaign_path, confirmed_path, thanks_path
from habeas.lib import languages
from habeas.lib.clock import SECONDS_A_DAY
from habeas.lib.errors import HabeasError

POINTER = "current"
_LONGEST_POINTER = 20


class BadEdition(HabeasError):
    """An edition is incomplete or damaged; the door keeps the one it has."""


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition in memory, every byte of it checked."""

    manifest: Manifest
    files: dict[str, bytes]  # file name: content


def current_number(editions: Path) -> int:
    """Return the number the pointer names, 0 if nothing was published yet.

    raises  BadEdition if the pointer holds anything but a number
    """
    try:
        text = (editions / POINTER).read_text(encoding="ascii")
    except FileNotFoundError:
        return 0
    except (OSError, UnicodeDecodeError) as error:
        raise BadEdition("the pointer to the current edition cannot be read") from error
    if not text.strip().isdecimal() or len(text) > _LONGEST_POINTER:
        raise BadEdition("the pointer to the current edition is not a number")
    return int(text)


def written_on(editions: Path) -> int | None:
    """Return the day (lib.clock) on which the current edition was written, None if there is none yet."""
    try:
        written = (editions / POINTER).stat().st_mtime
    except FileNotFoundError:
        return None
    return int(written) // SECONDS_A_DAY


def folder_of(editions: Path, number: int) -> Path:
    """Return the folder of edition `number`."""
    return editions / f"{number:06d}"


def load(editions: Path, number: int) -> Edition:
    """Return edition `number`.

    raises  BadEdition, saying what is wrong, if anything is
    """
    folder, manifest = folder_of(editions, number), load_manifest(editions, number)
    wanted = {page.file: page.sha256 for page in manifest.pages}
    wanted |= {notice.file: notice.sha256 for notice in manifest.notices}
    files = {name: _read_file(folder, name, sha256) for name, sha256 in wanted.items()}
    _check(manifest, files)
    return Edition(manifest, files)


def load_manifest(editions: Path, number: int) -> Manifest:
    """Return what edition `number` says of itself, its files unread.

    raises  BadEdition
    """
    manifest = _read_manifest(folder_of(editions, number))
    if manifest.number != number:
        raise BadEdition(f"the manifest is of edition {manifest.number}, not {number}")
    return manifest


def _read_manifest(folder: Path) -> Manifest:
    try:
        content, checksum = ((folder / name).read_bytes() for name in (manifests.FILE, manifests.CHECKSUM))
    except OSError as error:
        raise BadEdition("its manifest cannot be read") from error
    if checksum != manifests.checksum(content):  # a changed letter may seal to a key that nobody has
        raise BadEdition("its manifest is not what was written")
    try:
        manifest = manifests.decode(content)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadEdition(f"its manifest is damaged: {error}") from error
    if manifest.format != manifests.FORMAT:
        raise BadEdition(f"its format is {manifest.format}; this version reads {manifests.FORMAT}")
    return manifest


def _read_file(folder: Path, name: str, sha256: str) -> bytes:
    if ".." in name:
        raise BadEdition(f"{name} leaves the edition's folder")
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        raise BadEdition(f"{name} is missing") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise BadEdition(f"{name} is not what the manifest says")
    return content


def _check(manifest: Manifest, files: dict[str, bytes]) -> None:
    cards = {card.slug: card for card in manifest.cards}
    paths = {page.path for page in manifest.pages}
    if len(cards) != len(manifest.cards) or len(paths) != len(manifest.pages):
        raise BadEdition("two pages or two campaigns share an address")
    _check_languages(manifest, paths)
    for page in manifest.pages:
        _check_slots(page, cards, files[page.file])
    for card in manifest.cards:
        _check_card(card, manifest)
    notices = {(notice.name, notice.language) for notice in manifest.notices}
    for language in manifest.languages:
        for name in manifests.notice_names():
            if (name, language) not in notices:
                raise BadEdition(f"the notice {name} is missing in {language}")


def _check_languages(manifest: Manifest, paths: set[str]) -> None:
    for language in manifest.languages:
        if language not in languages.AVAILABLE:
            raise BadEdition(f"this version does not speak {language}")
        if manifest.privacy_paths.get(language) not in paths:
            raise BadEdition(f"the privacy page is missing in {language}")


def _check_card(card: Card, manifest: Manifest) -> None:
    owners = {page.path: page.card for page in manifest.pages}
    for language in card.languages:
        if language not in manifest.languages:
            raise BadEdition(f"{card.slug} is in {language}, and the edition is not")
        if owners.get(campaign_path(card.slug, language)) != card.slug:
            raise BadEdition(f"{card.slug} has no page in {language}")
        for path in (thanks_path(card.slug, language), confirmed_path(card.slug, language)):
            if path not in owners:
                raise BadEdition(f"{path} is missing")


def _check_slots(page: Page, cards: dict[str, Card], body: bytes) -> None:
    card = cards.get(page.card)
    if page.card and card is None:
        raise BadEdition(f"{page.path} belongs to a campaign that is not in the edition")
    if card and page.language not in card.languages:
        raise BadEdition(f"{page.path} is in a language in which the campaign is not")
    forms = 1 if card and card.state == "open" else 0
    if body.count(FORM) != forms:
        raise BadEdition(f"{page.path} has {body.count(FORM)} places for the form, not {forms}")
    for place, what in ((COUNT, "count"), (DAYS, "days")):
        if body.count(place) > (1 if card else 0):
            raise BadEdition(f"{page.path} has {body.count(place)} places for the {what}")
    if card and page.language not in card.buttons and forms:
        raise BadEdition(f"{page.path} has no words on its button")
