"""In the reader's own colours, and on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.pages.addresses import PAGES
from tests.pages.browser import SCREEN
from tests.pages.site import Site

pytestmark = pytest.mark.browser
BORDERLESS = """() => [...document.querySelectorAll(
    '.wm-button, .wm-bar__button, .wm-card, .wm-tile, .govuk-input, .wm-result')]
  .filter(element => element.offsetParent && getComputedStyle(element).borderTopWidth === '0px')
  .map(element => element.className)"""
COLOUR_OF_THE_WORD = "() => getComputedStyle(document.querySelector('.wm-brand__word')).color"
COLOURS_OF_THE_SIGN = """() => [...document.querySelectorAll('.wm-brand__glyph > *')]
  .map(element => getComputedStyle(element).stroke)"""


@pytest.mark.parametrize("name", ["home", "search", "service", "help now", "report"])
def test_shapes_stay_in_forced_colours(name: str, browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.url, viewport=SCREEN, forced_colors="active", locale="en-GB")
    page = context.new_page()
    page.goto(PAGES[name](site))
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    assert page.evaluate(BORDERLESS) == []
    assert set(page.evaluate(COLOURS_OF_THE_SIGN)) == {page.evaluate(COLOUR_OF_THE_WORD)}
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    context.close()


def test_on_paper_a_listing_keeps_address_telephone_and_hours(page: Page, site: Site) -> None:
    page.goto(PAGES["service"](site))
    page.emulate_media(media="print")
    for gone in (".wm-bar", ".wm-menu", ".wm-footer", ".wm-contact form", ".govuk-breadcrumbs"):
        expect(page.locator(gone).first).to_be_hidden()
    for kept in ("h1", ".wm-address", ".wm-hours", ".wm-contact a[href^='tel:']", ".wm-crisis"):
        expect(page.locator(kept).first).to_be_visible()


def test_on_paper_a_course_has_each_of_its_dates_once(page: Page) -> None:
    page.goto("/courses?q=understanding+anxiety")
    page.get_by_role("link", name="Understanding anxiety").first.click()
    dates = [page.locator(".wm-next .govuk-details .wm-session"), page.locator(".wm-next__when > .wm-sessions")]
    expect(dates[0].first).to_be_hidden()
    page.emulate_media(media="print")
    expect(dates[0].first).to_be_visible()
    expect(dates[1].first).to_be_hidden()
    expect(page.locator(".wm-next .wm-button").first).to_be_hidden()


def test_on_paper_a_list_keeps_the_code_and_drops_the_buttons(page: Page) -> None:
    page.goto("/search?q=food+bank")
    page.get_by_role("button", name="Add to my list").first.click()
    page.goto("/list")
    page.emulate_media(media="print")
    expect(page.locator(".wm-code svg")).to_be_visible()
    expect(page.locator(".wm-result a[href^='tel:']").first).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
