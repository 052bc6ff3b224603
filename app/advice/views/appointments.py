"""Appointments: one's own and everybody's, one of them, and what became of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.advice import labels
from app.advice.access import READER
from app.advice.forms import as_uuid
from app.advice.models import Appointment
from app.advice.operations import appointments as verbs
from app.advice.queries import appointments as queries
from app.advice.scope import is_worker
from app.advice.views.blueprint import advice
from app.audit.codes import Action
from app.audit.operations import record
from app.booking.codes import Attendance, BookingState
from app.booking.operations.booking import Barred
from app.booking.operations.moving import Full
from app.booking.reach import reach_of
from app.core import clock
from app.core.errors import NotFound, Refused
from app.core.text import single_line
from app.web.database import db
from app.web.done import done_before

Page = Response | str | tuple[str, int]
LONGEST = 300
# What the buttons say of somebody's coming.
MARKS = {
    "came": Attendance.PRESENT,
    "missed": Attendance.DID_NOT_ATTEND,
    "told-us": Attendance.ABSENT_TOLD_US,
    "undo": Attendance.EXPECTED,
}


@advice.route("/desk/advice/appointments", access=READER)
def appointments() -> str:
    """Today's and those of the weeks ahead, the times that are free, and whom to call."""
    session, actor = db.session(), current_actor()
    everybody = request.args.get("whose") == "all" or not is_worker(actor)
    start = queries.midnight()
    whose, until = None if everybody else actor.user_id, start + queries.AHEAD
    found = queries.appointments(session, actor, start, until, adviser_id=whose)
    tomorrow = start + timedelta(days=1)
    return render_template(
        "advice/appointments.html",
        today=[one for one in found if one.starts_at < tomorrow],
        ahead=[one for one in found if one.starts_at >= tomorrow],
        free=queries.free_times(session, actor, own=True) if is_worker(actor) else [],
        missed=queries.missed(session, actor),
        given_up=queries.given_up(session, actor, start, until, adviser_id=whose),
        everybody=everybody,
        may_offer=is_worker(actor),
        labels=labels,
        done=done_before(),
    )


@advice.route("/desk/advice/appointments/<uuid:appointment_id>", access=READER, writes=True)
def appointment(appointment_id: UUID) -> str:
    """One of them, with everything that can be done; that it was looked at is on record."""
    return _page(_open(appointment_id))


@advice.route("/desk/advice/appointments/<uuid:appointment_id>", access=READER, methods=["POST"])
def change_appointment(appointment_id: UUID) -> Page:
    """What the pressed button says of it."""
    found, do = _open(appointment_id), request.form.get("do", "")
    try:
        if do == "again" and is_worker(current_actor()):
            made = verbs.book_again(db.session(), current_actor(), found)
            return redirect(url_for("advice.appointment", appointment_id=made.id, done="booked"), code=303)
        _do(found, do)
    except Refused as problem:
        db.session().rollback()
        is_gone = isinstance(problem, Barred | Full)
        words = _("This time is gone. Choose another one.") if is_gone else _(problem.message)
        return _page(_open(appointment_id), problem=words), 422
    return redirect(url_for("advice.appointment", appointment_id=appointment_id, done=do), code=303)


def _do(found: Appointment, do: str) -> None:
    session, actor = db.session(), current_actor()
    if do in MARKS:
        verbs.mark(session, actor, found, MARKS[do])
    elif do == "cancel":
        verbs.cancel(session, actor, found)
    elif do == "take" and is_worker(actor):
        verbs.take_over(session, actor, found, of=as_uuid(request.form.get("of")))
    elif do == "called":
        call = queries.call_after(session, found)
        if call is None:
            raise NotFound("call")
        verbs.note_call(session, actor, call, outcome=single_line(request.form.get("outcome", ""))[:LONGEST])


def _open(appointment_id: UUID) -> Appointment:
    session, actor = db.session(), current_actor()
    found = queries.visible(session, actor, appointment_id)
    record(session, actor, Action.READ, (verbs.SUBJECT, found.id), person_id=found.booking.person_id)
    return found


def _page(found: Appointment, *, problem: str = "") -> str:
    session, actor = db.session(), current_actor()
    reach = reach_of(session, found.booking)
    return render_template(
        "advice/appointment.html",
        found=found,
        shown=queries.shown(session, actor, found),
        one=found.time.session,
        call=queries.call_after(session, found),
        stands=found.booking.state is BookingState.BOOKED,
        may_come=found.booking.state is BookingState.CANCELLED_BY_PERSON and queries.is_free(session, found.time),
        is_ahead=found.time.session.starts_at > clock.now(),
        is_day=found.time.session.starts_at.astimezone(clock.LONDON).date() <= clock.today(),
        is_told=reach is not None,
        may_book=is_worker(actor),
        is_own=found.time.adviser_id == actor.user_id,
        labels=labels,
        problem=problem,
        done=done_before(),
    )
