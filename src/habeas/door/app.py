"""The door: which request gets which answer. No server, no sockets; see `rsgi.py` for those."""

import logging
import secrets
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from functools import partial

from habeas.door import form, pages, second_step
from habeas.door.current import Current
from habeas.door.http import Pending, Request, Response, Settle, redirect
from habeas.door.limits import FORM_TYPE, Limits
from habeas.door.links import Links
from habeas.door.place import Place
from habeas.door.second_step import Outcome, Press, SecondStep
from habeas.door.shelf import Shelf
from habeas.door.sign import Desks
from habeas.edition.slots import FormLook
from habeas.ledger.journal import JournalBroken, JournalClosed, JournalFull, JournalUnavailable
from habeas.lib.ids import NotBase64
from habeas.vault.keys import KeysDamaged, KeysMissing
from habeas.vault.suite import NotAPublicKey

log = logging.getLogger("habeas.door")

Append = Callable[
    ..., Awaitable[None]
]  # of entries; done once they are durable together, or raises _NOT_TAKEN
_NOT_TAKEN = (JournalBroken, JournalClosed, JournalFull, JournalUnavailable)
_NO_KEYS = (KeysMissing, KeysDamaged, NotAPublicKey, NotBase64)
_ENDED = {"paused": 409, "won": 410, "closed": 410}
_COUNT, _COUNT_END = "/count/", ".json"


