"""Put the pictures of a gallery onto sheets, one a page, for docs/pictures/states.

python tests/look/sheets.py GALLERY OUT    after gallery.py GALLERY: every width, light and dark, en and ar
"""

import sys
from collections import defaultdict
from pathlib import Path

import click
from PIL import Image

from look.gallery import PHOTOGRAPHED, SCHEMES, WIDTHS

SCALE = 0.4
TALLEST = 2_100  # pixels of a page that are shown; what lies below is text like that above it
GAP = 12
GROUND = (128, 128, 128)  # neither paper nor night: the edges of both are seen
QUALITY = 50


def main() -> int:
    """Write a sheet for every page that was photographed in full; return the exit code."""
    shots, out = Path(sys.argv[1]) / "shots", Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    for name, found in sorted(pages(shots).items()):
        sheet(found).save(out / f"{name}.webp", quality=QUALITY, method=6)
    click.echo(f"{len(pages(shots))} sheets in {out}")
    return 0


def pages(shots: Path) -> dict[str, list[list[Path]]]:
    """Return the pictures of each page: a row a scheme, in it each language at every width."""
    names = {path.name.removeprefix("en-").rsplit("-", 2)[0] for path in shots.glob("en-*.png")}
    rows: dict[str, list[list[Path]]] = defaultdict(list)
    for name in names:
        for scheme in SCHEMES:
            row = [shots / f"{code}-{name}-{width}-{scheme}.png" for code in PHOTOGRAPHED for width in WIDTHS]
            rows[name].append([path for path in row if path.exists()])
    return rows


def sheet(rows: list[list[Path]]) -> Image.Image:
    """Return one picture of many, small enough to look at side by side."""
    small = [[_small(path) for path in row] for row in rows]
    widest = max(sum(one.width + GAP for one in row) for row in small) + GAP
    tallest = sum(max(one.height for one in row) + GAP for row in small) + GAP
    whole = Image.new("RGB", (widest, tallest), GROUND)
    top = GAP
    for row in small:
        left = GAP
        for one in row:
            whole.paste(one, (left, top))
            left += one.width + GAP
        top += max(one.height for one in row) + GAP
    return whole


def _small(path: Path) -> Image.Image:
    with Image.open(path) as shot:
        shown = shot.convert("RGB").crop((0, 0, shot.width, min(shot.height, TALLEST)))
        return shown.resize(
            (round(shown.width * SCALE), round(shown.height * SCALE)), Image.Resampling.LANCZOS
        )


if __name__ == "__main__":
    sys.exit(main())
