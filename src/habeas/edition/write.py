"""Writing an edition: every file on disk first, the pointer moved last.

If we die before the pointer moves, the old edition is still the current one and the next write
takes the next free number. What has not changed since the old one is not written again: both name one file.
"""

import hashlib
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from habeas.edition import manifest as manifests
from habeas.edition.manifest import Card, Manifest, Notice, Page
from habeas.edition.read import POINTER, BadEdition, current_number, folder_of, load
from habeas.lib import durable
from habeas.lib.locked import locked

_HTML = "text/html; charset=utf-8"
KEPT = 5  # editions kept behind the current one, so that a door in the middle of reading finds its files


@dataclass(slots=True)
class Draft:
    """An edition being put together."""

    languages: tuple[str, ...]
    privacy_paths: dict[str, str]
    cards: list[Card] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)

    def add_page(
        self,
        path: str,
        body: bytes,
        *,
        language: str,
        card: str = "",
        cache: str = "page",
        is_framed: bool = False,
    ) -> None:
        """Add an HTML page at `path`.

        card       of the campaign that fills its slots
        is_framed  whether other sites may show it in a frame
        """
        page = Page(path, "", "", _HTML, language, card, cache, is_framed)  # type: ignore[arg-type]  # read.load checks the word
        self._add(f"pages{path}index.html", page, body)

    def add_file(self, path: str, body: bytes, kind: str, *, language: str = "") -> None:
        """Add what is not a page under an address of its own: a feed, a list for search engines."""
        self._add(f"pages{path}", Page(path, "", "", kind, language), body)

    def _add(self, name: str, page: Page, body: bytes) -> None:
        self.files[name] = body
        self.pages.append(msgspec.structs.replace(page, file=name, sha256=_sha256(body)))

    def add_asset(self, name: str, content: bytes, kind: str) -> str:
        """Add a file under an address that changes with its content; return that address."""
        file = asset_path(name, content).removeprefix("/")
        if file not in self.files:
            self.files[file] = content
            self.pages.append(Page(f"/{file}", file, _sha256(content), kind, cache="asset"))
        return f"/{file}"

    def add_notice(self, name: str, language: str, body: bytes) -> None:
        """Add a page that the door answers with by itself."""
        file = f"notices/{name}.{language}.html"
        self.files[file] = body
        self.notices.append(Notice(name, language, file, _sha256(body)))


def asset_path(name: str, content: bytes) -> str:
    """Return the address of a file that changes with its content; `Draft.add_asset` puts it there."""
    stem, dot, ending = name.partition(".")
    return f"/assets/{stem}.{_sha256(content)[:12]}{dot}{ending}"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def write(editions: Path, draft: Draft, *, kept: int = KEPT) -> int:
    """Write `draft` as the next edition, make it the current one and return its number.

    kept    how many editions stay behind it; a door that misses a file of an older one reads this one next
    raises  BadEdition if what was written does not read back whole; OSError if the disk fails.
            In both cases the old edition stays the current one.
    """
    editions.mkdir(parents=True, exist_ok=True)
    with locked(editions / ".lock"):
        number = _next_number(editions)
        _write_folder(editions, number, draft)
        load(editions, number)
        durable.write(editions / POINTER, f"{number}\n".encode())
        _forget_old(editions, number, kept)
    return number


def _numbers(editions: Path) -> list[int]:
    return sorted(int(folder.name) for folder in editions.iterdir() if folder.name.isdecimal())


def _next_number(editions: Path) -> int:
    return max([0, *_numbers(editions)]) + 1


def _write_folder(editions: Path, number: int, draft: Draft) -> None:
    manifest = Manifest(
        manifests.FORMAT,
        number,
        draft.languages,
        draft.privacy_paths,
        tuple(draft.cards),
        tuple(draft.pages),
        tuple(draft.notices),
    )
    temporary = editions / f".{number:06d}.new"
    shutil.rmtree(temporary, ignore_errors=True)
    told = manifests.encode(manifest)
    about = {manifests.FILE: told, manifests.CHECKSUM: manifests.checksum(told)}
    before = _current_folder(editions)
    for name, content in {**draft.files, **about}.items():
        path = temporary / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not _is_linked(before / name, path, content):
            _write_durably(path, content)
    _sync_folders(temporary)
    temporary.rename(folder_of(editions, number))
    durable.sync_folder(editions)


def _current_folder(editions: Path) -> Path:
    try:
        return folder_of(editions, current_number(editions))
    except BadEdition:  # its pointer is broken, and about to be written anew
        return folder_of(editions, 0)


def _is_linked(before: Path, path: Path, content: bytes) -> bool:
    """Give a file of the edition before a second name if that is the same; tell whether it was.

    It was made durable then, and no file of an edition is ever changed.
    """
    try:
        if before.read_bytes() != content:
            return False
        path.hardlink_to(before)
    except OSError:  # it is new, or the disk knows no second names
        return False
    return True


def _write_durably(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folders(folder: Path) -> None:
    for path, _, _ in os.walk(folder):
        durable.sync_folder(Path(path))


def _forget_old(editions: Path, number: int, kept: int) -> None:
    for old in _numbers(editions)[: -kept - 1]:
        if old < min(number, current_number(editions)):
            shutil.rmtree(folder_of(editions, old), ignore_errors=True)
