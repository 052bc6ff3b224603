"""Staff change who leads a date and find cover, on what terms a run is booked, and what the public reads of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import MemberOrganization
from app.booking.codes import LeadState
from app.booking.models import BookableSession, Facilitator, Pool, Run, SessionFacilitator
from app.core import clock
from app.notifications.models import Message
from app.web.database import db
from app.web.dates import PARTS
from tests import booking_factories as make
from tests.booking_college import College, book
from tests.signing_in import signed_in_client


def people(college: College, *names: str) -> list[UUID]:
    with college.app.app_context(), Session(db.engines[None]) as session:
        of = session.get_one(Facilitator, college.lead).organization_id
        made = [Facilitator(organization_id=of, name=name, kind="practitioner") for name in names]
        session.add_all(made)
        session.commit()
        return [one.id for one in made]


def leads(college: College, run_id: UUID, number: int = 0) -> dict[str, tuple[UUID, LeadState]]:
    """Who is down for a date of a run: the lead's id and state, by name."""
    with college.app.app_context(), Session(db.engines[None]) as session:
        one = session.scalars(dates(run_id)).all()[number]
        rows = session.scalars(select(SessionFacilitator).where(SessionFacilitator.session_id == one.id))
        return {row.facilitator.name: (row.id, row.state) for row in rows}


def dates(run_id: UUID):
    return select(BookableSession).where(BookableSession.run_id == run_id).order_by(BookableSession.starts_at)


def first_date(college: College, run_id: UUID) -> UUID:
    with college.app.app_context(), Session(db.engines[None]) as session:
        return session.scalars(dates(run_id)).all()[0].id


def press(college: College, lead_id: UUID, what: str):
    return college.client.post(f"/desk/programme/leads/{lead_id}", data={"what": what})


def text_of(college: College, path: str) -> str:
    return college.client.get(path).get_data(as_text=True)


def test_cover_is_wanted_until_somebody_said_yes(college: College) -> None:
    paul, quinn = people(college, "Paul", "Quinn")
    run_id = college.a_run()
    said = press(college, leads(college, run_id)["Gwen"][0], "cannot")
    assert "Now find somebody to stand in" in text_of(college, said.location)
    assert "Dates without somebody to lead them" in text_of(college, "/desk/programme")
    away = leads(college, run_id)["Gwen"][0]
    assert "Paul (Practitioner)" in text_of(college, f"/desk/programme/leads/{away}/cover")
    asked = college.client.post(f"/desk/programme/leads/{away}/cover", data={"stand_in": str(paul)})
    assert "Press below what they answer" in text_of(college, asked.location)
    assert "Dates without somebody to lead them" in text_of(college, "/desk/programme")
    press(college, leads(college, run_id)["Paul"][0], "no")
    assert "Paul" not in leads(college, run_id)
    college.client.post(f"/desk/programme/leads/{away}/cover", data={"stand_in": str(quinn)})
    press(college, leads(college, run_id)["Quinn"][0], "yes")
    assert "Dates without somebody to lead them" not in text_of(college, "/desk/programme")
    page = text_of(college, f"/desk/programme/sessions/{first_date(college, run_id)}/leads")
    assert "Stands in for Gwen" in page
    assert "A peer trainer is still missing." in page
    press(college, leads(college, run_id)["Quinn"][0], "cannot")
    assert {name: state for name, (_id, state) in leads(college, run_id).items()} == {"Gwen": LeadState.CANNOT_COME}
    assert "Dates without somebody to lead them" in text_of(college, "/desk/programme")


def test_only_who_is_free_can_be_asked_and_only_of_the_own_people(college: College) -> None:
    [paul] = people(college, "Paul")
    busy = college.a_run(room="", leads=str(paul))
    run_id = college.a_run(room="")
    away = leads(college, run_id)["Gwen"][0]
    press(college, away, "cannot")
    page = text_of(college, f"/desk/programme/leads/{away}/cover")
    assert "Everybody else of yours leads something else at the time" in page
    told = college.client.post(f"/desk/programme/leads/{away}/cover", data={"stand_in": str(paul)})
    assert told.status_code == 422
    taken = college.client.post(
        f"/desk/programme/sessions/{first_date(college, run_id)}/leads?done=changed", data={"leads": [str(paul)]}
    )
    assert taken.status_code == 422
    assert "Paul is taken by" in taken.get_data(as_text=True)
    # Not under a word of what went before.
    assert "It is done." not in taken.get_data(as_text=True)
    assert set(leads(college, run_id)) == {"Gwen"}
    assert set(leads(college, busy)) == {"Paul"}


