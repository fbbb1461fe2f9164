"""Pages: the same for everybody, quickly, in the language people read, and nothing from elsewhere."""

import gzip
import json
from collections.abc import Iterator

import brotli
import pytest

from habeas.config import Config
from habeas.door.app import Door
from habeas.door.current import Current
from habeas.door.http import Response
from habeas.door.links import Links
from habeas.door.pages import accepted_encoding, preferred_language
from habeas.door.sign import Desks
from habeas.edition.slots import campaign_path, confirmed_path, sign_path, thanks_path
from habeas.edition.write import write
from habeas.lib import languages
from habeas.vault.links import Purpose
from public_side import (
    LANGUAGES,
    OMAR,
    POLICY,
    SELMA,
    Reader,
    Visitor,
    draft,
    header,
    tell,
    visitor,
)

PAGE = campaign_path(SELMA, "en")
CELLS = [("ES", "en", 3), ("ES", "fr", 2), ("", "ar", 1_200)]


def every_kind_of_answer(maria: Visitor) -> Iterator[Response]:
    """Yield one answer of each kind the door gives."""
    confirm = maria.link("confirm", Purpose.CONFIRM)
    for path in ("/", PAGE, PAGE[:-1], "/nothing", f"/count/{SELMA}.json", "/count/x.json", confirm):
        yield maria.opens(path)
    etag = header(maria.opens(PAGE), "etag")
    yield maria.opens(PAGE, if_none_match=etag)
    yield maria.opens(stylesheet(maria))
    yield maria.opens(thanks_path(SELMA, "en"))
    yield maria.opens(sign_path(SELMA, "en"))
    yield maria.opens(confirm[:-1])
    yield maria.opens(maria.link("confirm", Purpose.CONFIRM, hours=0))
    yield maria.asks("DELETE", PAGE)
    yield maria.signs()
    yield maria.signs(name="")
    yield maria.signs(OMAR)
    yield maria.asks("POST", sign_path(SELMA, "en"), b"a=1&a=2")
    yield maria.asks("POST", sign_path(SELMA, "en"), None)
    yield maria.asks("POST", "/nothing")
    yield maria.asks("POST", PAGE)
    for word, purpose in (("confirm", Purpose.CONFIRM), ("unsubscribe", Purpose.UNSUBSCRIBE)):
        yield maria.asks("POST", maria.link(word, purpose))
    maria.current.shelf = None
    yield maria.opens(PAGE)


def stylesheet(maria: Visitor) -> str:
    assert maria.current.shelf
    return next(page.path for page in maria.current.shelf.edition.manifest.pages if page.cache == "asset")


def test_no_answer_lets_anything_in_from_elsewhere_or_sets_a_cookie(maria: Visitor) -> None:
    """Whatever happens, a page loads nothing but ours, runs no script and remembers nobody."""
    answers = list(every_kind_of_answer(maria))

    assert {answer.status for answer in answers} >= {
        *(200, 302, 303, 304, 308, 400, 404, 405, 409, 410, 413, 422, 503)
    }
    for answer in answers:
        names = [name for name, _ in answer.headers]
        assert header(answer, "content-security-policy") == POLICY
        assert header(answer, "x-content-type-options") == "nosniff"
        assert header(answer, "referrer-policy") == "no-referrer"
        assert "set-cookie" not in names
        assert len(names) == len(set(names))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_open_campaign_shows_its_form_and_how_many_signed(maria: Visitor, language: str) -> None:
    """The two places in the page are filled."""
    answer = maria.opens(campaign_path(SELMA, language))
    page = Reader(answer.body)

    assert answer.status == 200
    assert header(answer, "content-language") == language
    assert page.inputs.keys() == {"name", "email", "country", "comment", "website", "updates"}
    assert page.problems == {}
    assert f'action="{sign_path(SELMA, language)}"'.encode() in answer.body
    assert b'data-count="0"' in answer.body
    assert b"slot:" not in answer.body


