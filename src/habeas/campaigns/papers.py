"""A poster to hang up and a letter to sign and send, as PDF: one of each for a campaign and language.

Set by Typst from `paper/*.typ`, to PDF/UA-1: tagged, with title and language. What staff wrote reaches the
templates as data alone. Fonts are those of the pictures; a text with a letter that none has is not set.
The poster shows the person where the page does.
"""

import hashlib
import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import typst

from habeas.campaigns import kept, pictures, sharing
from habeas.campaigns.presentation import CampaignView
from habeas.lib import languages

KIND = "application/pdf"
KINDS: tuple[Literal["poster", "letter"], ...] = ("poster", "letter")

_TEMPLATES = Path(__file__).parent / "paper"
_LOOK = 2  # one more with each change of how they are set
_FACES = {"ltr": ("Noto Serif", "Amiri", "Noto Serif CJK SC"), "rtl": ("Amiri", "Noto Serif")}
_SCRIPTS = {"zh-hans": "zh"}  # languages as Typst knows them

log = logging.getLogger("habeas.campaigns")


@dataclass(frozen=True, slots=True)
class Face:
    """The portrait that the page shows."""

    jpeg: bytes
    credit: str  # who took it; may be empty


@dataclass(frozen=True, slots=True)
class Paper:
    """All that a poster or a letter says."""

    kind: Literal["poster", "letter"]
    language: str
    site: str  # who speaks
    link: str  # of the page, absolute
    title: str  # the demand
    person: str
    lede: str
    office: str  # of the target
    holder: str  # of that office, may be empty
    demands: tuple[str, ...]
    is_demonstration: bool
    salutation: str = ""  # of a letter: how whoever holds the office is addressed; empty: as anybody
    face: Face | None = None  # of a poster; a letter has none


def of(
    view: CampaignView,
    kind: Literal["poster", "letter"],
    language: str,
    site: str,
    link: str,
    *,
    salutation: str = "",
    face: Face | None = None,
) -> Paper:
    """Return what the poster or letter of a campaign says: what its page does, and to whom a letter is.

    face  the portrait on the page, which a poster shows too
    """
    return Paper(
        kind,
        language,
        site,
        link,
        view.title,
        view.person,
        view.lede,
        view.target_office,
        view.target_holder,
        view.demands,
        view.is_demonstration,
        salutation if kind == "letter" else "",
        face if kind == "poster" else None,
    )


def name_of(paper: Paper) -> str:
    """Return the name of the file that keeps it."""
    seen = hashlib.sha256(_jpeg(paper)).hexdigest()
    return kept.name((_LOOK, [font.exists() for font in pictures.FONTS], _told(paper), seen), "pdf")


def set_(paper: Paper) -> bytes:
    """Return it as PDF, empty if no font has its letters or it cannot be set.

    A page goes out without its poster rather than not at all.
    """
    told = _told(paper)
    if not pictures.has_letters("".join(_texts(told))):
        return b""
    try:
        made: bytes = typst.compile(
            str(_TEMPLATES / f"{paper.kind}.typ"),
            root=str(_TEMPLATES),
            font_paths=[str(font.parent) for font in pictures.FONTS if font.exists()],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"told": json.dumps(told), "face": json.dumps([*_jpeg(paper)])},  # bytes as numbers
            pdf_standards=["ua-1"],
        )
    except (typst.TypstError, RuntimeError):
        log.exception("no %s in %s: it could not be set", paper.kind, paper.language)
        return b""
    return made


def _told(paper: Paper) -> dict[str, Any]:
    """Return what the templates are given."""
    direction, catalogue = languages.language(paper.language).direction, languages.words(paper.language)
    _ = catalogue.gettext
    demands = [
        (languages.number(number, paper.language), demand) for number, demand in enumerate(paper.demands, 1)
    ]
    said = {name: value for name, value in asdict(paper).items() if name != "face"}
    credit = paper.face.credit if paper.face else ""
    return {
        **said,
        "language": _SCRIPTS.get(paper.language, paper.language),
        "fonts": _FACES[direction],
        "is_right_to_left": direction == "rtl",
        "code": sharing.qr_code(paper.link).decode(),
        "demands": demands,
        "demonstration": _("This is a demonstration: the person and the events are invented.")
        if paper.is_demonstration
        else "",
        "credit": f"{_('Picture:')} {credit}" if credit else "",
        "here": _("Read and sign here"),
        "salutation": _greeting(paper.salutation, _("Dear Sir or Madam,")),
        "about": _("I write to you about %(name)s.") % {"name": paper.person},
        "ask": _("I ask you:"),
        "closing": _("Yours faithfully,"),
        "place_and_date": _("Place and date"),
        "name": _("Name"),
        "signature": _("Signature"),
    }


def _greeting(salutation: str, usual: str) -> str:
    """Return a salutation as a letter begins, with the mark that ends the usual one in its language."""
    if not salutation:
        return usual
    return salutation if salutation[-1] in ",،：:!！." else salutation + usual[-1]


def _jpeg(paper: Paper) -> bytes:
    """Return the portrait, empty if none is shown."""
    return paper.face.jpeg if paper.face else b""


def _texts(told: dict[str, Any]) -> list[str]:
    """Return every text that is set."""
    plain = [text for name, text in told.items() if isinstance(text, str) and name not in {"code", "kind"}]
    return [*plain, *(text for pair in told["demands"] for text in pair)]
