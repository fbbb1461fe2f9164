"""From what pages show to pages: renders `public/*.html` inside the frame that all of them share."""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from habeas.campaigns import kept, papers, pictures, portraits
from habeas.campaigns import presentation as shown
from habeas.campaigns.counted import counting_path
from habeas.campaigns.milestones import told_now
from habeas.cases import publishable
from habeas.config import Config
from habeas.edition.templating import environment
from habeas.edition.write import Draft
from habeas.ledger.shown import Shown
from habeas.lib import languages
from habeas.lib.errors import HabeasError

if TYPE_CHECKING:
    from habeas.campaigns.models import Campaign

_ASSETS = Path(__file__).parent / "public" / "assets"
_COMMENT, _BREAK = re.compile(rb"/\*.*?\*/", re.DOTALL), re.compile(rb"\s*\n\s*")
_KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


log = logging.getLogger("habeas.campaigns")


@dataclass(frozen=True, slots=True)
class Press:
    """Everything that is the same for all pages of one edition."""

    config: Config
    assets: Mapping[str, str]  # file name: address
    look: publishable.Look = field(default_factory=publishable.Look)  # at what may be public now
    told: Mapping[bytes, Shown] = field(default_factory=dict)  # what the public is told of counts now
    drawn: set[str] = field(default_factory=set)  # files of `config.pictures` that this edition uses
    faces: set[publishable.PublicPicture] = field(default_factory=set)  # whose portraits this edition shows
    has_pictures: bool = True  # whether the pictures and codes drawn for pages are there to be linked

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the site, the default first."""
        return self.config.site.languages

    def picture(self, card: pictures.Card) -> bytes:
        """Return a picture of this edition as PNG."""
        return self._kept(pictures.name_of(card), lambda: pictures.draw(card))

    def paper(self, paper: papers.Paper) -> bytes:
        """Return a poster or letter of this edition as PDF, empty if it cannot be set."""
        return self._kept(papers.name_of(paper), lambda: papers.set_(paper))

    def _kept(self, name: str, draw: Callable[[], bytes]) -> bytes:
        self.drawn.add(name)
        return kept.kept(self.config.pictures / name, draw)

    def portrait(self, campaign: "Campaign") -> tuple[portraits.Rendition, ...]:
        """Return the portrait of a campaign in every width and kind; nothing if no page may show one."""
        picture = self.look.picture(campaign.case, campaign.portrait)
        if picture is None:
            return ()
        try:
            made = portraits.kept(picture, self.config.pictures)
        except HabeasError as reason:
            log.error("%s is shown without its picture: %s", campaign.slug, reason)  # noqa: TRY400  the message says all
            return ()
        self.faces.add(picture)
        return made

    def about(self, language: str) -> str:
        """Return one sentence on who speaks."""
        _ = languages.words(language).gettext
        return self.config.site.about or _("People everywhere, for one person at a time.")

    def page(
        self,
        template: str,
        language: str,
        path_in: Mapping[str, str],
        *,
        is_listed: bool = True,
        is_framed: bool = False,
        found: shown.Found = shown.Found(),  # noqa: B008  it is frozen
        **context: Any,
    ) -> bytes:
        """Return a rendered page.

        path_in    language: address, of the same page in every language it exists in
        is_listed  whether search engines may find it
        is_framed  whether it is for other sites to show in a frame; search engines then find the page itself
        found      how it looks elsewhere
        """
        frame = self._frame(language, path_in, found, is_listed=is_listed and not is_framed)
        frame = replace(frame, is_framed=is_framed, source=self.config.site.source)
        made = environment("habeas.campaigns", "public", language).get_template(template)
        return made.render(frame=frame, **context).encode()

    def _frame(
        self, language: str, path_in: Mapping[str, str], found: shown.Found, *, is_listed: bool
    ) -> shown.Frame:
        site, origin = self.config.site, self.config.door_url
        links = tuple(_language_link(code, path, code == language) for code, path in path_in.items())
        current = next(
            (link for link in links if link.is_current), _language_link(language, "", is_current=True)
        )
        return shown.Frame(
            site=shown.Site(site.name, self.about(language), site.contact),
            language=current,
            languages=links,
            stylesheet=self.assets["style.css"],
            script=self.assets["live.js"],
            icon=self.assets["icon.svg"],
            home_url=home_path(language),
            privacy_url=privacy_path(language),
            counting_url=counting_path(language),
            legal_url=legal_path(language),
            accessibility_url=accessibility_path(language),
            canonical_url=origin + current.url if is_listed and current.url else "",
            origin=origin,
            path=current.url,
            onion=site.onion.rstrip("/"),
            found=found,
        )


def home_path(language: str) -> str:
    """Return the address of the home page."""
    return f"/{language}/"


def privacy_path(language: str) -> str:
    """Return the address of the privacy page."""
    return f"/{language}/privacy/"


def legal_path(language: str) -> str:
    """Return the address of the legal notice."""
    return f"/{language}/legal/"


def accessibility_path(language: str) -> str:
    """Return the address of the page on accessibility."""
    return f"/{language}/accessibility/"


def site_feed_path(language: str) -> str:
    """Return the address of the Atom feed of the whole site."""
    return f"/{language}/feed.atom"


def _language_link(code: str, path: str, is_current: bool) -> shown.LanguageLink:  # noqa: FBT001  a field, not a switch
    known = languages.language(code)
    return shown.LanguageLink(code, known.name, known.direction, path, is_current)


@cache
def assets() -> tuple[tuple[str, bytes, str], ...]:
    """Return (name, content, content type) of every file the pages load."""
    files = sorted(path for path in _ASSETS.iterdir() if path.suffix in _KINDS)
    return tuple((path.name, _sent(path), _KINDS[path.suffix]) for path in files)


def _sent(path: Path) -> bytes:
    """Return what travels of a file: the stylesheet belongs to the first view, its comments do not."""
    content = path.read_bytes()
    if path.suffix != ".css":
        return content
    return _BREAK.sub(b"\n", _COMMENT.sub(b"", content))


def press_for(draft: Draft, config: Config) -> Press:
    """Return the press of an edition, its assets added to `draft`."""
    added = {name: draft.add_asset(name, content, kind) for name, content, kind in assets()}
    return Press(config, added, told=told_now(config))
