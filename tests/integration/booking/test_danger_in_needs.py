"""What somebody says they need so that they can come may say something else, too."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.booking.codes import NeedKind
from app.booking.models import AccessNeed
from app.notifications.models import Message
from app.web.database import db
from tests.booking_college import College, book, pools_of

IN_DANGER = "no needs really, i have the tablets saved up and wont be here long"


def needs_said(college: College, *said: str) -> list[str]:
    """People book and say what they need; returns the pages of their bookings."""
    with college.app.app_context(), Session(db.engines[None]) as session:
        [pool] = pools_of(session, college.a_run())
        for number, words in enumerate(said):
            booking = book(session, pool.id, f"person{number}@person.example")
            session.add(AccessNeed(booking_id=booking.id, kind=NeedKind.OTHER, words=words))
        session.commit()
        written = session.scalars(select(Message).where(Message.kind == "booking.booked").order_by(Message.recipient))
        return [re.search(r"/bookings/[\w.-]+", message.text)[0] for message in written]  # type: ignore[index]


def test_whose_needs_speak_of_danger_reads_at_once_who_helps_now(college: College) -> None:
    calm, in_danger = needs_said(college, "A chair by the door", IN_DANGER)
    visitor = college.app.test_client()
    page = visitor.get(in_danger).text
    assert page.index("You do not have to face this alone") < page.index(">You have a place<")
    assert "116 123" in page
    assert "You do not have to face this alone" not in visitor.get(calm).text


def test_who_arranges_needs_reads_first_what_may_speak_of_danger(college: College) -> None:
    needs_said(college, "A chair by the door", "Somewhere to rest", IN_DANGER)
    page = college.client.get("/desk/programme/needs").text
    assert page.count("may speak of danger") == 1
    assert page.index(IN_DANGER) < page.index("A chair by the door")
    assert page.index("may speak of danger") < page.index("A chair by the door")
