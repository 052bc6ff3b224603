"""The whole story of one person, from the first search to the answer that reaches the GP, in a browser.

`make story` leaves its pictures, at the width of a phone and of a desk, in the folder `story`.
"""

from __future__ import annotations

import calendar
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.booking.models import AttendanceRecord, BookableSession, Booking
from app.booking.sweeps import write_reminders
from app.core import clock
from app.notifications.models import Message
from app.outcomes import sending
from app.outcomes.models import Occasion
from app.people.models import Person
from app.web.database import db
from tests.booking_factories import held_now
from tests.pages.browser import axe_violations
from tests.pages.site import Site
from tests.signing_in import session_token

pytestmark = pytest.mark.browser
WIDTHS: dict[str, ViewportSize] = {
    "desk": {"width": 1280, "height": 900},
    "phone": {"width": 360, "height": 740},
}
NAME, CALLED, MOBILE = "Bethan Orrell", "Bethan", "07700 900461"


@dataclass
class Album:
    """Pictures of what people see, in the order in which it happens; axe must find nothing in any of those pages."""

    folder: Path
    axe: str
    wrong: list[str] = field(default_factory=list)
    number: int = 0

    def take(self, page: Page, name: str) -> None:
        self.number += 1
        before = page.viewport_size
        for width, size in WIDTHS.items():
            page.set_viewport_size(size)
            page.evaluate("scrollTo(0, 0)")
            page.screenshot(path=self.folder / f"{self.number:02}-{name}-{width}.png", full_page=True)
            wide = page.evaluate("document.documentElement.scrollWidth")
            self.wrong += [f"{name}: {wide} pixels wide on a {width}"] * (wide > size["width"])
        self.wrong += [f"{name}: {found}" for found in axe_violations(page, self.axe)]
        assert before is not None
        page.set_viewport_size(before)


@dataclass
class Town:
    """The demo town and those who act in it, each in a browser of their own."""

    site: Site
    browser: Browser
    pages: dict[str, Page] = field(default_factory=dict)

    def of(self, who: str) -> Page:
        """The page of a member of staff by the name before the @, signed in; `person` is nobody known, on a phone."""
        if who not in self.pages:
            size = WIDTHS["phone" if who == "person" else "desk"]
            context = self.browser.new_context(
                base_url=self.site.url, viewport=size, locale="en-GB", reduced_motion="reduce"
            )
            if who != "person":
                token = session_token(self.site.app, self._user(f"{who}@wexmoor.example"))
                context.add_cookies([{"name": "sid", "value": token, "url": self.site.url}])
            self.pages[who] = context.new_page()
        return self.pages[who]

    def _user(self, email: str):
        with self.site.app.app_context(), Session(db.engines[None]) as session:
            return session.scalars(select(User.id).where(User.email == email)).one()

    def last_text(self, kind: str) -> str:
        """The newest message of that kind to the person's mobile."""
        recipient = "+44" + MOBILE.replace(" ", "")[1:]
        wanted = select(Message.text).where(Message.recipient == recipient, Message.kind == kind)
        with self.site.app.app_context(), Session(db.engines[None]) as session:
            found = session.scalars(wanted.order_by(Message.created_at.desc(), Message.id)).first()
        assert found, f"no {kind} was written"
        return found

    def close(self) -> None:
        for page in self.pages.values():
            page.context.close()


@pytest.fixture
def town(site: Site, browser: Browser) -> Iterator[Town]:
    made = Town(site, browser)
    yield made
    made.close()


@pytest.fixture
def album(axe: str, tmp_path: Path) -> Album:
    folder = Path(os.environ.get("WAYMARK_STORY") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return Album(folder, axe)


def press(page: Page, name: str) -> None:
    """Press the button or follow the link of that name on the page's own part, the first where there are several."""
    main = page.locator("main")
    main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name)).first.click()


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def test_the_whole_story(town: Town, album: Album) -> None:
    somebody_searches(town, album)
    the_surgery_signposts(town, album)
    referral = the_surgery_refers(town, album)
    the_hub_accepts(town, album, referral)
    booking = they_book_a_course(town, album)
    they_are_reminded_and_come(town, album, booking)
    an_adviser_logs_a_contact(town, album)
    the_hub_completes(town, album, referral)
    they_answer_a_follow_up(town, album)
    the_loop_is_closed(town, album, referral)
    assert album.wrong == []


