"""Times that an adviser offers: made, and taken out again."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.advice.access import READER, WORKER
from app.advice.appointment_forms import TakeOutForm, TimesForm
from app.advice.models import AppointmentTime
from app.advice.operations import appointments as verbs
from app.advice.queries import appointments as queries
from app.advice.views.blueprint import advice
from app.core import clock
from app.core.errors import InvalidInput, Refused
from app.web.database import db

Page = Response | str | tuple[str, int]
# What is told of a time that nobody has booked: nobody reads it.
NOBODY_READS = "taken out"


@advice.route("/desk/advice/appointments/new", access=WORKER, methods=["GET", "POST"])
def offer_times() -> Page:
    """Offer times of one's own."""
    form = TimesForm(data={"day": clock.today(), "starts": "", "ends": ""})
    if form.validate_on_submit():
        try:
            made = verbs.offer(db.session(), current_actor(), form.told())
        except (InvalidInput, Refused) as problem:
            form.form_errors.append(_(problem.message))
        else:
            return redirect(url_for("advice.appointments", done="offered", number=len(made)), code=303)
    page = render_template("advice/times_form.html", form=form)
    return (page, 422) if form.errors else page


@advice.route("/desk/advice/times/<uuid:time_id>", access=READER)
def one_time(time_id: UUID) -> str:
    """A time that may be taken out: what is told to whoever has it."""
    return _page(queries.time(db.session(), current_actor(), time_id), TakeOutForm(formdata=None))


@advice.route("/desk/advice/times/<uuid:time_id>", access=READER, methods=["POST"])
def take_time_out(time_id: UUID) -> Page:
    """The adviser has no time then after all."""
    session, actor, form = db.session(), current_actor(), TakeOutForm()
    found = queries.time(session, actor, time_id)
    is_booked = bool(found.pool.taken)
    if form.validate() or not is_booked:
        try:
            verbs.call_off(session, actor, found, reason=form.reason.data if is_booked else NOBODY_READS)
        except (InvalidInput, Refused) as problem:
            form.form_errors.append(_(problem.message))
        else:
            return redirect(url_for("advice.appointments", done="out"), code=303)
    return _page(found, form), 422


def _page(found: AppointmentTime, form: TakeOutForm) -> str:
    return render_template("advice/time.html", time=found, form=form, is_booked=bool(found.pool.taken))
