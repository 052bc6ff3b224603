"""A new password by a link, and a person's code: by keyboard, in a browser that runs no scripts, axe clean."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.accounts.models import User
from app.accounts.operations.passwords import issue_reset
from app.notifications.models import Message
from app.web.database import db
from tests.pages.browser import PHONE, axe_violations
from tests.pages.site import Site
from tests.signing_in import member_of_demo

pytestmark = pytest.mark.browser
PASSWORD = "kettle marsh trombone"


@pytest.fixture
def plain(browser: Browser, site: Site) -> Iterator[Page]:
    context = browser.new_context(base_url=site.url, java_script_enabled=False, viewport=PHONE, locale="en-GB")
    yield context.new_page()
    context.close()


def clean(page: Page, axe: str, browser: Browser, site: Site) -> None:
    """The page as it stands now, in a browser that runs scripts, so that axe can look at it."""
    context = browser.new_context(viewport=PHONE, base_url=site.url)
    twin = context.new_page()
    twin.route("**/twin", lambda route: route.fulfill(body=page.content(), content_type="text/html"))
    twin.goto("/twin")
    assert axe_violations(twin, axe) == []
    context.close()


def type_in(page: Page, label: str, words: str) -> None:
    page.get_by_label(label, exact=True).focus()
    page.keyboard.type(words)


def test_a_new_password(plain: Page, browser: Browser, site: Site, axe: str) -> None:
    plain.goto("/sign-in")
    plain.get_by_role("link", name="I forgot my password").press("Enter")
    type_in(plain, "Email address", "adviser@wexmoor.example")
    plain.keyboard.press("Enter")
    expect(plain.get_by_role("heading", level=1)).to_have_text("Look at your email")
    clean(plain, axe, browser, site)
    adviser = member_of_demo(site.app, Role.ADVISER)
    with site.app.app_context(), Session(db.engines[None]) as session:
        token = issue_reset(session, session.get_one(User, adviser))
        session.commit()
    plain.goto(f"/sign-in/reset/{token}")
    type_in(plain, "New password", "password1234")
    plain.keyboard.press("Enter")
    expect(plain.get_by_role("alert")).to_be_visible()
    clean(plain, axe, browser, site)
    type_in(plain, "New password", PASSWORD)
    plain.keyboard.press("Enter")
    expect(plain.get_by_role("heading", level=1)).to_have_text("Sign in")
    type_in(plain, "Email address", "adviser@wexmoor.example")
    type_in(plain, "Password", PASSWORD)
    plain.keyboard.press("Enter")
    # The second step stays what it was.
    expect(plain.get_by_role("heading", level=1)).to_have_text("Show that it is you")
    clean(plain, axe, browser, site)


def test_a_person_signs_in_with_a_code(plain: Page, browser: Browser, site: Site, axe: str) -> None:
    plain.goto("/me/sign-in")
    type_in(plain, "Your email address or mobile number", "rowan@reader.example")
    plain.get_by_label("Other people use this device").press("Space")
    clean(plain, axe, browser, site)
    plain.get_by_role("button", name="Send the code").press("Enter")
    expect(plain.get_by_role("heading", level=1)).to_have_text("Type the code")
    type_in(plain, "Code", "000000")
    plain.keyboard.press("Enter")
    expect(plain.get_by_role("alert")).to_be_visible()
    clean(plain, axe, browser, site)
    plain.get_by_label("Code", exact=True).press("Control+A")
    plain.keyboard.type(code_sent_last(site, "rowan@reader.example"))
    plain.keyboard.press("Enter")
    expect(plain).to_have_url(re.compile(r"/me(\?.*)?$"))
    plain.goto("/me/account")
    plain.get_by_role("button", name="Sign out", exact=True).press("Enter")
    plain.goto("/me")
    expect(plain.get_by_role("heading", level=1)).to_have_text("Sign in with a code")


def code_sent_last(site: Site, recipient: str) -> str:
    with site.app.app_context(), Session(db.engines["read"]) as session:
        sent = select(Message.text).where(Message.recipient == recipient).order_by(Message.created_at.desc())
        text = session.scalars(sent).first() or ""
    found = re.search(r"\b\d{6}\b", text)
    assert found
    return found[0]
