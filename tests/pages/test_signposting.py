"""From the desk to a slip in the hand, and back by a tap: by keyboard, without scripts, and on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from app.accounts.codes import Role
from app.core import clock
from app.notifications.rules import quiet_until
from tests.pages.browser import PHONE, SCREEN, axe_violations
from tests.pages.site import Site
from tests.signing_in import member_of_demo, session_token

pytestmark = pytest.mark.browser
MOST_PRESSES = 6
# Millimetres of paper, as PDF points, and the pixels between the margins.
A4, A5 = ("594.95996 841.91998", 688), ("420 594.95996", 484)


class Desk:
    """A member of staff at the keyboard, whose presses are counted; what they type in a box is not."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0

    def press(self, what: Locator, key: str = "Enter") -> None:
        # A page that is shown takes the focus to the card in its address: between our focus and our key, if it is slow.
        self.page.wait_for_load_state()
        self.page.evaluate("() => new Promise(shown => requestAnimationFrame(() => requestAnimationFrame(shown)))")
        what.focus()
        what.press(key)
        self.presses += 1

    def search(self, words: str) -> None:
        box = self.page.get_by_label("What do you need help with?")
        box.focus()
        self.page.keyboard.type(words)
        self.press(box)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)


def signed_in(context: BrowserContext, site: Site) -> Page:
    token = session_token(site.app, member_of_demo(site.app, Role.SURGERY))
    context.add_cookies([{"name": "sid", "value": token, "url": site.url}])
    return context.new_page()


@pytest.fixture
def desk(context: BrowserContext, site: Site) -> Desk:
    context.add_init_script("window.print = () => { window.printed = true; }")
    page = signed_in(context, site)
    page.goto("/desk")
    return Desk(page)


@pytest.fixture
def plain(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=site.url, java_script_enabled=False, viewport=PHONE, locale="en-GB")
    yield context
    context.close()


def test_two_services_on_paper_in_six_presses(desk: Desk, axe: str) -> None:
    page = desk.page
    desk.search("behind with rent")
    for _service in range(2):
        desk.press(desk.button("Add to my list").first)
    desk.press(page.get_by_role("link", name="Signpost the 2 on my list"))
    desk.press(desk.button("Print A4"))
    expect(page.locator(".wm-sheet .wm-slip-line")).to_have_count(2)
    desk.press(desk.button("Print"))
    assert page.evaluate("window.printed") is True
    assert desk.presses <= MOST_PRESSES
    assert axe_violations(page, axe) == []


def test_a_text_message_in_three_presses(desk: Desk, axe: str) -> None:
    page = desk.page
    desk.search("food bank")
    desk.press(page.get_by_role("link", name=re.compile("^Signpost ?:")).first)
    page.get_by_label("Their mobile number or email address").focus()
    page.keyboard.type("07400 123456")
    desk.press(page.get_by_label("Their mobile number or email address"))
    # The server keeps the real hour, and sends no texts at night.
    told = "We send none at night" if quiet_until(clock.now()) else "The text message is on its way"
    expect(page.get_by_role("status").first).to_contain_text(told)
    assert desk.presses == 3
    expect(page.get_by_label("For the person’s record")).to_have_value(re.compile("Given as: text message"))
    assert axe_violations(page, axe) == []


def test_what_is_wrong_and_what_the_aid_says(desk: Desk, site: Site, axe: str) -> None:
    page = desk.page
    page.goto(f"/desk/signposts/new?service={site.service}")
    desk.press(desk.button("Text or email it"))
    expect(page.get_by_role("alert")).to_contain_text("Enter a mobile number")
    assert axe_violations(page, axe) == []
    page.get_by_role("link", name=re.compile("Enter a mobile number")).press("Enter")
    assert page.evaluate("document.activeElement.id") == "reach"
    page.get_by_text("Signpost or refer?").click()
    page.get_by_label("It needs a specialist").check()
    desk.press(desk.button("What does this suggest?"))
    expect(page.get_by_role("status")).to_contain_text("This speaks for referring them.")
    expect(page.get_by_label("It needs a specialist")).to_be_checked()
    assert axe_violations(page, axe) == []


