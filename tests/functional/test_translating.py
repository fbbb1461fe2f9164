"""A campaign gets another language in the office, falls behind, and is brought up to date."""

from pathlib import Path

import polib
import pytest
from playwright.sync_api import Browser, Page, expect

from running import Installation, wait_for
from staff_browser import DESK, fits, log_in

pytestmark = pytest.mark.browser

SLUG = "free-mohamed-mkhaitir"
TITLE = "Tell the President of Mauritania to protect Mohamed Mkhaïtir"
LEDE = "He is threatened wherever he goes, and the state looks on."
LATER = "He is threatened again, and the state looks on."
ARABIC = "طالبوا بحماية محمد: Habeas 2026."  # both directions in one line


@pytest.fixture
def office(site: Installation, browser: Browser) -> Page:
    """Somebody at the office, and a campaign that is open in English alone."""
    page = browser.new_context(viewport=DESK, bypass_csp=True, accept_downloads=True).new_page()
    log_in(page, site)
    page.get_by_role("link", name="New campaign, from a case").click()
    page.get_by_role("link", name="MR-2014-001").click()
    page.get_by_role("link", name="New campaign", exact=True).click()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Why it is urgent").fill(LEDE)
    page.get_by_label("Guarantee the safety of Mohamed").check()
    page.get_by_label("Demands in your own words").fill("Let him travel wherever he wishes.")
    page.get_by_label("The story").fill("He wrote an essay. He was sentenced to death for it.")
    page.get_by_role("button", name="Make it, and see it before it opens").click()
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_text(f"{SLUG} is open in every language.")).to_be_visible()
    return page


def test_a_campaign_gets_a_language_and_is_brought_up_to_date(
    office: Page, site: Installation, tmp_path: Path
) -> None:
    """Text by text in the office, the rest by a translator's file; readers never see half of it."""
    to_languages(office)
    fits(office)
    office.get_by_role("button", name="Translate into Arabic").click()
    translate_one(office, "Title", ARABIC)
    runs_from_the_right(office)
    office.get_by_role("button", name="Publish in Arabic").click()
    expect(office.get_by_text("Not published: these texts are not translated yet: Lede")).to_be_visible()
    assert site.ask("GET", f"/ar/c/{SLUG}/").status == 404

    send_back(office, translated(office, tmp_path))
    office.get_by_role("button", name="Publish in Arabic").click()
    expect(office.get_by_text("is published in Arabic")).to_be_visible()
    wait_for("the Arabic page", lambda: ARABIC in site.ask("GET", f"/ar/c/{SLUG}/").text, 10)
    assert "ضمان سلامة" in site.ask("GET", f"/ar/c/{SLUG}/").text  # the demand's own Arabic
    shows_the_language_everywhere(site)

    change_the_original(office)
    expect(office.get_by_text("go on saying what was approved before: Arabic.")).to_be_visible()
    wait_for("the English page", lambda: LATER in site.ask("GET", f"/en/c/{SLUG}/").text, 10)
    assert f"ع {LEDE}" in site.ask("GET", f"/ar/c/{SLUG}/").text
    to_languages(office)
    expect(office.get_by_text("Arabic says what it said before.")).to_be_visible()
    office.get_by_text("What changed in English").click()
    expect(office.locator("ins", has_text=LATER)).to_be_visible()
    fits(office)

    office.get_by_role("button", name="Bring Arabic up to date").click()
    translate_one(office, "Lede", f"ع {LATER}")
    office.get_by_role("button", name="Publish in Arabic").click()
    expect(office.get_by_text("is published in Arabic")).to_be_visible()
    wait_for("the new text", lambda: f"ع {LATER}" in site.ask("GET", f"/ar/c/{SLUG}/").text, 10)
    to_languages(office)
    expect(office.get_by_text("Published, and up to date.")).to_be_visible()


def to_languages(page: Page) -> None:
    """Go to the languages of the campaign, from the first screen."""
    page.goto(f"{page.url.split('/admin/')[0]}/admin/")
    row = page.get_by_role("row").filter(has_text=SLUG)
    row.get_by_role("link", name="Languages", exact=True).click()
    expect(page.get_by_role("heading", name=f"Languages {SLUG}")).to_be_visible()


def translate_one(page: Page, field: str, text: str) -> None:
    """Write the translation of a text, in the editor that is open."""
    block = page.locator(".js-translation-editor li").filter(
        has=page.get_by_role("heading", name=field, exact=True)
    )
    block.get_by_role("button", name="Translate", exact=True).click()
    page.locator("textarea").fill(text)
    block.get_by_role("button", name="Save", exact=True).click()
    expect(block.get_by_role("button", name="Edit", exact=True)).to_be_visible()


def runs_from_the_right(page: Page) -> None:
    """Check that Arabic begins at the right edge of its field, on an English screen."""
    said = page.locator(".js-translation-editor p").filter(has_text=ARABIC).last
    assert said.evaluate("""said => {
        const range = document.createRange();
        range.selectNodeContents(said);
        const text = range.getBoundingClientRect(), around = said.getBoundingClientRect();
        return text.left - around.left > around.right - text.right;
    }""")


def translated(page: Page, folder: Path) -> Path:
    """Download the PO file as it stands, translate what is left, and return the file."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Download PO file").click()
    file = folder / "translated.po"
    download.value.save_as(file)
    po = polib.pofile(str(file))
    assert [entry.msgstr for entry in po if entry.msgctxt == "title"] == [ARABIC]
    assert not [entry for entry in po if "Guarantee the safety" in entry.msgid]  # of the directory
    for entry in po.untranslated_entries():
        entry.msgstr = f"ع {entry.msgid}"
    po.save()
    return file


def send_back(page: Page, file: Path) -> None:
    """Upload a PO file in the editor that is open."""
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("taken in; readers see them once you publish.")).to_be_visible()


def shows_the_language_everywhere(site: Installation) -> None:
    """Check that the new language is where readers and machines look for it, with the one count."""
    english, arabic = (site.ask("GET", f"/{code}/c/{SLUG}/").text for code in ("en", "ar"))
    assert f'hreflang="ar" href="{site.door_url}/ar/c/{SLUG}/"' in english
    assert f'href="/ar/c/{SLUG}/"' in english  # the way to the other language
    assert 'dir="rtl"' in arabic
    assert f'action="/ar/c/{SLUG}/sign"' in arabic
    assert f"{SLUG}-ar." in arabic  # its own picture
    assert site.ask("GET", f"/ar/c/{SLUG}/updates.atom").status == 200
    assert f"/ar/c/{SLUG}/" in site.ask("GET", "/sitemap.xml").text
    site_sign = {"name": "Omar", "email": "omar.t@example.org", "country": "FR", "website": ""}
    assert site.ask("POST", f"/ar/c/{SLUG}/sign", site_sign).status == 303
    site.ask("POST", site.confirm_path("omar.t@example.org"), {})
    wait_for("the one count", lambda: '"total":1' in site.ask("GET", f"/count/{SLUG}.json").text, 20)


def change_the_original(page: Page) -> None:
    """Publish another lede in English."""
    to_languages(page)
    page.get_by_role("link", name="Edit English").click()
    page.get_by_label("Lede").fill(LATER)
    page.get_by_role("button", name="More actions").last.click()
    page.get_by_role("button", name="Publish", exact=True).click()
