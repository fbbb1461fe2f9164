"""Where somebody signs: on our page, or on a form of ours in a partner's frame."""

from dataclasses import dataclass

from habeas.door.http import Response, html, redirect
from habeas.edition.manifest import Card
from habeas.edition.slots import (
    campaign_path,
    embed_path,
    embed_sign_path,
    embed_thanks_path,
    sign_path,
    thanks_path,
)

_THANKED = 303


@dataclass(frozen=True, slots=True)
class Place:
    """One form of one campaign in one language."""

    card: Card
    language: str
    is_framed: bool
    page: str  # the address of the page with the form
    thanks: Response  # where to go after signing: the same bytes for everybody

    def html(self, status: int, body: bytes) -> Response:
        """Return a page that stays where the person is."""
        return html(status, body, is_framed=self.is_framed)


def places(card: Card) -> dict[str, Place]:
    """Return the places of a campaign by the addresses that take signatures."""
    found = {}
    for language in card.languages:
        own = redirect(_THANKED, thanks_path(card.slug, language))
        framed = redirect(_THANKED, embed_thanks_path(card.slug, language))
        page, embed = campaign_path(card.slug, language), embed_path(card.slug, language)
        found[sign_path(card.slug, language)] = Place(card, language, False, page, own)  # noqa: FBT003  a plain record
        found[embed_sign_path(card.slug, language)] = Place(card, language, True, embed, framed)  # noqa: FBT003  as above
    return found
