"""Portraits: from a picture in the registry to what phones and desks load.

A picture leaves without anything but its pixels: no place, no time, no camera (Exif). It is cut to 4:5 around
the middle, its upper part kept, because that is where faces are.
"""

import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from habeas.cases.publishable import PublicPicture
from habeas.lib import durable
from habeas.lib.errors import HabeasError

WIDTHS = (208, 416, 624)  # pixels: a desk's width once, twice, three times; a phone shows half of it
SHAPE = (4, 5)
KINDS = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}  # the lightest first
MOST_PIXELS = 50_000_000
_QUALITY = {"avif": 55, "webp": 72, "jpg": 78}
_FORMATS = {"avif": "AVIF", "webp": "WEBP", "jpg": "JPEG"}
_READ = ("JPEG", "PNG", "WEBP", "AVIF")
_FROM_TOP = 0.25  # of what is cut off, so much above and the rest below
_FOLDER = "portraits"


class NotAPicture(HabeasError):
    """The document cannot be shown as a picture; the message tells an editor why."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """One file of a portrait."""

    width: int
    ending: str  # of KINDS
    content: bytes

    @property
    def height(self) -> int:
        """How many pixels high it is."""
        return _height(self.width)


def kept(picture: PublicPicture, folder: Path) -> tuple[Rendition, ...]:
    """Return a portrait in every width and kind, made once for as long as `folder` keeps it.

    raises  NotAPicture; OriginalDamaged if the document is not what was taken in
    """
    place = _place(picture, folder)
    wanted = [(ending, width, place / f"{width}.{ending}") for ending in KINDS for width in WIDTHS]
    if not all(path.exists() for *_, path in wanted):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        for made in renditions(picture.read()):
            durable.write(place / f"{made.width}.{made.ending}", made.content)
    return tuple(Rendition(width, ending, path.read_bytes()) for ending, width, path in wanted)


def forget_others(pictures: Collection[PublicPicture], folder: Path) -> None:
    """Remove what `folder` keeps of others than `pictures`: nobody taken down stays in it."""
    names = {_place(picture, folder).name for picture in pictures}
    for place in (folder / _FOLDER).glob("*"):
        if place.name not in names:
            shutil.rmtree(place, ignore_errors=True)


def renditions(content: bytes) -> Iterator[Rendition]:
    """Yield a picture in every width and kind.

    raises  NotAPicture
    """
    whole = _cut(_opened(content))
    for width in WIDTHS:
        scaled = whole.resize((width, _height(width)), Image.Resampling.LANCZOS)
        yield from (Rendition(width, ending, _encoded(scaled, ending)) for ending in KINDS)


def _opened(content: bytes) -> Image.Image:
    try:
        with Image.open(BytesIO(content), formats=_READ) as found:
            if found.width * found.height > MOST_PIXELS:
                raise NotAPicture("the picture has more than 50 million pixels: make it smaller")
            upright = ImageOps.exif_transpose(found)
            return upright.convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError, SyntaxError, ValueError) as error:
        raise NotAPicture("it is no picture we can read: JPEG, PNG, WebP or AVIF") from error


def _cut(picture: Image.Image) -> Image.Image:
    """Return the largest part of the shape of a portrait."""
    width = min(picture.width, picture.height * SHAPE[0] // SHAPE[1])
    height = min(picture.height, picture.width * SHAPE[1] // SHAPE[0])
    left = (picture.width - width) // 2
    top = round((picture.height - height) * _FROM_TOP)
    return picture.crop((left, top, left + width, top + height))


def _encoded(picture: Image.Image, ending: str) -> bytes:
    made = BytesIO()
    save = partial(picture.save, made, _FORMATS[ending], quality=_QUALITY[ending])
    save(optimize=True, progressive=True) if ending == "jpg" else save()
    return made.getvalue()


def _height(width: int) -> int:
    return width * SHAPE[1] // SHAPE[0]


def _place(picture: PublicPicture, folder: Path) -> Path:
    return folder / _FOLDER / picture.sha256
