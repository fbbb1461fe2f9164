"""What pages gain in a browser that runs scripts: a count that moves, buttons that copy and share."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from habeas.lib import languages
from running import SLUG, Installation, wait_for

pytestmark = pytest.mark.browser

HIDE = """Object.defineProperty(document, "hidden", { get: () => %s, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"))"""
SHEET = "navigator.share = async (told) => { window.told = told; }"


@pytest.fixture
def page(site: Installation, browser: Browser) -> Iterator[Page]:
    """A browser that runs scripts, with a clock that the test moves."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    context.add_init_script(SHEET)
    page = context.new_page()
    page.clock.install()
    yield page
    context.close()


def _pass(page: Page, seconds: int) -> None:
    """Let time pass in steps that leave what is asked the time to be answered."""
    for _ in range(0, seconds, 3):
        page.clock.run_for(3_000)
        page.wait_for_timeout(30)


class Counting:
    """Answers for the door with the number that the test says, and remembers how often it was asked."""

    def __init__(self, page: Page) -> None:
        self.asked, self.total, self.fails = 0, 1, False
        page.route("**/count/*.json", self._answer)

    def _answer(self, route: Route) -> None:
        self.asked += 1
        if self.fails:
            route.abort()
        else:
            route.fulfill(json={"total": self.total, "is_exact": True, "by_country": {}, "by_language": {}})


def test_the_number_moves_while_somebody_looks(site: Installation, page: Page) -> None:
    """The door's own answer, without a reload; what is said aloud is said after a minute at the earliest."""
    page.goto(f"{site.door_url}/en/c/{SLUG}/")
    before = site.told()
    assert site.sign("Moving", "moving@example.org").status == 303
    site.ask("POST", site.confirm_path("moving@example.org"), {})
    wait_for("the count to rise", lambda: site.count() == before + 1)
    _pass(page, 15)

    expect(page.locator(".count")).to_have_attribute("data-count", str(before + 1))
    expect(page.locator(".count b")).to_have_text(languages.number(before + 1, "en"))
    expect(page.get_by_role("status")).to_have_text("")


def test_the_number_is_asked_for_seldom_and_said_aloud_once_a_minute(site: Installation, page: Page) -> None:
    """Five seconds apart at least; nothing while nobody looks; less and less while the door is silent."""
    counting = Counting(page)
    page.goto(f"{site.door_url}/en/c/{SLUG}/")
    for people in range(2, 12):
        counting.total = people
        _pass(page, 6)
    assert 3 <= counting.asked <= 12  # in a minute, and in what the test itself takes
    spoken = page.get_by_role("status").text_content()
    assert spoken == "" or str(spoken).endswith("people have signed")

    page.evaluate(HIDE % "true")
    hidden = counting.asked
    _pass(page, 60)
    assert counting.asked == hidden

    counting.fails = True
    page.evaluate(HIDE % "false")
    _pass(page, 300)
    assert 1 <= counting.asked - hidden <= 4


def test_the_sentence_keeps_its_grammar(site: Installation, page: Page) -> None:
    """Arabic has six plurals; the door and the script say the same of each number."""
    counting = Counting(page)
    words = languages.words("ar").ngettext
    page.goto(f"{site.door_url}/ar/c/{SLUG}/")
    for people in (1, 2, 5, 11, 100, 1_205):
        counting.total = people
        _pass(page, 30)
        said = f"{languages.number(people, 'ar')} {words('person has signed', 'people have signed', people)}"
        expect(page.locator(".count")).to_have_text(said)


@pytest.mark.parametrize("code", languages.AVAILABLE)
def test_browsers_write_numbers_as_the_door_does(browser: Browser, code: str) -> None:
    """Persian in Persian digits, Spanish with its mark in four figures too."""
    page = browser.new_page()
    write = """([language, digits, number]) =>
        new Intl.NumberFormat(language, { numberingSystem: digits, useGrouping: "always" }).format(number)"""
    for people in (0, 7, 1_205, 12_345, 1_234_567):
        told = page.evaluate(write, [code, languages.digits(code), people])
        assert told == languages.number(people, code)
    page.close()


def test_a_number_that_is_held_back_stays_so(site: Installation, page: Page) -> None:
    """What the door does not tell, the script does not show."""
    page.route(
        "**/count/*.json",
        lambda route: route.fulfill(body=json.dumps({"total": None, "is_exact": False})),
    )
    page.goto(f"{site.door_url}/en/c/{SLUG}/")
    before = page.locator(".count").inner_html()
    _pass(page, 30)

    assert page.locator(".count").inner_html() == before


@pytest.mark.parametrize(("language", "copied"), [("en", "Copied"), ("ar", "تم النسخ")])
def test_a_press_copies_the_link_and_another_opens_the_share_sheet(
    site: Installation, page: Page, language: str, copied: str
) -> None:
    """In the page's language, said aloud too; the button is back after a moment."""
    page.goto(f"{site.door_url}/{language}/c/{SLUG}/")
    link = page.locator(".link").text_content()
    send, copy = page.locator(".ways button").all()
    words = copy.text_content()
    copy.click()
    expect(copy).to_have_text(copied)
    expect(page.get_by_role("status")).to_have_text(copied)
    assert page.evaluate("navigator.clipboard.readText()") == link
    page.clock.run_for(4_000)
    expect(copy).to_have_text(str(words))

    send.click()
    assert page.evaluate("window.told.url") == link


def test_without_scripts_there_is_no_button_that_does_nothing(site: Installation, browser: Browser) -> None:
    """At Tor's safest level the page is what the door sent, and asks for no script."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.resource_type))
    page.goto(f"{site.door_url}/en/c/{SLUG}/")

    assert page.locator("button").count() == 1
    assert page.locator("[role=status]").count() == 0
    assert not {"script", "fetch", "xhr"} & set(asked)
    context.close()


def test_the_script_keeps_nothing_and_breaks_no_policy(site: Installation, page: Page) -> None:
    """No cookie, no storage, no complaint of the browser."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for path in ("", "thanks/", "confirmed/", "embed/"):
        page.goto(f"{site.door_url}/en/c/{SLUG}/{path}")
        _pass(page, 9)
    kept = page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")

    assert (kept, complaints, page.context.cookies()) == ([0, 0, ""], [], [])
