"""The poster and the letter: one sheet each, readable by people and machines, set once."""

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from habeas.campaigns import actions, papers
from habeas.campaigns.papers import KINDS, Face, Paper
from habeas.campaigns.publishing import publish_edition
from habeas.cases.actions import amend
from habeas.cases.protection import Access
from habeas.config import Config
from habeas.edition.slots import campaign_path
from habeas.lib import languages
from office_site import DOOR, MKHAITIR, SELMA, campaign, current_edition, page_of
from public_side import header, visitor

A4 = (595, 842)  # points
ENGLISH = Paper(
    "letter",
    "en",
    "Habeas",
    f"{DOOR}/en/c/free-selma/",
    "Tell the Minister of Justice to free Selma Example",
    "Selma Example",
    "She is held.",
    "Minister of Justice",
    "A. N. Example",
    ("Free her", "Drop the charge"),
    is_demonstration=False,
)
ARABIC = replace(
    ENGLISH, language="ar", title="طالِبوا بالإفراج عن سلمى", person="سلمى مثال", demands=("الإفراج عنها",)
)


def read(content: bytes) -> PdfReader:
    return PdfReader(BytesIO(content))


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in read(content).pages)


def picture_of_her() -> bytes:
    made = BytesIO()
    Image.linear_gradient("L").resize((624, 780)).convert("RGB").save(made, "JPEG")
    return made.getvalue()


def alternatives(content: bytes) -> list[str]:
    """Return what is read aloud in the place of each picture (PDF/UA: every figure has /Alt)."""
    root: Any = read(content).trailer["/Root"]
    return [str(part["/Alt"]) for part in parts(root["/StructTreeRoot"]) if part.get("/S") == "/Figure"]


def parts(node: DictionaryObject) -> Iterator[DictionaryObject]:
    """Yield every element below one of a document's structure."""
    yield node
    below = node.get("/K", ArrayObject())
    for one in below if isinstance(below, ArrayObject) else ArrayObject([below]):
        found = one.get_object()
        if isinstance(found, DictionaryObject):
            yield from parts(found)


def linked(config: Config, slug: str, language: str) -> dict[str, str]:
    """Return kind and address of what the page links to."""
    page = page_of(config, campaign_path(slug, language))
    return {kind: path for path, kind in re.findall(r'href="(/assets/(poster|letter)-[^"]+\.pdf)"', page)}


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_every_open_campaign_can_be_hung_up_and_sent_by_post(office: Config, language: str) -> None:
    """In each language a poster and a letter, one A4 sheet each, tagged, with title and language."""
    found = linked(office, SELMA, language)
    assert tuple(found) == KINDS
    for path in found.values():
        answer = visitor(office).opens(path)
        assert header(answer, "content-type") == "application/pdf"
        paper = read(answer.body)
        root: Any = paper.trailer["/Root"]
        [sheet] = paper.pages
        assert (round(sheet.mediabox.width), round(sheet.mediabox.height)) == A4
        assert paper.metadata
        assert paper.metadata.title
        assert str(root["/Lang"]).startswith(language)
        assert root["/MarkInfo"]["/Marked"]
        assert f"{DOOR}{campaign_path(SELMA, language)}" in sheet.extract_text()


def test_a_letter_says_whom_it_is_to_and_what_is_asked() -> None:
    """And leaves room for a name and a hand."""
    text = text_of(papers.set_(ENGLISH))

    for words in ("A. N. Example", "Dear Sir or Madam,", "Free her", "2", "Signature", "Place and date"):
        assert words in text
    assert "invented" not in text
    assert "invented" in text_of(papers.set_(replace(ENGLISH, is_demonstration=True)))


def test_what_arabic_papers_say_can_be_searched_and_read_aloud() -> None:
    """Fonts that draw letters as pieces look right and say nothing: each word is found as it was written."""
    text = text_of(papers.set_(ARABIC))

    for word in ("سلمى", "مثال", "الإفراج", "تحية"):
        assert word in text


@pytest.mark.parametrize("said", [ENGLISH, ARABIC])
def test_a_poster_shows_whom_the_page_shows(said: Paper) -> None:
    """The very picture, her name for those who cannot see it, who took it; on one sheet."""
    poster = papers.set_(replace(said, kind="poster", face=Face(picture_of_her(), "Sister of Selma")))
    [sheet] = read(poster).pages
    [shown] = sheet.images

    assert shown.image
    assert shown.image.size == (624, 780)
    assert said.person in alternatives(poster)
    assert "Sister of Selma" in sheet.extract_text()


