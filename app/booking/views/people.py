"""Staff and the people who book: book for somebody, give a place past the list, arrange what is needed, call."""

from __future__ import annotations

import secrets
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.addresses import as_reached
from app.accounts.current import current_actor
from app.audit.codes import Action
from app.audit.operations import record
from app.booking import wording
from app.booking.access import RUNS_THEM
from app.booking.codes import BookingAction, BookingState
from app.booking.models import Booking
from app.booking.operations import booking as verbs
from app.booking.operations import changes, places
from app.booking.operations import registers as marking
from app.booking.operations.attendees import attendee_of, nameless_attendee
from app.booking.operations.moving import Full, move
from app.booking.operations.on_behalf import book_for as book_for_somebody
from app.booking.operations.waiting import serve
from app.booking.queries import offers, registers
from app.booking.staff_forms import ForSomebodyForm, ReasonForm
from app.booking.views.blueprint import booking
from app.booking.views.programme import own_pool
from app.booking.views.starting import why_not
from app.core.errors import NotFound, Refused
from app.core.text import single_line
from app.directory.dangers import dangers_in
from app.web.database import db

Page = Response | str | tuple[str, int]
LONGEST = 300


@booking.route("/desk/programme/places/<uuid:pool_id>/book", access=RUNS_THEM, methods=["GET", "POST"])
def book_for(pool_id: UUID) -> Page:
    """Book for somebody who asked by phone or at the door."""
    pool, form = own_pool(pool_id), ForSomebodyForm()
    form.offer(pool.run.most_together, offers.kept_of(db.session(), [pool.id]).get(pool.id, ()))
    if not form.is_submitted():
        form.key.data = secrets.token_urlsafe(16)
    if form.validate_on_submit() and (made := _booked(pool_id, form)) is not None:
        done = "booked" if made.state is BookingState.BOOKED else "waits"
        return redirect(url_for("booking.run", run_id=pool.run_id, places=pool_id, done=done), code=303)
    page = render_template("booking/book_for.html", form=form, pool=own_pool(pool_id))
    return (page, 422) if form.errors else page


def _booked(pool_id: UUID, form: ForSomebodyForm) -> Booking | None:
    session, actor = db.session(), current_actor()
    address = as_reached(form.address.data or "")
    attendee = attendee_of(session, address) if address else nameless_attendee(session)
    told = verbs.Details(name=form.name.data, address=address, needs=form.needs_told(), own=form.circles)
    places = int(form.places.data or "1")
    try:
        return book_for_somebody(session, actor, pool_id, told, key=form.key.data, places=places, attendee=attendee)
    except verbs.AlreadyHere:
        form.address.errors = [_("This person already has a place or waits for one")]
    except (verbs.Barred, Full) as refusal:
        form.form_errors.append(why_not(refusal))
    session.rollback()
    return None


@booking.route("/desk/programme/bookings/<uuid:booking_id>", access=RUNS_THEM, methods=["GET", "POST"], writes=True)
def one_booking(booking_id: UUID) -> Page:
    """End a booking, or give a place past the list; both need a reason, which is kept."""
    found, form = own_booking(booking_id), ReasonForm()
    if form.validate_on_submit():
        try:
            _do(found, request.form.get("do", ""), form.reason.data)
        except Refused as refusal:
            form.form_errors.append(refusal.message)
        else:
            address = url_for("booking.run", run_id=found.pool.run_id, places=found.pool_id, done="changed")
            return redirect(address, code=303)
    record(db.session(), current_actor(), Action.READ, ("booking", found.id), person_id=found.person_id)
    page = render_template("booking/one_booking.html", form=form, booking=found)
    return (page, 422) if form.errors else page


def _do(found: Booking, what: str, reason: str) -> None:
    session, actor = db.session(), current_actor()
    if what == "past_list":
        changes.squeeze_in(session, actor, found, reason=reason)
        return
    if what != "cancel":
        raise Refused(_("Choose what to do."))
    pool = places.lock_one(session, found.pool_id)
    move(session, actor, found, BookingAction.CANCEL_BY_SERVICE, reason=reason)
    serve(session, pool)


@booking.route("/desk/programme/needs", access=RUNS_THEM, writes=True)
def needs() -> str:
    """What people asked for and nobody has arranged yet; before all, what may speak of danger."""
    actor = current_actor()
    record(db.session(), actor, Action.READ, ("access_needs", None))
    found = db.session().scalars(registers.open_needs(actor)).all()
    in_danger = {need.id for need in found if dangers_in(need.words)}
    first = sorted(found, key=lambda need: need.id not in in_danger)
    return render_template("booking/needs.html", needs=first, in_danger=in_danger)


@booking.route("/desk/programme/needs/<uuid:need_id>", access=RUNS_THEM, methods=["POST"])
def meet_need(need_id: UUID) -> Response:
    """It is arranged."""
    found = next(
        (one for one in db.session().scalars(registers.open_needs(current_actor())) if one.id == need_id), None
    )
    if found is None:
        raise NotFound("task")
    marking.meet_need(db.session(), current_actor(), found)
    return redirect(url_for("booking.needs"), code=303)


@booking.route("/desk/programme/calls", access=RUNS_THEM, writes=True)
def calls() -> str:
    """Who missed a session: a call to ask how they are."""
    actor = current_actor()
    record(db.session(), actor, Action.READ, ("absence_calls", None))
    return render_template("booking/calls.html", people=registers.calls_by_person(db.session(), actor))


@booking.route("/desk/programme/calls/<uuid:call_id>", access=RUNS_THEM, methods=["POST"])
def finish_call(call_id: UUID) -> Response:
    """Somebody has called, or tried: about all that this person had missed when the list was shown."""
    actor = current_actor()
    everybody = registers.calls_by_person(db.session(), actor)
    theirs = next((calls for calls in everybody if any(one.id == call_id for one in calls)), None)
    if theirs is None:
        raise NotFound("task")
    shown = set(request.form.getlist("also"))
    outcome = single_line(request.form.get("outcome", ""))[:LONGEST]
    for one in theirs:
        if one.id == call_id or str(one.id) in shown:
            marking.finish_call(db.session(), actor, one, outcome=outcome)
    return redirect(url_for("booking.calls"), code=303)


def own_booking(booking_id: UUID) -> Booking:
    """A booking with the visitor's organisation. NotFound for any other."""
    found = registers.booking_of(db.session(), current_actor(), booking_id)
    if found is None:
        raise NotFound(wording.booking_words(BookingState.BOOKED))
    return found
