"""Staff and the learning plans of their students."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request, url_for

from app.accounts.current import current_actor
from app.audit.codes import Action
from app.audit.operations import record
from app.booking import plan_pages
from app.booking.access import RUNS_THEM
from app.booking.queries import plans as reads
from app.booking.views.blueprint import booking
from app.booking.views.people import own_booking
from app.core import clock
from app.core.errors import NotFound
from app.web.database import db


@booking.route(
    "/desk/programme/bookings/<uuid:booking_id>/plan", access=RUNS_THEM, methods=["GET", "POST"], writes=True
)
def plan(booking_id: UUID) -> plan_pages.Page:
    """The plan of somebody who learns here: read, print, write together. That it was looked at is recorded."""
    session, actor, found = db.session(), current_actor(), own_booking(booking_id)
    student = reads.student_of(session, found)
    if student is None:
        raise NotFound("plan")
    own = reads.plan_of(session, student.id, found.pool.run.organization_id)

    def shown(values: dict[str, object]) -> str:
        return render_template("booking/plan.html", student=student, booking=found, **values)

    if request.method == "POST":
        again = url_for("booking.plan", booking_id=booking_id, done="saved")
        return plan_pages.answer(session, actor, found, own, shown=shown, to=again)
    record(session, actor, Action.READ, ("learning_plan", own.id if own else None), person_id=student.id)
    return shown(plan_pages.values(session, found, own, plan_pages.forms_for(own, is_staff=True)))


@booking.route("/desk/programme/plans", access=RUNS_THEM, writes=True)
def plans_due() -> str:
    """With whom a talk about their plan is due, and who is on the way to helping."""
    session, actor = db.session(), current_actor()
    record(session, actor, Action.READ, ("learning_plans", None))
    return render_template(
        "booking/plans_due.html",
        due=reads.talks_due(session, actor),
        on_the_way=reads.on_the_way(session, actor),
        today=clock.today(),
    )
