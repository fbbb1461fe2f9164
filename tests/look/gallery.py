"""Render every public page with sample data, photograph it, and look for overflow and barriers.

python tests/look/gallery.py OUT_DIR             HTML; screenshots at 3 widths, light and dark; audit
python tests/look/gallery.py OUT_DIR open won    only the pages whose names begin so

The audit runs axe in both schemes and asks for overflow at 320 and 360 px; its findings end the run with 1.
"""

import gzip
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import brotli
import click
from axe_playwright_python.sync_playwright import Axe
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, sync_playwright

from habeas.campaigns import presentation, sharing
from habeas.edition.slots import campaign_path
from habeas.lib import languages
from look.samples import ORIGIN
from look.states import render_all

ASSETS = Path(presentation.__file__).parent / "public" / "assets"
TABLET = 768
WIDTHS = (360, TABLET, 1280)
NARROWEST = 320
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PHOTOGRAPHED = ("en", "ar")
CHROMIUM = {
    "executable_path": "/usr/bin/chromium",
    "args": ["--no-sandbox", "--disable-background-networking", "--no-first-run"],
}


def main() -> int:
    """Render, photograph, audit; return the exit code."""
    out = Path(sys.argv[1])
    wanted = tuple(sys.argv[2:]) or ("",)
    compile_catalogues()
    pages = {name: html for name, html in render_all().items() if Path(name).name.startswith(wanted)}
    write(out, pages)
    findings = photograph(out, list(pages))
    for finding in findings:
        click.echo(finding)
    click.echo(f"{len(pages)} pages, {len(findings)} findings")
    return 1 if findings else 0


def compile_catalogues() -> None:
    """Compile every catalogue beside its source, as `pybabel compile` does."""
    for source in languages.CATALOGUES.glob("*/LC_MESSAGES/*.po"):
        with source.open("rb") as words, source.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, read_po(words))


def write(out: Path, pages: Mapping[str, str]) -> None:
    """Write the pages and assets as files that a browser opens."""
    for name, html in pages.items():
        path = out / f"{name}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(html)
    for asset in ASSETS.iterdir():
        shutil.copy(asset, out / asset.name)
    stand_in().save(out / "portrait.jpg")
    (out / "qr.svg").write_bytes(sharing.qr_code(ORIGIN + campaign_path("free-mkhaitir", "en")))
    click.echo(size("style.css", (ASSETS / "style.css").read_bytes()))
    for name, html in pages.items():
        if name.endswith("/open"):
            click.echo(size(name, html.encode()))


def stand_in() -> Image.Image:
    """Return a picture of nobody: head and shoulders against the light."""
    drawn = Image.new("RGB", (624, 780), (0xB9, 0xAE, 0x9C))
    pen = ImageDraw.Draw(drawn)
    pen.ellipse((200, 150, 424, 430), fill=(0x5A, 0x50, 0x45))
    pen.ellipse((70, 450, 554, 1000), fill=(0x3A, 0x33, 0x2C))
    return drawn


def size(name: str, body: bytes) -> str:
    """Return how much of a page travels."""
    return f"{name}: {len(body)} bytes, {len(brotli.compress(body))} br, {len(gzip.compress(body))} gz"


def photograph(out: Path, names: list[str]) -> list[str]:
    """Photograph and audit the pages; return what is wrong with them."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**CHROMIUM)  # type: ignore[arg-type]  # a table of options
        findings = [
            finding
            for name in names
            if name.partition("/")[0] in PHOTOGRAPHED
            for scheme in SCHEMES
            for finding in visit(browser, out, name, scheme)
        ]
        browser.close()
    return findings


def visit(browser: Browser, out: Path, name: str, scheme: Literal["light", "dark"]) -> Iterator[str]:
    """Photograph one page in one colour scheme and yield what axe and the ruler find."""
    context = browser.new_context(color_scheme=scheme, reduced_motion="reduce", locale=name.partition("/")[0])
    tab = context.new_page()
    tab.goto((out / f"{name}.html").absolute().as_uri())
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 740 if width < WIDTHS[-1] else 800})
        shots = out / "shots"
        tab.screenshot(path=shots / f"{name.replace('/', '-')}-{width}-{scheme}.png", full_page=True)
        if width != TABLET:
            yield from barriers(tab, f"{name} {width} {scheme}")
    yield from overflow(tab, name)
    context.close()


def barriers(tab: Page, where: str) -> Iterator[str]:
    """Yield axe's violations, target size (WCAG 2.2) included."""
    result = Axe().run(tab, options={"rules": {"target-size": {"enabled": True}}})
    for violation in result.response["violations"]:
        for node in violation["nodes"]:
            yield f"{where}: {violation['id']}: {node['html'][:120]}: {node['failureSummary'][:300]}"


def overflow(tab: Page, where: str) -> Iterator[str]:
    """Yield a line if the page can be scrolled sideways on a narrow phone."""
    for width in (NARROWEST, WIDTHS[0]):
        tab.set_viewport_size({"width": width, "height": 640})
        if tab.evaluate("document.documentElement.scrollWidth") > width:
            yield f"{where} {width}: wider than the screen"


if __name__ == "__main__":
    sys.exit(main())