def test_who_comes_after_all_is_asked_for_nobody_else(college: College) -> None:
    [paul] = people(college, "Paul")
    run_id = college.a_run()
    away = leads(college, run_id)["Gwen"][0]
    press(college, away, "cannot")
    college.client.post(f"/desk/programme/leads/{away}/cover", data={"stand_in": str(paul)})
    press(college, away, "comes")
    assert {name: state for name, (_id, state) in leads(college, run_id).items()} == {"Gwen": LeadState.COMES}


def test_who_leads_changes_for_one_date_or_for_all_that_follow(college: College) -> None:
    [paul] = people(college, "Paul")
    run_id = college.a_run()
    path = f"/desk/programme/sessions/{first_date(college, run_id)}/leads"
    both = [str(college.lead), str(paul)]
    assert college.client.post(path, data={"leads": both}).status_code == 303
    assert set(leads(college, run_id)) == {"Gwen", "Paul"}
    assert set(leads(college, run_id, 1)) == {"Gwen"}
    college.client.post(path, data={"leads": [str(paul)], "from_then_on": "y"})
    assert [set(leads(college, run_id, number)) for number in range(3)] == [{"Paul"}] * 3


def test_who_leaves_the_college_leaves_dates_that_want_cover(college: College) -> None:
    run_id = college.a_run()
    gone = college.client.post(f"/desk/programme/set-up/person/{college.lead}/leaves")
    assert gone.status_code == 303
    assert [leads(college, run_id, number)["Gwen"][1] for number in range(3)] == [LeadState.CANNOT_COME] * 3
    assert "Gwen" not in text_of(college, "/desk/programme/new")
    assert "after all" not in text_of(college, f"/desk/programme/sessions/{first_date(college, run_id)}/leads")
    assert press(college, leads(college, run_id)["Gwen"][0], "comes").status_code == 422
    assert leads(college, run_id)["Gwen"][1] is LeadState.CANNOT_COME


def terms(**changes: str) -> dict[str, str]:
    return {"who": "anyone", "together": "2", "waiting_list": "y"} | changes


def test_terms_hold_for_whoever_books_from_now_on(college: College) -> None:
    run_id = college.a_run()
    day = clock.today() + timedelta(days=7)
    opens = {"opens_on-day": str(day.day), "opens_on-month": str(day.month), "opens_on-year": str(day.year)}
    told = terms(**opens, opens_time="10am", youngest="16", oldest="25", limit_each="1")
    assert college.client.post(f"/desk/programme/runs/{run_id}/terms", data=told).status_code == 303
    with college.app.app_context(), Session(db.engines[None]) as session:
        run = session.get_one(Run, run_id)
        assert run.opens_at is not None
        assert f"{run.opens_at.astimezone(clock.LONDON):%Y-%m-%d %H:%M}" == f"{day} 10:00"
        assert (run.youngest, run.oldest, run.limit_each, run.has_waiting_list) == (16, 25, 1, True)
        pool = session.scalars(select(Pool.id).where(Pool.run_id == run_id)).one()
    assert "Booking opens on" in text_of(college, f"/book/{pool}")
    page = text_of(college, f"/desk/programme/runs/{run_id}/terms")
    assert 'value="10:00"' in page
    with clock.moved_to(clock.now() + timedelta(days=8)):
        assert "Booking opens on" not in college.app.test_client().get(f"/book/{pool}").get_data(as_text=True)


def test_the_last_day_to_book_is_a_whole_day(college: College) -> None:
    run_id = college.a_run()
    day = clock.today() + timedelta(days=3)
    closes = {"closes_on-day": str(day.day), "closes_on-month": str(day.month), "closes_on-year": str(day.year)}
    college.client.post(f"/desk/programme/runs/{run_id}/terms", data=terms(**closes))
    with college.app.app_context(), Session(db.engines[None]) as session:
        closes_at = session.get_one(Run, run_id).closes_at
        assert closes_at is not None
        assert closes_at.astimezone(clock.LONDON).date() == day + timedelta(days=1)
    assert f'value="{day.day}"' in text_of(college, f"/desk/programme/runs/{run_id}/terms")