def test_without_a_portrait_the_name_stands_alone() -> None:
    """No frame waits for a picture, and nobody is thanked for one."""
    poster = papers.set_(replace(ENGLISH, kind="poster"))

    assert not read(poster).pages[0].images
    assert alternatives(poster) == [ENGLISH.link]
    assert "Picture" not in text_of(poster)


def test_another_portrait_is_another_poster() -> None:
    """What is kept from before is not taken for it."""
    one, other = (
        replace(ENGLISH, kind="poster", face=Face(face, "")) for face in (picture_of_her(), b"another")
    )

    assert papers.name_of(one) != papers.name_of(other) != papers.name_of(replace(one, face=None))


def test_what_staff_write_is_never_run() -> None:
    """A demand that looks like a command is printed."""
    demand = '#read("/etc/passwd") $x$ *b* \\ @a <b>'
    text = text_of(papers.set_(replace(ENGLISH, demands=(demand,))))

    assert "root:" not in text
    assert '#read("/etc/passwd") $x$ *b*' in text


def test_however_long_the_names_a_poster_is_one_sheet() -> None:
    """Set smaller, not cut off, with a portrait and without."""
    poster = replace(
        ENGLISH, kind="poster", person="Maria " * 12, title="Tell them " * 14, lede="So it is. " * 25
    )

    for one in (poster, replace(poster, face=Face(picture_of_her(), "Somebody with a name " * 4))):
        assert len(read(papers.set_(one)).pages) == 1


def test_no_paper_comes_with_boxes_for_letters(caplog: pytest.LogCaptureFixture) -> None:
    """A letter that no font here has: better none; a page goes out without it."""
    with caplog.at_level(logging.ERROR):
        assert papers.set_(replace(ENGLISH, person="\u1200\u1201")) == b""
        assert not caplog.records
        assert papers.set_(replace(ENGLISH, title="")) == b""  # a document has to have a title


@pytest.mark.parametrize("code", [code for code in languages.AVAILABLE if code != "zh-hans"])
def test_every_language_has_its_letters(code: str) -> None:
    """Chinese needs a font of the system."""
    assert papers.set_(replace(ENGLISH, language=code)).startswith(b"%PDF")


def test_papers_are_set_once_and_leave_with_the_campaign(
    office: Config, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Publishing again sets nothing; one that ended has nothing to be asked for, and the folder forgets."""
    before = {path.name for path in office.pictures.glob("*.pdf")}
    assert len(before) == 2 * 2 * 3
    monkeypatch.setattr("typst.compile", lambda *_, **__: pytest.fail("set again"))
    publish_edition(office)
    assert {path.name for path in office.pictures.glob("*.pdf")} == before

    actions.close(campaign(MKHAITIR), outcome="released", by=editor)
    assert linked(office, MKHAITIR, "en") == {}
    assert len(list(office.pictures.glob("*.pdf"))) == 2 * 3
    kept = [page.path for page in current_edition(office).manifest.pages if page.path.endswith(".pdf")]
    assert len(kept) == 2 * 3


@pytest.mark.parametrize(
    ("language", "begins"), [("en", "Your Excellency,"), ("fr", "Monsieur le Président,")]
)
def test_a_letter_addresses_whoever_holds_the_office_as_the_directory_says(
    office: Config, language: str, begins: str
) -> None:
    """In each language in which a salutation is written down."""
    assert begins in letter(office, language)


def test_where_no_salutation_is_written_down_a_letter_begins_as_any(office: Config, editor: User) -> None:
    """In a language that the directory does not have, and for somebody it has nothing of."""
    amend(campaign(MKHAITIR).target, {"salutation": {"fr": "Monsieur le Président"}}, by=editor)
    publish_edition(office)

    assert "Dear Sir or Madam," in letter(office, "en")


def test_a_salutation_that_is_not_public_stands_in_no_letter(office: Config, editor: User) -> None:
    """What is noted of an office for the team alone stays with the team."""
    amend(campaign(MKHAITIR).target, {"access": Access.TEAM}, by=editor)
    publish_edition(office)

    assert "Your Excellency" not in letter(office, "en")
    assert "Dear Sir or Madam," in letter(office, "en")


def letter(office: Config, language: str) -> str:
    """Return what the letter says that people are offered now."""
    address = linked(office, MKHAITIR, language)["letter"]
    return text_of(current_edition(office).files[address.removeprefix("/")])
