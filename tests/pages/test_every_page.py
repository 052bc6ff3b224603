"""What holds for every page: accessible, valid, no wider than a phone, well titled, no word of another host."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import html5lib
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, ViewportSize

from tests.pages.addresses import PAGES, PERSON_PAGES, STAFF_PAGES, STRANGER_PAGES
from tests.pages.browser import PHONE, SCREEN, axe_violations
from tests.pages.site import Site
from tests.signing_in import member_of_demo, session_token

pytestmark = pytest.mark.browser
EXPECTED_ERRORS = {
    "new password, link over": 404,
    "invitation to work here, over": 404,
    "error": 404,
    "invitation, over": 404,
    "referral link over": 404,
    "report, wrong days": 422,
    "shared list, cut": 404,
    "slip by link, over": 404,
}


@pytest.fixture(scope="module")
def window(browser: Browser, site: Site) -> Iterator[Page]:
    """One window for all of these pages, each of which is only looked at: a new one takes longer than the page."""
    context = browser.new_context(base_url=site.url, locale="en-GB")
    yield context.new_page()
    context.close()


@pytest.fixture
def page(window: Page) -> Iterator[Page]:
    """The window as a new visitor has it, of the size of a phone.

    From page to page and not by way of an empty one: for that the browser begins a new process each time, which has to
    compile axe-core anew, and all of it takes twice as long.
    """
    window.context.clear_cookies()
    window.set_viewport_size(PHONE)
    yield window
    if window.url.startswith("http"):
        window.evaluate("localStorage.clear(); sessionStorage.clear()")


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser complains of."""
    told: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "404" not in message.text:
            told.append(message.text)

    def catch(error: Error) -> None:
        told.append(str(error))

    page.on("console", listen)
    page.on("pageerror", catch)
    yield told
    page.remove_listener("console", listen)
    page.remove_listener("pageerror", catch)


@pytest.mark.parametrize("name", PAGES)
def test_page_is_well_made_accessible_and_fits(
    name: str, page: Page, complaints: list[str], site: Site, axe: str
) -> None:
    response = page.goto(PAGES[name](site))
    assert response is not None
    assert response.status == EXPECTED_ERRORS.get(name, 200)
    assert_accessible_and_fitting(page, axe)
    assert_fits_with_words_twice_as_big(page)
    assert complaints == []
    assert_valid_and_well_made(response.text())
    assert_offers_help_now_and_a_way_out(response.text())


@pytest.mark.parametrize("name", STAFF_PAGES)
def test_page_of_staff_is_accessible_and_fits(name: str, page: Page, site: Site, axe: str) -> None:
    role, address = STAFF_PAGES[name]
    token = session_token(site.app, member_of_demo(site.app, role))
    page.context.add_cookies([{"name": "sid", "value": token, "url": site.url}])
    response = page.goto(address(site))
    assert response is not None
    assert response.status == EXPECTED_ERRORS.get(name, 200)
    assert page.url.endswith(address(site))
    # Once: there are many, and a wide screen only sets the same things side by side.
    assert axe_violations(page, axe) == []
    assert_fits(page, PHONE)
    assert_fits(page, SCREEN)
    html5lib.HTMLParser(strict=True).parse(response.text())


@pytest.mark.parametrize("name", [*PERSON_PAGES, *STRANGER_PAGES])
def test_page_of_a_person_is_accessible_and_fits(name: str, page: Page, site: Site, axe: str) -> None:
    is_own = name in PERSON_PAGES
    user_id, address = (site.care.user, PERSON_PAGES[name]) if is_own else (site.care.stranger, STRANGER_PAGES[name])
    page.context.add_cookies([{"name": "sid", "value": session_token(site.app, user_id), "url": site.url}])
    response = page.goto(address(site))
    assert response is not None
    assert response.status == 200
    assert response.headers["cache-control"] == "no-store"
    assert_accessible_and_fitting(page, axe)
    html5lib.HTMLParser(strict=True).parse(response.text())


def assert_accessible_and_fitting(page: Page, axe: str) -> None:
    """On a phone and on a screen."""
    for size in (PHONE, SCREEN):
        assert_fits(page, size)
        assert axe_violations(page, axe) == []


def assert_fits(page: Page, size: ViewportSize) -> None:
    """Nothing stands out at the side."""
    page.set_viewport_size(size)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def assert_fits_with_words_twice_as_big(page: Page) -> None:
    """Nothing stands out at the side; the words of the page are big afterwards."""
    assert_fits(page, {"width": 640, "height": 450})  # a window of 1280 at 200%
    page.set_viewport_size(SCREEN)
    # A browser's own size of letters, doubled.
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    assert_fits(page, SCREEN)


def assert_valid_and_well_made(body: str) -> None:
    """Strictly valid, with one heading that begins the title, and nothing of another host."""
    # Strict: the first error in the markup raises.
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(body)
    headings = ["".join(heading.itertext()).strip() for heading in document.iter("h1")]
    title = "".join(document.find(".//title").itertext())
    assert len(headings) == 1
    assert title.startswith(headings[0])
    assert [found for found, count in Counter(_ids(document)).items() if count > 1] == []
    assert [element.tag for element in document.iter() if "style" in element.attrib or _handlers(element)] == []
    assert not list(document.iter("style"))
    assert [script.attrib for script in document.iter("script") if not _allowed(script)] == []
    assert _outside(document) == {"https://www.bbc.co.uk/weather"} | _websites(document)


def _ids(document) -> list[str]:
    return [element.attrib["id"] for element in document.iter() if "id" in element.attrib]


def _handlers(element) -> list[str]:
    return [attribute for attribute in element.attrib if attribute.startswith("on")]


def _allowed(script) -> bool:
    return script.attrib.get("type") == "application/ld+json" or script.attrib.get("src", "").startswith("/static/")


def _outside(document) -> set[str]:
    addresses = {element.attrib.get(name, "") for element in document.iter() for name in ("href", "src")}
    return {address for address in addresses if address.startswith(("http:", "https:", "//"))} - _canonical(document)


def _canonical(document) -> set[str]:
    return {link.attrib["href"] for link in document.iter("link") if link.attrib.get("rel") == "canonical"}


def _websites(document) -> set[str]:
    """Websites of services: opened only when pressed, and told nothing of where the press came from."""
    return {link.attrib["href"] for link in document.iter("a") if link.attrib.get("rel") == "noreferrer"}


def assert_offers_help_now_and_a_way_out(body: str) -> None:
    """The numbers for a crisis, and a plain link away."""
    for number in ("tel:999", "tel:111", "tel:116123", "sms:85258"):
        assert number in body
    assert 'href="/help-now"' in body
    assert 'href="https://www.bbc.co.uk/weather" rel="nofollow noreferrer noopener"' in body
