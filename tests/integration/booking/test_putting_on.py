"""Staff put a course on by rule: all its dates at once, with what hinders one said beside it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.booking.codes import PoolKind
from app.booking.models import BookableSession, Run
from app.core import clock
from app.web.database import db
from app.web.dates import PARTS
from tests.booking_college import College, pools_of
from tests.dates_on_a_page import leads_to_a_field
from tests.signing_in import a_member, signed_in_client


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
        ({"row-2-day": "31/12/9999", "row-2-at": "23:59"}, "too far ahead"),
        ({"row-2-room": str(UUID(int=1))}, "Choose a room from the list"),
    ):
        refused = college.put_on(**make | {"take": ["2", "3"]} | wrong)
        assert (refused.status_code, said in refused.text) == (422, True), wrong
        leads_to_a_field(refused.text, "row-3-day" if said.startswith("Another") else "row-2-day")
    # Nobody loses what they ticked to dates by the rule.
    lost = college.put_on(**make | {"take": ["2"], "rows": "9" * 5000})
    assert (lost.status_code, "Tick at least one date" in lost.text) == (422, True)
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
        {"count": "0"}, {"skips": "Tuesday"}, {"minutes": "x"}, {"who": "area", "area": "all of Wexmoor"},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_beside_the_field(college: College, wrong: dict[str, str]) -> None:
    told_ = college.put_on(**wrong)
    assert told_.status_code == 422
    # Also where it is far too long: what it should look like says more than how long it may be.
    assert ("Enter a time, like" in told_.text) is ("at" in wrong)


def test_only_a_drop_in_needs_no_number_of_places(college: College) -> None:
    refused = college.put_on(kind="session", capacity="")
    assert refused.status_code == 422
    assert "Enter the number of places" in refused.get_data(as_text=True)
    assert college.put_on(kind="drop_in", capacity="").status_code == 303


def test_another_organisation_sees_nothing_of_it(college: College) -> None:
    run_id = college.a_run()
    with college.app.app_context(), Session(db.engines[None]) as session:
        other = a_member(session, Role.TUTOR, workplace="Elsewhere").id
        session.commit()
    client = signed_in_client(college.app, other)
    assert client.get(f"/desk/programme/runs/{run_id}").status_code == 404
    assert client.post(f"/desk/programme/runs/{run_id}/cancel", data={"reason": "x"}).status_code == 404


def test_what_is_sent_twice_is_put_on_once(college: College) -> None:
    # Nothing of it is taken: no room, and whoever leads stands in the form twice.
    sent = {"key": "k", "room": "", "leads": [str(college.lead)] * 2}
    first, again = (college.put_on(**sent) for _twice in range(2))
    assert (first.status_code, first.location) == (303, again.location)
    other = college.put_on(**sent | {"at": "5pm"})
    assert (other.status_code, other.location == first.location) == (303, False)


def test_an_hour_that_is_missing_is_said_once_beside_the_time(college: College) -> None:
    march = date(clock.today().year + 1, 3, 31)
    gap = march - timedelta(days=(march.weekday() + 1) % 7)
    page = college.put_on(
        **{"day-day": str(gap.day), "day-month": "3", "day-year": str(gap.year), "at": "1:30", "do": "", "count": "1"}
    ).text
    said = page.split("govuk-error-summary__list")[1].split("</ul>", maxsplit=1)[0]
    assert (said.count("The clocks go forward"), 'href="#at"' in said) == (1, True)


WRONG_OF = {
    "room": [
        {"name": "\u200b"},
        {"capacity": "9" * 30},
        {"join_link": "https://"},
        {"join_link": "https://a b.example"},
    ],
    "person": [{"name": "\u200b \u2060"}],
    "term": [
        {"starts_on-year": "1"},
        {"ends_on-year": "9999"},
        {"pause_from-month": "1"},
        {"pause_to-month": "1"},
        dict.fromkeys((f"pause_to-{part}" for part in PARTS), ""),
        dict.fromkeys((f"pause_from-{part}" for part in PARTS), ""),
        {"name": ""},
    ],
}


@pytest.mark.parametrize("what", WRONG_OF)
def test_rubbish_about_rooms_people_and_terms_is_refused_and_given_back(college: College, what: str) -> None:
    year = str(clock.today().year + 1)
    days = {"starts_on": "1", "ends_on": "28", "pause_from": "10", "pause_to": "12"}
    right = {"kind": "peer", "address": "kept as typed", "name": "Spring"}
    right |= {
        f"{day}-{part}": text for day, at in days.items() for part, text in zip(PARTS, (at, "2", year), strict=True)
    }
    for wrong in WRONG_OF[what]:
        sent = {f"{what}-{name}": text for name, text in (right | wrong).items()}
        refused = college.client.post("/desk/programme/set-up", data=sent | {"add": what})
        assert (refused.status_code, "govuk-error-summary__list" in refused.text) == (422, True), wrong
        given_back = {"room": 'value="kept as typed"', "person": 'value="peer" checked', "term": 'value="28"'}[what]
        assert given_back in " ".join(refused.text.split()), wrong
    sent = {f"{what}-{name}": text for name, text in right.items()}
    assert college.client.post("/desk/programme/set-up", data=sent | {"add": what}).status_code == 303
