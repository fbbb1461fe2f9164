"""Links in mails: opening one shows a page with one button, pressing the button acts.

Mail scanners open every link and some even run scripts; none of them confirms for a person,
because only the POST changes anything. Pressing twice appends twice and counts once.
"""

from collections.abc import Callable
from dataclasses import dataclass

from habeas.door.http import Pending, Response, html, redirect
from habeas.door.pages import language_of
from habeas.door.shelf import Shelf
from habeas.edition.slots import confirmed_path
from habeas.ledger import entry
from habeas.lib import clock
from habeas.vault import links as tokens


@dataclass(frozen=True, slots=True)
class Kind:
    """What one kind of link does."""

    purpose: tokens.Purpose
    notice: str  # the page with the button
    act: Callable[[tokens.Link], entry.Entry]
    done: Callable[[Shelf, str, tokens.Link], Response]


def _confirmed(shelf: Shelf, language: str, link: tokens.Link) -> Response:
    card = shelf.cards_by_campaign.get(link.campaign)
    if card is None or language not in card.languages:
        return redirect(303, f"/{language}/")
    return redirect(303, confirmed_path(card.slug, language))


def _noticed(name: str) -> Callable[[Shelf, str, tokens.Link], Response]:
    def answer(shelf: Shelf, language: str, _: tokens.Link) -> Response:
        return html(200, shelf.notice(name, language))  # no redirect: RFC 8058, section 3.1

    return answer


KINDS = {
    "confirm": Kind(
        tokens.Purpose.CONFIRM,
        "confirm",
        lambda link: entry.Confirm(link.campaign, link.signer, link.round, clock.today()),
        _confirmed,
    ),
    "unsubscribe": Kind(
        tokens.Purpose.UNSUBSCRIBE,
        "unsubscribe",
        lambda link: entry.Unsubscribe(link.campaign, link.signer, link.round, clock.today()),
        _noticed("unsubscribed"),
    ),
    "withdraw": Kind(
        tokens.Purpose.WITHDRAW,
        "withdraw",
        lambda link: entry.Withdraw(link.campaign, link.signer, link.round, clock.today()),
        _noticed("withdrawn"),
    ),
}


class Links:
    """Reads links with the installation's link key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def show(self, shelf: Shelf, path: str) -> Response | None:
        """Return the page behind a link, None if `path` is not one. Changes nothing."""
        found = _kind_of(path)
        if found is None:
            return None
        kind, token = found
        language = language_of(shelf, path)
        link = self._read(kind, token)
        if isinstance(link, int):
            return html(link, shelf.notice("link-invalid", language))
        return html(200, shelf.notice(kind.notice, language))

    def take(self, shelf: Shelf, path: str) -> Response | Pending | None:
        """Return what pressing the button behind a link does, None if `path` is not a link."""
        found = _kind_of(path)
        if found is None:
            return None
        kind, token = found
        language = language_of(shelf, path)
        link = self._read(kind, token)
        if isinstance(link, int):
            return html(link, shelf.notice("link-invalid", language))
        return Pending([entry.pack(kind.act(link))], kind.done(shelf, language, link))

    def _read(self, kind: Kind, token: str) -> tokens.Link | int:
        """Return the link, or the status that says what is wrong with it."""
        try:
            return tokens.read(self._key, kind.purpose, token, clock.this_hour())
        except tokens.LinkExpired:
            return 410
        except tokens.LinkAltered:
            return 404


def _kind_of(path: str) -> tuple[Kind, str] | None:
    match path.split("/"):
        case ["", _, word, token] if word in KINDS:
            return KINDS[word], token
    return None
