"""Staff at a browser: logging in, and what every screen of ours has to bear."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

from running import Installation

DESK: ViewportSize = {"width": 1280, "height": 900}
FAULTS = {"resultTypes": ["violations"]}  # axe tells every violation as before, and of the rest one each
PHONE: ViewportSize = {"width": 390, "height": 844}


def log_in(page: Page, site: Installation) -> None:
    """Log in as the staff member of the demonstration, with a password made for this test."""
    made = site.command("staff", "password", "demo")
    password = re.search(r"password\s+(\S+)", made.stdout)
    assert password, made.stderr
    page.goto(f"{site.office_url}/account/login/")
    page.locator("input[name=login]").fill("demo")
    page.locator("input[name=password]").fill(password[1])
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url("**/admin/")


def fits(page: Page, ours: str = ".nice-padding") -> None:
    """Check what is ours on the page with axe, and that it fits a phone."""
    page.locator(ours).first.wait_for()
    found = Axe().run(page, context={"include": [[ours]]}, options=FAULTS)
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.set_viewport_size(DESK)
