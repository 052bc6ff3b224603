"""What scripts add: leaving with Shift three times, suggestions, copying, printing."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.pages.browser import axe_violations

pytestmark = pytest.mark.browser
ELSEWHERE = "https://www.bbc.co.uk/weather"
SUGGESTED = {
    "suggestions": [
        {"label": "Behind with rent or mortgage", "url": "/topics/rent-arrears"},
        {"label": "rent help", "url": None},
    ]
}


@pytest.fixture
def elsewhere(context: BrowserContext) -> BrowserContext:
    """The other page, without the network."""
    context.route(ELSEWHERE, lambda route: route.fulfill(body="<title>Weather</title>", content_type="text/html"))
    return context


@pytest.fixture
def suggestions(context: BrowserContext) -> None:
    context.route(
        "**/api/suggest?*", lambda route: route.fulfill(body=json.dumps(SUGGESTED), content_type="application/json")
    )


def test_shift_three_times_leaves_and_this_page_is_not_behind(elsewhere: BrowserContext) -> None:
    page = elsewhere.new_page()
    page.goto("/privacy")
    page.goto("/help-now")
    for _press in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url(ELSEWHERE)
    page.go_back()
    assert page.url.endswith("/privacy")


def test_shift_with_other_keys_does_not_leave(elsewhere: BrowserContext) -> None:
    page = elsewhere.new_page()
    page.goto("/")
    page.locator("#q").press_sequentially("ABC")
    for _press in range(2):
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Shift")
    page.wait_for_timeout(300)
    assert page.url.endswith("/")


def test_the_button_leaves_at_once(elsewhere: BrowserContext) -> None:
    page = elsewhere.new_page()
    page.goto("/help-now")
    page.get_by_role("link", name="Leave this page").click()
    page.wait_for_url(ELSEWHERE)


@pytest.mark.usefixtures("suggestions")
def test_suggestions_by_keyboard(page: Page, axe: str) -> None:
    page.goto("/")
    box = page.get_by_role("combobox", name="In your own words")
    box.press_sequentially("rent")
    expect(page.get_by_role("option")).to_have_count(2)
    expect(box).to_have_attribute("aria-expanded", "true")
    assert axe_violations(page, axe) == []
    box.press("ArrowDown")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == page.get_by_role("option").first.get_attribute("id")
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("rent")


@pytest.mark.usefixtures("suggestions")
def test_a_suggestion_leads_to_its_page_or_is_searched(page: Page) -> None:
    page.goto("/")
    box = page.get_by_role("combobox", name="In your own words")
    box.press_sequentially("rent")
    page.get_by_role("option").first.click()
    page.wait_for_url("**/topics/rent-arrears")
    page.goto("/")
    box.press_sequentially("rent")
    expect(page.get_by_role("option")).to_have_count(2)
    box.press("ArrowUp")
    box.press("Enter")
    page.wait_for_url("**/search?q=rent+help*")


def test_enter_searches_while_suggestions_fail(page: Page, context: BrowserContext) -> None:
    context.route("**/api/suggest?*", lambda route: route.abort())
    page.goto("/")
    page.get_by_label("In your own words").press_sequentially("food")
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=food*")


def test_copying_the_list(page: Page, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/search?q=food+bank")
    page.get_by_role("button", name="Add to my list").first.click()
    page.goto("/list")
    page.get_by_role("button", name="Copy as text").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#slip").input_value()
    expect(page.get_by_role("button", name="Print my list")).to_be_visible()