class Door:
    """The public face of Habeas."""

    def __init__(
        self,
        current: Current,
        desks: Desks,
        links: Links,
        append: Append,
        limits: Limits | None = None,
        steps: SecondStep | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self._steps = steps or SecondStep(secrets.token_bytes(32))
        self._current = current
        self._desks = desks
        self._links = links
        self._append = append

    def warm_up(self) -> Iterator[None]:
        """Make, piece by piece, what the first to sign in a language or for a campaign would wait for.

        Country names take some 30 ms a language, the first seal 7 ms: nobody should pay them in a rush.
        """
        shelf = self._current.shelf
        if shelf is None:
            return
        places = [place for place in shelf.places.values() if place.card.state == "open"]
        for place in {place.language: place for place in places}.values():
            shelf.campaign_page(place.card, place.language, place.page)
            yield
        for place in {place.card.slug: place for place in places}.values():
            with suppress(*_NO_KEYS):  # said when somebody wants to sign
                self._desks.of(place.card)
            yield

    async def respond(self, request: Request) -> Response:
        """Answer one request. What cannot be made durable is answered with 503, never with thanks."""
        shelf = self._current.shelf
        if shelf is None:
            return pages.error(None, 503, request.path)
        try:
            answer = self._answer(shelf, request)
            return answer if isinstance(answer, Response) else await self._kept(answer)
        except form.BadForm:
            return pages.error(shelf, 400, request.path)
        except _NOT_TAKEN:
            log.error("the journal takes nothing; people are asked to try again")  # noqa: TRY400  the cause is logged where it happened
            return pages.error(shelf, 503, request.path)
        except Exception:
            log.exception("a mistake of ours; the person was told so")
            return pages.error(shelf, 500, request.path)

    async def _kept(self, pending: Pending) -> Response:
        """Return the answer once what it answers for is durable."""
        is_durable = False
        try:
            await self._append(*pending.entries)
            is_durable = True
        finally:
            if pending.settle:
                pending.settle(is_durable)
        return pending.answer

    def _answer(self, shelf: Shelf, request: Request) -> Response | Pending:
        """Return the answer without waiting for anything: from bytes to bytes."""
        if request.method == "POST":
            return self._take(shelf, request)
        if request.method not in {"GET", "HEAD"}:
            return pages.error(shelf, 405, request.path)
        return self._show(shelf, request)

    def _show(self, shelf: Shelf, request: Request) -> Response:
        answer = pages.page(shelf, request)
        if answer is not None:
            return answer
        path = request.path
        if path == "/":
            return pages.front(shelf, request)
        if path.startswith(_COUNT) and path.endswith(_COUNT_END):
            return pages.count(shelf, path[len(_COUNT) : -len(_COUNT_END)])
        if shelf.has(path + "/"):
            return redirect(308, path + "/")
        place = shelf.places.get(path)
        if place:
            return redirect(303, place.page)
        return self._links.show(shelf, path) or pages.missing(shelf, path)

    def _take(self, shelf: Shelf, request: Request) -> Response | Pending:
        if request.cut_off:
            return pages.error(shelf, request.cut_off, request.path)
        if request.body is None:
            return pages.error(shelf, 413, request.path)
        place = shelf.places.get(request.path)
        if place:
            return self._sign(shelf, request, place)
        taken = self._links.take(shelf, request.path)
        if taken is None and shelf.has(request.path):
            return pages.error(shelf, 405, request.path)
        return taken or pages.missing(shelf, request.path)

    def _sign(self, shelf: Shelf, request: Request, place: Place) -> Response | Pending:
        card, language = place.card, place.language
        if card.state != "open":
            return place.html(_ENDED[card.state], shelf.campaign_page(card, language, place.page))
        if self.limits.is_from_elsewhere(request.headers):
            self.limits.tally.elsewhere += 1
            # A sandbox may take our origin from the form: a partner's mistake, and the signer is told.
            return pages.error(shelf, 403, request.path) if place.is_framed else place.thanks
        fields = _fields(request)
        if fields.get(form.HONEYPOT):
            self.limits.tally.robots += 1
            return place.thanks
        checked = form.check(fields, language, asks_comment=card.asks_comment)
        if isinstance(checked, form.Refused):
            look = FormLook(checked.values, checked.errors)
            return place.html(422, shelf.campaign_page(card, language, place.page, look))
        if self.limits.asks_again(card.slug, request.source):
            return self._sign_in_two_steps(shelf, place, checked, fields.get(second_step.FIELD, ""))
        return self._record(shelf, place, checked)

    def _sign_in_two_steps(
        self, shelf: Shelf, place: Place, filled: form.Filled, token: str
    ) -> Response | Pending:
        """Ask to press once more, or take the signature if that is what was pressed."""
        card, language = place.card, place.language
        press = self._steps.press(token, card.campaign, filled)
        if press.outcome is Outcome.DONE:  # pressed twice, and the first is safe
            return place.thanks
        if press.outcome is not Outcome.GOOD:
            self.limits.tally.asked += 1
            self.limits.tally.early += press.outcome is Outcome.EARLY
            look = self._steps.look(press, card.campaign, filled, language)
            return place.html(200, shelf.campaign_page(card, language, place.page, look))

        settle = partial(self._settle, press)
        try:
            answer = self._record(shelf, place, filled)
        except Exception:
            settle(False)  # noqa: FBT003  the one thing it is told
            raise
        if isinstance(answer, Response):
            settle(False)  # noqa: FBT003  as above
            return answer
        return Pending(answer.entries, answer.answer, _both(answer.settle, settle))

    def _settle(self, press: Press, is_durable: bool) -> None:  # noqa: FBT001  as above
        self._steps.settle(press, is_durable=is_durable)
        self.limits.tally.passed += is_durable

    def _record(self, shelf: Shelf, place: Place, filled: form.Filled) -> Response | Pending:
        """Seal a signature; thanks are due once it is durable."""
        card = place.card
        try:
            desk = self._desks.of(card)
        except _NO_KEYS as reason:
            log.error("campaign %s cannot be signed at this door: %s", card.id, reason)  # noqa: TRY400  the message says all
            return pages.error(shelf, 503, place.page)
        signature = desk.sign(filled, place.language, card.text_version)
        return Pending(signature.entries, place.thanks, signature.settle)


def _both(first: Settle | None, second: Settle) -> Settle:
    def settle(is_durable: bool) -> None:  # noqa: FBT001  the one thing it is told
        if first:
            first(is_durable)
        second(is_durable)

    return settle


def _fields(request: Request) -> dict[str, str]:
    """Return the fields of the form.

    raises  BadForm if it is none, or sent as anything but a plain form (multipart, JSON)
    """
    kind = request.headers.get("content-type", "")
    if kind not in {"", FORM_TYPE} and kind.partition(";")[0].strip().lower() != FORM_TYPE:
        raise form.BadForm("not sent as a plain form")
    return form.read(request.body or b"")