def somebody_searches(town: Town, album: Album) -> None:
    page = town.of("person")
    page.goto("/")
    album.take(page, "home")
    page.get_by_label("In your own words").fill("behind with the rent and can't sleep")
    page.get_by_label("Near").fill("WX2 1AA")
    press(page, "Find help")
    expect(heading(page)).to_have_text("Help we found")
    album.take(page, "found")
    page.get_by_role("link", name="Income and rent team").first.click()
    album.take(page, "a-service")


def the_surgery_signposts(town: Town, album: Album) -> None:
    page = town.of("surgery")
    page.goto("/desk")
    album.take(page, "desk-of-a-surgery")
    page.get_by_label("What do you need help with?").fill("behind with the rent")
    press(page, "Find help")
    press(page, "Add to my list")
    press(page, "Signpost")
    album.take(page, "signpost")
    page.get_by_label("Their mobile number or email address").fill(MOBILE)
    press(page, "Text or email it")
    album.take(page, "signposted")
    phone = town.of("person")
    phone.goto(link_in(town, town.last_text("signposts.given")))
    album.take(phone, "slip")


def link_in(town: Town, text: str) -> str:
    """Where the link of a message leads."""
    found = re.search(re.escape(town.site.url) + r"(/\S+)", text)
    assert found, text
    return found[1]


def the_surgery_refers(town: Town, album: Album) -> str:
    page = town.of("surgery")
    page.goto("/desk/referrals/new")
    press(page, "Refer to Single point of referral")
    page.get_by_label("Name").fill(NAME)
    press(page, "Find")
    album.take(page, "who-is-referred")
    new = page.locator("form").filter(has=page.get_by_role("button", name="Add and go on"))
    new.get_by_label("Mobile number").fill(MOBILE)
    new.get_by_label("Text message").check()
    press(page, "Add and go on")
    page.get_by_role("group", name=re.compile("danger")).get_by_label("No", exact=True).check()
    page.get_by_role("group", name=re.compile("want somebody")).get_by_label("Yes").check()
    page.get_by_label("What would help?").fill("Somebody to sort the rent out with, and company.")
    page.get_by_label("What is the person finding hard").fill("Two months behind with the rent. Awake most nights.")
    press(page, "Check before sending")
    page.get_by_label("Yes, they agree").check()
    page.get_by_label("A short summary").check()
    album.take(page, "check-before-sending")
    press(page, "Send")
    expect(page.get_by_role("status")).to_contain_text("It has been sent")
    referral = page.url.split("?")[0]
    album.take(page, "sent")
    page.goto("/desk/people")
    page.get_by_role("link", name=NAME).first.click()
    album.take(page, "a-person")
    press(page, "Ask how it went")
    page.get_by_label("Yes", exact=True).check()
    press(page, "Save the answer")
    return referral


def the_hub_accepts(town: Town, album: Album, referral: str) -> None:
    page = town.of("hub")
    page.goto("/desk")
    album.take(page, "desk-of-the-hub")
    page.goto("/desk/referrals")
    album.take(page, "to-triage")
    page.locator(f"main a[href='{urlsplit(referral).path}']").click()
    press(page, "I have read it")
    press(page, "Accept")
    press(page, "Accept")
    expect(page.get_by_role("status")).to_contain_text("Accepted")
    press(page, "Start the work")
    spoken = clock.today()
    for part in ("day", "month", "year"):
        page.get_by_label(part.capitalize(), exact=True).fill(str(getattr(spoken, part)))
    press(page, "Start the work")
    press(page, "Add a goal")
    page.get_by_label("What does the person want").fill("Keep my flat, and sleep.")
    press(page, "Add a goal")
    album.take(page, "under-way")
    assert page.url.startswith(referral)


def they_book_a_course(town: Town, album: Album) -> str:
    page = town.of("person")
    page.goto("/")
    page.get_by_label("In your own words").fill("a course about money worries")
    press(page, "Find help")
    page.get_by_role("link", name="Money and mind").first.click()
    album.take(page, "a-course")
    press(page, "Book a place")
    press(page, "Keep a place for me")
    album.take(page, "booking")
    page.get_by_label("What shall we call you?").fill(CALLED)
    page.get_by_label("Your email address or mobile number").fill(MOBILE)
    press(page, "Send me the code")
    found = re.search(r"\b\d{6}\b", town.last_text("accounts.code"))
    assert found
    page.get_by_label("Code").fill(found[0])
    press(page, "Book my place")
    expect(heading(page)).to_have_text("You have a place")
    album.take(page, "booked")
    return page.url.partition("?")[0]


