"""A college with a course and a tutor at a browser; people who book there, and what they are written."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.booking.models import Booking, Facilitator, Pool
from app.booking.operations import booking as verbs
from app.booking.operations.attendees import attendee_of
from app.core import clock
from app.core.actor import ANONYMOUS, Actor
from app.directory.codes import Kind
from app.notifications.codes import MessageState
from app.notifications.models import Message
from app.web.database import db
from tests import booking_factories as make
from tests import factories
from tests.signing_in import a_member, a_workplace, actor_of, signed_in_client

PLACE = "Wexmoor College"


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


def pools_of(session: Session, run_id: UUID) -> list[Pool]:
    return list(session.scalars(select(Pool).where(Pool.run_id == run_id).order_by(Pool.starts_at)))


def book(session: Session, pool: UUID, address: str, invitation: UUID | None = None) -> Booking:
    held = verbs.begin(session, ANONYMOUS, pool, key=f"{pool}{address}", invitation_id=invitation)
    verbs.give_details(session, ANONYMOUS, held, verbs.Details(name=address.split("@", maxsplit=1)[0], address=address))
    return verbs.confirm(session, ANONYMOUS, held, attendee_of(session, address))


def told(session: Session, kind: str) -> list[str]:
    wanted = select(Message.recipient).where(Message.kind == f"booking.{kind}").order_by(Message.recipient)
    return list(session.scalars(wanted))


def to_leave(session: Session, kind: str) -> list[Message]:
    wanted = select(Message).where(Message.kind == f"booking.{kind}", Message.state == MessageState.QUEUED)
    return list(session.scalars(wanted.order_by(Message.recipient)))


def have_left(session: Session, kind: str) -> None:
    for each in to_leave(session, kind):
        each.state, each.sent_at = MessageState.SENT, clock.now()
