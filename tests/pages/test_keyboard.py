"""By keyboard alone: everything can be reached, and what has the focus is never behind the bar."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.pages.addresses import PAGES
from tests.pages.browser import PHONE, SCREEN
from tests.pages.site import Site

pytestmark = pytest.mark.browser
LONG_PAGES = ("home", "search", "service", "help now", "report", "topics")
FOCUSED = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const box = element.getBoundingClientRect();
  const bar = document.querySelector('.wm-bar').getBoundingClientRect();
  const style = getComputedStyle(element);
  return {
    name: element.tagName + ' ' + (element.innerText || element.name || element.id).slice(0, 40),
    hidden: !element.closest('.wm-bar') && box.bottom <= bar.bottom,
    covered: !element.closest('.wm-bar') && !element.matches('.govuk-skip-link') && box.top < bar.bottom - 1,
    outside: box.bottom <= 0 || box.top >= innerHeight || box.width === 0,
    marked: style.outlineStyle !== 'none' || style.boxShadow !== 'none',
  };
}"""
REACHABLE = """document.querySelectorAll(
    'a[href], button:not([hidden]), input:not([type=hidden]), select, textarea, summary').length"""


@pytest.mark.parametrize("size", [PHONE, SCREEN], ids=["phone", "screen"])
@pytest.mark.parametrize("name", LONG_PAGES)
def test_focus_is_seen_all_the_way(name: str, size: dict[str, int], page: Page, site: Site) -> None:
    page.set_viewport_size(size)
    page.goto(PAGES[name](site))
    seen = []
    for _step in range(page.evaluate(REACHABLE) + 5):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            break
        seen.append(focused)
    assert len(seen) > 10
    assert [focused["name"] for focused in seen if focused["covered"] or focused["outside"]] == []
    assert [focused["name"] for focused in seen if not focused["marked"]] == []


def test_backwards_too(page: Page, site: Site) -> None:
    page.set_viewport_size(PHONE)
    page.goto(PAGES["search"](site))
    page.locator("footer a").last.focus()
    for _step in range(60):
        page.keyboard.press("Shift+Tab")
        focused = page.evaluate(FOCUSED)
        assert focused is not None
        assert not focused["covered"], focused
        assert not focused["outside"], focused


def test_the_first_stop_skips_to_the_content(page: Page) -> None:
    page.goto("/topics")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
