"""What moves people, and how they find it: days, deadlines, milestones, ways to share, feeds, addresses."""

import json
import re
from datetime import timedelta
from html import unescape
from io import BytesIO
from urllib.parse import unquote
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from habeas.campaigns import actions, milestones
from habeas.campaigns.milestones import check_milestones
from habeas.campaigns.models import Campaign, OldAddress
from habeas.campaigns.pictures import Card, draw
from habeas.campaigns.publishing import publish_edition
from habeas.cases import actions as cases
from habeas.cases.models import Event
from habeas.cases.protection import Access
from habeas.config import Config
from habeas.edition.manifest import Card as DoorCard
from habeas.edition.slots import (
    campaign_path,
    confirmed_path,
    embed_path,
    embed_sign_path,
    embed_thanks_path,
    feed_path,
    thanks_path,
)
from habeas.ledger.shown import NOTHING, Shown, encode_shown, write_shown
from habeas.lib import clock
from office_site import DOOR, MKHAITIR, SELMA, campaign, current_edition, page_of
from public_side import header, visitor

STARTS = (
    "mailto:",
    "https://wa.me/",
    "https://t.me/",
    "https://x.com/",
    "https://share.joinmastodon.org/",
    "https://bsky.app/",
)
SITEMAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINKED = {"@context", "@type", "name", "description", "url", "inLanguage", "isPartOf", "publisher"}
ATOM = "{http://www.w3.org/2005/Atom}"


def card_on_the_door(config: Config, slug: str) -> DoorCard:
    [found] = [card for card in current_edition(config).manifest.cards if card.slug == slug]
    return found


def change(named: str, config: Config, **fields: object) -> Campaign:
    """Change the record of a campaign and publish."""
    one = campaign(named)
    for name, value in fields.items():
        setattr(one, name, value)
    one.save()
    publish_edition(config)
    return one


def test_the_page_counts_the_days_of_whoever_is_held(office: Config) -> None:
    """Since the arrest that the registry has; of somebody released, nothing is counted."""
    passed = clock.date_of(clock.today()) - (since := card_on_the_door(office, SELMA).running).since  # type: ignore[union-attr]  # it is there
    page = visitor(office).opens(campaign_path(SELMA, "en")).body.decode()

    assert since
    assert since.since.isoformat() == "2025-03-11"
    assert f"Day {passed.days + 1} in detention" in page
    assert card_on_the_door(office, MKHAITIR).running is None


def event_of(slug: str, kind: str) -> Event:
    return Event.objects.get(case__campaigns__slug=slug, type=kind)


def test_an_arrest_that_is_not_public_is_not_counted_from(office: Config, editor: User) -> None:
    """The day alone would tell of it."""
    cases.amend(event_of(SELMA, "arrest"), {"access": Access.TEAM}, by=editor, reason="a mistake")
    publish_edition(office)

    assert card_on_the_door(office, SELMA).running is None


def test_a_release_nobody_may_know_of_yet_stops_the_counting(office: Config, editor: User) -> None:
    """A page may be silent; it may not say "in detention" of somebody who is at home."""
    changes = {"type": "release", "access": Access.SEALED}
    cases.amend(event_of(SELMA, "adjourned"), changes, by=editor, reason="she is out")
    publish_edition(office)

    assert card_on_the_door(office, SELMA).running is None


def test_a_won_page_says_how_long_it_took(office: Config, editor: User) -> None:
    actions.close(campaign(MKHAITIR), outcome="released", by=editor)

    assert "2,034 days" in page_of(office, campaign_path(MKHAITIR, "en"))


def test_a_hearing_is_named_and_comes_first(office: Config) -> None:
    """On the page, on the home page and on the card; once it is over, nowhere."""
    on = timezone.localdate() + timedelta(days=9)
    change(MKHAITIR, office, deadline_on=on, deadline_kind="hearing")
    home = page_of(office, "/en/")

    assert "in 9 days" in visitor(office).opens(campaign_path(MKHAITIR, "en")).body.decode()
    assert home.index(campaign_path(MKHAITIR, "en")) < home.index(campaign_path(SELMA, "en"))
    assert "Hearing on" in home

    change(MKHAITIR, office, deadline_on=timezone.localdate() - timedelta(days=1))
    assert "Hearing on" not in page_of(office, "/en/")


def test_the_next_milestone_stands_beside_the_number_and_is_hidden_with_it(office: Config) -> None:
    change(MKHAITIR, office, milestones="10, 100")

    assert card_on_the_door(office, MKHAITIR).milestones == (10, 100)
    assert "milestone" not in visitor(office).opens(campaign_path(MKHAITIR, "en")).body.decode()


