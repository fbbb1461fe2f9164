"""A campaigner's day: from a case to an open page, an update to who asked for it, and how long that takes."""

from dataclasses import dataclass
from email.message import EmailMessage
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from running import SLUG, Installation, wait_for
from staff_browser import DESK, fits, log_in

pytestmark = pytest.mark.browser

# The keystroke-level model (Card, Moran and Newell 1980): seconds an act takes somebody with practice.
KEY = 0.2  # a good typist
POINT = 1.1
PRESS = 0.2  # the button of the mouse, down and up
HOME = 0.4  # the hand from the keyboard to the mouse, or back
THINK = 1.35
WAIT = 1.0  # for each screen, more than the office takes

WAY = Path("test-results/from-case-to-open-page.txt")
MOST_CLICKS = 12
MOST_FIELDS = 5
MOST_SECONDS = 300  # five minutes
TITLE = "Tell the President of Mauritania to protect Mohamed Mkhaïtir"
LEDE = "He is threatened wherever he goes, and the state looks on."
DEMANDS = "Let him travel wherever he wishes."
STORY = """Mohamed Mkhaïtir wrote an essay against the use of religion to keep people in their place. He was
sentenced to death for it, in a trial that lasted a day.

An appeal court later set a sentence that he had already served. He stayed in a cell all the same, alone, and
saw the sun six times in five years. Crowds had asked for his death, and nobody who did was ever charged.

The state that held him past the end of his sentence owes him safety now."""


@dataclass
class Hand:
    """Somebody with practice: does what is asked, and keeps count of what it costs."""

    page: Page
    clicks: int = 0
    fields: int = 0
    keys: int = 0
    screens: int = 0

    def press(self, what: Locator, *, leads_on: bool = True) -> None:
        """Click, and wait for what comes."""
        what.click()
        self.clicks += 1
        if leads_on:
            self.screens += 1
            self.page.wait_for_load_state()

    def write(self, label: str, text: str) -> None:
        """Click into a field, and type."""
        self.page.get_by_label(label).fill(text)
        self.clicks += 1
        self.fields += 1
        self.keys += len(text)

    @property
    def seconds(self) -> float:
        """How long the same takes somebody who knows what they want to say."""
        clicking = self.clicks * (THINK + POINT + PRESS)
        typing = self.keys * KEY + self.fields * 2 * HOME
        return clicking + typing + self.screens * WAIT


def test_an_urgent_action_opens_in_less_than_five_minutes(site: Installation, browser: Browser) -> None:
    """From the office's first screen to the open page on the door, in English, from a case on record."""
    page = browser.new_context(viewport=DESK, bypass_csp=True).new_page()
    log_in(page, site)
    hand = Hand(page)

    hand.press(page.get_by_role("link", name="New campaign, from a case"))
    hand.press(page.get_by_role("link", name="MR-2014-001"))
    hand.press(page.get_by_role("link", name="New campaign", exact=True))
    fits(page)
    page.get_by_label("Who can do what is asked").select_option(label=president(page))
    hand.clicks += 2  # the list, and a line of it
    hand.write("Title", TITLE)
    hand.write("Why it is urgent", LEDE)
    hand.press(page.get_by_label("Guarantee the safety of Mohamed"), leads_on=False)
    hand.write("Demands in your own words", DEMANDS)
    hand.write("The story", STORY)
    hand.press(page.get_by_role("button", name="Make it, and see it before it opens"))
    expect(page.frame_locator("iframe").get_by_role("heading", name=TITLE)).to_be_visible()
    fits(page)
    hand.press(page.get_by_role("button", name="Open"))
    expect(page.get_by_text("free-mohamed-mkhaitir is open in every language.")).to_be_visible()

    path = "/en/c/free-mohamed-mkhaitir/"
    wait_for("the page on the door", lambda: site.ask("GET", path).status == 200, 5)
    opened = site.ask("GET", path).text
    assert LEDE in opened
    assert "Guarantee the safety of Mohamed Mkhaïtir" in opened
    assert 'action="/en/c/free-mohamed-mkhaitir/sign"' in opened
    told = f"{hand.clicks} clicks, {hand.fields} fields, {hand.keys} keys, {hand.screens} screens"
    WAY.parent.mkdir(exist_ok=True)
    WAY.write_text(f"{told}: {hand.seconds:.0f} s\n")
    assert hand.clicks <= MOST_CLICKS
    assert hand.fields <= MOST_FIELDS
    assert hand.seconds <= MOST_SECONDS


def president(page: Page) -> str:
    """Return the line of the list that names the President."""
    lines = page.get_by_label("Who can do what is asked").locator("option").all_text_contents()
    return next(line for line in lines if line.startswith("President"))


def test_an_update_is_written_shown_published_and_mailed(site: Installation, browser: Browser) -> None:
    """While the campaign is open; who signed in a language left out hears in English."""
    for name, address, language in (
        ("Lena", "lena.c@example.org", "en"),
        ("Omar", "omar.c@example.org", "ar"),
    ):
        site.sign(name, address, language=language, updates="on")
        site.ask("POST", site.confirm_path(address), {})
    page = browser.new_context(viewport=DESK, bypass_csp=True).new_page()
    log_in(page, site)
    row = page.get_by_role("row").filter(has_text=SLUG)
    row.get_by_role("link", name="Write an update").click()
    wait_for("the clerk to count who asked", lambda: who_asked(page) == 2, 30)
    fits(page)
    page.locator("#id_subject_en").fill("The court has set a day")
    page.locator("#id_text_en").fill("The appeal is heard on 20 December.")
    page.get_by_role("button", name="See what it will change").click()
    expect(page.get_by_text("About 2 mails")).to_be_visible()
    expect(page.get_by_text("2 in English (among them 1 who signed in Arabic)")).to_be_visible()
    sheet = page.frame_locator("iframe")
    expect(sheet.get_by_role("heading", name="The court has set a day")).to_be_visible()
    colour = sheet.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    assert colour not in {"rgba(0, 0, 0, 0)", "rgb(255, 255, 255)"}  # the stylesheet came
    fits(page)
    page.get_by_role("button", name="Publish the update").click()
    expect(page.get_by_role("link", name="The court has set a day", exact=True)).to_be_visible()

    wait_for("the page", lambda: "The court has set a day" in site.ask("GET", f"/en/c/{SLUG}/").text, 5)
    for address in ("lena.c@example.org", "omar.c@example.org"):
        [mail] = wait_for("the mail", partial(news_to, site, address), 30)
        assert mail["subject"].strip() == "The court has set a day"
    assert "20 December" in site.ask("GET", f"/en/c/{SLUG}/updates.atom").text
    assert "court has set a day" not in site.ask("GET", f"/ar/c/{SLUG}/").text


def who_asked(page: Page) -> int:
    """Return how many people asked for news, as the screen says; 0 while it does not know."""
    page.reload()
    text = page.locator(".update > p").first.inner_text()
    return int(text.split()[0]) if text[0].isdigit() else 0


def news_to(site: Installation, address: str) -> list[EmailMessage]:
    """Return the mails to somebody that came after the one to confirm."""
    return site.mails_to(address)[1:]
