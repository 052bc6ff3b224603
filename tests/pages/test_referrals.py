"""Whole journeys of a referral in a browser, without scripts and by keyboard; axe looks at their ends."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.notifications.models import Message
from app.people.codes import ContactChannel, PermissionMethod, SharingLevel
from app.people.details import Details
from app.people.operations import add_person
from app.referrals.codes import Reached, Source
from app.referrals.operations import drafts, triage, work
from app.web.database import db
from seed.demo import people, referrals
from tests.pages.browser import PHONE, SCREEN, axe_violations
from tests.pages.site import Site
from tests.signing_in import member_of_demo, session_token

pytestmark = pytest.mark.browser
# Names that nobody else on the same site has.
ASKS, SINGS = (f"{name} {uuid4().hex[:8]}" for name in ("Marlo", "Isolde"))
SUMMARY = "She found a choir and comes out twice a week."


@pytest.fixture
def opened(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """A page without scripts: of a visitor on a phone, or of a member of the demo's staff."""
    contexts = []

    def open_page(role: Role | None = None) -> Page:
        size = SCREEN if role else PHONE
        made = browser.new_context(base_url=site.url, java_script_enabled=False, viewport=size, locale="en-GB")
        contexts.append(made)
        if role is not None:
            token = session_token(site.app, member_of_demo(site.app, role))
            made.add_cookies([{"name": "sid", "value": token, "url": site.url}])
        return made.new_page()

    yield open_page
    for each in contexts:
        each.close()


def press(what: Locator) -> None:
    """By keyboard."""
    what.focus()
    what.press("Enter")


def choose(page: Page, question: str, answer: str) -> None:
    """A radio button of a question, by keyboard."""
    box = page.get_by_role("group", name=re.compile(question)).get_by_label(answer, exact=True)
    box.focus()
    box.press("Space")
    expect(box).to_be_checked()


@contextmanager
def looked_at(browser: Browser, page: Page, axe: str) -> Iterator[None]:
    """Axe needs scripts: it looks at the same address in a browser that has them, for the same visitor."""
    yield
    watching = browser.new_context(viewport=page.viewport_size, locale="en-GB")
    watching.add_cookies([{k: each[k] for k in ("name", "value", "domain", "path")} for each in page.context.cookies()])
    seen = watching.new_page()
    seen.goto(page.url)
    assert axe_violations(seen, axe) == []
    watching.close()


def test_asked_on_a_phone_passed_on_by_the_hub_and_taken_on(
    opened: Callable[..., Page], browser: Browser, site: Site, axe: str
) -> None:
    phone, hub, adviser = opened(), opened(Role.HUB), opened(Role.ADVISER)
    phone.goto("/ask-for-help")
    press(phone.get_by_role("link", name="Ask for this Help with your mental health"))
    choose(phone, "in danger now", "No")
    press(phone.get_by_role("button", name="Send"))
    expect(phone.get_by_role("alert")).to_contain_text("Enter a name")
    expect(phone.get_by_role("radio", name="No", exact=True).first).to_be_checked()
    phone.get_by_label("What shall we call you?").fill(ASKS)
    choose(phone, "safe to reach you", "By phone")
    phone.get_by_label("Your mobile or phone number").fill("01632 960444")
    phone.get_by_label("What would help you?").fill("Letters about money that I cannot open.")
    choose(phone, "get in touch with you", "Yes")
    phone.get_by_label("What are you finding hard at the moment?").fill("Letters lie unopened.")
    phone.get_by_label("I agree that this team reads").press("Space")
    with looked_at(browser, phone, axe):
        press(phone.get_by_role("button", name="Send"))
        expect(phone.get_by_role("status")).to_contain_text("We have it")

    hub.goto("/desk/referrals?list=triage")
    press(hub.get_by_role("link", name=ASKS))
    press(hub.get_by_role("button", name="I have read it"))
    press(hub.get_by_role("link", name="Pass it on"))
    hub.get_by_label("To which pathway?").select_option(label="Debt advice, Wexmoor Advice")
    choose(hub, "Why", "Another service would help better")
    press(hub.get_by_role("button", name="Pass it on"))
    expect(hub.get_by_role("alert")).to_be_visible()
    choose(hub, "agree", "Yes, they agree")
    choose(hub, "may the GP", "A short summary")
    press(hub.get_by_role("button", name="Pass it on"))
    with looked_at(browser, hub, axe):
        expect(hub.get_by_role("status")).to_contain_text("A linked referral has been sent")

    phone.reload()
    expect(phone.get_by_text("it was passed on to them, as agreed with you")).to_be_visible()
    adviser.goto("/desk/referrals?list=triage")
    press(adviser.get_by_role("link", name=ASKS))
    press(adviser.get_by_role("link", name="Accept"))
    press(adviser.get_by_role("button", name="Accept"))
    with looked_at(browser, adviser, axe):
        expect(adviser.get_by_role("status")).to_contain_text("Accepted")


