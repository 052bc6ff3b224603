"""Booking in a browser: on a phone without account and script, and from the waiting list to a place."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.notifications.models import Message
from app.web.database import db
from tests.pages.browser import PHONE, axe_violations
from tests.pages.site import Site

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[Page]:
    """A small phone that runs no script."""
    opened = browser.new_context(base_url=site.url, viewport=PHONE, java_script_enabled=False)
    yield opened.new_page()
    opened.close()


def messages(site: Site, recipient: str, kind: str) -> list[str]:
    with site.app.app_context(), Session(db.engines[None]) as session:
        wanted = select(Message.text).where(Message.recipient == recipient, Message.kind == kind)
        return list(session.scalars(wanted.order_by(Message.created_at, Message.id)))


def code(site: Site, address: str) -> str:
    found = re.search(r"\b(\d{6})\b", messages(site, address, "accounts.code")[-1])
    assert found
    return found[1]


def link(text: str) -> str:
    found = re.search(r"/bookings/[\w-]+", text)
    assert found
    return found[0]


def book(page: Page, site: Site, pool: UUID, address: str, last: str) -> None:
    page.goto(f"/book/{pool}")
    page.get_by_role("button").filter(has_text=re.compile("Keep a place|Join the waiting list")).click()
    page.get_by_label("What shall we call you?").fill("Sam")
    page.get_by_label("Your email address or mobile number").fill(address)
    page.get_by_role("button", name="Send me the code").click()
    page.get_by_label("Code").fill(code(site, address))
    page.get_by_role("button", name=last).click()


def test_four_presses_and_three_words_on_a_phone_without_an_account(phone: Page, site: Site) -> None:
    started, address = time.monotonic(), "phone@person.example"
    phone.goto(f"/services/{site.places.service}")
    phone.get_by_role("link", name="Book a place").first.click()
    phone.get_by_role("button", name="Keep a place for me").click()
    phone.get_by_label("What shall we call you?").fill("Sam")
    phone.get_by_label("Your email address or mobile number").fill(address)
    phone.get_by_role("button", name="Send me the code").click()
    phone.get_by_label("Code").fill(code(site, address))
    phone.get_by_role("button", name="Book my place").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("You have a place")
    assert time.monotonic() - started < 60
    # From the message, on any device: the link, then one press on each of two pages.
    phone.context.clear_cookies()
    phone.goto(link(messages(site, address, "booking.booked")[0]))
    phone.get_by_role("link", name="I cannot come").click()
    phone.get_by_role("button", name="Yes, give it back").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your booking is cancelled")


def test_from_the_waiting_list_to_a_place(phone: Page, site: Site) -> None:
    book(phone, site, site.places.full_pool, "waits@person.example", "Join the waiting list")
    expect(phone.get_by_role("heading", level=1)).to_have_text("You are on the waiting list")
    for token in (site.places.offered, site.places.waiting):
        phone.goto(f"/bookings/{token}/cancel")
        phone.get_by_role("button").filter(has_text="Yes,").click()
    phone.goto(link(messages(site, "waits@person.example", "booking.offered")[0]))
    phone.get_by_role("button", name="Yes, book it").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("You have a place")


def test_the_form_and_the_code_are_accessible(page: Page, site: Site, axe: str) -> None:
    page.goto(f"/book/{site.places.pool}")
    page.get_by_role("button", name="Keep a place for me").press("Enter")
    assert axe_violations(page, axe) == []
    page.get_by_role("button", name="Send me the code").press("Enter")
    assert axe_violations(page, axe) == []
    page.get_by_label("What shall we call you?").fill("Sam")
    page.get_by_label("Your email address or mobile number").fill("axe@person.example")
    page.get_by_role("button", name="Send me the code").press("Enter")
    expect(page.get_by_label("Code")).to_be_visible()
    assert axe_violations(page, axe) == []
