"""Portraits: shown where the person agreed, and nowhere else; with nothing in them but the picture."""

from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from PIL import Image
from pypdf import PdfReader

from habeas.campaigns import actions, portraits
from habeas.campaigns.models import Campaign, CampaignPage
from habeas.campaigns.preview import preview
from habeas.cases import custody
from habeas.cases.actions import amend, withdraw
from habeas.cases.models import Case, Consent, Document
from habeas.cases.protection import Access
from habeas.config import Config
from habeas.edition.read import Edition
from habeas.edition.slots import campaign_path
from office_site import SELMA, campaign, current_edition

LANGUAGES = ("en", "fr", "ar")
GPS = 0x8825  # Exif: where a picture was taken
NORTH, LATITUDE = 1, 2
MAKER = "A telephone that tells"


def picture(width: int = 900, height: int = 1200, upright: int = 1) -> bytes:
    """Return a picture as a telephone takes it: brighter at the top, with place and maker written into it."""
    image = Image.linear_gradient("L").rotate(180).resize((width, height)).convert("RGB")
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = MAKER, upright
    exif.get_ifd(GPS).update({NORTH: "N", LATITUDE: (18.0, 5.0, 8.0)})
    made = BytesIO()
    image.save(made, "JPEG", exif=exif)
    return made.getvalue()


def taken_in(case: Case, content: bytes, by: User, name: str = "selma.jpg") -> Document:
    """Return a document of the case that is public."""
    document = custody.take_in(case, content, name, by=by)
    return amend(document, {"access": Access.PUBLIC}, by=by)


@pytest.fixture
def selma(demonstration: None, editor: User, office: Config) -> Campaign:
    """Selma's campaign, with a portrait; she agreed to be named and shown."""
    found = campaign(SELMA)
    found.portrait, found.portrait_credit = taken_in(found.case, picture(), editor), "Sister of Selma"
    found.save()
    actions.publish(found, by=editor)
    return found


def pictures_of(edition: Edition) -> dict[str, bytes]:
    return {name: body for name, body in edition.files.items() if name.startswith("assets/portrait-")}


def posters_of(edition: Edition) -> list[PdfReader]:
    """Return Selma's posters, one a language."""
    found = [body for name, body in edition.files.items() if name.startswith(f"assets/poster-{SELMA}-")]
    assert len(found) == len(LANGUAGES)
    return [PdfReader(BytesIO(body)) for body in found]


def page_in(found: Campaign, language: str) -> CampaignPage:
    page: CampaignPage = found.pages.get(locale__language_code=language)
    return page


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_agreed_is_shown_in_every_language(selma: Campaign, office: Config, language: str) -> None:
    """The picture stands beside her name, which is what it is called for those who cannot see it."""
    shown = current_edition(office).files[f"pages{campaign_path(SELMA, language)}index.html"].decode()
    assert "<picture>" in shown
    assert "Sister of Selma" in shown
    assert f'alt="{page_in(selma, language).person}"' in shown


def test_who_agreed_hangs_on_the_wall_too(selma: Campaign, office: Config) -> None:
    """Her poster shows what her page shows, in every language, with who took it."""
    for poster in posters_of(current_edition(office)):
        [sheet] = poster.pages
        assert len(sheet.images) == 1
        assert "Sister of Selma" in sheet.extract_text()


