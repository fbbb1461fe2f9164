"""A case that is taken down is off every page at the door's next look, before an edition says so."""

import pytest

from habeas.config import Config
from habeas.edition import withheld
from habeas.edition.slots import campaign_path, confirmed_path, embed_path, sign_path, thanks_path
from habeas.edition.write import Draft, write
from public_side import JO, LANGUAGES, OMAR, SELMA, Visitor, draft, visitor

PORTRAIT = f"portrait-{SELMA}-320.webp"
SEEN_WITH = "/en/"  # the front page, which leads to her


@pytest.fixture
def portrait(config: Config) -> str:
    """The address of Selma's picture, in an edition whose front page leads to her."""
    made = draft(config)
    address = made.add_asset(PORTRAIT, b"RIFF", "image/webp")
    _lead_to(made, SELMA)
    write(config.editions, made)
    return address


def _lead_to(made: Draft, slug: str) -> None:
    (front,) = (page for page in made.pages if page.path == SEEN_WITH)
    made.pages.remove(front)
    link = f'<a href="https://habeas.example.org{campaign_path(slug, "en")}">Act</a>'
    made.add_page(SEEN_WITH, made.files[front.file] + link.encode(), language="en")


def pages_of(slug: str) -> list[str]:
    addresses = (campaign_path, embed_path, thanks_path, confirmed_path)
    return [address(slug, language) for address in addresses for language in LANGUAGES]


def taken_down(config: Config) -> Visitor:
    """Return somebody at the door who was there when Selma's case was taken down."""
    maria = visitor(config)
    withheld.withhold(config.editions, [SELMA])
    maria.current.look()
    return maria


def test_no_page_of_hers_is_handed_out_and_none_that_leads_to_her(config: Config, portrait: str) -> None:
    """In no language, not in a frame, not after signing; nor her picture, nor the front page."""
    maria = visitor(config)
    assert {maria.opens(path).status for path in (*pages_of(SELMA), portrait, SEEN_WITH)} == {200}
    withheld.withhold(config.editions, [SELMA])
    maria.current.look()

    for path in (*pages_of(SELMA), portrait, SEEN_WITH):
        answer = maria.opens(path)
        assert (path, answer.status) == (path, 503)
        assert b"selma" not in answer.body
        assert dict(answer.headers)["cache-control"] == "no-store"


def test_nobody_signs_for_her_meanwhile(config: Config, portrait: str) -> None:
    """They are asked to try again, and nothing is stored."""
    maria = taken_down(config)

    assert maria.signs(SELMA).status == 503
    assert maria.asks("POST", sign_path(SELMA, "fr")).status == 503
    assert maria.journal.groups == []


def test_everybody_else_is_signed_for_as_before(config: Config, portrait: str) -> None:
    """The emergency of one is not the silence of all; and what never existed still does not."""
    maria = taken_down(config)

    assert {
        maria.opens(path).status for path in (*pages_of(JO), *pages_of(OMAR), "/fr/", "/ar/privacy/")
    } == {200}
    assert maria.opens("/fr/nothing/here/").status == 404


def test_the_edition_that_follows_is_shown_once_it_is_there(config: Config, portrait: str) -> None:
    """It holds neutral pages at her addresses."""
    maria = taken_down(config)
    write(config.editions, draft(config, {SELMA: "paused"}))
    maria.current.look()
    assert maria.opens(campaign_path(SELMA, "en")).status == 503

    withheld.hand_out(config.editions, [SELMA])
    maria.current.look()

    assert maria.opens(campaign_path(SELMA, "en")).status == 200


def test_a_door_that_starts_meanwhile_withholds_too(config: Config, portrait: str) -> None:
    """A restart is no way around it."""
    withheld.withhold(config.editions, [SELMA])
    maria = visitor(config)

    assert {maria.opens(path).status for path in (*pages_of(SELMA), portrait)} == {503}


def test_what_was_withheld_stays_so_when_its_file_is_broken(config: Config, portrait: str) -> None:
    """When in doubt, nothing is shown."""
    maria = taken_down(config)
    (config.editions / withheld.FILE).write_bytes(b"{")
    maria.current.look()

    assert {maria.opens(path).status for path in (*pages_of(SELMA), portrait)} == {503}


def test_a_campaign_that_begins_with_the_same_name_keeps_its_pages(config: Config) -> None:
    """Two campaigns for two people of one family."""
    write(config.editions, draft(config, {SELMA: "open", f"{SELMA}-and-jo": "open"}))
    maria = taken_down(config)

    assert {maria.opens(path).status for path in pages_of(f"{SELMA}-and-jo")} == {200}
    assert maria.signs(f"{SELMA}-and-jo").status == 303
