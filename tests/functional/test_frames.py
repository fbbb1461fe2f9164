"""The form on partners' sites, in a real browser: another port, another host, with scripts and without."""

import html
import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from running import SLUG, Installation, wait_for

pytestmark = pytest.mark.browser

PAGE = "<!doctype html><title>A partner</title><h1>An article</h1>%s<p>The end.</p>"
HOSTS = ("127.0.0.1", "localhost")  # of the partner: with its other port same-site, and cross-site
Open = Callable[..., Page]


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def partner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int]]:
    """A partner's site: where its pages lie, and its port."""
    folder = tmp_path_factory.mktemp("partner")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield folder, server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def visit(site: Installation, browser: Browser, partner: tuple[Path, int]) -> Iterator[Open]:
    """Opens a page of the partner on which stands what our page tells it to paste."""
    contexts = []

    def opened(host: str, *, scripts: bool = True, frame: str = "") -> Page:
        ours = site.ask("GET", f"/en/c/{SLUG}/").text
        [lines] = re.findall(r"<pre[^>]*>(.*?)</pre>", ours, re.DOTALL)
        # The demonstration is a copy: when its pages were written, the door had another port.
        here = re.sub(r"http://127\.0\.0\.1:\d+", site.door_url, html.unescape(lines))
        (partner[0] / "page.html").write_text(PAGE % (frame or here))
        context = browser.new_context(java_script_enabled=scripts, viewport={"width": 360, "height": 740})
        contexts.append(context)
        page = context.new_page()
        page.goto(f"http://{host}:{partner[1]}/page.html")
        return page

    yield opened
    for context in contexts:
        assert context.cookies() == []
        context.close()


def _fill(frame: FrameLocator, name: str, address: str) -> None:
    frame.locator("#sign").evaluate("form => form.noValidate = true")
    frame.locator("#f-name").fill(name)
    frame.locator("#f-email").fill(address)
    frame.locator("#f-country").select_option("ES")
    frame.locator("#sign button").click()


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("host", HOSTS)
def test_people_sign_on_a_partners_page(site: Installation, visit: Open, host: str, scripts: bool) -> None:  # noqa: FBT001  a case
    """Make a mistake, mend it, sign, all in the frame; the mail comes, and the partner's page stays."""
    address = f"frame-{host[0]}-{scripts}@example.org".lower()
    page = visit(host, scripts=scripts)
    frame = page.frame_locator("iframe")
    _fill(frame, "", address)
    expect(frame.locator("#f-email")).to_have_value(address)
    expect(frame.locator("#f-name")).to_have_attribute("aria-invalid", "true")
    _fill(frame, "María", address)

    expect(frame.locator("h1")).to_contain_text("mailbox")
    assert page.url.endswith("/page.html")
    assert wait_for("the mail", lambda: site.mails_to(address))


def test_the_frame_is_as_high_as_the_form(visit: Open) -> None:
    """With the partner's lines and our script; the mistakes make it grow."""
    page = visit("localhost")
    frame = page.frame_locator("iframe")
    whole = "document.documentElement.scrollHeight <= innerHeight"
    expect(frame.locator("#sign")).to_be_visible()
    page.frames[1].wait_for_function(whole)
    before = int(page.locator("iframe").get_attribute("height") or 0)
    _fill(frame, "", "")
    expect(frame.locator(".problems")).to_be_visible()
    page.wait_for_function("([before]) => document.querySelector('iframe').height > before", arg=[before])
    page.frames[1].wait_for_function(whole)


def test_a_partner_is_told_the_height_and_nothing_else(visit: Open, site: Installation) -> None:
    """Whoever listens to everything hears a number."""
    frame = f"<iframe src={site.door_url}/en/c/{SLUG}/embed/></iframe>"
    listens = "<script>heard=[]; addEventListener('message', (event) => heard.push(event.data))</script>"
    page = visit("localhost", frame=listens + frame)
    page.wait_for_function("heard.length > 0")

    assert all(list(told) == ["height"] for told in page.evaluate("heard"))


def test_a_sandbox_that_hides_whose_form_it_is_loses_nobody_in_silence(
    visit: Open, site: Installation
) -> None:
    """The form then looks like a copy: it is not taken, and the person is told so, not thanked."""
    source = f"{site.door_url}/en/c/{SLUG}/embed/"
    page = visit("localhost", frame=f"<iframe sandbox='allow-forms' src={source}></iframe>")
    frame = page.frame_locator("iframe")
    _fill(frame, "María", "boxed@example.org")

    expect(frame.locator("h1")).to_contain_text("not allowed")
    assert site.mails_to("boxed@example.org") == []


def test_no_other_page_can_be_framed(visit: Open, site: Installation) -> None:
    """The browser itself refuses: no button of ours can be put under somebody's finger."""
    page = visit("localhost", frame=f"<iframe src={site.door_url}/en/c/{SLUG}/></iframe>")
    page.wait_for_timeout(500)

    assert page.frame_locator("iframe").locator("#sign").count() == 0
