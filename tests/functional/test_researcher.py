"""A researcher's day: look for somebody, see what does not fit, answer for it, see who changed what."""

import subprocess
import sys

import pytest
from playwright.sync_api import Browser, expect

from running import Installation
from staff_browser import DESK, fits, log_in

pytestmark = pytest.mark.browser

CONTRADICTION = """
from habeas.cases.actions import amend, record
from habeas.cases.models import Case, Event
case = Case.objects.get(ref="MR-2014-001")
arrest = Event.objects.get(case=case, type="arrest")
amend(arrest, {"legal_basis": "none"}, by=None, reason="Nobody showed a warrant")
record(Event(case=case, seq=5000, type="death", date_edtf="2019-08"), by=None)
record(Event(case=case, seq=5010, type="release", date_edtf="2019-08-20"), by=None)
"""


def contradict(site: Installation) -> None:
    """Record a release after a death, as somebody might by mistake."""
    start = "from habeas.ops.django_setup import start_django; start_django()\n"
    subprocess.run([sys.executable, "-c", start + CONTRADICTION], env=site.environment, check=True)


def test_a_researcher_finds_mends_and_looks_back(site: Installation, browser: Browser) -> None:
    """Search in Arabic, open the case, see a finding, override it, look at what changed."""
    contradict(site)
    page = browser.new_context(viewport=DESK, bypass_csp=True).new_page()
    log_in(page, site)
    expect(page.get_by_role("heading", name="What the registry needs of you today")).to_be_visible()
    expect(page.locator(".needs")).to_contain_text("contradicts itself")

    page.goto(f"{site.office_url}/admin/snippets/cases/case/")
    page.locator("#id_q").fill("امخيطير")
    expect(page.locator("#listing-results")).to_contain_text("There is 1 match")
    expect(page.locator("#listing-results")).to_contain_text("1 contradiction")
    page.get_by_role("link", name="MR-2014-001").click()

    expect(page.locator("#tasks-section")).to_contain_text("cannot follow")
    expect(page.locator("#claims-section")).to_contain_text("2 January 2014")
    page.goto(f"{page.url}?on=2018-06-01")
    expect(page.locator("#status-section")).to_contain_text("held past the legal end of the sentence")
    fits(page)

    page.get_by_role("button", name="Take it").click()
    expect(page.locator("#tasks-section")).to_contain_text("Yours")
    page.get_by_role("link", name="Give to somebody else").click()
    page.get_by_label("By", exact=True).fill("2031-02-03")
    page.get_by_label("Note").fill("Ask the lawyer who held the body.")
    page.get_by_role("button", name="Give it", exact=True).click()
    expect(page.locator("#tasks-section")).to_contain_text("Yours, by 3 February 2031")
    case = page.url
    page.goto(f"{site.office_url}/admin/")
    expect(page.locator(".held")).to_contain_text("By 3 February 2031")
    fits(page, ".held")
    page.locator(".held").get_by_role("link", name="MR-2014-001").click()
    page.get_by_role("link", name="Give to somebody else").click()
    expect(page.get_by_role("button", name="Give it", exact=True)).to_be_visible()
    fits(page)
    page.goto(case)

    page.get_by_role("link", name="Override in writing").click()
    page.get_by_label("Why both stand").fill("His body was given to the family.")
    page.get_by_role("button", name="Let both stand").click()
    expect(page.locator("#tasks-section")).to_contain_text("His body was given to the family.")
    expect(page.get_by_role("link", name="Override in writing")).to_have_count(0)

    page.goto(f"{site.office_url}/admin/")
    expect(page.get_by_role("heading", name="Your tasks")).to_have_count(0)
    page.goto(case)
    page.get_by_role("link", name="The whole history").click()
    expect(page.locator(".listing")).to_contain_text("Task done")
    page.get_by_role("link", name="Amended: legal basis").click()
    expect(page.locator("table.compare")).to_contain_text("Legal basis")
    fits(page)
