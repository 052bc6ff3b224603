"""The end of a course: who completed it, and the certificate, for the person and for staff."""

from __future__ import annotations

from typing import Any
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
from app.booking.models import Booking
from app.booking.operations.completing import complete
from app.booking.queries import bookings as known
from app.booking.queries import completing as reads
from app.booking.views.blueprint import booking
from app.booking.views.managing import booking_of, link_over
from app.booking.views.people import own_booking
from app.booking.views.programme import own_run
from app.core.errors import NotFound
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
def certificate_for_staff(booking_id: UUID) -> str:
    """To print it for somebody."""
    found = own_booking(booking_id)
    record(db.session(), current_actor(), Action.READ, ("booking", found.id), person_id=found.person_id)
    return render_template("booking/certificate.html", **_certificate(found))


@booking.route("/bookings/<token>/certificate", access=PUBLIC)
def certificate(token: str) -> Page:
    """The person's own, behind the link of their booking."""
    found = booking_of(token)
    if found is None:
        return link_over()
    return render_template("booking/certificate.html", token=token, **_certificate(found))


def _certificate(found: Booking) -> dict[str, Any]:
    if found.state is not BookingState.COMPLETED:
        raise NotFound("certificate")
    session = db.session()
    sessions = [one for one in known.sessions_for(session, found) if one.cancelled_at is None]
    return {
        "booking": found,
        "course": found.pool.run.course,
        "first": sessions[0].starts_at,
        "last": sessions[-1].starts_at,
        "part": reads.part_of(session, found),
    }