def test_a_campaign_that_ended_has_no_form(maria: Visitor) -> None:
    """Nobody types into the void."""
    assert Reader(maria.opens(campaign_path(OMAR, "en")).body).inputs == {}


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("br, gzip", "br"),
        ("gzip, deflate, br;q=0.5", "br"),
        ("gzip", "gzip"),
        ("BR", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.000", ""),
        ("deflate", ""),
        ("", ""),
        ("br;q=", "br"),
    ],
)
def test_a_page_travels_in_what_the_browser_can_read(maria: Visitor, accepted: str, encoding: str) -> None:
    """And unpacks to the same bytes."""
    plain = maria.opens(PAGE).body
    answer = maria.opens(PAGE, accept_encoding=accepted)
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[encoding]

    assert accepted_encoding(accepted) == encoding
    assert header(answer, "content-encoding") == encoding
    assert unpack(answer.body) == plain
    assert header(answer, "vary") == "accept-encoding"
    assert not encoding or len(answer.body) < len(plain)


def test_a_page_that_did_not_change_is_not_sent_again(maria: Visitor) -> None:
    """Reloading costs a few bytes on a slow line."""
    first = maria.opens(PAGE, accept_encoding="br")
    etag = header(first, "etag")
    again = maria.opens(PAGE, accept_encoding="br", if_none_match=f'"older", W/{etag}')

    assert (again.status, again.body) == (304, b"")
    assert header(again, "etag") == etag
    assert header(again, "cache-control") == header(first, "cache-control")
    assert header(again, "vary") == "accept-encoding"
    assert maria.opens(PAGE, accept_encoding="gzip", if_none_match=etag).status == 200
    assert maria.opens(campaign_path(SELMA, "fr"), accept_encoding="br", if_none_match=etag).status == 200


def test_pages_are_asked_for_anew_assets_are_kept_and_thanks_are_forgotten(maria: Visitor) -> None:
    """A corrected page reaches people at once; a shared computer does not show that somebody signed."""
    assert header(maria.opens(PAGE), "cache-control") == "public, max-age=0, must-revalidate"
    assert header(maria.opens(stylesheet(maria)), "cache-control") == "public, max-age=31536000, immutable"
    for path in (thanks_path(SELMA, "en"), confirmed_path(SELMA, "en")):
        assert header(maria.opens(path), "cache-control") == "no-store"


@pytest.mark.parametrize(
    ("wished", "language"),
    [
        ("", "en"),
        ("ar", "ar"),
        ("fr-CA, en;q=0.5", "fr"),
        ("en;q=0.5, ar-EG;q=0.9", "ar"),
        ("de, fr; q=0.8, en; q=0.7", "fr"),
        ("AR", "ar"),
        ("fr;q=0, ar;q=0.1", "ar"),
        ("*", "en"),
        ("de", "en"),
        ("fr;q=nan, ar", "ar"),
        ("fr;q=-1", "en"),
        (";q=;;,,q", "en"),
    ],
)
def test_a_person_at_the_bare_address_gets_a_page_they_can_read(
    maria: Visitor, wished: str, language: str
) -> None:
    """The browser says which languages its owner reads; whatever it says, there is an answer."""
    answer = maria.opens("/", accept_language=wished)

    assert answer.status == 302
    assert header(answer, "location") == f"/{language}/"
    assert header(answer, "vary") == "accept-language"


def test_the_languages_of_the_site_may_be_longer_than_two_letters() -> None:
    """Chinese has two scripts."""
    assert preferred_language("zh-Hans", ("en", "zh-hans")) == "zh-hans"
    assert preferred_language("zh-CN,en;q=0.5", ("en", "zh-hans")) == "zh-hans"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/fr/nothing/", 404),
        ("GET", "/fr/c/free-nobody/", 404),
        ("GET", "/fr/confirm", 404),
        ("GET", "/fr/../../etc/passwd", 404),
        ("GET", "/fr/\x00", 404),
        ("GET", "/fr/\ud800", 404),
        ("POST", "/fr/nothing/", 404),
        ("POST", "/fr/", 405),
        ("PUT", "/fr/", 405),
        ("OPTIONS", "/fr/", 405),
    ],
)
def test_who_goes_astray_reads_it_in_their_language(
    maria: Visitor, method: str, path: str, status: int
) -> None:
    """An error is a page like any other."""
    answer = maria.asks(method, path)

    assert answer.status == status
    assert Reader(answer.body).language == "fr"
    assert f"error-{status}".encode() in answer.body


