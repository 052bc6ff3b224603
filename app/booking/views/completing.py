"""The end of a course: who completed it, to take that back, and the certificate, for the person and for staff."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.audit.codes import Action
from app.audit.operations import record
from app.booking.access import RUNS_THEM
from app.booking.codes import BookingState, PoolKind
from app.booking.forms import PressForm
from app.booking.hearing import audience_of, hears_of_taking_back
from app.booking.models import Booking
from app.booking.operations.completing import complete, take_back
from app.booking.queries import bookings as known
from app.booking.queries import completing as reads
from app.booking.rules.namesakes import namesakes
from app.booking.views.blueprint import booking
from app.booking.views.managing import booking_of, link_over
from app.booking.views.people import own_booking
from app.booking.views.programme import own_run
from app.core.errors import NotFound, Refused
from app.web.access import PUBLIC
from app.web.database import db
from app.web.done import done_before

Page = Response | str | tuple[str, int]


@booking.route("/desk/programme/runs/<uuid:run_id>/complete", access=RUNS_THEM, methods=["GET", "POST"], writes=True)
def complete_run(run_id: UUID) -> Page:
    """Who completed it: those who came at least half of the time are proposed, staff decide."""
    session, actor, run = db.session(), current_actor(), own_run(run_id)
    if run.kind is not PoolKind.RUN or run.cancelled_at is not None or not reads.is_over(session, run):
        raise NotFound("run")
    form = PressForm()
    if form.validate_on_submit():
        if chosen := _chosen():
            complete(session, actor, run, chosen)
            return redirect(url_for("booking.complete_run", run_id=run_id, done="completed"), code=303)
        form.form_errors.append(_("Tick who completed it"))
    record(session, actor, Action.READ, ("run", run.id))
    people = reads.taking_part(session, run)
    page = render_template(
        "booking/complete.html",
        run=run,
        people=people,
        alike=namesakes((one.booking.id, one.booking.name) for one in people),
        to_decide=[one for one in people if one.booking.state is BookingState.BOOKED],
        without_register=[one for one in run.sessions if one.register_at is None and one.cancelled_at is None],
        form=form,
        done=done_before(),
    )
    return (page, 422) if form.errors else page


def _chosen() -> set[UUID]:
    found = set()
    for text in request.form.getlist("completed"):
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return found


@booking.route("/desk/programme/bookings/<uuid:booking_id>/certificate", access=RUNS_THEM, writes=True)
def certificate_for_staff(booking_id: UUID) -> Page:
    """To print it for somebody."""
    found = own_booking(booking_id)
    record(db.session(), current_actor(), Action.READ, ("booking", found.id), person_id=found.person_id)
    return _certificate(found)


@booking.route(
    "/desk/programme/bookings/<uuid:booking_id>/not-completed", access=RUNS_THEM, methods=["GET", "POST"], writes=True
)
def take_completion_back(booking_id: UUID) -> Page:
    """It was pressed for the wrong person; who hears of it is said before."""
    session, actor, found = db.session(), current_actor(), own_booking(booking_id)
    form, run_id = PressForm(), found.pool.run_id
    if found.state is not BookingState.COMPLETED:
        return redirect(url_for("booking.complete_run", run_id=run_id), code=303)
    if form.validate_on_submit():
        try:
            take_back(session, actor, found)
        except Refused as refusal:
            form.form_errors.append(refusal.message)
        else:
            return redirect(url_for("booking.complete_run", run_id=run_id, done="not_completed"), code=303)
    record(session, actor, Action.READ, ("booking", found.id), person_id=found.person_id)
    audience = audience_of(session, hears_of_taking_back(session, found))
    page = render_template(
        "booking/not_completed.html", booking=found, course=found.pool.run.course, form=form, audience=audience
    )
    return (page, 409) if form.errors else page


@booking.route("/bookings/<token>/certificate", access=PUBLIC)
def certificate(token: str) -> Page:
    """The person's own, behind the link of their booking."""
    found = booking_of(token)
    if found is None:
        return link_over()
    return _certificate(found, token)


def _certificate(found: Booking, token: str = "") -> Page:
    """The certificate; where it was taken back, that it was. NotFound where there never was one."""
    session, course = db.session(), found.pool.run.course
    if reads.taken_back_at(session, found) is not None:
        return render_template("booking/certificate_over.html", token=token, course=course), 410
    if found.state is not BookingState.COMPLETED:
        raise NotFound("certificate")
    sessions = [one for one in known.sessions_for(session, found) if one.cancelled_at is None]
    return render_template(
        "booking/certificate.html",
        token=token,
        booking=found,
        course=course,
        first=sessions[0].starts_at,
        last=sessions[-1].starts_at,
        part=reads.part_of(session, found),
    )
