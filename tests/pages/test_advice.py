"""An adviser at work in a browser: few presses, nothing lost without network, by keyboard and without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.accounts.codes import Role
from tests.pages.browser import PHONE, axe_violations
from tests.pages.site import Site
from tests.signing_in import member_of_demo, session_token

pytestmark = pytest.mark.browser
MOST_PRESSES = 8


def sign_in(context: BrowserContext, site: Site) -> Page:
    give_session(context, site)
    return context.new_page()


def give_session(context: BrowserContext, site: Site) -> None:
    token = session_token(site.app, member_of_demo(site.app, Role.ADVISER))
    context.add_cookies([{"name": "sid", "value": token, "url": site.url}])


@pytest.fixture
def desk(context: BrowserContext, site: Site) -> Page:
    return sign_in(context, site)


@pytest.fixture
def plain(browser: Browser, site: Site) -> Iterator[Page]:
    context = browser.new_context(base_url=site.url, java_script_enabled=False, viewport=PHONE, locale="en-GB")
    yield sign_in(context, site)
    context.close()


def test_the_common_case_takes_eight_presses(desk: Page) -> None:
    presses = 0

    def press(what) -> None:
        nonlocal presses
        what()
        presses += 1

    desk.goto("/desk")
    press(desk.get_by_role("link", name="Log a contact").click)
    expect(desk.get_by_label("Name", exact=True)).to_be_focused()
    desk.keyboard.type("peart")
    press(lambda: desk.keyboard.press("Enter"))
    press(desk.get_by_text("Colin Peart, 8 May 1967").click)
    press(desk.get_by_label("15", exact=True).click)
    press(desk.get_by_label("What was it about, in their words?").click)
    desk.keyboard.type("bailiffs at the door")
    press(desk.locator("#issues-found").get_by_text("Debt: bailiffs").click)
    expect(desk.locator("#services-found input").first).to_be_attached()
    expect(desk.locator("#cases-found")).to_contain_text("PIP: reconsideration and appeal")
    press(lambda: desk.keyboard.press("Control+Enter"))
    expect(desk.get_by_role("status").filter(has_text="Logged")).to_contain_text("second")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Colin Peart")
    assert presses <= MOST_PRESSES


def test_nothing_is_lost_with_the_network_or_the_session(
    desk: Page, context: BrowserContext, site: Site, axe: str
) -> None:
    desk.goto("/desk/advice/log")
    desk.get_by_label("No name", exact=True).click()
    desk.get_by_label("What did you tell them?").fill("Half a sentence about lanterns")
    expect(desk.locator("[data-status]")).to_contain_text("Saved as a draft", timeout=10_000)
    context.set_offline(True)
    desk.get_by_label("What did you tell them?").fill("Half a sentence about lanterns and bridges")
    expect(desk.locator("[data-status]")).to_contain_text("no connection", timeout=10_000)
    desk.get_by_role("button", name="Log it").click()
    expect(desk.get_by_label("What did you tell them?")).to_have_value("Half a sentence about lanterns and bridges")
    context.set_offline(False)
    expect(desk.locator("[data-status]")).to_contain_text("Saved as a draft", timeout=20_000)
    context.clear_cookies()
    desk.get_by_label("What did you tell them?").fill("Half a sentence about lanterns, bridges")
    desk.get_by_role("button", name="Log it").click()
    expect(desk.locator("[data-status]")).to_contain_text("You are signed out", timeout=10_000)
    give_session(context, site)
    # Not by what the status says alone: a save of what was there before may have said so already.
    with desk.expect_response(lambda answer: answer.ok and "and doors" in (answer.request.post_data or "")):
        desk.get_by_label("What did you tell them?").fill("Half a sentence about lanterns, bridges and doors")
    expect(desk.locator("[data-status]")).to_contain_text("Saved as a draft", timeout=20_000)
    desk.goto("/desk/advice")
    desk.locator("#drafts + ul").get_by_role("link").first.click()
    told = desk.get_by_label("What did you tell them?")
    expect(told).to_have_value("Half a sentence about lanterns, bridges and doors")
    draft = desk.url
    # The scripts of this page are there before the network goes.
    desk.wait_for_load_state()
    desk.evaluate("navigator.serviceWorker.ready.then(() => true)")
    context.set_offline(True)
    told.fill("Typed in a hall without network")
    expect(desk.locator("[data-status]")).to_contain_text("no connection", timeout=10_000)
    desk.reload()
    expect(desk.get_by_role("heading", level=1)).to_have_text("There is no connection")
    expect(desk.locator("[data-status]")).to_contain_text("Waiting in this tab: 1")
    desk.get_by_label("Name", exact=True).fill("Lanternmo")
    desk.get_by_role("button", name="Keep it in this tab").click()
    expect(desk.locator("[data-status]")).to_contain_text("Waiting in this tab: 2")
    assert axe_violations(desk, axe) == []
    context.set_offline(False)
    expect(desk.locator("[data-status]")).to_contain_text("All is in your drafts", timeout=20_000)
    desk.get_by_role("link", name="Go to your drafts").click()
    expect(desk.get_by_role("link", name="Lanternmo", exact=True)).to_be_visible()
    desk.goto(draft)
    expect(desk.get_by_label("What did you tell them?")).to_have_value("Typed in a hall without network")


def test_without_scripts_and_by_keyboard(plain: Page) -> None:
    plain.goto("/desk/advice/log")
    plain.get_by_label("Name", exact=True).fill("peart")
    plain.keyboard.press("Enter")
    plain.get_by_label("Colin Peart").check()
    plain.get_by_label("20", exact=True).check()
    plain.get_by_label("What was it about, in their words?").fill("pip turned down")
    plain.get_by_role("button", name="Find issues").click()
    expect(plain.get_by_label("Colin Peart")).to_be_checked()
    plain.get_by_label("PIP: reconsideration and appeal", exact=True).check()
    plain.get_by_label("Violence, or fear of it", exact=True).check()
    expect(plain.get_by_text("National Domestic Abuse Helpline, 24 hours")).to_be_visible()
    plain.get_by_role("button", name="Keep as a draft").click()
    plain.get_by_role("link", name="Colin Peart").last.click()
    expect(plain.get_by_label("PIP: reconsideration and appeal", exact=True)).to_be_checked()
    plain.get_by_role("button", name="Log it").click()
    expect(plain.get_by_text("PIP: reconsideration and appeal").first).to_be_visible()


def press(page: Page, role: str, name: str) -> None:
    """Reach a control with the Tab key alone and press it."""
    wanted = page.get_by_role(role, name=name).first
    for _step in range(120):
        if wanted.evaluate("(element) => element === document.activeElement"):
            page.keyboard.press("Enter")
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key never comes to {name}")


def test_the_queue_by_keyboard_and_without_scripts(plain: Page, desk: Page, site: Site, axe: str) -> None:
    plain.goto(f"/desk/advice/sessions/{site.advice['session']}")
    plain.get_by_label("First name, or what to call them").focus()
    plain.keyboard.type("Lindentree")
    plain.keyboard.press("Tab")
    plain.keyboard.type("behind with rent")
    plain.keyboard.press("Enter")
    expect(plain.get_by_role("status").filter(has_text="is in the queue")).to_be_visible()
    press(plain, "button", "Call the next one")
    called = plain.get_by_role("heading", name="With you").inner_text()
    press(plain, "link", "Log the contact")
    expect(plain.get_by_label("No name", exact=True)).to_be_checked()
    plain.get_by_label("20", exact=True).focus()
    plain.keyboard.press("Space")
    plain.get_by_label("What was it about, in their words?").focus()
    plain.keyboard.press("Control+A")
    plain.keyboard.type("behind with rent")
    press(plain, "button", "Find issues")
    plain.get_by_label("Housing: rent arrears").focus()
    plain.keyboard.press("Space")
    press(plain, "button", "Log it")
    press(plain, "link", "Back to the open session")
    expect(plain.get_by_role("heading", name="Waiting")).to_be_visible()
    expect(plain.get_by_role("heading", name=called)).to_have_count(0)
    desk.clock.install()
    desk.goto(plain.url)
    assert axe_violations(desk, axe) == []
    typing = desk.get_by_label("First name, or what to call them")
    typing.fill("Half typed")
    plain.get_by_label("First name, or what to call them").fill("Zelkova")
    plain.get_by_role("button", name="Add to the queue").click()
    desk.clock.fast_forward(21_000)
    expect(desk.get_by_text("Zelkova").first).to_be_visible()
    expect(typing).to_have_value("Half typed")
    expect(typing).to_be_focused()
