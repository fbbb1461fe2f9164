"""The picture that a link carries when people send it: name and demand, set like the page.

Drawn at publishing, one for each campaign and language. Letters are never broken: a text is drawn only
in a font that has all of them, and Arabic only where the shaper (HarfBuzz, through Raqm) is there;
otherwise the picture shows the house mark alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, features
from PIL.ImageFont import FreeTypeFont

from habeas.campaigns import kept

SIZE = (1200, 630)  # what every network shows whole
KIND = "image/png"

_FONTS = Path(__file__).parent / "fonts"
# Chinese fonts are too large to carry along; where Debian's fonts-noto-cjk is installed, it is used.
_CJK = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")
FONTS = (_FONTS / "NotoSerif-Regular.ttf", _FONTS / "Amiri-Regular.ttf", _CJK)
_NO_LETTER = "\U0010fffe"  # a noncharacter: what a font draws for it, it draws for what it does not have
_LOOK = 1  # one more with each change of how pictures are drawn
_EDGE = 80
_COLOURS = 128  # enough for three inks and their edges
_SHARES = (1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.42)  # of the largest size: the first in which all words go in
_SMALLEST = 22
_UNSPACED = ("zh", "ja", "th")

Ink = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Ground:
    """The colours of docs/design.md."""

    ground: Ink
    ink: Ink
    soft: Ink


_GROUNDS = {
    "open": Ground((0x19, 0x14, 0x10), (0xF3, 0xEA, 0xDB), (0xB8, 0xAA, 0x97)),
    "won": Ground((0xFD, 0xEF, 0xC9), (0x1C, 0x17, 0x12), (0x59, 0x4D, 0x38)),
}
_PAPER = Ground((0xF5, 0xEF, 0xE4), (0x1C, 0x17, 0x12), (0x5A, 0x50, 0x45))
_SIGNAL: Ink = (0xE0, 0x49, 0x2F)


@dataclass(frozen=True, slots=True)
class Card:
    """What one picture says."""

    large: str  # the name, or what came of it
    small: str  # the demand; may be empty
    site: str  # who speaks
    language: str
    is_right_to_left: bool
    state: str = ""  # of the campaign; empty for the site's own pages
    count: str = ""  # how many stand behind it; empty: not said


@lru_cache(maxsize=256)
def draw(card: Card) -> bytes:
    """Return the picture as PNG."""
    colours = _GROUNDS.get(card.state, _PAPER)
    image = Image.new("RGB", SIZE, colours.ground)
    pen = _Pen(ImageDraw.Draw(image), card)
    pen.rule(_EDGE, colours.ink)
    if _all_drawable(card):
        pen.words(_EDGE + 40, SIZE[1] - _EDGE - 80, colours)
    pen.mark(SIZE[1] - _EDGE - 40, colours)
    pen.count(SIZE[1] - _EDGE - 18, colours)
    made = BytesIO()
    image.quantize(_COLOURS, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
    return made.getvalue()


def name_of(card: Card) -> str:
    """Return the name of the file that keeps the picture."""
    return kept.name((_LOOK, _CJK.exists(), card), "png")


def has_letters(text: str) -> bool:
    """Tell whether there is a font for every letter of `text`; each may be in another one."""
    places = [place for place in FONTS if place.exists()]
    return all(
        any(_has(place, letter) for place in places)
        for letter in set(text)
        if letter.isprintable() and not letter.isspace()
    )


def _all_drawable(card: Card) -> bool:
    return all(_font_for(text) for text in (card.large, card.small) if text)


def _font_for(text: str) -> Path | None:
    """Return the first font that has every letter of `text`, None if there is none."""
    if _needs_shaping(text) and not features.check("raqm"):
        return None
    return next((place for place in FONTS if place.exists() and _has_all(place, text)), None)


def _needs_shaping(text: str) -> bool:
    return any("\u0590" <= letter <= "\u08ff" for letter in text)


def _has_all(place: Path, text: str) -> bool:
    return all(_has(place, letter) for letter in set(text) if letter.isprintable() and not letter.isspace())


@cache
def _has(place: Path, letter: str) -> bool:
    font = _font(place, 40)
    return bytes(font.getmask(letter)) != bytes(font.getmask(_NO_LETTER))


@cache
def _font(place: Path, size: int) -> FreeTypeFont:
    return ImageFont.truetype(str(place), size)


@dataclass(frozen=True, slots=True)
class _Lines:
    """A text set in lines."""

    lines: tuple[str, ...]
    font: FreeTypeFont
    leading: int

    @property
    def height(self) -> int:
        return self.leading * len(self.lines)


class _Pen:
    """Draws on one picture, from the side where its language begins."""

    def __init__(self, draw: ImageDraw.ImageDraw, card: Card) -> None:
        self._draw = draw
        self._card = card
        self._width = SIZE[0] - 2 * _EDGE

    def rule(self, top: int, ink: Ink) -> None:
        """Draw the printer's rule, thick then thin."""
        self._draw.rectangle((_EDGE, top, SIZE[0] - _EDGE, top + 6), fill=ink)
        self._draw.rectangle((_EDGE, top + 11, SIZE[0] - _EDGE, top + 12), fill=ink)

    def words(self, top: int, bottom: int, colours: Ground) -> None:
        """Draw name and demand between `top` and `bottom`, as large as they go in."""
        for share in _SHARES:
            large, small = self._set(self._card.large, 128 * share), self._set(self._card.small, 52 * share)
            gap = round(52 * share) if self._card.small else 0
            if large.height + gap + small.height <= bottom - top:
                break
        self._draw_lines(large, top, colours.ink)
        self._draw_lines(small, top + large.height + gap, colours.soft)

    def _set(self, text: str, size: float) -> "_Lines":
        place = _font_for(text)
        if not text or place is None:
            return _Lines((), _font(FONTS[0], _SMALLEST), 0)
        font = _font(place, max(_SMALLEST, round(size)))
        leading = round(size * (1.5 if _needs_shaping(text) else 1.18))
        return _Lines(tuple(self._lines(text, font)), font, leading)

    def _draw_lines(self, lines: "_Lines", top: int, ink: Ink) -> None:
        start, anchor = (SIZE[0] - _EDGE, "ra") if self._card.is_right_to_left else (_EDGE, "la")
        for number, line in enumerate(lines.lines):
            at = (start, top + number * lines.leading)
            self._draw.text(at, line, fill=ink, font=lines.font, anchor=anchor, direction=self._direction)

    def _lines(self, text: str, font: FreeTypeFont) -> Iterator[str]:
        is_unspaced = self._card.language.startswith(_UNSPACED)
        parts, glue = (list(text), "") if is_unspaced else (text.split(), " ")
        line = ""
        for part in parts:
            longer = f"{line}{glue}{part}" if line else part
            if line and font.getlength(longer, direction=self._direction) > self._width:
                yield line
                line = part
            else:
                line = longer
        yield line

    @property
    def _direction(self) -> str | None:
        """Which way the words run; only a shaper can be told."""
        if not features.check("raqm"):
            return None
        return "rtl" if self._card.is_right_to_left else "ltr"

    def count(self, middle: int, colours: Ground) -> None:
        """Say how many, on the line of the mark at the other side, if it goes in beside who speaks."""
        place = _font_for(self._card.count) if self._card.count else None
        if place is None:
            return
        font = _font(place, 34)
        beside = _font(place, 34).getlength(self._card.site) + 120
        if beside + font.getlength(self._card.count) > self._width:
            return
        start, anchor = (_EDGE, "lm") if self._card.is_right_to_left else (SIZE[0] - _EDGE, "rm")
        at = (start, middle)
        self._draw.text(
            at, self._card.count, fill=colours.soft, font=font, anchor=anchor, direction=self._direction
        )

    def mark(self, top: int, colours: Ground) -> None:
        """Draw the house mark, an H whose lower half is an open door, and who speaks."""
        left = SIZE[0] - _EDGE - 40 if self._card.is_right_to_left else _EDGE
        for x, y, width, height, ink in (
            (0, 0, 13, 44, colours.ink),
            (26, 0, 13, 44, colours.ink),
            (0, 18, 39, 9, colours.ink),
            (13, 27, 13, 17, _SIGNAL),
        ):
            self._draw.rectangle((left + x, top + y, left + x + width - 1, top + y + height - 1), fill=ink)
        place = _font_for(self._card.site)
        if place:
            start = left - 20 if self._card.is_right_to_left else left + 60
            anchor = "rm" if self._card.is_right_to_left else "lm"
            font = _font(place, 34)
            self._draw.text((start, top + 22), self._card.site, fill=colours.ink, font=font, anchor=anchor)
