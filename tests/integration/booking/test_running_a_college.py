"""Staff put courses on, change them, take registers; everybody who booked is told, once."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.accounts.models import MemberOrganization
from app.booking import emails
from app.booking.announcements import SessionAttended
from app.booking.codes import Attendance, BookingState, NeedKind, PoolKind
from app.booking.models import (
    AbsenceCall,
    AccessNeed,
    AttendanceRecord,
    BookableSession,
    Booking,
    Facilitator,
    Pool,
    Run,
    RunInvitation,
)
from app.booking.operations import booking as verbs
from app.booking.operations import changes
from app.booking.operations.attendees import attendee_of, nameless_attendee
from app.booking.queries.invariants import faults
from app.booking.reminders import write_due
from app.booking.sweeps import serve_waiting_lists
from app.booking.wording import session_day
from app.core import clock, events
from app.core.actor import ANONYMOUS, Actor
from app.core.errors import Refused
from app.directory.codes import Kind
from app.notifications.codes import MessageState
from app.notifications.models import Message
from app.notifications.stopping import Drop, Keep, verdict_on
from app.web.database import db
from tests import booking_factories as make
from tests import factories
from tests.people import a_person
from tests.signing_in import a_member, a_workplace, actor_of, signed_in_client

PLACE = "Wexmoor College"
LATER = "From a day before, you find the link to join online on this page."


class College:
    """A college with one course, a room, a tutor at a browser."""

    def __init__(self, app: Flask) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        self.app = app
        with app.app_context(), Session(db.engines[None]) as session:
            place = a_workplace(session, PLACE)
            tutor = a_member(session, Role.TUTOR, workplace=PLACE)
            owner = factories.organization(session, member_organization_id=place.id)
            service = factories.service(session, organization=owner, kind=Kind.COURSE, name="Better nights")
            room = make.room(session, of=place)
            lead = factories.stored(session, Facilitator(organization_id=place.id, name="Gwen", kind="peer"))
            self.actor: Actor = actor_of(session, tutor)
            self.service, self.room, self.lead, tutor_id = service.id, room.id, lead.id, tutor.id
            session.commit()
        self.client: FlaskClient = signed_in_client(app, tutor_id)

    def put_on(self, **changes_: str | list[str]):
        day = clock.today() + timedelta(days=20)
        told = {
            "listing": str(self.service), "kind": "run", "day-day": str(day.day), "day-month": str(day.month),
            "day-year": str(day.year), "at": "2pm", "minutes": "90", "often": "1", "count": "3", "capacity": "12",
            "together": "2", "who": "anyone", "waiting_list": "y", "room": str(self.room), "leads": [str(self.lead)],
        }  # fmt: skip
        return self.client.post("/desk/programme/new", data=told | changes_)

    def a_run(self, **changes_: str) -> UUID:
        made = self.put_on(**changes_)
        assert made.status_code == 303, made.get_data(as_text=True)
        run_id = UUID(made.location.split("/")[-1].split("?")[0])
        assert self.client.post(f"/desk/programme/runs/{run_id}/publish").status_code == 303
        return run_id


@pytest.fixture
def college(app: Flask) -> College:
    return College(app)


def book(session: Session, pool: UUID, address: str, invitation: UUID | None = None) -> Booking:
    held = verbs.begin(session, ANONYMOUS, pool, key=f"{pool}{address}", invitation_id=invitation)
    verbs.give_details(session, ANONYMOUS, held, verbs.Details(name=address.split("@", maxsplit=1)[0], address=address))
    return verbs.confirm(session, ANONYMOUS, held, attendee_of(session, address))


def pools_of(session: Session, run_id: UUID) -> list[Pool]:
    return list(session.scalars(select(Pool).where(Pool.run_id == run_id).order_by(Pool.starts_at)))


def leads_to_a_field(page: str, field_id: str) -> None:
    """The words over the list lead to the first date that cannot be, which is open."""
    said = page.split("govuk-error-summary__list")[1].split("</ul>", maxsplit=1)[0]
    assert re.findall(r'<a href="#([^"]+)">Some dates cannot be', said) == [field_id]
    [before, _after] = page.split(f' id="{field_id}"')
    if field_id.endswith("-day"):
        assert " open" in before.rsplit("<details", 1)[1].split(">")[0]


def told(session: Session, kind: str) -> list[str]:
    wanted = select(Message.recipient).where(Message.kind == f"booking.{kind}").order_by(Message.recipient)
    return list(session.scalars(wanted))


def to_leave(session: Session, kind: str) -> list[Message]:
    wanted = select(Message).where(Message.kind == f"booking.{kind}", Message.state == MessageState.QUEUED)
    return list(session.scalars(wanted.order_by(Message.recipient)))


def have_left(session: Session, kind: str) -> None:
    for each in to_leave(session, kind):
        each.state, each.sent_at = MessageState.SENT, clock.now()


def in_line(session: Session, pool: Pool) -> tuple[Booking, Booking]:
    """Somebody who is offered a place that was given back, and somebody who waits behind them."""
    gives_up = book(session, pool.id, "gives-up@person.example")
    offered, waits = (book(session, pool.id, f"{name}@person.example") for name in ("offered", "waits"))
    verbs.give_up(session, ANONYMOUS, gives_up)
    assert (offered.state, waits.state) == (BookingState.OFFERED, BookingState.WAITING)
    return offered, waits


def test_a_run_is_made_by_rule_and_shown_when_it_is_ready(college: College) -> None:
    made = college.put_on(count="4")
    run_id = UUID(made.location.split("/")[-1].split("?")[0])
    assert "Dates and places" not in college.client.get(f"/services/{college.service}").get_data(as_text=True)
    college.client.post(f"/desk/programme/runs/{run_id}/publish")
    assert "All 4 dates" in college.client.get(f"/services/{college.service}").get_data(as_text=True)
    with college.app.app_context(), Session(db.engines[None]) as session:
        [pool] = pools_of(session, run_id)
        assert (pool.capacity, pool.kind) == (12, PoolKind.RUN)


def test_a_room_that_is_taken_is_refused_with_the_reason(college: College) -> None:
    college.a_run()
    again = college.put_on(at="14:30")
    assert again.status_code == 422
    page = again.get_data(as_text=True)
    assert "is taken by “Better nights”" in page
    assert "Gwen is taken" in page
    leads_to_a_field(page, "row-0")
    assert college.put_on(at="15:30").status_code == 303


def test_all_dates_are_on_one_page_to_be_ticked_or_changed(college: College, monkeypatch: pytest.MonkeyPatch) -> None:
    first = clock.today() + timedelta(days=20)
    weeks = [first + timedelta(days=7 * number) for number in range(6)]
    monkeypatch.setattr("app.booking.views.putting_on.bank_holidays", lambda: {weeks[1]})
    college.a_run(count="1")  # has the room, and Gwen, on the first of the days

    page = college.put_on(do="check").get_data(as_text=True)
    rows = page.split("<li class=")[1:]
    assert ["checked" in row.split("</label>")[0] for row in rows if 'name="take"' in row] == [
        False,
        False,
        True,
        True,
        True,
    ], "two are put right at the end"
    assert "3 dates are ticked" in page
    assert "is taken by “Better nights”" in page
    assert "A bank holiday" in page
    with college.app.app_context(), Session(db.engines[None]) as session:
        assert len(session.scalars(select(Run)).all()) == 1, "to look makes nothing"

    kept = {
        f"row-{number}-{name}": text
        for number, day in enumerate(weeks[:5])
        for name, text in (("day", f"{day:%d/%m/%Y}"), ("at", "14:00"), ("room", str(college.room)))
    }
    make = {"do": "make", "rows": "5", **kept}
    none = college.put_on(**make)
    assert (none.status_code, '<a href="#row-0">Tick at least one date' in none.text) == (422, True)
    assert all(words in none.text for words in ("A bank holiday", "Gwen is taken")), "why some are not ticked"
    back = college.put_on(**make | {"do": "back"})
    assert (back.status_code, 'name="count"' in back.text) == (200, True)
    for wrong, said in (
        ({"row-2-day": "soon"}, "Enter a day like"),
        ({"row-2-day": "1/1/2020"}, "still to come"),
        ({"row-2-day": kept["row-3-day"]}, "Another of these dates"),
        ({"row-2-day": kept["row-0-day"]}, "is taken by “Better nights”"),
    ):
        refused = college.put_on(**make | {"take": ["2", "3"]} | wrong)
        assert (refused.status_code, said in refused.text) == (422, True), wrong
        leads_to_a_field(refused.text, "row-3-day" if said.startswith("Another") else "row-2-day")
    moved = {"row-0-at": "4pm", "row-3-room": ""}
    made = college.put_on(**make | {"take": ["0", "3", "4"]} | moved)
    assert made.status_code == 303
    run_id = UUID(made.location.split("/")[-1].split("?")[0])
    with college.app.app_context(), Session(db.engines[None]) as session:
        wanted = select(BookableSession).where(BookableSession.run_id == run_id).order_by(BookableSession.starts_at)
        dates = session.scalars(wanted).all()
        assert [(one.wall_start.date(), one.wall_start.hour, one.room_id) for one in dates] == [
            (weeks[0], 16, college.room),
            (weeks[3], 14, None),
            (weeks[4], 14, college.room),
        ]
        assert [pool.capacity for pool in pools_of(session, run_id)] == [12]


@pytest.mark.parametrize(
    "wrong",
    [
        {"at": "half two"}, {"at": "long" * 40}, {"day-day": "99"}, {"day-year": "2020"}, {"day-year": "9999"},
        {"count": "0"}, {"skips": "Tuesday"}, {"minutes": "x"},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_beside_the_field(college: College, wrong: dict[str, str]) -> None:
    told_ = college.put_on(**wrong)
    assert told_.status_code == 422
    # Also where it is far too long: what it should look like says more than how long it may be.
    assert ("Enter a time, like" in told_.text) is ("at" in wrong)


def test_thirty_people_hear_once_that_a_run_is_called_off(college: College) -> None:
    run_id = college.a_run(capacity="28")
    with college.app.app_context(), Session(db.engines[None]) as session:
        [pool] = pools_of(session, run_id)
        for number in range(30):
            book(session, pool.id, f"p{number:02}@person.example")
        session.commit()
    gone = college.client.post(f"/desk/programme/runs/{run_id}/cancel", data={"reason": "The tutor is ill."})
    assert gone.status_code == 303
    college.client.post(f"/desk/programme/runs/{run_id}/cancel", data={"reason": "The tutor is ill."})
    with college.app.app_context(), Session(db.engines[None]) as session:
        recipients = told(session, "called_off")
        assert len(recipients) == len(set(recipients)) == 30
        assert list(faults(session)) == []
        assert session.scalar(select(func.count()).where(Booking.state == BookingState.RUN_CANCELLED)) == 30


def test_who_calls_off_reads_first_who_hears_of_it_and_by_which_way(college: College) -> None:
    run_id = college.a_run(capacity="2")
    run_page, nobody = f"/desk/programme/runs/{run_id}/cancel", "Nobody has booked it"
    assert nobody in college.client.get(run_page).get_data(as_text=True)
    with college.app.app_context(), Session(db.engines[None]) as session:
        [pool] = pools_of(session, run_id)
        book(session, pool.id, "ann@person.example")
        book(session, pool.id, "+447911123456")
        book(session, pool.id, "waits@person.example")
        one = session.scalars(select(BookableSession.id).where(BookableSession.run_id == run_id)).first()
        session.commit()
    whole = college.client.get(run_page).get_data(as_text=True)
    date = college.client.get(f"/desk/programme/sessions/{one}/cancel").get_data(as_text=True)
    assert all(words in whole for words in ("3 people hear of it", "2 by email", "1 by text"))
    assert all(words in date for words in ("3 people hear of it", "2 by email", "1 by text", "1 of them has no place"))
    assert nobody not in whole + date
    for address, count in ((f"/desk/programme/sessions/{one}/cancel", 2), (run_page, 5)):
        done = college.client.post(address, data={"reason": "The tutor is ill."})
        with college.app.app_context(), Session(db.engines[None]) as session:
            assert len(told(session, "called_off")) == count
        after = college.client.get(done.location).get_data(as_text=True)
        assert "is called off." in after
        assert "3 people are told: 2 by email, 1 by text" in after
    with college.app.app_context(), Session(db.engines[None]) as session:
        [date] = to_leave(session, "in_line")
        assert "We had to cancel one of the dates" in date.text
        assert "The other dates stay" in date.text
        assert (date.recipient, date.calendar) == ("waits@person.example", None)
        of_whole = {
            each.recipient: each.text for each in to_leave(session, "called_off") if "had to cancel what" in each.text
        }
        waited = [who for who, words in of_whole.items() if "what you were waiting for" in words]
        assert (waited, len(of_whole)) == (["waits@person.example"], 2)


def test_who_calls_off_reads_whom_they_must_speak_to_themselves(college: College) -> None:
    run_id = college.a_run(kind="session")
    with college.app.app_context(), Session(db.engines[None]) as session:
        pools = pools_of(session, run_id)
        mine = [book(session, pool.id, "cat@person.example") for pool in pools]
        mine[0].attendee = mine[1].attendee = mine[2].attendee = nameless_attendee(session)
        one = pools[0].session_id
        session.commit()
    for address in (f"/desk/programme/runs/{run_id}/cancel", f"/desk/programme/sessions/{one}/cancel"):
        page = college.client.get(address).get_data(as_text=True)
        assert "Please speak to them: cat." in page
        assert not any(words in page for words in ("once you press", "by email", "by text"))


def test_a_series_called_off_is_told_once_however_many_dates_somebody_had(college: College) -> None:
    run_id = college.a_run(kind="session")
    with college.app.app_context(), Session(db.engines[None]) as session:
        for pool in pools_of(session, run_id):
            book(session, pool.id, "sam@person.example")
        session.commit()
        changes.cancel_run(session, college.actor, session.get_one(Run, run_id), reason="No room")
        session.commit()
        assert told(session, "called_off") == ["sam@person.example"]


def test_a_date_that_was_called_off_before_is_not_told_again_with_the_rest(college: College) -> None:
    run_id = college.a_run()
    with college.app.app_context(), Session(db.engines[None]) as session:
        [pool] = pools_of(session, run_id)
        book(session, pool.id, "sam@person.example")
        first, *_rest = session.scalars(
            select(BookableSession).where(BookableSession.run_id == run_id).order_by(BookableSession.starts_at)
        )
        changes.cancel_session(session, college.actor, first, reason="The tutor is ill")
        changes.cancel_run(session, college.actor, session.get_one(Run, run_id), reason="No room")
        wanted = select(Message).where(Message.kind == "booking.called_off").order_by(Message.created_at, Message.id)
        one, rest = session.scalars(wanted)
        assert [(message.calendar or "").count("BEGIN:VEVENT") for message in (one, rest)] == [1, 2]


def test_who_came_to_a_date_that_is_over_hears_nothing_when_the_rest_is_called_off(college: College) -> None:
    run_id = college.a_run(kind="session")
    with college.app.app_context(), Session(db.engines[None]) as session:
        first, second, _third = sorted(pools_of(session, run_id), key=lambda pool: pool.starts_at)
        came, comes = book(session, first.id, "came@person.example"), book(session, second.id, "comes@person.example")
        session.commit()
        over = session.scalars(select(BookableSession).where(BookableSession.id == first.session_id)).one()
        with clock.moved_to(first.ends_at + timedelta(hours=1)):
            with pytest.raises(Refused):
                changes.cancel_session(session, college.actor, over, reason="No room")
            assert changes.cancel_run(session, college.actor, session.get_one(Run, run_id), reason="No room") == 1
        assert (came.state, comes.state) == (BookingState.BOOKED, BookingState.RUN_CANCELLED)
        assert told(session, "called_off") == ["comes@person.example"]


def test_a_session_that_moves_changes_calendars_and_tells_everybody(college: College) -> None:
    run_id = college.a_run(capacity="3")
    with college.app.app_context(), Session(db.engines[None]) as session:
        [pool] = pools_of(session, run_id)
        for name in "ab":
            who = book(session, pool.id, f"{name}@person.example")
            session.add(AccessNeed(booking_id=who.id, kind=NeedKind.BSL, met_at=clock.now()))
        offered, _waits = in_line(session, pool)
        offered.expires_at, offered.lapsed_offers = clock.now() + timedelta(minutes=1), 1
        offered_id = offered.id
        session.commit()
        one = session.scalars(
            select(BookableSession).where(BookableSession.run_id == run_id).order_by(BookableSession.starts_at)
        ).first()
        assert one is not None
        day = one.wall_start.date()
        session_id = one.id
    sent = {"day-day": day.day, "day-month": day.month, "day-year": day.year, "at": "4pm", "minutes": "60", "room": ""}
    move = f"/desk/programme/sessions/{session_id}/move"
    page = college.client.get(move).get_data(as_text=True)
    assert all(words in page for words in ("4 people hear of it once you press", "2 of them have no place"))
    moved, again = (college.client.post(move, data=sent) for _twice in range(2))
    after = college.client.get(moved.location).get_data(as_text=True)
    assert "4pm to 5pm" in after.split('role="status"')[1].split("</div>")[0]
    assert "4 people are told: 4 by email" in after
    same = college.client.get(again.location).get_data(as_text=True).split('role="status"')[1].split("</div>")[0]
    assert ("Nothing was different" in same, "are told:" in same) == (True, False)
    with college.app.app_context(), Session(db.engines[None]) as session:
        assert told(session, "changed") == ["a@person.example", "b@person.example"]
        [first, *_rest] = session.scalars(select(Message).where(Message.kind == "booking.changed")).all()
        assert first.calendar_method == "REQUEST"
        assert "SEQUENCE:1" in (first.calendar or "")
        assert [need.met_at for need in session.scalars(select(AccessNeed))] == [None, None]
        offer, wait = to_leave(session, "in_line")
        assert (offer.recipient, wait.recipient) == ("offered@person.example", "waits@person.example")
        assert (offer.calendar, wait.calendar) == (None, None)
        assert all("4pm to 5pm" in each.text and "The other dates stay" in each.text for each in (offer, wait))
        assert ("no place yet" in wait.text, "say no" in offer.text, "You keep your place" in offer.text) == (
            True, True, False
        )  # fmt: skip
        kept = session.get_one(Booking, offered_id)
        assert (kept.expires_at or clock.now()) > clock.now() + timedelta(hours=1), "time anew for another date"
        assert kept.lapsed_offers == 0

    # Moved again before a word of it has left: each hears once, of how it is now.
    assert college.client.post(move, data=sent | {"at": "5pm"}).status_code == 303
    with college.app.app_context(), Session(db.engines[None]) as session:
        for kind, count in (("changed", 2), ("in_line", 2)):
            last = to_leave(session, kind)
            assert (len(last), len(told(session, kind))) == (count, 2 * count)
            assert all("5pm to 6pm" in each.text and "4pm" not in each.text for each in last)
        verbs.accept(session, ANONYMOUS, session.get_one(Booking, offered_id))
        [offer, wait] = [(each, verdict_on(session, each)) for each in to_leave(session, "in_line")]
        assert isinstance(offer[1], Drop), "they have read it with their place"
        assert wait[1] == Keep()
        verbs.give_up(session, ANONYMOUS, session.get_one(Booking, wait[0].subject_id))
        assert [each.subject for each in to_leave(session, "cancelled")][-1] == "You have left the waiting list"
        assert isinstance(verdict_on(session, wait[0]), Drop)


def shifted(page: str, **changes_: str | list[str]) -> dict[str, str | list[str]]:
    """What a browser sends of the list of dates to be changed."""
    fields = dict(re.findall(r'name="(row-[^"]+-(?:day|at))" value="([^"]*)"', page))
    rooms = re.findall(r'<select[^>]* name="(row-[^"]+)">(.*?)</select>', page, re.DOTALL)
    chosen = {name: (re.findall(r'value="([^"]*)" selected', options) or [""])[0] for name, options in rooms}
    asked = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    ticked = re.findall(r'name="take" value="([^"]+)" checked', page)
    return {**asked, **fields, **chosen, "take": ticked, "do": "move", **changes_}


def test_all_dates_to_come_change_in_one_step_and_each_person_hears_once(college: College) -> None:
    run_id, other = college.a_run(), college.a_run(at="10am", count="1")
    dates, wanted = f"/desk/programme/runs/{run_id}/dates", {"weeks": "1", "room": "stays", "weekday": "", "at": ""}
    with college.app.app_context(), Session(db.engines[None]) as session:
        [pool] = pools_of(session, run_id)
        for name in "ab":
            book(session, pool.id, f"{name}@person.example")
        mine = select(BookableSession).where(BookableSession.run_id == run_id).order_by(BookableSession.starts_at)
        before = [(one.id, one.wall_start) for one in session.scalars(mine)]
        sent = {"first": str(before[0][0]), "minutes": ""}
        session.commit()
    page = college.client.get(dates).text
    assert all(words in page for words in ("From which date on?", "Each stays where it is"))
    nothing = college.client.post(dates, data=sent | wanted | {"weeks": "0", "do": "check"})
    assert (nothing.status_code, "Nothing would change" in nothing.text) == (422, True)

    # To where one of them stood before is no clash; what does not move is.
    looked = college.client.post(dates, data=sent | wanted | {"do": "check"})
    assert looked.status_code == 200
    assert "2 people hear of it once you press" in looked.text
    hindered = college.client.post(dates, data=sent | wanted | {"weeks": "0", "at": "10:30", "do": "check"})
    assert (hindered.status_code, hindered.text.count("is taken by “Better nights”")) == (422, 2)
    leads_to_a_field(hindered.text, f"row-{before[0][0]}-day")
    refused = college.client.post(dates, data=shifted(hindered.text))
    assert (refused.status_code, "Each says why" in refused.text) == (422, True)
    with college.app.app_context(), Session(db.engines[None]) as session:
        assert [(one.id, one.wall_start) for one in session.scalars(mine)] == before, "all or nothing"
        assert told(session, "changed") == []

    assert college.client.post(dates, data=shifted(looked.text, do="look")).status_code == 200, "Enter only looks"
    for _twice in range(2):
        done = college.client.post(dates, data=shifted(looked.text))
    assert done.location.endswith("done=same"), "sent again it changes nothing"
    after = college.client.get(f"/desk/programme/runs/{run_id}?done=dates").text
    assert "2 people are told: 2 by email" in after
    with college.app.app_context(), Session(db.engines[None]) as session:
        week = timedelta(weeks=1)
        assert [one.wall_start for one in session.scalars(mine)] == [wall + week for _id, wall in before]
        assert told(session, "changed") == ["a@person.example", "b@person.example"]
        [first, _second] = session.scalars(select(Message).where(Message.kind == "booking.changed")).all()
        assert (first.calendar_method, (first.calendar or "").count("SEQUENCE:1\r\n")) == ("PUBLISH", 3)
        assert first.text.count("2pm to 3:30pm") == 3
        assert [pool.starts_at for pool in pools_of(session, run_id)] == [session.scalars(mine).first().starts_at]  # type: ignore[union-attr]
        assert session.scalars(select(BookableSession.sequence).where(BookableSession.run_id == other)).all() == [0]
        assert list(faults(session)) == []
    # One of them moves again: what has not left yet of the others is not lost.
    move, day = f"/desk/programme/sessions/{before[0][0]}/move", (before[0][1] + week).date()
    sent = {"day-day": day.day, "day-month": day.month, "day-year": day.year, "at": "5pm", "minutes": "90"}
    assert college.client.post(move, data=sent | {"room": str(college.room)}).status_code == 303
    with college.app.app_context(), Session(db.engines[None]) as session:
        last, _of_another = to_leave(session, "changed")
        assert (last.text.count("2pm to 3:30pm"), last.text.count("5pm to 6:30pm")) == (2, 1)
        assert (last.calendar or "").count("BEGIN:VEVENT") == 3


def test_who_booked_several_dates_of_a_series_has_one_message_with_the_page_of_each(college: College) -> None:
    run_id = college.a_run(kind="session", capacity="1")
    with college.app.app_context(), Session(db.engines[None]) as session:
        for pool in pools_of(session, run_id):
            book(session, pool.id, "sam@person.example")
            book(session, pool.id, "jo@person.example")
        first, second, _third = session.scalars(
            select(BookableSession.id).where(BookableSession.run_id == run_id).order_by(BookableSession.starts_at)
        )
        session.commit()
    dates = f"/desk/programme/runs/{run_id}/dates"
    told_ = {"first": str(first), "weekday": "", "weeks": "0", "at": "", "minutes": "60", "room": "", "do": "check"}
    looked = college.client.post(dates, data=told_).text
    done = college.client.post(dates, data=shifted(looked, take=[str(first), str(second)]))
    assert done.location.endswith("done=dates")
    with college.app.app_context(), Session(db.engines[None]) as session:
        [message] = session.scalars(select(Message).where(Message.kind == "booking.changed"))
        assert (message.text.count("2pm to 3pm"), message.text.count("/bookings/")) == (2, 2)
        assert "Your other dates stay as they are" in message.text
        assert "Room" not in message.text
        [wait] = to_leave(session, "in_line")
        assert (wait.recipient, wait.text.count("2pm to 3pm"), wait.text.count("/bookings/")) == (
            "jo@person.example", 2, 2
        )  # fmt: skip


def test_who_is_booked_and_waits_in_one_series_has_one_message_of_all_that_moves(college: College) -> None:
    run_id = college.a_run(kind="session", capacity="1")
    with college.app.app_context(), Session(db.engines[None]) as session:
        pools = pools_of(session, run_id)
        book(session, pools[0].id, "kim@person.example")
        has_it = [book(session, pool.id, "sam@person.example").id for pool in pools[1:]]
        for pool in pools[1:]:
            book(session, pool.id, "kim@person.example")
        dates = [(pool.session_id, pool.starts_at.astimezone(clock.LONDON).date()) for pool in pools]
        session.commit()

    def moved(which: int, at: str) -> None:
        one, day = dates[which]
        sent = {"day-day": day.day, "day-month": day.month, "day-year": day.year, "at": at, "minutes": "90", "room": ""}
        assert college.client.post(f"/desk/programme/sessions/{one}/move", data=sent).status_code == 303

    def to_kim() -> list[Message]:
        wanted = [each for kind in ("changed", "in_line") for each in to_leave(session, kind)]
        return [each for each in wanted if each.recipient == "kim@person.example"]

    # Where they wait, where they have a place, where they wait: nothing of it is lost, and it is one message.
    for which, at in ((2, "9am"), (0, "10am"), (1, "11am")):
        moved(which, at)
    with college.app.app_context(), Session(db.engines[None]) as session:
        [message] = to_kim()
        booked, waits = message.text.split("You also wait for places")
        assert [words in booked for words in ("10am", "11am", "9am", "You keep your place")] == [
            True,
            False,
            False,
            True,
        ]
        assert [words in waits for words in ("10am", "11am", "9am", "no place there yet")] == [False, True, True, True]
        assert (message.text.count("/bookings/"), (message.calendar or "").count("BEGIN:VEVENT")) == (3, 1)
        verbs.give_up(session, ANONYMOUS, session.get_one(Booking, has_it[1]))
        # Of the place that they are offered another message tells.
        [message] = to_kim()
        assert [words in message.text for words in ("10am", "11am", "9am")] == [True, True, False]
        assert "That has a new time" in message.text


def test_everybody_who_is_booked_reads_once_what_they_should_know(college: College) -> None:
    run_id = college.a_run(kind="session")
    page = f"/desk/programme/runs/{run_id}/tell"
    assert "there is nobody to write to" in college.client.get(page).text
    with college.app.app_context(), Session(db.engines[None]) as session:
        first, second, _third = pools_of(session, run_id)
        for pool in (first, second):
            book(session, pool.id, "sam@person.example")
        leaving = book(session, second.id, "bo@person.example").id
        one = str(second.session_id)
        session.commit()
    assert college.client.post(page, data={"date": "", "words": ""}).status_code == 422
    sent = {"date": "", "words": "The lift is broken.", "key": "k"}
    for _twice in range(2):
        done = college.client.post(page, data=sent)
    assert "2 people are told: 2 by email" in college.client.get(done.location).text
    with college.app.app_context(), Session(db.engines[None]) as session:
        assert told(session, "note") == ["bo@person.example", "sam@person.example"]
        messages = session.scalars(select(Message).where(Message.kind == "booking.note")).all()
        assert all("The lift is broken." in message.text for message in messages)
        assert all("lift" not in message.subject for message in messages)
        verbs.give_up(session, ANONYMOUS, session.get_one(Booking, leaving))
        session.commit()
    college.client.post(page, data=sent | {"date": one, "key": "of one date"})
    with college.app.app_context(), Session(db.engines[None]) as session:
        assert told(session, "note") == ["bo@person.example", "sam@person.example", "sam@person.example"]


def test_one_date_online_has_a_link_of_its_own_and_who_knows_the_old_one_is_told(college: College) -> None:
    run_id = college.a_run(count="2")
    with college.app.app_context(), Session(db.engines[None]) as session:
        [pool] = pools_of(session, run_id)
        home = session.get_one(Run, run_id).organization_id
        online = make.room(session, of=session.get_one(MemberOrganization, home), join_link="https://meet.example/all")
        first, second = session.scalars(
            select(BookableSession).where(BookableSession.run_id == run_id).order_by(BookableSession.starts_at)
        )
        first.room_id = second.room_id = online.id
        session.commit()
        sam = book(session, pool.id, "sam@person.example")
        own_page = emails.page_of(session, sam).removeprefix("http://localhost")
        [booked] = session.scalars(select(Message).where(Message.kind == "booking.booked"))
        session.commit()
        assert (LATER in booked.text, "meet.example" in booked.text) == (True, False)
        day, first_id, second_id, room_id, starts_at = (
            first.wall_start.date(), first.id, second.id, str(online.id), first.starts_at
        )  # fmt: skip
    sent = {"day-day": day.day, "day-month": day.month, "day-year": day.year, "at": "2pm", "minutes": "90"}
    move = f"/desk/programme/sessions/{first_id}/move"
    wrong = college.client.post(move, data=sent | {"room": room_id, "join_link": "http://meet.example/one"})
    assert (wrong.status_code, "begins with https://" in wrong.get_data(as_text=True)) == (422, True)
    wrong = college.client.post(move, data=sent | {"room": str(college.room), "join_link": "https://meet.example/one"})
    assert (wrong.status_code, "Choose an online room" in wrong.get_data(as_text=True)) == (422, True)
    far = sent | {"room": room_id, "join_link": "https://meet.example/one"}
    assert college.client.post(move, data=far).location.split("&")[0].endswith("done=changed")
    with college.app.app_context(), Session(db.engines[None]) as session:
        assert told(session, "changed") == []
    far_away = college.app.test_client().get(own_page).get_data(as_text=True)
    assert (LATER in far_away, "meet.example" in far_away) == (True, False)
    with clock.moved_to(starts_at - timedelta(hours=3)):
        shown = college.app.test_client().get(own_page).get_data(as_text=True)
        assert ('href="https://meet.example/one"' in shown, "meet.example/all" in shown) == (True, False)
        client = signed_in_client(college.app, college.actor.user_id)
        near = sent | {"room": room_id, "join_link": "https://meet.example/two"}
        done = client.post(move, data=near)
        assert done.location.split("&")[0].endswith("done=link")
        assert "1 person is told: 1 by email" in client.get(done.location).text
        with college.app.app_context(), Session(db.engines[None]) as session:
            [message] = session.scalars(select(Message).where(Message.kind == "booking.changed"))
            assert "New link to join" in message.subject
            assert "https://meet.example/two" in message.text
            assert "https://meet.example/two" in (message.calendar or "").replace("\r\n ", "")
            own = {one.id: one.joined_by for one in session.scalars(select(BookableSession))}
            assert (own[first_id], own[second_id]) == ("https://meet.example/two", "https://meet.example/all")


def test_fewer_places_cost_nobody_theirs_and_more_are_offered(college: College) -> None:
    run_id = college.a_run(capacity="3")
    with college.app.app_context(), Session(db.engines[None]) as session:
        [pool] = pools_of(session, run_id)
        for name in "abcd":
            book(session, pool.id, f"{name}@person.example")
        session.commit()
        pool_id = pool.id
    places = f"/desk/programme/places/{pool_id}"
    assert college.client.post(f"{places}/fewer?places=2", data={"ask": "no"}).status_code == 303
    assert college.client.post(places, data={"capacity": "4"}).status_code == 303
    with college.app.app_context(), Session(db.engines[None]) as session:
        assert told(session, "offered") == ["d@person.example"]
        assert list(faults(session)) == []


def test_places_are_kept_for_carers_until_their_day_and_then_for_everyone(college: College) -> None:
    run_id, visitor = college.a_run(capacity="3", together="2"), college.app.test_client()
    with college.app.app_context(), Session(db.engines[None]) as session:
        pool_id = pools_of(session, run_id)[0].id
    keep = f"/desk/programme/places/{pool_id}/keep"
    assert college.client.get(keep).status_code == 200
    assert college.client.post(keep, data={"kept_for": "carers", "count": "4", "days": "7"}).status_code == 422
    assert college.client.post(keep, data={"kept_for": "carers", "count": "2", "days": "40"}).status_code == 422
    assert college.client.post(keep, data={"kept_for": "carers", "count": "2", "days": "7"}).status_code == 303
    assert "2 of 3 places are kept for carers" in visitor.get(f"/book/{pool_id}").get_data(as_text=True)
    with college.app.app_context(), Session(db.engines[None]) as session:
        assert [book(session, pool_id, f"{one}@person.example").state for one in "ab"] == ["booked", "waiting"]
        held = verbs.begin(session, ANONYMOUS, pool_id, key="carer", carer=True)
        assert verbs.confirm(session, ANONYMOUS, held, attendee_of(session, "c@person.example")).kept_pool_id
        session.commit()
        assert list(faults(session)) == []
    page = college.client.get(f"/desk/programme/runs/{run_id}").get_data(as_text=True)
    assert "2 of 3 places are taken" in page
    assert "on a kept place" in page
    assert "A carer can still have a place" in visitor.get(f"/book/{pool_id}").get_data(as_text=True)
    with college.app.app_context(), clock.moved_to(clock.now() + timedelta(days=13, hours=1)):
        serve_waiting_lists()
        with Session(db.engines[None]) as session:
            assert told(session, "offered") == ["b@person.example"]
            pool = session.get_one(Pool, pool_id)
            assert (pool.taken, pool.capacity) == (3, 3)
            assert list(faults(session)) == []


def test_who_keeps_places_reads_first_that_people_wait_or_that_none_is_free(college: College) -> None:
    run_id, button = college.a_run(kind="session", capacity="2", count="2"), "Keep these places"
    with college.app.app_context(), Session(db.engines[None]) as session:
        first, second = (pool.id for pool in pools_of(session, run_id))
    keep, sent = f"/desk/programme/places/{first}/keep", {"kept_for": "carers", "count": "1", "days": "7"}
    assert button in college.client.get(keep).get_data(as_text=True)
    assert college.client.post(keep, data=sent).status_code == 303
    assert "1 of 2 places is kept for carers" in college.client.get(keep).get_data(as_text=True)
    with college.app.app_context(), Session(db.engines[None]) as session:
        book(session, first, "ann@person.example")
        session.commit()
    full = college.client.get(keep).get_data(as_text=True)
    assert "No place is free here" in full
    assert button not in full
    with college.app.app_context(), Session(db.engines[None]) as session:
        book(session, first, "bob@person.example")
        session.commit()
    waited = college.client.get(keep).get_data(as_text=True)
    assert "1 person waits for a place here" in waited
    assert button not in waited
    # For every date to come: it says which date hinders, and keeps none at the others.
    other = f"/desk/programme/places/{second}/keep"
    refused = college.client.post(other, data=sent | {"kept_for": "referred", "all_dates": "y"})
    assert refused.status_code == 422
    with college.app.app_context(), Session(db.engines[None]) as session:
        day = session_day(session.get_one(Pool, first).starts_at)
        assert len(session.scalars(select(Pool).where(Pool.parent_id.is_not(None))).all()) == 1
    assert f"{day}: Somebody waits" in refused.get_data(as_text=True)


def test_kept_places_are_opened_at_once_and_asked_for_by_phone(college: College) -> None:
    run_id = college.a_run(capacity="3")
    with college.app.app_context(), Session(db.engines[None]) as session:
        pool_id = pools_of(session, run_id)[0].id
    address = f"/desk/programme/places/{pool_id}"
    assert (
        college.client.post(f"{address}/keep", data={"kept_for": "referred", "count": "2", "days": "3"}).status_code
        == 303
    )
    assert "They were referred" in college.client.get(f"{address}/book").get_data(as_text=True)
    sent = {"key": "k1", "name": "Ann", "own": "referred", "places": "2"}
    assert college.client.post(f"{address}/book", data=sent).status_code == 303
    assert college.client.post(f"{address}/book", data={"key": "k2", "name": "Ben"}).status_code == 303
    with college.app.app_context(), Session(db.engines[None]) as session:
        ann, ben = session.scalars(select(Booking).order_by(Booking.name)).all()
        assert (ann.places, ann.kept_pool_id is None, ben.kept_pool_id) == (2, False, None)
    assert college.client.post(f"{address}/open").status_code == 303
    with college.app.app_context(), Session(db.engines[None]) as session:
        pool = session.get_one(Pool, pool_id)
        assert (pool.taken, pool.capacity, pool.over_allowed) == (3, 3, 0)
        assert list(faults(session)) == []


def test_a_worker_books_for_somebody_and_past_the_list_with_a_reason(college: College) -> None:
    run_id = college.a_run(capacity="1")
    with college.app.app_context(), Session(db.engines[None]) as session:
        [pool] = pools_of(session, run_id)
        pool_id = pool.id
    address = f"/desk/programme/places/{pool_id}/book"
    for key, name in (("k1", "Ann"), ("k1", "Ann"), ("k2", "Ben")):
        assert college.client.post(address, data={"key": key, "name": name}).status_code == 303
    with college.app.app_context(), Session(db.engines[None]) as session:
        waiting = session.scalars(select(Booking).where(Booking.state == BookingState.WAITING)).one()
        booking_id = waiting.id
    one = f"/desk/programme/bookings/{booking_id}"
    assert college.client.post(one, data={"do": "past_list", "reason": ""}).status_code == 422
    assert college.client.post(one, data={"do": "past_list", "reason": "Came last time"}).status_code == 303
    with college.app.app_context(), Session(db.engines[None]) as session:
        pool = session.get_one(Pool, pool_id)
        assert (pool.taken, pool.capacity, pool.over_allowed) == (2, 1, 1)
        assert list(faults(session)) == []


def test_the_register_opens_a_call_for_who_was_missed_and_closes_it_again(college: College) -> None:
    run_id = college.a_run()
    attended: list[UUID] = []

    def hear(_session: Session, event: SessionAttended) -> None:
        attended.append(event.attendance.booking_id)

    events.on(SessionAttended)(hear)
    with college.app.app_context(), Session(db.engines[None]) as session:
        [pool] = pools_of(session, run_id)
        came, missed = (book(session, pool.id, f"{name}@person.example").id for name in ("came", "missed"))
        session.commit()
        one = session.scalars(select(BookableSession).order_by(BookableSession.starts_at)).first()
        assert one is not None
        marks = {
            record.booking_id: f"mark-{record.id}"
            for record in session.scalars(select(AttendanceRecord).where(AttendanceRecord.session_id == one.id))
        }
        session_id = one.id
        make.held_now(session, one)
        session.commit()
    address = f"/desk/programme/sessions/{session_id}/register"
    assert "came" in college.client.get(address).get_data(as_text=True)
    first = college.client.post(address, data={marks[came]: "late"})
    assert "1 person is not marked yet" in college.client.get(first.location).text
    sent = {marks[came]: "late", marks[missed]: "did_not_attend", "walk_in": "Zed", "key": "k"}
    for _twice in range(2):
        assert college.client.post(address, data=sent).status_code == 303
    with college.app.app_context(), Session(db.engines[None]) as session:
        assert session.scalar(select(func.count()).select_from(AbsenceCall)) == 1
        assert (
            len(session.scalars(select(AttendanceRecord.id).where(AttendanceRecord.session_id == session_id)).all())
            == 3
        )
        assert attended.count(came) == 1
        assert list(faults(session)) == []
    assert "missed" in college.client.get("/desk/programme/calls").get_data(as_text=True)
    college.client.post(address, data={marks[missed]: "absent_told_us"})
    with college.app.app_context(), Session(db.engines[None]) as session:
        assert session.scalar(select(func.count()).select_from(AbsenceCall)) == 0


def test_a_mark_that_arrives_late_does_not_undo_a_later_one(college: College) -> None:
    run_id = college.a_run()
    with college.app.app_context(), Session(db.engines[None]) as session:
        [pool] = pools_of(session, run_id)
        book(session, pool.id, "a@person.example")
        session.commit()
        record = session.scalars(select(AttendanceRecord).order_by(AttendanceRecord.created_at)).first()
        assert record is not None
        name, session_id, record_id = f"mark-{record.id}", record.session_id, record.id
        make.held_now(session, record.session)
        session.commit()
    address = f"/desk/programme/sessions/{session_id}/register"
    now = int(clock.now().timestamp() * 1000)
    college.client.post(address, data={name: "present", "marked_at": str(now)})
    college.client.post(address, data={name: "did_not_attend", "marked_at": str(now - 60_000)})
    with college.app.app_context(), Session(db.engines[None]) as session:
        assert session.get_one(AttendanceRecord, record_id).state is Attendance.PRESENT


def test_a_register_that_is_not_kept_still_shows_what_was_marked(college: College) -> None:
    run_id = college.a_run(kind="drop_in")
    with college.app.app_context(), Session(db.engines[None]) as session:
        one = session.scalars(select(BookableSession).where(BookableSession.run_id == run_id)).first()
        assert one is not None
        session_id = one.id
    sent = {"walk_in": "Ash of Wexmoor", "heads": "a few"}
    refused = college.client.post(f"/desk/programme/sessions/{session_id}/register", data=sent | {"key": "k"})
    assert refused.status_code == 422
    assert {f'value="{typed}"' in refused.get_data(as_text=True) for typed in sent.values()} == {True}


def test_only_a_drop_in_needs_no_number_of_places(college: College) -> None:
    refused = college.put_on(kind="session", capacity="")
    assert refused.status_code == 422
    assert "Enter the number of places" in refused.get_data(as_text=True)
    assert college.put_on(kind="drop_in", capacity="").status_code == 303


def test_nobody_is_marked_as_there_before_the_day(college: College) -> None:
    college.a_run()
    with college.app.app_context(), Session(db.engines[None]) as session:
        [pool] = session.scalars(select(Pool)).all()
        book(session, pool.id, "a@person.example")
        session.commit()
        record = session.scalars(select(AttendanceRecord).order_by(AttendanceRecord.created_at)).first()
        assert record is not None
        name, record_id = f"mark-{record.id}", record.id
        address = f"/desk/programme/sessions/{record.session_id}/register"
    for mark in ("present", "did_not_attend"):
        refused = college.client.post(address, data={name: mark})
        assert refused.status_code == 422
        assert "still to come" in refused.get_data(as_text=True)
    assert college.client.post(address, data={name: "absent_told_us"}).status_code == 303
    with college.app.app_context(), Session(db.engines[None]) as session:
        assert session.get_one(AttendanceRecord, record_id).state is Attendance.ABSENT_TOLD_US


def test_reminders_go_a_week_and_a_day_before_once_and_not_after_cancelling(college: College) -> None:
    run_id = college.a_run(count="1")
    with college.app.app_context(), Session(db.engines[None]) as session:
        [pool] = pools_of(session, run_id)
        book(session, pool.id, "sam@person.example")
        leaving = book(session, pool.id, "bo@person.example")
        verbs.give_up(session, ANONYMOUS, leaving)
        # Nobody can write to them, and the sweep must come to its end all the same.
        held = verbs.begin(session, ANONYMOUS, pool.id, key="nobody to write to")
        verbs.confirm(session, ANONYMOUS, held, nameless_attendee(session))
        session.commit()
        written = []
        for days in (8, 7, 1):
            for minutes in (20, 10):
                with clock.moved_to(pool.starts_at - timedelta(days=days, minutes=minutes)):
                    written.append(write_due(session))
                    session.commit()
        assert written == [0, 0, 1, 0, 1, 0]
        assert told(session, "reminder") == ["sam@person.example"] * 2


def test_another_organisation_sees_nothing_of_it(college: College) -> None:
    run_id = college.a_run()
    with college.app.app_context(), Session(db.engines[None]) as session:
        other = a_member(session, Role.TUTOR, workplace="Elsewhere").id
        session.commit()
    client = signed_in_client(college.app, other)
    assert client.get(f"/desk/programme/runs/{run_id}").status_code == 404
    assert client.post(f"/desk/programme/runs/{run_id}/cancel", data={"reason": "x"}).status_code == 404


def test_who_is_invited_and_has_not_booked_hears_once_what_becomes_of_the_dates(college: College) -> None:
    run_id = college.a_run(who="invited")
    invite = f"/desk/programme/runs/{run_id}/invitations"
    guests = ("bea@person.example", "+447911123456", "new@person.example", "no@person.example", "came@person.example")
    for address in (*guests[:2], *guests[3:], ""):
        sent = {
            "name": "Those of spring" if not address else "Bea",
            "address": address,
            "most_people": "1",
            "days": "9",
        }
        assert college.client.post(invite, data=sent).status_code == 200
    # Sent again by a reload, or because it was forgotten, it would be a second message.
    again = college.client.post(invite, data={"name": "Bea", "address": guests[1], "most_people": "1", "days": "9"})
    assert (again.status_code, "They are invited already, until" in again.text) == (422, True)
    with college.app.app_context(), Session(db.engines[None]) as session:
        [pool] = pools_of(session, run_id)
        first, second, _third = session.scalars(
            select(BookableSession.id).where(BookableSession.run_id == run_id).order_by(BookableSession.starts_at)
        )
        a_person(session, college.actor, "No", email="no@person.example", do_not_contact=True)
        have_left(session, "invited")
        came = session.scalars(select(RunInvitation.id).where(RunInvitation.address == guests[4])).one()
        book(session, pool.id, guests[4], came)
        session.commit()
    college.client.post(invite, data={"name": "New", "address": guests[2], "most_people": "1", "days": "9"})

    dates = f"/desk/programme/runs/{run_id}/dates"
    asked = {"first": str(first), "weekday": "", "weeks": "1", "at": "", "minutes": "", "room": "stays", "do": "check"}
    looked = college.client.post(dates, data=asked).text
    # Of one whose link has not left yet there is nothing to say; that an address is not safe shows nowhere.
    assert all(words in looked for words in ("4 people hear of it", "3 by email", "1 by text", "3 of them are invited"))
    assert "Please speak to them: Those of spring." in looked
    assert college.client.post(dates, data=shifted(looked)).status_code == 303
    with college.app.app_context(), Session(db.engines[None]) as session:
        text, bea, unsafe = to_leave(session, "invited_dates")
        assert [each.recipient for each in (text, bea, unsafe)] == [guests[1], guests[0], guests[3]]
        assert (bea.calendar, text.text.count("/invited/"), bea.text.count("2pm to 3:30pm")) == (None, 1, 3)
        assert "You have not booked a place" in bea.text
        assert [type(verdict_on(session, each)) for each in (bea, unsafe)] == [Keep, Drop]
        [anew] = to_leave(session, "invited")
        assert (anew.recipient, told(session, "changed")) == (guests[2], ["came@person.example"])
        link = re.search(r"http://localhost(/invited/[\w-]+)", bea.text)
    assert link is not None
    assert "You are invited" in college.app.test_client().get(link[1]).text

    # One of them is called off before a word has left: one message tells all of it.
    college.client.post(f"/desk/programme/sessions/{second}/cancel", data={"reason": "The tutor is ill."})
    with college.app.app_context(), Session(db.engines[None]) as session:
        bea = next(each for each in to_leave(session, "invited_dates") if each.recipient == guests[0])
        assert (bea.text.count("2pm to 3:30pm"), bea.text.count("(cancelled)"), "is ill" in bea.text) == (3, 1, True)
        assert len(to_leave(session, "invited_dates")) == 3
        have_left(session, "invited_dates")
        session.commit()
    college.client.post(f"/desk/programme/runs/{run_id}/cancel", data={"reason": "No room."})
    college.client.post(f"/desk/programme/runs/{run_id}/cancel", data={"reason": "No room."})
    with college.app.app_context(), Session(db.engines[None]) as session:
        _text, bea, _unsafe = to_leave(session, "invited_dates")
        assert ("cancel what we invited you to" in bea.text, bea.text.count("2pm to 3:30pm")) == (True, 2)
        assert (to_leave(session, "invited"), told(session, "called_off").count(guests[4])) == ([], 2)


def test_a_date_of_a_series_that_is_called_off_is_told_to_who_is_invited(college: College) -> None:
    run_id = college.a_run(kind="session", who="invited")
    sent = {"name": "Bea", "address": "bea@person.example", "most_people": "1", "days": "9"}
    college.client.post(f"/desk/programme/runs/{run_id}/invitations", data=sent)
    with college.app.app_context(), Session(db.engines[None]) as session:
        have_left(session, "invited")
        one = pools_of(session, run_id)[0].session_id
        session.commit()
    done = college.client.post(f"/desk/programme/sessions/{one}/cancel", data={"reason": "No room."})
    after = college.client.get(done.location).text
    assert all(words in after for words in ("1 person is told: 1 by email", "They are invited and have not booked"))
    with college.app.app_context(), Session(db.engines[None]) as session:
        [message] = to_leave(session, "invited_dates")
        assert all(words in message.text for words in ("cancel one of the dates", "The other dates stay", "No room."))
