"""An edition, made ready to be handed out: every page as bytes, compressed, its count folded in."""

import gzip
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import brotli
import msgspec

from habeas.door.http import FRAMED, SECURITY, Headers
from habeas.door.place import places
from habeas.edition.manifest import Card, Page
from habeas.edition.read import Edition
from habeas.edition.slots import FormLook, campaign_part, fill, render_count, render_days, render_form
from habeas.ledger.shown import Shown, shown_of_nobody
from habeas.lib import clock

ENCODINGS = ("br", "gzip", "")
_CACHE = {
    "page": "public, max-age=0, must-revalidate",
    "asset": "public, max-age=31536000, immutable",
    "none": "no-store",
}
_COMPRESSIBLE = ("text/", "image/svg", "application/json", "application/xml", "application/atom+xml")
# The count changes once a second at most and a page is compressed again then: 5 costs 1 ms, 11 costs 30.
_QUALITY_LIVE, _QUALITY_STILL = 5, 11


@dataclass(frozen=True, slots=True)
class Copy:
    """One encoding of a page."""

    body: bytes
    etag: str
    headers: Headers  # of the full answer


@dataclass(slots=True)
class Shelved:
    """A page with its copies; they are made on first use and again when the count changed."""

    page: Page
    source: bytes
    copies: dict[str, Copy] = field(default_factory=dict)


class Shelf:
    """All pages of one edition, and what the public is told of the counts as of the last look."""

    def __init__(
        self,
        edition: Edition,
        counts: Mapping[bytes, Shown],
        onion: str = "",
        withheld: Collection[str] = (),
    ) -> None:
        """Put the pages up.

        onion     scheme and host of the same site as a Tor onion service; empty if there is none
        withheld  slugs of campaigns of which nothing is handed out, nor any page that leads to them
        """
        self.edition = edition
        self._onion = onion.rstrip("/")
        self.counts: Mapping[bytes, Shown] = counts
        self.day = clock.today()  # the day that the pages say it is
        self.cards = {card.slug: card for card in edition.manifest.cards if card.slug not in withheld}
        self.cards_by_campaign = {card.campaign: card for card in edition.manifest.cards}
        self._pages = {page.path: Shelved(page, edition.files[page.file]) for page in edition.manifest.pages}
        self._withheld = {path for path, shelved in self._pages.items() if _tells_of(shelved, withheld)}
        for path in self._withheld:
            del self._pages[path]
        self.places = {  # where people sign, by the address that takes it
            path: place
            for card in self.cards.values()
            for path, place in places(card).items()
            if place.page in self._pages
        }
        self._notices = {(n.name, n.language): edition.files[n.file] for n in edition.manifest.notices}

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the edition, the default first."""
        return self.edition.manifest.languages

    def fold_counts(self, counts: Mapping[bytes, Shown]) -> None:
        """Take new counts; only the pages whose count changed are made anew, when next asked for."""
        changed = {
            slug
            for slug, card in self.cards.items()
            if counts.get(card.campaign) != self.counts.get(card.campaign)
        }
        self.counts = counts
        for shelved in self._pages.values():
            if shelved.page.card in changed:
                shelved.copies.clear()

    def turn_to(self, day: int) -> None:
        """Take a new day (days since 1970-01-01); pages that say which it is are made anew when asked for."""
        if day == self.day:
            return
        self.day = day
        for shelved in self._pages.values():
            card = self.cards.get(shelved.page.card)
            if card and (card.running or card.deadline):
                shelved.copies.clear()

    def count_of(self, card: Card) -> Shown:
        """Return what is told of a campaign's count; nobody has confirmed before the clerk has said so."""
        return self.counts.get(card.campaign) or shown_of_nobody(card.count_rule)

    def copy(self, path: str, encoding: str) -> Copy | None:
        """Return the page at `path` in `encoding` ("br", "gzip" or "" for plain), None if there is none."""
        shelved = self._pages.get(path)
        if shelved is None:
            return None
        copy = shelved.copies.get(encoding)
        if copy is None:
            copy = shelved.copies[encoding] = self._make_copy(shelved, encoding)
        return copy

    def has(self, path: str) -> bool:
        """Say whether there is a page at `path`."""
        return path in self._pages

    def withholds(self, path: str) -> bool:
        """Say whether there is a page at `path`, or below it, that may not be handed out now."""
        folder = path.rsplit("/", 1)[0] + "/"
        return not self._withheld.isdisjoint((path, path + "/", folder))

    def campaign_page(self, card: Card, language: str, path: str, look: FormLook | None = None) -> bytes:
        """Return a campaign's page with the form as `look` has it: what a person typed, what is wrong."""
        shelved = self._pages[path]
        return self._filled(shelved, card, language, look)

    def notice(self, name: str, language: str) -> bytes:
        """Return the page the door answers with in `language`, in the default one if it does not speak it."""
        body = self._notices.get((name, language))
        return self._notices[name, self.languages[0]] if body is None else body

    def count_json(self, slug: str) -> bytes | None:
        """Return the public count of a campaign: docs/formats/count.md."""
        card = self.cards.get(slug)
        if card is None:
            return None
        return msgspec.json.encode(self.count_of(card), order="sorted")

    def _filled(self, shelved: Shelved, card: Card, language: str, look: FormLook | None = None) -> bytes:
        form = b""
        if card.state == "open":
            privacy_url = self.edition.manifest.privacy_paths[language]
            form = render_form(card, language, privacy_url, look, is_framed=shelved.page.is_framed)
        told = self.count_of(card)
        count = render_count(card, language, told.total, is_exact=told.is_exact)
        days = render_days(card, language, clock.date_of(self.day))
        return fill(shelved.source, form=form, count=count, days=days)

    def _make_copy(self, shelved: Shelved, encoding: str) -> Copy:
        page, body = shelved.page, shelved.source
        if page.card:
            body = self._filled(shelved, self.cards[page.card], page.language)
        if encoding and not page.type.startswith(_COMPRESSIBLE):
            encoding = ""
        etag = f'"{hashlib.sha256(body).hexdigest()[:20]}{encoding and "-" + encoding}"'
        headers = [
            ("content-type", page.type),
            ("cache-control", _CACHE[page.cache]),
            ("etag", etag),
            ("vary", "accept-encoding"),
            *([("content-encoding", encoding)] if encoding else []),
            *([("content-language", page.language)] if page.language else []),
            *([("onion-location", self._onion + page.path)] if self._onion and _is_html(page) else []),
            *(FRAMED if page.is_framed else SECURITY),
        ]
        return Copy(_compressed(body, encoding, is_live=bool(page.card)), etag, headers)


def _tells_of(shelved: Shelved, slugs: Collection[str]) -> bool:
    """Say whether a page or file is of one of these campaigns, or leads to one."""
    page = shelved.page
    if page.cache == "asset":  # its name holds the slug; of a longer one too, which does no harm for a while
        return any(slug in page.path for slug in slugs)
    return any(part in page.path or part.encode() in shelved.source for part in map(campaign_part, slugs))


def _is_html(page: Page) -> bool:
    return page.type.startswith("text/html")


def _compressed(body: bytes, encoding: str, *, is_live: bool) -> bytes:
    if encoding == "br":
        compressed: bytes = brotli.compress(body, quality=_QUALITY_LIVE if is_live else _QUALITY_STILL)
        return compressed
    if encoding == "gzip":
        return gzip.compress(body, mtime=0)
    return body