@pytest.mark.parametrize(
    "wrong",
    [
        {"who": "area"},
        {"youngest": "30", "oldest": "20"},
        {"opens_time": "noonish"},
        {"limit_each": "0"},
        {"together": "11"},
        {"closes_on-day": "31", "closes_on-month": "2", "closes_on-year": "2027"},
        {"closes_on-day": "31", "closes_on-month": "12", "closes_on-year": "9999"},
        {
            f"{day}_on-{part}": text
            for day, year in (("opens", "2027"), ("closes", "2026"))
            for part, text in zip(PARTS, ("1", "2", year), strict=True)
        },
    ],
)
def test_terms_that_make_no_sense_are_told_and_change_nothing(college: College, wrong: dict[str, str]) -> None:
    run_id = college.a_run()
    told = college.client.post(f"/desk/programme/runs/{run_id}/terms", data=terms(name="new") | wrong)
    assert told.status_code == 422
    assert 'value="new"' in told.get_data(as_text=True)
    with college.app.app_context(), Session(db.engines[None]) as session:
        assert session.get_one(Run, run_id).name == ""


def test_the_public_reads_what_people_ask_first(college: College) -> None:
    run_id = college.a_run()
    words = {"you_learn": "Sleeping.", "if_nervous": "<b>Bring</b> somebody.", "first_session_needed": "y"}
    assert college.client.post(f"/desk/programme/runs/{run_id}/words", data=words).status_code == 303
    page = text_of(college, f"/services/{college.service}")
    assert "Sleeping." in page
    assert "&lt;b&gt;Bring" in page
    with college.app.app_context(), Session(db.engines[None]) as session:
        assert session.get_one(Run, run_id).course.first_session_needed is True


def test_a_name_stands_once(college: College) -> None:
    paul, _quinn = people(college, "Paul", "Quinn")
    told = college.client.post(f"/desk/programme/set-up/person/{paul}", data={"name": "Quinn", "kind": "peer"})
    assert told.status_code == 422


def test_a_room_stays_where_it_is_while_dates_to_come_are_in_it(college: College) -> None:
    path = f"/desk/programme/set-up/room/{college.room}"
    room = {"name": "Upper room", "access": ["step-free"], "capacity": "8", "join_link": "https://a.example"}
    assert college.client.post(path, data=room | {"address": "1 High Street"}).status_code == 303
    run_id = college.a_run(capacity="9")
    assert "Upper room holds 8 people. There are more places than that." in text_of(
        college, f"/desk/programme/runs/{run_id}"
    )
    assert college.client.post(path, data=room | {"address": "Elsewhere", "capacity": "9"}).status_code == 303
    page = text_of(college, "/desk/programme/set-up")
    assert "1 High Street · for 9 people" in page
    assert "Elsewhere" not in page
    assert "Online" not in page
    assert "There are more places than that" not in text_of(college, f"/desk/programme/runs/{run_id}")
    assert college.client.post(path, data=room | {"capacity": "many"}).status_code == 422


def test_an_online_room_has_another_link_and_who_knows_the_old_one_is_told(college: College) -> None:
    run_id = college.a_run(count="3")
    with college.app.app_context(), Session(db.engines[None]) as session:
        home = session.get_one(MemberOrganization, college.actor.organization_id)
        online = make.room(session, of=home, name="Zoom", join_link="https://meet.example/old")
        first, second, third = session.scalars(dates(run_id))
        for one in (first, second, third):
            one.room_id = online.id
        third.join_link = "https://meet.example/own"
        [pool] = session.scalars(select(Pool).where(Pool.run_id == run_id))
        book(session, pool.id, "sam@person.example")
        path, day_before = f"/desk/programme/set-up/room/{online.id}", first.starts_at - timedelta(hours=3)
        session.commit()
    with clock.moved_to(day_before):
        client = signed_in_client(college.app, college.actor.user_id)
        assert client.post(path, data={"name": "Zoom", "join_link": ""}).status_code == 422
        for _twice in range(2):
            new = {"name": "Zoom", "join_link": "https://meet.example/new"}
            assert client.post(path, data=new).status_code == 303
    with college.app.app_context(), Session(db.engines[None]) as session:
        [message] = session.scalars(select(Message).where(Message.kind == "booking.changed"))
        assert "https://meet.example/new" in message.text
        assert [(one.joined_by, one.sequence) for one in session.scalars(dates(run_id))] == [
            ("https://meet.example/new", 1),
            ("https://meet.example/new", 1),
            ("https://meet.example/own", 0),
        ]
