"""A small real edition, a journal that obeys the test, and somebody who visits the door."""

import asyncio
import hashlib
from collections.abc import Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TypeVar
from urllib.parse import urlencode

import msgspec

from habeas.config import Config
from habeas.door.app import Door
from habeas.door.current import Current
from habeas.door.http import Request, Response
from habeas.door.links import Links
from habeas.door.sign import Desks
from habeas.edition.manifest import Card, CountRule, State, notice_names
from habeas.edition.slots import (
    COUNT,
    FORM,
    campaign_path,
    confirmed_path,
    embed_path,
    embed_thanks_path,
    sign_path,
    thanks_path,
)
from habeas.edition.write import Draft
from habeas.ledger import entry
from habeas.ledger.counts import Counts, Taken
from habeas.ledger.shown import encode_shown, shown, write_shown
from habeas.lib import clock, ids
from habeas.vault import keys, links
from people import MARIA

T = TypeVar("T")
Cell = tuple[str, str, int]  # country, language, people

LIVE = CountRule()
LANGUAGES = ("en", "fr", "ar")
SELMA, OMAR, LENA, JO = "free-selma", "free-omar", "free-lena", "free-jo"
STATES: Mapping[str, State] = {SELMA: "open", OMAR: "paused", LENA: "won", JO: "closed"}
TEXT_VERSION = "00112233aabbccdd"
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
TYPED = {"name": "María Ibáñez", "email": "maria@example.org", "country": "ES"}


def campaign_id(slug: str) -> bytes:
    """Return the identifier of the campaign in ledger entries."""
    return hashlib.sha256(slug.encode()).digest()[:8]


def card(
    config: Config, slug: str, state: State = "open", languages: tuple[str, ...] = LANGUAGES, **words: str
) -> Card:
    """Return the card of a campaign, its keys made."""
    campaign = campaign_id(slug)
    return Card(
        id=campaign.hex(),
        slug=slug,
        state=state,
        languages=languages,
        public_key=words.get("public_key", ids.to_text(keys.create_campaign_keys(config.keys, campaign))),
        text_version=TEXT_VERSION,
        asks_comment=slug == SELMA,
        buttons={language: words.get("button", f"Sign ({language})") for language in languages},
    )


def draft(config: Config, states: Mapping[str, State] = STATES, rule: CountRule = LIVE) -> Draft:
    """Return a whole edition with a campaign in every state, in every language; `rule` is for all counts."""
    made = Draft(LANGUAGES, {language: f"/{language}/privacy/" for language in LANGUAGES})
    made.add_asset("style.css", b"main { max-width: 40rem }\n" * 20, "text/css; charset=utf-8")
    for slug, state in states.items():
        add_campaign(made, msgspec.structs.replace(card(config, slug, state), count_rule=rule))
    for language in LANGUAGES:
        made.add_page(f"/{language}/", _html(language, "home"), language=language)
        made.add_page(f"/{language}/privacy/", _html(language, "privacy"), language=language)
        for name in notice_names():
            made.add_notice(name, language, _html(language, name))
    return made


def add_campaign(made: Draft, told: Card) -> None:
    """Add the pages of a campaign."""
    made.cards.append(told)
    for language in told.languages:
        slots = FORM + COUNT if told.state == "open" else COUNT
        body = _html(language, f"{told.slug} {told.state}", slots)
        made.add_page(campaign_path(told.slug, language), body, language=language, card=told.slug)
        path = embed_path(told.slug, language)
        made.add_page(path, body, language=language, card=told.slug, is_framed=True)
        for address in (thanks_path, confirmed_path, embed_thanks_path):
            path = address(told.slug, language)
            is_framed = address is embed_thanks_path
            made.add_page(path, _html(language, path), language=language, cache="none", is_framed=is_framed)


def _html(language: str, title: str, body: bytes = b"") -> bytes:
    padding = b"<p>The record of the case.</p>" * 20  # so that compressing it pays
    return f'<!doctype html><html lang="{language}"><title>{title}</title>'.encode() + body + padding


