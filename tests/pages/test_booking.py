"""Booking in a browser: on a phone without account and script, and from the waiting list to a place."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.accounts.models import MemberOrganization
from app.booking.models import AttendanceRecord, BookableSession, Booking
from app.core import clock
from app.notifications.models import Message
from app.people.codes import ContactChannel
from app.web.database import db
from tests.booking_factories import course as course_in
from tests.booking_factories import held_now
from tests.booking_factories import pool as pool_in
from tests.booking_factories import run as run_in
from tests.pages.browser import PHONE, axe_violations
from tests.pages.site import Site
from tests.referrals import a_cast, a_referral
from tests.signing_in import a_member, member_of_demo, session_token

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
    expect(page.get_by_label("What shall we call you?")).to_be_visible()
    assert axe_violations(page, axe) == []
    page.get_by_role("button", name="Send me the code").press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert axe_violations(page, axe) == []
    page.get_by_label("What shall we call you?").fill("Sam")
    page.get_by_label("Your email address or mobile number").fill("axe@person.example")
    page.get_by_role("button", name="Send me the code").press("Enter")
    expect(page.get_by_label("Code")).to_be_visible()
    assert axe_violations(page, axe) == []


def test_a_register_taken_without_network_is_kept_once_and_whole(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.url, viewport=PHONE)
    token = session_token(site.app, member_of_demo(site.app, Role.TUTOR))
    context.add_cookies([{"name": "sid", "value": token, "url": site.url}])
    page = context.new_page()
    session_id = session_with_people(site)
    page.goto(f"/desk/programme/sessions/{session_id}/register")
    people = page.locator("fieldset.wm-mark")
    first, second = (people.nth(number).locator("input").first.get_attribute("name") for number in (0, 1))
    context.set_offline(True)
    press = page.get_by_role("button", name="Keep the register")
    page.locator(f"input[name='{first}'][value='present']").check()
    page.get_by_label("Somebody came without a booking").fill("Ada without network")
    press.click()
    note = page.locator("[data-register-waits]")
    expect(note).to_be_visible()
    expect(page.get_by_label("Somebody came without a booking")).to_have_value("")
    page.locator(f"input[name='{second}'][value='late']").check()
    page.get_by_label("Somebody came without a booking").fill("Bo without network")
    press.click()
    press.click()
    expect(note).to_contain_text("Ada without network, Bo without network")
    assert register_of(site, session_id) == ({}, [])
    # What is marked after the press stays on the page when the network is back, until it is kept too.
    page.locator(f"input[name='{first}'][value='late']").check()
    context.set_offline(False)
    expect(page.get_by_text("You marked more since.")).to_be_visible()
    expect(note).to_be_hidden()
    assert register_of(site, session_id)[0][str(first)] == "present"
    page.locator(f"input[name='{first}'][value='present']").check()
    with page.expect_navigation(url="**/register?done=kept"):
        press.click()
    states, walked_in = register_of(site, session_id)
    assert (states[str(first)], states[str(second)]) == ("present", "late")
    assert walked_in == ["Ada without network", "Bo without network"]
    # The sign-in ends: the page says so and keeps what was marked; signed in again in another tab, it goes.
    context.clear_cookies()
    page.locator(f"input[name='{second}'][value='left_early']").check()
    page.get_by_role("button", name="Keep the register").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    expect(page.locator("[data-register-waits]")).to_be_hidden()
    token = session_token(site.app, member_of_demo(site.app, Role.TUTOR))
    context.add_cookies([{"name": "sid", "value": token, "url": site.url}])
    with page.expect_navigation(url="**/register?done=kept"):
        page.evaluate("window.dispatchEvent(new Event('focus'))")
    assert register_of(site, session_id)[0][str(second)] == "left_early"
    one_goes_through_and_the_next_does_not(page, site, session_id)
    of_those_who_are_not_taken_no_name_is_lost(page, site, session_id)
    context.close()


def test_from_a_referral_to_a_place_and_told_when_it_is_called_off(browser: Browser, site: Site, axe: str) -> None:
    referral, run, worker_id, tutor_id = a_referral_and_a_course(site)
    worker = signed_in(browser, site, worker_id)
    worker.goto(f"/desk/referrals/{referral}")
    worker.get_by_role("link", name="Book a place").press("Enter")
    worker.get_by_role("link", name=re.compile("^Book ")).press("Enter")
    expect(worker.get_by_label("They want this place")).to_be_visible()
    assert axe_violations(worker, axe) == []
    worker.get_by_label("They want this place").check()
    worker.get_by_role("button", name="Book the place").press("Enter")
    expect(worker.get_by_text("The place is booked")).to_be_visible()
    tutor = signed_in(browser, site, tutor_id)
    tutor.goto(f"/desk/programme/runs/{run}")
    tutor.get_by_role("link", name="Call it off").press("Enter")
    tutor.get_by_label("Why?").fill("The room is flooded.")
    tutor.get_by_role("button", name="Cancel it and tell everybody").press("Enter")
    expect(tutor.get_by_text("It is called off.")).to_be_visible()
    assert axe_violations(tutor, axe) == []
    with site.app.app_context(), Session(db.engines[None]) as session:
        about = select(Booking.id).where(Booking.referral_id == referral)
        told = select(Message.recipient).where(Message.kind == "booking.called_off", Message.subject_id.in_(about))
        assert list(session.scalars(told.order_by(Message.id))) == ["+447700900789"]
    for page in (worker, tutor):
        page.context.close()


def a_referral_and_a_course(site: Site) -> tuple[UUID, UUID, UUID, UUID]:
    """A referral to a hub that runs a course, its worker and its tutor."""
    with site.app.app_context(), Session(db.engines[None]) as session:
        cast = a_cast(session, ods_code="WX0999", name="Ways to the college")
        cast.person.mobile, cast.person.safe_channels = "+447700900789", frozenset({ContactChannel.SMS})
        hub = session.get_one(MemberOrganization, cast.worker.organization_id)
        pool = pool_in(session, of=run_in(session, of=course_in(session, of=hub)))
        tutor = a_member(session, Role.TUTOR, workplace=hub.name)
        found = (a_referral(session, cast).id, pool.run_id, cast.worker_user.id, tutor.id)
        session.commit()
        return found


def signed_in(browser: Browser, site: Site, user_id: UUID) -> Page:
    context = browser.new_context(base_url=site.url)
    token = session_token(site.app, user_id)
    context.add_cookies([{"name": "sid", "value": token, "url": site.url}])
    return context.new_page()


def session_with_people(site: Site) -> UUID:
    """A session that at least two people are expected at, and that has begun."""
    with site.app.app_context(), Session(db.engines[None]) as session:
        wanted = (
            select(AttendanceRecord.session_id)
            .join(BookableSession, BookableSession.id == AttendanceRecord.session_id)
            .where(BookableSession.run_id == site.places.run, AttendanceRecord.ended_at.is_(None))
            .group_by(AttendanceRecord.session_id)
            .having(func.count() > 1)
            .order_by(AttendanceRecord.session_id)
        )
        found = session.scalars(wanted).first()
        assert found is not None
        held_now(session, session.get_one(BookableSession, found))
        session.commit()
        return found


def one_goes_through_and_the_next_does_not(page: Page, site: Site, session_id: UUID) -> None:
    """Who comes after that is not taken for the one who still waits."""
    held: list[Route] = []
    network = {"is_cut": True}

    def carry(route: Route) -> None:
        if route.request.method == "POST" and not held:
            held.append(route)
        elif route.request.method == "POST" and network["is_cut"]:
            route.abort()
        else:
            route.continue_()

    page.route("**/register", carry)
    note, press = page.locator("[data-register-waits]"), page.get_by_role("button", name="Keep the register")
    for name in ("Cy without network", "Di without network"):
        page.get_by_label("Somebody came without a booking").fill(name)
        press.click()
    held[0].continue_()
    expect(note).to_be_visible()
    page.get_by_label("Somebody came without a booking").fill("Ed without network")
    press.click()
    expect(note.locator("span")).to_have_text("Di without network, Ed without network")
    network["is_cut"] = False
    with page.expect_navigation(url="**/register?done=kept"):
        page.evaluate("window.dispatchEvent(new Event('focus'))")
    assert register_of(site, session_id)[1] == [f"{name} without network" for name in ("Ada", "Bo", "Cy", "Di", "Ed")]


def of_those_who_are_not_taken_no_name_is_lost(page: Page, site: Site, session_id: UUID) -> None:
    """Meanwhile the date was called off, and the page says so."""
    page.context.set_offline(True)
    came = page.get_by_label("Somebody came without a booking")
    for name in ("Fay", "Gus"):
        came.fill(name)
        page.get_by_role("button", name="Keep the register").click()
    with site.app.app_context(), Session(db.engines[None]) as session:
        one = session.get_one(BookableSession, session_id)
        one.cancelled_at, one.cancel_reason = clock.now(), "The room is flooded."
        session.commit()
    page.context.set_offline(False)
    expect(page.get_by_role("alert")).to_contain_text("This session was cancelled")
    expect(came).to_have_value("Fay, Gus")
    with site.app.app_context(), Session(db.engines[None]) as session:
        session.get_one(BookableSession, session_id).cancelled_at = None
        session.commit()


def register_of(site: Site, session_id: UUID) -> tuple[dict[str, str], list[str]]:
    """What the register says of whom it was marked for, and who was let in without a booking."""
    with site.app.app_context(), Session(db.engines[None]) as session:
        rows = session.scalars(
            select(AttendanceRecord).where(
                AttendanceRecord.session_id == session_id, AttendanceRecord.marked_at.is_not(None)
            )
        )
        marked = {f"mark-{row.id}": row for row in rows}
        walked_in = sorted(row.booking.name for row in marked.values() if "without network" in row.booking.name)
        return {name: row.state.value for name, row in marked.items() if row.booking.name not in walked_in}, walked_in
