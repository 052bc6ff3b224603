"""From the invitation to the desk, and the ways back in: by keyboard, in a browser that runs no scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.notifications.models import Message
from app.web.database import db
from seed.demo import staff
from tests.pages.browser import PHONE, SCREEN, axe_violations
from tests.pages.site import Site
from tests.signing_in import member_of_demo, session_token

pytestmark = pytest.mark.browser
PASSWORD = "kettle marsh trombone"


@pytest.fixture
def plain(browser: Browser, site: Site) -> Iterator[Page]:
    context = browser.new_context(base_url=site.url, java_script_enabled=False, viewport=PHONE, locale="en-GB")
    yield context.new_page()
    context.close()


def type_in(page: Page, label: str, words: str) -> None:
    page.get_by_label(label, exact=True).focus()
    page.keyboard.type(words)


def latest_link(site: Site, recipient: str) -> str:
    with site.app.app_context(), Session(db.engines["read"]) as session:
        sent = select(Message.text).where(Message.recipient == recipient).order_by(Message.created_at.desc())
        text = session.scalars(sent).first() or ""
    found = re.search(re.escape(site.url) + r"(/\S+)", text)
    assert found
    return found[1]


def test_invited_joined_and_signed_in(plain: Page, browser: Browser, site: Site) -> None:
    boss = browser.new_context(base_url=site.url, java_script_enabled=False, viewport=SCREEN)
    token = session_token(site.app, member_of_demo(site.app, Role.ADMINISTRATOR))
    boss.add_cookies([{"name": "sid", "value": token, "url": site.url}])
    desk = boss.new_page()
    desk.goto("/desk/members")
    desk.get_by_role("link", name="Invite somebody").press("Enter")
    type_in(desk, "Email address", "nell@wexmoor.example")
    desk.get_by_label("Hub worker").press("Space")
    desk.get_by_role("button", name="Send the invitation").press("Enter")
    expect(desk.get_by_role("status")).to_contain_text("The invitation is on its way")
    boss.close()

    plain.goto(latest_link(site, "nell@wexmoor.example"))
    type_in(plain, "Your name", "Nell Hart")
    type_in(plain, "New password", "too short")
    plain.keyboard.press("Enter")
    expect(plain.get_by_role("alert")).to_contain_text("Use at least 12 characters")
    expect(plain.get_by_label("Your name")).to_have_value("Nell Hart")
    type_in(plain, "New password", PASSWORD)
    plain.keyboard.press("Enter")
    expect(plain.get_by_role("heading", level=1)).to_have_text("Make your sign-in safe")
    secret = plain.locator(".wm-key .wm-code").inner_text().replace(" ", "")
    type_in(plain, "Code", pyotp.TOTP(secret).now())
    plain.keyboard.press("Enter")
    expect(plain.get_by_role("heading", level=1)).to_have_text("Keep these codes")
    code = plain.locator(".wm-codes .wm-code").first.inner_text()
    plain.get_by_role("link", name="I have kept them").press("Enter")
    expect(plain.get_by_role("heading", level=1)).to_have_text("Your desk")

    plain.get_by_role("button", name="Sign out").press("Enter")
    plain.goto("/sign-in?next=/account")
    type_in(plain, "Email address", "nell@wexmoor.example")
    type_in(plain, "Password", PASSWORD)
    plain.keyboard.press("Enter")
    plain.get_by_role("link", name="Use a recovery code").press("Enter")
    type_in(plain, "Recovery code", code)
    plain.keyboard.press("Enter")
    expect(plain.get_by_text("You have 9 codes left")).to_be_visible()


def test_a_passkey_in_place_of_a_code(browser: Browser, site: Site, axe: str) -> None:
    url = site.url.replace("127.0.0.1", "localhost")
    context = browser.new_context(base_url=url, viewport=SCREEN)
    token = session_token(site.app, member_of_demo(site.app, Role.TUTOR))
    context.add_cookies([{"name": "sid", "value": token, "url": url}])
    page = context.new_page()
    chip = context.new_cdp_session(page)
    chip.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    chip.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"automaticPresenceSimulation": True}})
    page.goto("/account/second-step/passkey")
    page.get_by_label("Name of the device").fill("Work laptop")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("status")).to_contain_text("Changed")
    expect(page.locator("strong", has_text="Work laptop")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/sign-in")
    page.get_by_label("Email address").fill("tutor@wexmoor.example")
    page.get_by_label("Password").fill(staff.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Show that it is you")
    assert axe_violations(page, axe) == []
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your desk")
    context.close()
