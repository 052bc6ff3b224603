"""Booking somebody into an appointment, from the contact, the case, the queue or the record: one press a time."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.addresses import as_reached
from app.accounts.current import current_actor
from app.advice import labels, queries
from app.advice.access import WORKER
from app.advice.appointment_forms import BookForm, OtherTimeForm
from app.advice.forms import as_uuid
from app.advice.models import AdviceCase, AdviceContact, Appointment, AppointmentTime, QueueEntry
from app.advice.operations import appointments as verbs
from app.advice.queries import appointments as rows
from app.advice.queries.sessions import queue_entry
from app.advice.views.blueprint import advice
from app.booking.operations.appointments import Client
from app.booking.operations.booking import AlreadyHere, Barred
from app.booking.operations.moving import Full
from app.booking.reach import reach_of_person
from app.core import clock
from app.core.errors import InvalidInput, NotFound, Refused
from app.people.models import Person
from app.people.operations import open_person
from app.web.database import db

Page = Response | str | tuple[str, int]
# So many free times are shown, one's own and those of the others.
MOST = 24


@dataclass(frozen=True, slots=True)
class Origin:
    """Because of what somebody is booked in. What the actor may not see is a NotFound."""

    case: AdviceCase | None = None
    contact: AdviceContact | None = None
    visitor: QueueEntry | None = None
    moves: Appointment | None = None
    person: Person | None = None

    @property
    def name(self) -> str:
        """What they are called, or their number, where there is no record."""
        numbered = (self.case or self.contact or None) if not self.person else None
        if numbered is not None and numbered.client_number:
            return numbered.client_number
        return self.visitor.called_as if self.visitor else ""


def _origin() -> Origin:
    session, actor = db.session(), current_actor()
    ids = {name: as_uuid(request.args.get(name)) for name in ("case", "contact", "visitor", "moves", "person")}
    moves = rows.appointment(session, actor, ids["moves"]) if ids["moves"] else None
    case = queries.case(session, actor, ids["case"]) if ids["case"] else None
    contact = queries.contact(session, actor, ids["contact"]) if ids["contact"] else None
    visitor = queue_entry(session, actor, ids["visitor"]) if ids["visitor"] else None
    known = (moves.booking if moves else None, case, contact, visitor)
    person_ids = [one.person_id for one in known if one is not None]
    person_id = next((id_ for id_ in (*person_ids, ids["person"]) if id_ is not None), None)
    person = open_person(session, actor, person_id, reason="advice") if person_id else None
    return Origin(case, contact, visitor, moves, person)


@advice.route("/desk/advice/appointments/book", access=WORKER, writes=True)
def choose_time() -> str:
    """The times that are free, the next first; each is one press."""
    origin = _origin()
    form = BookForm(formdata=None, data={"key": secrets.token_urlsafe(16), "name": origin.name})
    return _page(origin, form, OtherTimeForm(formdata=None, data={"day": clock.today()}))


@advice.route("/desk/advice/appointments/book", access=WORKER, methods=["POST"], endpoint="book_time")
def book_time() -> Page:
    """Give the pressed time to them, or the one that was typed."""
    origin, form = _origin(), BookForm()
    is_other = request.form.get("do") == "other"
    other = OtherTimeForm() if is_other else OtherTimeForm(formdata=None, data={"day": clock.today()})
    is_valid = form.validate() and (not is_other or other.validate())
    if is_valid:
        try:
            made = _booked(origin, form, other if is_other else None)
        except AlreadyHere:
            form.form_errors.append(_("They have this time already."))
        except (Barred, Full):
            form.form_errors.append(_("This time is gone. Choose another one."))
        except (InvalidInput, Refused) as problem:
            form.form_errors.append(_(problem.message))
        else:
            done = "moved" if origin.moves else "booked"
            return redirect(url_for("advice.appointment", appointment_id=made.id, done=done), code=303)
        db.session().rollback()
        origin = _origin()
    return _page(origin, form, other), 422


def _booked(origin: Origin, form: BookForm, other: OtherTimeForm | None) -> Appointment:
    session, actor = db.session(), current_actor()
    time = verbs.offer(session, actor, other.told())[0] if other else _pressed()
    if origin.moves is not None:
        return verbs.move(session, actor, origin.moves, time)
    address = as_reached(form.address.data or "") if not origin.person else None
    client = Client(person=origin.person, name=form.name.data or "", address=address)
    return verbs.book(
        session,
        actor,
        time,
        client,
        key=form.key.data,
        case_id=origin.case.id if origin.case else None,
        contact_id=origin.contact.id if origin.contact else None,
    )


def _pressed() -> AppointmentTime:
    time_id: UUID | None = as_uuid(request.form.get("time"))
    if time_id is None:
        raise NotFound("appointment time")
    return rows.time(db.session(), current_actor(), time_id)


def _page(origin: Origin, form: BookForm, other: OtherTimeForm) -> str:
    session, actor = db.session(), current_actor()
    return render_template(
        "advice/book_time.html",
        origin=origin,
        form=form,
        other=other,
        own=rows.free_times(session, actor, own=True, limit=MOST),
        others=rows.free_times(session, actor, own=False, limit=MOST),
        here=request.full_path.rstrip("?"),
        is_told=reach_of_person(origin.person) is not None if origin.person else True,
        labels=labels,
    )
