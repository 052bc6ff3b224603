"""The whole way from words to a shared list, in a browser that runs no scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.pages.browser import PHONE
from tests.pages.site import Site

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(browser: Browser, site: Site) -> Iterator[Page]:
    context = browser.new_context(base_url=site.url, java_script_enabled=False, viewport=PHONE, locale="en-GB")
    yield context.new_page()
    context.close()


def search(page: Page, words: str, near: str = "") -> None:
    page.goto("/")
    page.get_by_label("In your own words").fill(words)
    page.get_by_label("Near").fill(near)
    page.get_by_role("button", name="Find help").click()


def test_from_words_to_a_list_that_others_can_open(plain: Page) -> None:
    search(plain, "food bank", near="WX1 2LH")
    expect(plain.get_by_role("heading", level=1)).to_have_text("Help we found")
    plain.get_by_role("button", name="Add to my list").first.click()
    expect(plain.get_by_role("button", name="On my list")).to_have_count(1)
    first = plain.locator(".wm-result__name a").first.inner_text()
    plain.get_by_role("link", name="My list").click()
    expect(plain.locator(".wm-result__name")).to_have_text([first])
    expect(plain.locator(".wm-code svg")).to_be_visible()
    expect(plain.get_by_role("button", name="Print my list")).to_be_hidden()
    plain.get_by_role("link", name="A link to this list").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("A list for you")
    expect(plain.locator(".wm-result__name")).to_have_text([first])


def test_taking_off_the_list(plain: Page) -> None:
    search(plain, "food bank")
    plain.get_by_role("button", name="Add to my list").first.click()
    plain.goto("/list")
    plain.get_by_role("button", name="On my list").click()
    expect(plain.get_by_text("There is nothing on your list yet")).to_be_visible()


def test_filters_are_links_and_going_back_takes_them_off(plain: Page) -> None:
    search(plain, "feeling low")
    before = plain.locator(".wm-found__count strong").inner_text()
    plain.locator(".wm-filters").get_by_role("link", name=re.compile("^Groups")).click()
    assert "kind=peer-group" in plain.url
    assert plain.locator(".wm-found__count strong").inner_text() != before
    expect(plain.get_by_role("link", name="Remove Groups")).to_be_visible()
    plain.go_back()
    expect(plain.locator(".wm-found__count strong")).to_have_text(before)


def test_the_second_page_has_other_results(plain: Page) -> None:
    plain.goto("/groups")
    first = plain.locator(".wm-result__name").all_inner_texts()
    plain.get_by_role("link", name="Next").click()
    assert "page=2" in plain.url
    assert not set(first) & set(plain.locator(".wm-result__name").all_inner_texts())


def test_exact_words_and_back(plain: Page) -> None:
    search(plain, "behind with rent")
    plain.get_by_role("link", name="Show only exact words").click()
    expect(plain.get_by_text("Showing only your exact words")).to_be_visible()
    plain.get_by_role("link", name="Show all that may help").first.click()
    expect(plain.get_by_text("Also showing:")).to_be_visible()


def test_a_distance_that_leaves_nothing_can_be_taken_off(plain: Page) -> None:
    plain.goto("/search?q=food&near=WX1&within=1.6&kind=course&reach=home-visit")
    expect(plain.get_by_role("heading", name="Nothing found yet")).to_be_visible()
    expect(plain.get_by_text("Also showing:")).to_have_count(0)
    plain.get_by_role("link", name="Remove Within 1 mile").click()
    assert "within" not in plain.url


def test_choosing_a_language_keeps_the_page(plain: Page) -> None:
    plain.goto("/search?q=food")
    plain.get_by_role("button", name="Cymraeg").click()
    assert plain.url.endswith("/search?q=food")
    assert plain.locator("html").get_attribute("lang") == "cy"
    expect(plain.locator(".wm-language-note")).to_be_visible()
    plain.get_by_role("button", name="English").click()
    assert plain.locator("html").get_attribute("lang") == "en-GB"


def test_reporting_a_problem_asks_again_and_keeps_what_was_typed(plain: Page, site: Site) -> None:
    plain.goto(f"/services/{site.service}/report")
    plain.get_by_label("Tell us more").fill("Nobody picks up")
    plain.get_by_label("Your email address").fill("not an address")
    plain.get_by_role("button", name="Send").click()
    expect(plain.get_by_role("alert")).to_contain_text("Choose what is wrong")
    expect(plain.get_by_label("Tell us more")).to_have_value("Nobody picks up")
    plain.get_by_label("The phone number or email is wrong").check()
    plain.get_by_label("Your email address").fill("")
    plain.get_by_role("button", name="Send").click()
    expect(plain.get_by_role("status")).to_contain_text("Thank you for telling us")


def test_telling_of_help_that_was_not_found(plain: Page) -> None:
    plain.goto("/not-found")
    plain.get_by_role("button", name="Send").click()
    plain.get_by_role("link", name="Choose what it was about").click()
    assert plain.url.endswith("#topic")
    plain.get_by_label("What was it about?").select_option("housing")
    plain.get_by_label("The first part of your postcode").fill("wx1 2lh")
    plain.get_by_role("button", name="Send").click()
    expect(plain.get_by_role("status")).to_contain_text("Thank you")


def test_leaving_is_a_plain_link(plain: Page) -> None:
    plain.goto("/")
    leave = plain.get_by_role("link", name="Leave this page")
    assert leave.get_attribute("href") == "https://www.bbc.co.uk/weather"
    assert "noreferrer" in (leave.get_attribute("rel") or "")