def tell(config: Config, slug: str, cells: Iterable[Cell], rule: CountRule = LIVE) -> None:
    """Do what the clerk does once the people in `cells` are counted, and the time of `rule` has come."""
    counts = Counts.of(cells)
    told = {campaign_id(slug): shown(rule, counts, Taken(counts.total, 0))}
    write_shown(config.counts, encode_shown(told))


@dataclass
class Journal:
    """Remembers what the door appended; answers at once, or with the trouble it is given."""

    groups: list[tuple[bytes, ...]] = field(default_factory=list)
    trouble: Exception | None = None

    async def append(self, *bodies: bytes) -> None:
        """Take entries, or refuse them."""
        if self.trouble:
            raise self.trouble
        self.groups.append(bodies)

    @property
    def entries(self) -> list[entry.Entry]:
        """Everything that is durable, in its order."""
        return [entry.unpack(body) for group in self.groups for body in group]

    @property
    def signatures(self) -> list[entry.Sign]:
        """The signatures among it."""
        return [one for one in self.entries if isinstance(one, entry.Sign)]


@dataclass
class Visitor:
    """Somebody in front of the door."""

    config: Config
    current: Current
    journal: Journal
    door: Door

    def asks(self, method: str, path: str, body: bytes | None = b"", **headers: str) -> Response:
        """Return what the door answers; a header's underscores are hyphens."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return run(self.door.respond(Request(method, path, told, body)))

    def opens(self, path: str, **headers: str) -> Response:
        """Return the page at `path`."""
        return self.asks("GET", path, b"", **headers)

    def sends(self, path: str, fields: Mapping[str, str]) -> Response:
        """Return the answer to a form, sent as browsers send it."""
        return self.asks("POST", path, urlencode(fields).encode())

    def signs(self, slug: str = SELMA, language: str = "en", **typed: str) -> Response:
        """Return the answer to Maria's signature; `typed` is what she filled in otherwise."""
        return self.sends(sign_path(slug, language), TYPED | typed)

    def link(
        self, word: str, purpose: links.Purpose, *, hours: int = 48, language: str = "en", slug: str = SELMA
    ) -> str:
        """Return the path of a link in a mail to Maria that works for `hours` more hours."""
        token = links.make(
            keys.link_key(self.config.keys),
            purpose,
            campaign=campaign_id(slug),
            signer=MARIA.signer,
            round_=1,
            expires_hour=clock.this_hour() + hours,
        )
        return f"/{language}/{word}/{token}"


def visitor(config: Config) -> Visitor:
    """Return somebody in front of a door that serves the current edition of `config`."""
    current, journal = Current(config.editions, config.counts, config.status / "door-00.json"), Journal()
    current.look_at_counts()
    current.look()
    door = Door(current, Desks(config.keys), Links(keys.link_key(config.keys)), journal.append)
    return Visitor(config, current, journal, door)


def run(story: Coroutine[None, None, T]) -> T:
    """Return what a coroutine comes to."""
    return asyncio.run(story)


def header(response: Response, name: str) -> str:
    """Return a header of an answer, empty if it is not there."""
    return dict(response.headers).get(name, "")


class Reader(HTMLParser):
    """Reads a page as a person does: which field holds what, and what stands beside it."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.language = ""
        self.inputs: dict[str, dict[str, str]] = {}
        self.problems: dict[str, str] = {}
        self.chosen: list[str] = []
        self.comment = ""
        self._open = ""
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of fields and problems."""
        told = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = told["lang"]
        if tag in {"input", "select", "textarea"}:
            self.inputs[told["name"]] = told
        if tag == "option" and "selected" in told:
            self.chosen.append(told["value"])
        is_problem = told.get("class") == "problem"
        self._open = told["id"] if is_problem else tag if tag == "textarea" else self._open

    def handle_endtag(self, tag: str) -> None:
        """Leave a field or problem."""
        if tag in {"p", "textarea"}:
            self._open = ""

    def handle_data(self, data: str) -> None:
        """Take note of the words."""
        if self._open == "textarea":
            self.comment += data
        elif self._open:
            self.problems[self._open] = self.problems.get(self._open, "") + data