def test_a_forgotten_slash_at_the_end_is_added(maria: Visitor) -> None:
    """People type addresses from posters."""
    answer = maria.opens(PAGE[:-1])

    assert answer.status == 308
    assert header(answer, "location") == PAGE


def test_nothing_is_sent_anywhere_but_to_this_door(maria: Visitor) -> None:
    """An address with two slashes in front would be another host's."""
    for path in ("//evil.example", "//evil.example/", "/\\evil.example"):
        assert maria.opens(path).status == 404


def test_the_public_count_adds_up(config: Config) -> None:
    """Every number in it is of the same people."""
    write(config.editions, draft(config))
    tell(config, SELMA, CELLS)
    answer = visitor(config).opens(f"/count/{SELMA}.json")
    count = json.loads(answer.body)

    assert answer.status == 200
    assert header(answer, "content-type") == "application/json"
    assert count == {
        "total": 1_205,
        "is_exact": True,
        "by_country": {"ES": 5, "": 1_200},
        "by_language": {"en": 3, "fr": 2, "ar": 1_200},
    }
    assert sum(count["by_country"].values()) == sum(count["by_language"].values()) == count["total"]


def test_a_campaign_nobody_signed_counts_nobody(maria: Visitor) -> None:
    """Zero is a number; a campaign that is not there has none."""
    assert json.loads(maria.opens(f"/count/{OMAR}.json").body)["total"] == 0
    assert maria.opens("/count/free-nobody.json").status == 404


def test_the_count_on_the_page_follows_and_speaks_its_language(config: Config) -> None:
    """Only the pages whose count changed are made anew; digits are those of the readers."""
    write(config.editions, draft(config))
    maria = visitor(config)
    before = {path: header(maria.opens(path), "etag") for path in (PAGE, campaign_path(OMAR, "en"))}
    tell(config, SELMA, CELLS)
    maria.current.look_at_counts()

    assert b"<b>1,205</b>" in maria.opens(PAGE).body
    assert f"<b>{languages.number(1_205, 'fr')}</b>".encode() in maria.opens(campaign_path(SELMA, "fr")).body
    assert header(maria.opens(PAGE), "etag") != before[PAGE]
    assert header(maria.opens(campaign_path(OMAR, "en")), "etag") == before[campaign_path(OMAR, "en")]


def test_a_damaged_count_leaves_the_one_before(config: Config) -> None:
    """A number that was right a second ago is better than none."""
    write(config.editions, draft(config))
    tell(config, SELMA, CELLS)
    maria = visitor(config)
    for damage in (b"", b"{", b'{"format":1,"campaigns":{"zz":{}}}', b"\xff"):
        config.counts.write_bytes(damage)
        maria.current.look_at_counts()
        assert b"1,205" in maria.opens(PAGE).body
    config.counts.unlink()
    maria.current.look_at_counts()
    assert b"1,205" in maria.opens(PAGE).body


def test_before_anything_is_published_the_door_says_so(config: Config) -> None:
    """It asks to come back, and takes nothing."""
    current = Current(config.editions, config.counts, config.status / "door-00.json")
    current.look()
    maria = visitor(config)

    assert current.shelf is None
    assert maria.opens("/").status == 503
    assert maria.signs().status == 503
    assert not maria.journal.groups


def test_tor_browser_is_told_where_the_same_page_is_as_an_onion_service(published: Config) -> None:
    """Each page its own address there, in every encoding; nothing is said where there is none."""
    maria = visitor(published)
    assert header(maria.opens(PAGE), "onion-location") == ""

    maria.current = Current(published.editions, published.counts, onion="http://abcdef.onion/")
    maria.current.look()
    maria.door = Door(maria.current, Desks(published.keys), Links(b"0" * 32), maria.journal.append)
    for encoding in ("", "br", "gzip"):
        told = header(maria.opens(PAGE, accept_encoding=encoding), "onion-location")
        assert told == f"http://abcdef.onion{PAGE}"
    assert header(maria.opens(stylesheet(maria)), "onion-location") == ""