def they_are_reminded_and_come(town: Town, album: Album, booking: str) -> None:
    first = first_session(town)
    with town.site.app.app_context(), clock.moved_to(first.starts_at - timedelta(days=1)):
        write_reminders()
    assert f"{first.starts_at:%A} {first.starts_at.day} {first.starts_at:%B}" in town.last_text("booking.reminder")
    with town.site.app.app_context(), Session(db.engines[None]) as session:
        held_now(session, session.get_one(BookableSession, first.id))
        session.commit()
    page = town.of("tutor")
    page.goto("/desk/programme")
    album.take(page, "programme")
    page.goto(f"/desk/programme/sessions/{first.id}/register")
    page.get_by_role("group", name=CALLED).get_by_label("Here").check()
    album.take(page, "register")
    press(page, "Keep the register")
    expect(page.get_by_role("heading", name="The register is kept.")).to_be_visible()
    phone = town.of("person")
    phone.goto(booking)
    expect(phone.get_by_text("You were there")).to_be_visible()
    album.take(phone, "been-there")


def first_session(town: Town) -> BookableSession:
    """The first session of the course that the person booked."""
    wanted = (
        select(BookableSession)
        .join(AttendanceRecord, AttendanceRecord.session_id == BookableSession.id)
        .join(Booking, Booking.id == AttendanceRecord.booking_id)
        .where(Booking.name == CALLED)
        .order_by(BookableSession.starts_at)
        .limit(1)
    )
    with town.site.app.app_context(), Session(db.engines[None]) as session:
        return session.scalars(wanted).one()


def an_adviser_logs_a_contact(town: Town, album: Album) -> None:
    page = town.of("adviser")
    page.goto("/desk")
    album.take(page, "desk-of-an-adviser")
    page.get_by_role("link", name="Log a contact").first.click()
    page.get_by_label("Name", exact=True).fill(NAME)
    press(page, "Find the person")
    page.get_by_label(f"Add {NAME} as a new person").check()
    page.get_by_label("30", exact=True).check()
    page.get_by_label("What was it about, in their words?").fill("behind with rent")
    press(page, "Find issues")
    page.get_by_label("Housing: rent arrears").check()
    page.get_by_label("None: I asked").check()
    page.get_by_label("What did you tell them?").fill("Ring the income team, offer what can be paid each week.")
    album.take(page, "logging")
    press(page, "Log it")
    expect(page.get_by_role("status").filter(has_text="Logged")).to_be_visible()
    album.take(page, "logged")


def the_hub_completes(town: Town, album: Album, referral: str) -> None:
    page = town.of("hub")
    page.goto(referral)
    press(page, "Complete")
    page.get_by_label("Where does the person go on to?").select_option("Looking after themselves, or a peer group")
    page.get_by_label("A short summary").fill("Bethan pays a little each week and sleeps better.")
    page.get_by_label("What happens next, and who does it?").fill("She goes on with the course.")
    page.get_by_label("Yes, and it is right for them").check()
    page.get_by_role("group", name="Keep my flat").get_by_label("Partly").check()
    album.take(page, "completing")
    press(page, "Complete")
    expect(page.get_by_role("status")).to_be_visible()
    album.take(page, "completed")


def they_answer_a_follow_up(town: Town, album: Album) -> None:
    ask_how_it_went(town)
    page = town.of("person")
    page.goto(link_in(town, town.last_text("outcomes.ask")))
    album.take(page, "did-it-help")
    press(page, "Very good")
    for words in ("Somebody listened.", "Nothing."):
        page.get_by_role("textbox").fill(words)
        press(page, "Send")
    expect(heading(page)).to_have_text("Thank you")
    album.take(page, "thank-you")


def ask_how_it_went(town: Town) -> None:
    """What the worker does two weeks on, for this person alone: others use the town too."""
    # At an hour and on a day on which messages are sent, whenever the test runs.
    at = (clock.now() + timedelta(days=15)).replace(hour=11)
    at += timedelta(days=1 if at.weekday() == calendar.SUNDAY else 0)
    with (
        town.site.app.app_context(),
        clock.moved_to(at),
        Session(db.engines[None]) as session,
    ):
        for lead_id in sending.due_leads(session):
            if session.get_one(Person, session.get_one(Occasion, lead_id).person_id).name == NAME:
                sending.attend_to(session, lead_id)
        session.commit()


def the_loop_is_closed(town: Town, album: Album, referral: str) -> None:
    page = town.of("surgery")
    page.goto("/desk")
    album.take(page, "desk-of-the-surgery-at-the-end")
    page.goto(referral)
    album.take(page, "closing-message")