def test_every_screen_gets_a_file_it_reads(selma: Campaign, office: Config) -> None:
    """In three widths and kinds, all of the shape of a portrait; the page names each."""
    edition = current_edition(office)
    found = pictures_of(edition)
    page = edition.files[f"pages{campaign_path(SELMA, 'en')}index.html"].decode()

    opened = {name: Image.open(BytesIO(body)) for name, body in found.items()}
    assert sorted((one.format, one.size) for one in opened.values()) == sorted(
        (kind, (width, width * 5 // 4)) for kind in ("AVIF", "JPEG", "WEBP") for width in portraits.WIDTHS
    )
    assert all(f"/{name}" in page for name in found if ".jpg" not in name)


def test_a_picture_tells_nothing_of_where_it_was_taken(selma: Campaign, office: Config) -> None:
    """Place, time and camera stay in the original; what goes out is its pixels."""
    original = custody.read(selma.portrait, by=None) if selma.portrait else b""
    assert MAKER.encode() in original
    for body in pictures_of(current_edition(office)).values():
        assert MAKER.encode() not in body
        assert not Image.open(BytesIO(body)).getexif()


def test_who_agreed_to_be_named_only_is_not_shown(mkhaitir: Campaign, editor: User, office: Config) -> None:
    """His name stands alone, though somebody chose a picture."""
    mkhaitir.portrait = taken_in(mkhaitir.case, picture(), editor)
    mkhaitir.save()
    actions.publish(mkhaitir, by=editor)

    assert not pictures_of(current_edition(office))
    assert "<picture>" not in preview(page_in(mkhaitir, "en"), "open").decode()


@pytest.mark.parametrize("way", ["the document is for the team", "her consent is taken back"])
def test_a_picture_that_may_not_be_shown_any_more_is_gone(
    selma: Campaign, editor: User, office: Config, way: str
) -> None:
    """From the page, from the poster, and from the disk of the office's pictures, posters included."""
    if way == "the document is for the team" and selma.portrait:
        amend(selma.portrait, {"access": Access.TEAM}, by=editor)
    else:
        consent = Consent.objects.get(case=selma.case, purpose="public_web")
        amend(consent, {"identification": "name_only"}, by=editor)
    actions.publish(selma, by=editor)

    edition = current_edition(office)
    assert not pictures_of(edition)
    assert not any(poster.pages[0].images for poster in posters_of(edition))
    assert "Selma" in edition.files[f"pages{campaign_path(SELMA, 'en')}index.html"].decode()
    assert not list((office.pictures / "portraits").iterdir())
    assert not any(PdfReader(path).pages[0].images for path in office.pictures.glob("*.pdf"))


def test_a_withdrawn_document_is_not_shown(selma: Campaign, editor: User, office: Config) -> None:
    """Who withdraws the document withdraws the picture."""
    if selma.portrait:
        withdraw(selma.portrait, by=editor, reason="Not she")
    actions.publish(selma, by=editor)
    assert not pictures_of(current_edition(office))


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<svg/>", picture()[:2000]])
def test_a_broken_picture_keeps_no_page_from_people(
    selma: Campaign, editor: User, office: Config, content: bytes
) -> None:
    """The page is published with the name alone."""
    selma.portrait = taken_in(selma.case, content, editor, "broken.jpg")
    selma.save()
    actions.publish(selma, by=editor)

    edition = current_edition(office)
    assert not pictures_of(edition)
    assert "Selma" in edition.files[f"pages{campaign_path(SELMA, 'en')}index.html"].decode()


def test_staff_see_the_picture_before_it_is_public(selma: Campaign) -> None:
    """A preview carries it along, as no edition has it yet."""
    assert 'src="data:image/jpeg;base64,' in preview(page_in(selma, "en"), "open").decode()


def test_a_picture_of_another_case_is_refused(selma: Campaign, mkhaitir: Campaign) -> None:
    """So is a document that is no picture, in words that say what to choose."""
    mkhaitir.portrait = selma.portrait
    with pytest.raises(ValidationError, match="another case"):
        mkhaitir.clean()


def test_a_document_that_is_no_picture_is_refused(selma: Campaign, editor: User) -> None:
    """The form says what to choose instead."""
    selma.portrait = taken_in(selma.case, b"%PDF", editor, "judgment.pdf")
    with pytest.raises(ValidationError, match="JPEG"):
        selma.clean()


@pytest.mark.parametrize("size", [(400, 2000), (2000, 400), (400, 500), (10, 10)])
def test_any_shape_is_cut_to_a_portrait(size: tuple[int, int]) -> None:
    """Nothing is stretched, and of a high one the upper part stays: there are the faces."""
    made = list(portraits.renditions(picture(*size)))
    assert {(one.width, one.height) for one in made} == {
        (width, width * 5 // 4) for width in portraits.WIDTHS
    }


def test_a_picture_taken_sideways_stands_upright() -> None:
    """Telephones write down how they were held instead of turning the picture."""
    sideways = 6
    top, bottom = _edges(next(portraits.renditions(picture(1200, 900, upright=sideways))))
    left, right = _edges(next(portraits.renditions(picture(900, 1200))))
    assert (left - right) > 50 > abs(top - bottom)


def _edges(one: portraits.Rendition) -> tuple[int, int]:
    """Return how bright a picture is at its top and its bottom."""
    grey, middle = Image.open(BytesIO(one.content)).convert("L"), one.width // 2
    rows = [grey.crop((middle, row, middle + 1, row + 1)).tobytes()[0] for row in (2, one.height - 3)]
    return rows[0], rows[1]


def test_a_picture_too_large_to_open_is_refused(tmp_path: Path) -> None:
    """A file of a few kilobytes can claim a thousand million pixels."""
    huge = BytesIO()
    Image.new("1", (9_000, 9_000)).save(huge, "PNG")
    with pytest.raises(portraits.NotAPicture, match="50 million"):
        list(portraits.renditions(huge.getvalue()))