@pytest.mark.parametrize("text", ["10, 5", "0, 10", "ten", "10 100", "10, 10"])
def test_milestones_rise(text: str) -> None:
    with pytest.raises(ValidationError, match="rising numbers"):
        check_milestones(text)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_people_can_tell_others_without_being_watched(office: Config, language: str) -> None:
    """Plain links that carry text and address, a code for phones; nothing of those services is loaded."""
    page = page_of(office, campaign_path(SELMA, language))
    links = [unquote(link) for link in re.findall(r'href="([^"]+)"', page.replace("&amp;", "&"))]
    own = DOOR + campaign_path(SELMA, language)

    for start in STARTS:
        [link] = [link for link in links if link.startswith(start)]
        assert own in link
    [qr] = re.findall(r'src="(/assets/qr-[^"]+\.svg)"', page)
    assert visitor(office).opens(qr).status == 200


def test_a_signer_is_led_to_the_next_person_and_may_pass_on(office: Config) -> None:
    """Selma's signers are shown Mohamed, and his hers; nobody is led back to where they come from."""
    for address in (thanks_path, confirmed_path):
        page = page_of(office, address(SELMA, "en"))
        waiting = page[page.index('id="waits"') :]
        assert campaign_path(MKHAITIR, "en") in waiting
        assert campaign_path(SELMA, "en") not in waiting


def test_a_picture_of_every_campaign_in_every_language_goes_with_its_link(office: Config) -> None:
    """1200 by 630, as networks show it whole."""
    for language in ("en", "fr", "ar"):
        page = page_of(office, campaign_path(MKHAITIR, language))
        [address] = re.findall(r'property="og:image" content="([^"]+)"', page)
        answer = visitor(office).opens(address.removeprefix(DOOR))
        assert answer.status == 200
        assert Image.open(BytesIO(answer.body)).size == (1200, 630)


def _ink(card: Card) -> bytes:
    return draw(card)


def told(config: Config, slug: str, people: int, *, is_exact: bool = True) -> None:
    """Do what the clerk does: tell the doors."""
    shown = {campaign(slug).ledger_bytes: Shown(people, is_exact=is_exact)}
    write_shown(config.counts, encode_shown(shown))


def picture_of(config: Config, slug: str, language: str) -> str:
    page = page_of(config, campaign_path(slug, language))
    [address] = re.findall(r'property="og:image" content="([^"]+)"', page)
    return str(address)


@pytest.mark.parametrize(
    ("people", "is_exact", "milestone"),
    [(100, True, 0), (101, True, 100), (100, False, 100), (9_999, True, 100), (10_001, True, 10_000)],
)
def test_a_milestone_is_named_once_more_people_stand_behind_it(
    people: int,
    is_exact: bool,  # noqa: FBT001  a case
    milestone: int,
) -> None:
    """More than 100 is true from the 101st on; a number told in steps is already less than the truth."""
    assert milestones.reached((100, 10_000), Shown(people, is_exact=is_exact)) == milestone


def test_a_milestone_goes_on_the_picture_of_the_link_and_numbers_between_do_not(office: Config) -> None:
    """Pictures stay in other people's chats: drawn anew when a milestone is passed, not with each name."""
    change(SELMA, office, milestones="100, 10000")
    bare = {code: picture_of(office, SELMA, code) for code in ("en", "ar")}
    told(office, SELMA, 100)
    assert not milestones.is_one_passed(office)
    told(office, SELMA, 101)
    assert milestones.is_one_passed(office)

    publish_edition(office)
    assert not milestones.is_one_passed(office)
    assert card_on_the_door(office, SELMA).reached == 100
    first = {code: picture_of(office, SELMA, code) for code in ("en", "ar")}
    assert all(first[code] != bare[code] for code in bare)
    told(office, SELMA, 9_000)
    publish_edition(office)
    assert {code: picture_of(office, SELMA, code) for code in ("en", "ar")} == first


def test_a_number_that_is_held_back_is_on_no_picture(office: Config, editor: User) -> None:
    """Nor that of a campaign that ended: it says what came of it."""
    change(SELMA, office, milestones="100")
    bare = picture_of(office, SELMA, "en")
    write_shown(office.counts, encode_shown({campaign(SELMA).ledger_bytes: NOTHING}))
    publish_edition(office)
    assert picture_of(office, SELMA, "en") == bare

    change(MKHAITIR, office, milestones="100")
    told(office, MKHAITIR, 5_000)
    actions.close(campaign(MKHAITIR), outcome="released", by=editor)
    assert card_on_the_door(office, MKHAITIR).reached == 0
    assert not milestones.is_one_passed(office)


