"""The main job, walked as people walk it: read, sign, confirm, be counted, hear that he is free."""

import re
from functools import partial
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from running import SLUG, Installation, link_path, wait_for
from staff_browser import FAULTS

pytestmark = pytest.mark.browser

PICTURES = Path("test-results")
PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 900}


@pytest.fixture
def plain(browser: Browser) -> Page:
    """A phone whose browser runs no scripts, as at Tor's safest level."""
    return browser.new_context(java_script_enabled=False, viewport=PHONE).new_page()


def _keep(page: Page, name: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def _sign(page: Page, name: str, address: str, country: str, *, updates: bool) -> None:
    page.locator("#f-name").fill(name)
    page.locator("#f-email").fill(address)
    page.locator("#f-country").select_option(country)
    if updates:
        page.locator("#f-updates").check()
    page.locator("#sign button").click()


def _confirm(page: Page, site: Installation, address: str) -> None:
    page.goto(site.door_url + site.confirm_path(address))
    page.locator("form button").click()
    page.wait_for_url("**/confirmed/")


def test_a_person_without_javascript_signs_confirms_and_counts(site: Installation, plain: Page) -> None:
    """Read, make a mistake, mend it, sign, confirm from the mail, and see the number rise."""
    before = site.told()
    plain.goto(f"{site.door_url}/en/c/{SLUG}/")
    expect(plain.locator("h1")).to_contain_text("Mkhaïtir")
    _keep(plain, "open-en-phone")

    plain.locator("#sign").evaluate("form => form.noValidate = true")
    _sign(plain, "", "maria.j@example.org", "ES", updates=True)
    expect(plain.locator("#f-email")).to_have_value("maria.j@example.org")
    expect(plain.locator("#f-name")).to_have_attribute("aria-invalid", "true")
    expect(plain.locator("#f-updates")).to_be_checked()
    _keep(plain, "mistake-en-phone")

    plain.locator("#f-name").fill("María Ibáñez")
    plain.locator("#sign button").click()
    plain.wait_for_url("**/thanks/")
    _keep(plain, "thanks-en-phone")

    _confirm(plain, site, "maria.j@example.org")
    _keep(plain, "confirmed-en-phone")
    wait_for("the count to rise", lambda: site.count() == before + 1, 5)


def test_a_person_signs_in_arabic_from_right_to_left(site: Installation, browser: Browser) -> None:
    """The whole way in Arabic: the page, its mistakes, the mail and the count."""
    before = site.told()
    page = browser.new_context(viewport=PHONE, locale="ar").new_page()
    page.goto(f"{site.door_url}/")
    page.wait_for_url("**/ar/")
    page.goto(f"{site.door_url}/ar/c/{SLUG}/")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.locator("#sign").evaluate("form => form.noValidate = true")
    _sign(page, "عمر", "omar@", "EG", updates=True)
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    expect(page.locator("#f-name")).to_have_value("عمر")
    _keep(page, "mistake-ar-phone")

    page.locator("#f-email").fill("omar.j@example.org")
    page.locator("#sign button").click()
    page.wait_for_url("**/ar/c/*/thanks/")
    _confirm(page, site, "omar.j@example.org")
    _keep(page, "confirmed-ar-phone")
    wait_for("the count to rise", lambda: site.count() == before + 1, 5)


@pytest.mark.parametrize(
    ("language", "scheme"),
    [("en", "light"), ("en", "dark"), ("fr", "light"), ("ar", "light"), ("ar", "dark")],
)
def test_nobody_is_shut_out_and_nothing_comes_from_elsewhere(
    site: Installation, browser: Browser, language: str, scheme: str
) -> None:
    """Every page passes axe, fits a phone, sets no cookie and asks no other host."""
    context = browser.new_context(
        viewport=PHONE, color_scheme="dark" if scheme == "dark" else "light", bypass_csp=True
    )
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("", f"c/{SLUG}/", f"c/{SLUG}/thanks/", f"c/{SLUG}/confirmed/", "privacy/", "no-such-page"):
        page.goto(f"{site.door_url}/{language}/{path}")
        found = Axe().run(page, options=FAULTS)
        assert found.violations_count == 0, f"{language}/{path}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert all(url.startswith(site.door_url) for url in asked)
    assert context.cookies() == []


def _log_in(context: BrowserContext, site: Installation) -> Page:
    """Log in as the staff member of the demonstration, with a password made for this test."""
    made = site.command("staff", "password", "demo")
    password = re.search(r"password\s+(\S+)", made.stdout)
    assert password, made.stderr
    page = context.new_page()
    page.goto(site.office_url)
    page.get_by_label("Username").fill("demo")
    page.get_by_label("Password").fill(password[1])
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", name="What needs you today")).to_be_visible()
    return page


def _has_turned(site: Installation, path: str) -> bool:
    return "/sign" not in site.ask("GET", path).text


def test_staff_close_the_campaign_and_everybody_hears_that_he_is_free(
    site: Installation, browser: Browser
) -> None:
    """One act in the office turns every page; who asked for news gets it, and one click ends it."""
    office = _log_in(browser.new_context(viewport=DESK), site)
    _keep(office, "office-today")
    row = office.get_by_role("row").filter(has_text=SLUG)
    row.get_by_role("link", name="Close with its outcome").click()
    _keep(office, "office-close")
    office.get_by_label("What came of it").select_option("released")
    expect(office.get_by_text("Proceedings are still open (appeal pending)")).to_be_visible()
    office.get_by_label("I have read what the record says").check()
    office.get_by_role("button", name="Close with its outcome").click()
    expect(office.get_by_text(f"{SLUG} is won in every language.")).to_be_visible()

    for language, free in {"en": "free", "fr": "libre", "ar": "حر"}.items():
        path = f"/{language}/c/{SLUG}/"
        wait_for(f"the {language} page to turn", partial(_has_turned, site, path), 3)
        assert free in site.ask("GET", path).text
    late = site.sign("Late", "late@example.org")
    assert late.status == 410
    assert "six times" in late.text

    reader = browser.new_context(viewport=DESK).new_page()
    for language in ("en", "ar"):
        reader.goto(f"{site.door_url}/{language}/c/{SLUG}/")
        _keep(reader, f"won-{language}-desk")

    news = wait_for("the news", lambda: site.mails_to("omar.j@example.org")[1:], 20)[0]
    assert news["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    answer = site.ask("POST", link_path(news, "unsubscribe"), {"List-Unsubscribe": "One-Click"})
    assert (answer.status, "set-cookie" in answer.headers) == (200, False)