def test_the_whole_way_without_scripts(plain: BrowserContext, browser: Browser, site: Site, axe: str) -> None:
    page = signed_in(plain, site)
    page.goto("/search?q=food+bank")
    page.get_by_role("link", name=re.compile("^Signpost ?:")).first.press("Enter")
    page.get_by_text("Language, and who it is for").click()
    page.get_by_label("What to say").fill("x" * 500)
    assert (page.locator("form.wm-split").bounding_box() or {})["width"] <= PHONE["width"]
    page.get_by_label("What to say").fill("Ask for Sam at the door.")
    page.get_by_role("button", name="Show a link").press("Enter")
    reference = page.get_by_role("heading", level=1).inner_text().split()[-1]
    link = page.get_by_role("link", name="What they see").get_attribute("href") or ""

    person = browser.new_context(java_script_enabled=False, viewport=PHONE, locale="en-GB").new_page()
    person.goto(link)
    expect(person.get_by_text("Ask for Sam at the door.")).to_be_visible()
    expect(person.get_by_role("group", name=re.compile("Did it help"))).to_have_count(0)
    taps = (("get in touch", "Yes"), ("help", "No"), ("in the way", "They were full"))
    for question, tap in taps:
        answer = person.get_by_role("group", name=re.compile(question)).get_by_role("button", name=tap, exact=True)
        answer.press("Enter")
        expect(answer).to_have_attribute("aria-pressed", "true")
    for question, tap in taps:
        chosen = person.get_by_role("group", name=re.compile(question)).get_by_role("button", name=tap, exact=True)
        expect(chosen).to_have_attribute("aria-pressed", "true")
    expect(person.get_by_role("status")).to_contain_text("You can change your answer")
    person.get_by_role("group", name=re.compile("help")).get_by_role("button", name="A little").press("Enter")
    person.context.close()

    page.goto("/desk")
    page.get_by_role("link", name="Answers about your signposts").press("Enter")
    row = page.locator(".wm-rows__row", has_text=reference)
    expect(row).to_contain_text("It helped a little: They were full")
    row.get_by_role("link", name=reference).press("Enter")
    page.get_by_role("button", name="I have read the answers").press("Enter")
    expect(page.locator(".wm-rows__row", has_text=reference)).to_have_count(0)

    watched = browser.new_context(viewport=SCREEN, locale="en-GB").new_page()
    watched.goto(link)
    assert axe_violations(watched, axe) == []
    watched.context.close()


def test_next_person_begins_with_an_empty_list(desk: Desk) -> None:
    page = desk.page
    desk.search("food bank")
    desk.press(desk.button("Add to my list").first)
    desk.press(page.get_by_role("link", name="Signpost the 1 on my list"))
    desk.press(desk.button("Show a link"))
    desk.press(desk.button("Next person: empty my list"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Your desk")
    page.goto("/list")
    expect(page.get_by_text("There is nothing on your list yet")).to_be_visible()


@pytest.mark.parametrize("large", [0, 1], ids=["plain", "large"])
@pytest.mark.parametrize(("paper", "size"), [("a4", A4), ("a5", A5)])
def test_ten_services_on_paper(desk: Desk, paper: str, size: tuple[str, int], large: int) -> None:
    page, (points, pixels) = desk.page, size
    page.goto("/search?q=help+with+money")
    found = page.eval_on_selector_all(".wm-result", "cards => cards.slice(0, 10).map(card => card.id.slice(2))")
    page.goto("/desk/signposts/new?" + "&".join(f"service={service_id}" for service_id in found))
    desk.press(desk.button("Print A5"))
    page.goto(f"{page.url.split('?')[0]}?paper={paper}&large={large}")
    sheets = page.pdf(prefer_css_page_size=True)
    assert set(re.findall(rb"/MediaBox\s*\[0 0 ([0-9. ]+)\]", sheets)) == {points.encode()}
    page.set_viewport_size({"width": pixels, "height": 900})
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= pixels
    expect(page.locator(".wm-slip-line")).to_have_count(10)
    expect(page.locator(".wm-sheet__code svg")).to_be_visible()
    for hidden in (".wm-slip-bar", ".wm-bar", ".wm-footer"):
        expect(page.locator(hidden)).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.querySelector('.wm-slip-line')).breakInside") == "avoid"
    letters = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.wm-sheet')).fontSize) * 0.75")
    assert round(letters, 1) >= (16 if large else 9)
    if large:
        smallest = "all => Math.min(...all.map(one => parseFloat(getComputedStyle(one).fontSize))) * 0.75"
        assert round(page.eval_on_selector_all(".wm-sheet__crisis *", smallest), 1) >= 16
        first_page = "document.querySelector('.wm-sheet__crisis').getBoundingClientRect().bottom"
        assert page.evaluate(first_page) < pixels * 1.3  # a sheet is 1.41 times as long as wide, less its margins
    cut = "cells => cells.filter(cell => cell.scrollWidth > cell.clientWidth + 1).length"
    assert page.eval_on_selector_all(".wm-slip-line, .wm-slip-line *:not(span)", cut) == 0
    assert page.title().startswith("Your list")