def test_letters_that_no_font_has_are_not_drawn_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The picture shows the house mark alone: better no words than boxes, or Arabic in pieces."""
    bare = _ink(Card("", "", "Habeas", "ar", True, "open"))  # noqa: FBT003  a field
    unknown = _ink(Card("\u1200\u1201", "", "Habeas", "ar", True, "open"))  # noqa: FBT003  a field
    arabic = Card("محمد", "", "Habeas", "ar", True, "open")  # noqa: FBT003  a field

    assert unknown == bare
    assert _ink(arabic) != bare
    draw.cache_clear()
    monkeypatch.setattr("PIL.features.check", lambda _: False)
    assert _ink(arabic) == bare
    draw.cache_clear()


def test_search_engines_find_the_list_of_pages_and_nothing_behind_a_signature(office: Config) -> None:
    maria = visitor(office)
    rules = RobotFileParser()
    robots, sitemap = maria.opens("/robots.txt"), maria.opens("/sitemap.xml")
    urls = ET.fromstring(sitemap.body)  # noqa: S314  our own
    listed = [loc.text for loc in urls.iter(f"{SITEMAPS}loc")]

    rules.parse(robots.body.decode().splitlines())
    assert rules.site_maps() == [f"{DOOR}/sitemap.xml"]
    assert rules.can_fetch("*", f"{DOOR}/en/")
    assert {DOOR + "/en/", DOOR + campaign_path(SELMA, "ar")} <= set(listed)
    assert not [path for path in listed if path and ("thanks" in path or "confirmed" in path)]


def test_what_search_engines_read_names_nobody_the_page_does_not(office: Config) -> None:
    """Title, description and address of the page, and who publishes it."""
    page = page_of(office, campaign_path(SELMA, "en"))
    [data] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    told = json.loads(data)

    assert told["url"] == DOOR + campaign_path(SELMA, "en")
    assert told.keys() == LINKED


def test_every_update_has_its_own_address_and_stands_in_the_feed(office: Config, editor: User) -> None:
    """In each language its own; the address stays whatever comes after."""
    actions.close(campaign(MKHAITIR), outcome="released", by=editor)
    maria = visitor(office)
    for language in ("en", "ar"):
        feed = ET.fromstring(maria.opens(feed_path(MKHAITIR, language)).body)  # noqa: S314  our own
        [link] = [entry.find(f"{ATOM}link") for entry in feed.iter(f"{ATOM}entry")]
        assert link is not None
        address = link.attrib["href"].removeprefix(DOOR)
        page = maria.opens(address)
        assert page.status == 200
        assert f'<html lang="{language}"'.encode() in page.body
    assert b"<entry>" in maria.opens("/en/feed.atom").body


def test_an_old_address_leads_to_where_the_campaign_is_now(office: Config) -> None:
    """Without scripts, in every language; the new address is the one search engines keep."""
    change(SELMA, office, slug="free-selma-now")
    moved = visitor(office).opens(campaign_path(SELMA, "ar")).body.decode()

    assert f'content="0; url={campaign_path("free-selma-now", "ar")}"' in moved
    assert f'rel="canonical" href="{DOOR}{campaign_path("free-selma-now", "ar")}"' in moved
    assert visitor(office).opens(campaign_path("free-selma-now", "ar")).status == 200


def test_an_address_that_is_taken_again_shows_what_is_there_now(office: Config) -> None:
    """Back to the first address: it leads nowhere else."""
    change(SELMA, office, slug="free-selma-now")
    one = campaign("free-selma-now")
    one.slug = SELMA
    one.save()
    publish_edition(office)

    assert [old.slug for old in OldAddress.objects.all()] == ["free-selma-now"]
    assert "http-equiv" not in visitor(office).opens(campaign_path(SELMA, "en")).body.decode()


@pytest.mark.parametrize("slug", [SELMA, MKHAITIR])
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_the_first_view_arrives_in_the_first_round_trip(
    office: Config, slug: str, language: str, encoding: str
) -> None:
    """Page and stylesheet together: ten segments of a new connection carry some 14 KB (RFC 6928)."""
    maria = visitor(office)
    page = maria.opens(campaign_path(slug, language), accept_encoding=encoding)
    plain = maria.opens(campaign_path(slug, language)).body.decode()
    [style] = re.findall(r'href="(/assets/style[^"]+)"', plain)

    assert len(page.body) + len(maria.opens(style, accept_encoding=encoding).body) <= 14_000


def test_the_script_is_small_and_pages_come_without_what_it_makes(office: Config) -> None:
    """A hashed asset of the edition, below 3 KB; its buttons are not there for who runs no scripts."""
    maria = visitor(office)
    page = maria.opens(campaign_path(SELMA, "ar")).body.decode()
    [script] = re.findall(r'<script type="module" src="(/assets/live\.[0-9a-f]{12}\.js)"', page)
    for encoding in ("br", "gzip"):
        assert len(maria.opens(script, accept_encoding=encoding).body) < 3_000
    assert header(maria.opens(script), "content-type").startswith("text/javascript")
    assert re.findall(r"<button", page) == ["<button"]  # the one that signs
    assert 'data-copied="تم النسخ"' in page
    assert f'data-live="/count/{SELMA}.json"' in page


def test_a_campaign_that_takes_no_signatures_asks_for_no_count(office: Config, editor: User) -> None:
    """Its number does not move."""
    actions.close(campaign(MKHAITIR), outcome="released", by=editor)

    assert "data-live" not in visitor(office).opens(campaign_path(MKHAITIR, "en")).body.decode()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_partners_show_the_form_with_whose_action_it_is(office: Config, language: str) -> None:
    """The demand, the organisation, the way to the whole page; all links leave the frame, none is listed."""
    maria, path = visitor(office), embed_path(SELMA, language)
    frame = maria.opens(path).body.decode()
    snippet = unescape(
        re.findall(r"<pre[^>]*>(.*?)</pre>", page_of(office, campaign_path(SELMA, language)), re.DOTALL)[0]
    )

    assert f'<iframe src="{DOOR}{path}"' in snippet
    assert f'event.origin !== "{DOOR}"' in snippet
    assert f'action="{embed_sign_path(SELMA, language)}" target="_self"' in frame
    assert '<base target="_blank">' in frame
    assert '<meta name="robots" content="noindex">' in frame
    assert f'<a href="{campaign_path(SELMA, language)}">' in frame
    assert path not in maria.opens("/sitemap.xml").body.decode()
    assert maria.opens(embed_thanks_path(SELMA, language)).status == 200


def test_a_frame_on_another_site_follows_the_campaign(office: Config, editor: User) -> None:
    """Closed, taken down or moved: whoever pasted it need not know."""
    change(SELMA, office, slug="free-selma-now")
    moved = visitor(office).opens(embed_path(SELMA, "en")).body.decode()
    assert f'content="0; url={embed_path("free-selma-now", "en")}"' in moved

    actions.close(campaign(MKHAITIR), outcome="released", by=editor)
    ended = visitor(office).opens(embed_path(MKHAITIR, "en")).body.decode()
    assert "Mohamed Mkhaïtir is free" in ended
    assert "<form" not in ended

    actions.take_down(campaign(MKHAITIR).case, by=editor, reason="asked by the family")
    for address in (embed_path, embed_thanks_path):
        gone = visitor(office).opens(address(MKHAITIR, "en"))
        assert "Mkhaïtir" not in gone.body.decode()
        assert "frame-ancestors *" in header(gone, "content-security-policy")


def test_staff_see_every_component_on_every_ground(office: Config, editor: User, client: Client) -> None:
    """The style page of the office; a stranger is asked to log in first."""
    sheet = reverse("style_sheet", args=["dark", "ar"])
    assert client.get(sheet).status_code == 302

    client.force_login(editor, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert b"style_sheet" not in client.get(reverse("style_page")).content
    page = client.get(sheet).content.decode()
    for component in (
        "held",
        "deadline",
        "milestone",
        "timeline",
        "demands",
        "ways",
        "act-button",
        "another",
    ):
        assert f'class="{component}"' in page
    assert client.get(reverse("style_page"), {"language": "xx"}).status_code == 404


def test_staff_find_what_partners_ask_for(office: Config, editor: User, client: Client) -> None:
    """The lines to paste, poster, letter and picture in each language; of one that ended, no form."""
    address = reverse("campaigns_share", args=[campaign(MKHAITIR).pk])
    assert client.get(address).status_code == 302
    client.force_login(editor, backend="allauth.account.auth_backends.AuthenticationBackend")
    shown = unescape(client.get(address).content.decode())
    for language in ("en", "fr", "ar"):
        assert f'<iframe src="{DOOR}{embed_path(MKHAITIR, language)}"' in shown
        for kind in ("poster-", "letter-", ""):
            [link] = re.findall(rf'href="{DOOR}(/assets/{kind}{MKHAITIR}-{language}\.[^"]+)"', shown)
            assert visitor(office).opens(link).status == 200
    assert address in client.get(reverse("wagtailadmin_home")).content.decode()

    actions.close(campaign(MKHAITIR), outcome="released", by=editor)
    assert "<iframe" not in unescape(client.get(address).content.decode())


def test_a_home_page_without_names_announces_none(office: Config, editor: User) -> None:
    """“Every name below is one person” stands above names alone."""
    assert "Every name below" in page_of(office, "/en/")
    for slug in (MKHAITIR, SELMA):
        actions.take_down(campaign(slug).case, by=editor, reason="The families ask")

    assert "Every name below" not in page_of(office, "/en/")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_comma_of_another_script_stands_before_whom_it_is_addressed_to(
    office: Config, language: str
) -> None:
    """Arabic has its own; office and holder have a line each."""
    page = page_of(office, campaign_path(MKHAITIR, language))

    assert re.search(r'<p class="target">[^<]+<strong>[^<]+</strong><br><bdi>[^<]+</bdi></p>', page)