def at_work(app: Flask) -> UUID:
    """Somebody whom a surgery referred and whom the hub helps; she reads her mobile alone."""
    with app.app_context(), Session(db.engines[None]) as session:
        gp, hub = (people.actor_named(session, who) for who in (referrals.SURGERY, referrals.HUB))
        told = Details(
            name=SINGS,
            mobile="+447700900555",
            mobile_is_private=True,
            safe_channels=frozenset({ContactChannel.SMS}),
        )
        person = add_person(session, gp, told)
        pathway = referrals.pathway(session, "peer-support")
        written = drafts.Written(source=Source.GP, what_would_help="Company", answers={"hopes": "Go out"})
        row = drafts.begin(session, gp, person, pathway, written, submission_key=SINGS)
        agreed = drafts.Agreement(given=True, method=PermissionMethod.VERBAL, level=SharingLevel.SUMMARY)
        drafts.send(session, gp, row, agreed, version=row.version)
        triage.accept(session, hub, row, coordinator_id=hub.user_id, version=row.version)
        attempt = work.Attempt(channel=ContactChannel.SMS, result=Reached.REACHED)
        work.log_contact(session, hub, row, attempt, version=row.version)
        work.start(session, hub, row, version=row.version)
        work.add_goal(session, hub, row, words="Sing again", version=row.version)
        session.commit()
        return row.id


def link_for_her(app: Flask, row_id: UUID) -> str:
    """Where the text message leads to."""
    with app.app_context(), Session(db.engines[None]) as session:
        wanted = select(Message.text).where(Message.subject_id == row_id, Message.kind == "referrals.preview")
        found = re.search(r"/my-message/\S+", session.scalars(wanted).one())
        assert found is not None
        return found[0]


def test_the_person_reads_the_word_back_before_the_surgery_does(
    opened: Callable[..., Page], browser: Browser, site: Site, axe: str
) -> None:
    row_id = at_work(site.app)
    hub, surgery, phone = opened(Role.HUB), opened(Role.SURGERY), opened()
    hub.goto("/desk/referrals?list=mine")
    press(hub.get_by_role("link", name=SINGS))
    press(hub.get_by_role("link", name="Complete"))
    choose(hub, "Sing again", "Reached")
    hub.get_by_label("Where does the person go on to?").select_option("mainstream-activity")
    hub.get_by_label("A short summary for the referrer and the GP").fill(SUMMARY)
    choose(hub, "Has the person seen", "Not yet: they read it first, and then it goes")
    press(hub.get_by_role("button", name="Complete"))
    expect(hub.get_by_role("status")).to_contain_text("The person reads the message first")
    surgery.goto(f"/desk/referrals/{row_id}")
    expect(surgery.get_by_text("The person reads the word back first")).to_be_visible()
    expect(surgery.get_by_text(SUMMARY)).to_have_count(0)

    phone.goto(link_for_her(site.app, row_id))
    expect(phone.get_by_text(SUMMARY)).to_be_visible()
    choose(phone, "right for you", "No. Please change something")
    press(phone.get_by_role("button", name="Send my answer"))
    with looked_at(browser, phone, axe):
        expect(phone.get_by_role("alert")).to_contain_text("Say what should be different")
    phone.get_by_label("What should be different?").fill("Once a week is true.")
    press(phone.get_by_role("button", name="Send my answer"))
    expect(phone.get_by_role("status")).to_contain_text("We told the team")

    hub.goto("/desk/referrals/tasks")
    press(hub.locator(f"a[href='/desk/referrals/{row_id}']"))
    expect(hub.get_by_text("Once a week is true.")).to_be_visible()
    press(hub.get_by_role("link", name="Change it, or send it now"))
    hub.get_by_label("A short summary for the referrer and the GP").fill("She comes out once a week.")
    choose(hub, "And then", "The person reads it again before it goes")
    with looked_at(browser, hub, axe):
        press(hub.get_by_role("button", name="Save"))
        expect(hub.get_by_role("status").first).to_contain_text("Saved")

    phone.reload()
    expect(phone.get_by_text("She comes out once a week.")).to_be_visible()
    choose(phone, "right for you", "Yes. Send it")
    press(phone.get_by_role("button", name="Send my answer"))
    with looked_at(browser, phone, axe):
        expect(phone.get_by_role("status")).to_contain_text("Thank you. It has gone")
    surgery.reload()
    with looked_at(browser, surgery, axe):
        expect(surgery.get_by_text("She comes out once a week.")).to_be_visible()
