"""What search engines ask for: a list of pages, and where it is."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, tostring

SITEMAP, ROBOTS = "/sitemap.xml", "/robots.txt"
SITEMAP_KIND, ROBOTS_KIND = "application/xml", "text/plain; charset=utf-8"
_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap(origin: str, paths: Iterable[str]) -> bytes:
    """Return the list of pages (sitemaps.org); each says itself in which other languages it is."""
    urls = Element("urlset", {"xmlns": _SITEMAPS})
    for path in paths:
        SubElement(SubElement(urls, "url"), "loc").text = origin + path
    made: bytes = tostring(urls, encoding="utf-8", xml_declaration=True)
    return made


def robots(origin: str) -> bytes:
    """Return robots.txt (RFC 9309): everything may be read; what is not to be found says so itself."""
    return f"User-agent: *\nDisallow:\n\nSitemap: {origin}{SITEMAP}\n".encode()
