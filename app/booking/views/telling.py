"""Staff write to everybody who is booked: what they should know before they come."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.booking.access import RUNS_THEM
from app.booking.hearing import audience_of, expected_at
from app.booking.models import BookableSession, Booking
from app.booking.operations.telling import tell_booked
from app.booking.queries import programme
from app.booking.staff_forms import TellForm
from app.booking.views.blueprint import booking
from app.booking.views.programme import own_run
from app.web.database import db

Page = Response | str | tuple[str, int]
LONGEST_KEY = 40


@booking.route("/desk/programme/runs/<uuid:run_id>/tell", access=RUNS_THEM, methods=["GET", "POST"])
def tell_run(run_id: UUID) -> Page:
    """A few words to whoever has a place on the dates to come, or on one of them. Who gets it is said first."""
    found, form = own_run(run_id), TellForm()
    coming = programme.dates_to_come(db.session(), run_id)
    if not coming:
        return redirect(url_for("booking.run", run_id=run_id), code=303)
    form.show(coming)
    key = request.form.get("key", "")[:LONGEST_KEY] or secrets.token_urlsafe(12)
    if form.validate_on_submit():
        chosen = [one for one in coming if form.date.data in {"", str(one.id)}]
        tell_booked(db.session(), current_actor(), found, chosen, words=form.words.data, key=key)
        return redirect(url_for("booking.run", run_id=run_id, done="told", date=form.date.data or None), code=303)
    page = render_template(
        "booking/tell_run.html", form=form, run=found, key=key, audience=audience_of(db.session(), booked_on(coming))
    )
    return (page, 422) if form.errors else page


def booked_on(dates: Sequence[BookableSession]) -> list[Booking]:
    """The bookings of who is expected at these dates."""
    return [attendance.booking for one in dates for attendance in expected_at(db.session(), one)]
