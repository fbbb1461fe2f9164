"""Atom feeds (RFC 4287): what is new of one campaign, and of all, in one language."""

from collections.abc import Iterable
from datetime import date
from xml.etree.ElementTree import Element, SubElement, tostring

from habeas.campaigns.presentation import CampaignView, News

KIND = "application/atom+xml; charset=utf-8"
_ATOM = "http://www.w3.org/2005/Atom"
_LONG_AGO = date(1970, 1, 1)  # of a feed in which nothing has happened yet


def of_campaign(view: CampaignView, *, origin: str, site: str, language: str) -> bytes:
    """Return the feed of a campaign's updates."""
    entries = [_of_news(item, origin) for item in view.news]
    feed = _feed(view.outcome or view.title, origin + view.feed, origin + view.url, site, language)
    return _bytes(feed, entries, view.opened_on)


def of_site(
    views: Iterable[CampaignView], *, origin: str, path: str, home: str, site: str, language: str
) -> bytes:
    """Return the feed of everything new: actions that opened, and their updates."""
    entries = [entry for view in views for entry in _of_view(view, origin)]
    return _bytes(_feed(site, origin + path, origin + home, site, language), entries, None)


def _of_view(view: CampaignView, origin: str) -> Iterable[tuple[str, Element]]:
    if view.opened_on:
        yield _entry(view.title, origin + view.url, view.opened_on.isoformat(), view.lede)
    for item in view.news:
        yield _of_news(item, origin)


def _of_news(item: News, origin: str) -> tuple[str, Element]:
    text = f"{item.corrected}\n\n{item.text}" if item.corrected else item.text
    return _entry(item.title, origin + item.url, item.changed or item.machine_date, text)


def _feed(title: str, here: str, page: str, site: str, language: str) -> Element:
    feed = Element("feed", {"xmlns": _ATOM, "xml:lang": language})
    _text(feed, "id", here)
    _text(feed, "title", title)
    SubElement(feed, "link", {"rel": "self", "href": here, "type": "application/atom+xml"})
    SubElement(feed, "link", {"rel": "alternate", "href": page, "type": "text/html"})
    _text(SubElement(feed, "author"), "name", site)
    return feed


def _entry(title: str, link: str, day: str, text: str) -> tuple[str, Element]:
    entry = Element("entry")
    _text(entry, "id", link)
    _text(entry, "title", title)
    _text(entry, "updated", f"{day}T00:00:00Z")
    SubElement(entry, "link", {"rel": "alternate", "href": link, "type": "text/html"})
    _text(entry, "content", text)
    return day, entry


def _bytes(feed: Element, entries: Iterable[tuple[str, Element]], opened: date | None) -> bytes:
    newest_first = sorted(entries, key=lambda pair: pair[0], reverse=True)
    newest = newest_first[0][0] if newest_first else (opened or _LONG_AGO).isoformat()
    _text(feed, "updated", f"{newest}T00:00:00Z")
    feed.extend(entry for _day, entry in newest_first)
    made: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return made


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text
