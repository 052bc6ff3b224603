"""Follow-ups in a browser: answered on a phone from a text, help at once, a paper form by keypad, one's own choice.

The phone runs no script; staff work by keyboard alone. Each journey has axe look at the pages it ends on.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.core import clock
from app.core.clock import LONDON
from app.notifications.models import Message
from app.outcomes.codes import ChosenBy, FormState, Mode, OccasionState
from app.outcomes.models import MeasureChoice, Measurement, Occasion, SafetyAlert
from app.outcomes.operations import ask_once
from app.outcomes.operations.choices import set_goals
from app.outcomes.sending import attend_to
from app.people.models import Person
from app.web.database import db
from seed.demo import people
from tests.outcomes import a_reachable_person
from tests.pages.browser import axe_violations
from tests.pages.site import Site
from tests.signing_in import member_of_demo, session_token

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
SUNDAY, TWO_MINUTES = 6, 120
NO_LICENCE = ("ons4", "ucla-3", "ons-loneliness", "goals")


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[Page]:
    """A phone that runs no script."""
    opened = browser.new_context(base_url=site.url, viewport=PHONE, java_script_enabled=False)
    yield opened.new_page()
    opened.close()


def someone(session: Session, name: str, mobile: str = "+447700900471") -> Person:
    """A new person of the hub who may be written to by text, with one goal of their own."""
    hub = people.actor_named(session, "hub@wexmoor.example")
    person = a_reachable_person(session, hub, name=name, mobile=mobile)
    set_goals(session, hub, person, ["Go to the shop on my own"])
    return person


def signed_in(context: BrowserContext, site: Site, user: UUID) -> Page:
    token = session_token(site.app, user)
    context.add_cookies([{"name": "sid", "value": token, "url": site.url}])
    return context.new_page()


def press(page: Page, words: str) -> None:
    """One big button of the question; the ends of a scale say what they mean besides."""
    page.get_by_role("button", name=re.compile(f"^{words}(,|$)")).click()


def daytime() -> datetime:
    """The last ten in the morning at which messages may go out."""
    day = clock.now().astimezone(LONDON).replace(hour=10, minute=0, second=0, microsecond=0)
    while day > clock.now() or day.weekday() == SUNDAY:
        day -= timedelta(days=1)
    return day


def texted(site: Site, name: str, mobile: str, *measures: str) -> tuple[UUID, str]:
    """Somebody new is asked by text; who they are, and the text."""
    with site.app.app_context(), Session(db.engines[None]) as session, clock.moved_to(daytime()):
        person = someone(session, name, mobile)
        hub = people.actor_named(session, "hub@wexmoor.example")
        attend_to(session, ask_once(session, hub, person.id, measures).id)
        text = session.scalars(select(Message.text).where(Message.recipient == mobile)).one()
        session.commit()
        return person.id, text


def forms_of(site: Site, person_id: UUID) -> dict[str, Measurement]:
    with site.app.app_context(), Session(db.engines[None], expire_on_commit=False) as session:
        rows = session.scalars(select(Measurement).where(Measurement.person_id == person_id)).all()
        return {row.measure.split("/")[0]: row for row in rows}


def test_the_pack_without_a_licence_takes_ten_presses_on_a_phone_from_a_text(
    phone: Page, browser: Browser, page: Page, site: Site, axe: str
) -> None:
    person_id, text = texted(site, "Text Answers", "+447700900471", *NO_LICENCE)
    assert not re.search("wellbeing|lonel|mental|health|recover|Text Answers", text, re.IGNORECASE)
    link = text[text.index("/reply/") :].split()[0]
    page.set_viewport_size(PHONE)
    page.goto(link)
    assert axe_violations(page, axe) == []
    read, began, presses = Counter[str](), time.monotonic(), 1
    phone.goto(link)
    for answer in ("7", "6", "7"):
        read |= words_on(phone)
        press(phone, answer)
        presses += 1
    # Another device, from the same message: on it goes, and what was said before is not to be seen.
    other = browser.new_context(base_url=site.url, viewport=PHONE, java_script_enabled=False)
    tablet = other.new_page()
    tablet.goto(link)
    expect(tablet.get_by_role("heading", level=1)).to_have_text("Question 4 of 9")
    for answer in ("3", "Some of the time", "Often", "Hardly ever or never", "Occasionally", "4"):
        read |= words_on(tablet)
        press(tablet, answer)
        presses += 1
    expect(tablet.get_by_role("heading", level=1)).to_have_text("Thank you")
    other.close()
    # Reading as adults do on average, 238 words a minute (Brysbaert 2019), and two seconds a press.
    assert time.monotonic() - began + read.total() / 238 * 60 + 2 * presses < TWO_MINUTES
    assert presses == 10
    forms = forms_of(site, person_id)
    assert {name: (form.state, form.mode) for name, form in forms.items()} == dict.fromkeys(
        NO_LICENCE, (FormState.COMPLETE, Mode.LINK)
    )
    assert {score.key: score.value for score in forms["ucla-3"].scores} == {"total": 6}
    page.goto(link)
    assert axe_violations(page, axe) == []


def words_on(page: Page) -> Counter[str]:
    """The lines that have to be read, each once: what stands above the answers, and the answers that are words."""
    shown = page.locator("form.wm-ask").inner_text().splitlines()
    return Counter({line: len(line.split()) for line in shown if line.strip() and not line.strip().isdigit()})


def test_help_at_once_for_an_answer_in_a_form_that_is_never_finished(
    phone: Page, page: Page, context: BrowserContext, site: Site, axe: str
) -> None:
    person_id, text = texted(site, "Half A Form", "+447700900472", "phq-9")
    phone.goto(text[text.index("/reply/") :].split()[0])
    press(phone, "Several days")
    phone.goto(f"{phone.url.rsplit('/', 1)[0]}/9")
    press(phone, "Several days")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you for telling us")
    for number in ("999", "111", "116 123", "85258"):
        expect(phone.locator("main").get_by_text(re.compile(rf"\b{number}\b")).first).to_be_visible()
    expect(phone.locator("main").get_by_text("will look at", exact=False)).to_be_visible()
    page.set_viewport_size(PHONE)
    page.goto(phone.url)
    assert axe_violations(page, axe) == []
    assert forms_of(site, person_id)["phq-9"].state is FormState.DRAFT
    told = messages_about_alerts(site, person_id)
    assert [re.search("Half|several|phq|question 9", text, re.IGNORECASE) for text in told] == [None]
    # The duty role finds it on the desk, takes it on and closes it, by keyboard alone.
    desk = signed_in(context, site, member_of_demo(site.app, Role.HUB))
    desk.goto("/desk")
    desk.get_by_role("link", name=re.compile("^[1-9][0-9]* Answers? to look at")).press("Enter")
    desk.get_by_role("link", name="Half A Form").press("Enter")
    expect(desk.get_by_role("button", name="I am looking after this")).to_be_visible()
    assert axe_violations(desk, axe) == []
    desk.get_by_role("button", name="I am looking after this").press("Enter")
    expect(desk.get_by_role("status")).to_contain_text("It is yours now")
    desk.get_by_label("I spoke with them").press("Space")
    desk.get_by_label("What was done").press_sequentially("We spoke. A friend is with them.")
    desk.get_by_role("button", name="Close it").press("Enter")
    expect(desk.get_by_role("link", name="Half A Form")).to_have_count(0)


def messages_about_alerts(site: Site, person_id: UUID) -> list[str]:
    with site.app.app_context(), Session(db.engines[None]) as session:
        alerts = select(SafetyAlert.id).where(SafetyAlert.person_id == person_id)
        wanted = select(Message).where(Message.subject_type == "safety_alert", Message.subject_id.in_(alerts))
        return [f"{message.subject} {message.text}" for message in session.scalars(wanted)]


def test_a_paper_form_takes_ten_presses_on_the_number_keys(
    browser: Browser, context: BrowserContext, site: Site, axe: str
) -> None:
    with site.app.app_context(), Session(db.engines[None]) as session:
        person_id = someone(session, "Paper Answers", "+447700900473").id
        session.commit()
    hub = member_of_demo(site.app, Role.HUB)
    desk, presses = signed_in(context, site, hub), 0
    began = begin_form(desk, person_id)
    assert axe_violations(desk, axe) == []
    desk.locator("#q1").focus()
    for key in (*"120112001", "Enter"):
        desk.keyboard.press(key)
        presses += 1
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Patient Health Questionnaire")
    # What the machine takes of the twenty seconds; ten presses of a slow hand (half a second each) take five more.
    assert time.monotonic() - began + presses / 2 < 20
    assert presses == 10
    # It needs a look though it came on paper: the numbers to call stand on the page, and the alert has its day.
    expect(desk.locator("main")).to_contain_text("116 123")
    assert axe_violations(desk, axe) == []
    # Without script: the same with Tab; what cannot be is told and nothing typed is lost.
    plain = browser.new_context(base_url=site.url, java_script_enabled=False, locale="en-GB")
    page = signed_in(plain, site, hub)
    begin_form(page, person_id)
    page.locator("#q1").focus()
    for code in "120112007":
        page.keyboard.press(code)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Question 9: enter a number from 0 to 3")
    expect(page.locator("#q1")).to_have_value("1")
    page.locator("#q9").fill("0")
    page.locator("#q9").press("Enter")
    expect(page.locator("main")).to_contain_text("7")
    plain.close()
    with site.app.app_context(), Session(db.engines[None]) as session:
        rows = session.scalars(select(Measurement).where(Measurement.person_id == person_id)).all()
        assert {(row.mode, row.state) for row in rows} == {(Mode.PAPER, FormState.COMPLETE)}
        assert sorted(score.value for row in rows for score in row.scores if score.key == "total") == [7, 8]
        assert len(session.scalars(select(SafetyAlert).where(SafetyAlert.person_id == person_id)).all()) == 1


def begin_form(desk: Page, person_id: UUID) -> float:
    """To the boxes of a form on paper, by keyboard; when they are there."""
    desk.goto(f"/desk/people/{person_id}/outcomes/enter")
    desk.get_by_label("Patient Health Questionnaire").press("Space")
    desk.get_by_role("button", name="Enter the answers").press("Enter")
    expect(desk.locator("#q1")).to_be_visible()
    return time.monotonic()


def test_a_person_chooses_their_own_measure_alone_and_sees_what_staff_see(
    browser: Browser, page: Page, context: BrowserContext, site: Site, axe: str
) -> None:
    opened = browser.new_context(base_url=site.url, viewport=PHONE, java_script_enabled=False, locale="en-GB")
    own = signed_in(opened, site, site.care.user)
    own.goto(f"/me/records/{site.person}")
    own.get_by_role("link", name="How you are doing, over time").press("Enter")
    own.get_by_role("link", name="Choose what to keep an eye on").press("Enter")
    own.get_by_role("button", name="Use it").press("Enter")
    expect(own.get_by_role("alert")).to_be_visible()
    own.get_by_label("Being left out, or missing company").press("Space")
    own.locator(f"input[name='place'][value='{site.outcomes['surgery']}']").press("Space")
    own.get_by_label("Why this one?").press_sequentially("It is the evenings.")
    own.get_by_role("button", name="Use it").press("Enter")
    expect(own.get_by_role("status")).to_contain_text("You have chosen it")
    own.get_by_role("button", name="Answer it now").press("Enter")
    for answer in ("Some of the time", "Often", "Often"):
        own.get_by_role("button", name=answer).press("Enter")
    expect(own.get_by_role("heading", level=1)).to_have_text("Thank you")
    own.goto(f"/me/records/{site.person}/doing")
    chart = own.locator("svg[role=img]").first.inner_html()
    assert "8" in chart
    seen = signed_in(context, site, site.care.user)
    seen.set_viewport_size(PHONE)
    seen.goto(own.url)
    assert axe_violations(seen, axe) == []
    opened.close()
    context.clear_cookies()
    staff = signed_in(context, site, member_of_demo(site.app, Role.SURGERY))
    staff.goto(f"/desk/people/{site.person}/outcomes")
    card = staff.locator(".wm-measure").filter(has_text="Three-item loneliness scale")
    expect(card).to_contain_text("Chosen by the person")
    expect(card).to_contain_text("It is the evenings.")
    expect(card).to_contain_text("only one complete form so far")
    staff.goto(f"/desk/people/{site.person}/outcomes/ucla-3")
    assert staff.locator("svg[role=img]").first.inner_html().replace("-1-1", "-1") == chart.replace("-1-1", "-1")
    with site.app.app_context(), Session(db.engines[None]) as session:
        choice = session.scalars(select(MeasureChoice).where(MeasureChoice.person_id == site.person)).one()
        asked = session.scalars(select(Occasion).where(Occasion.person_id == site.person)).one()
        assert (choice.chosen_by, asked.state) == (ChosenBy.PERSON, OccasionState.DONE)
