"""Staff and the learning plans of their students."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.current import current_actor
from app.audit.codes import Action
from app.audit.operations import record
from app.booking import plan_pages
from app.booking.access import ANSWER_FOR_PLANS, OPENS_PLANS, RUNNERS
from app.booking.models import LearningPlan
from app.booking.queries import plans as reads
from app.booking.views.blueprint import booking
from app.booking.views.people import own_booking
from app.core import clock
from app.core.errors import NotFound, Refused
from app.web.database import db
from app.web.done import done_before


@booking.route(
    "/desk/programme/bookings/<uuid:booking_id>/plan", access=OPENS_PLANS, methods=["GET", "POST"], writes=True
)
def plan(booking_id: UUID) -> plan_pages.Page:
    """The plan of somebody who learns here: read, print, write together. That it was looked at is recorded."""
    session, actor, found = db.session(), current_actor(), own_booking(booking_id)
    student = reads.student_of(session, found)
    if student is None:
        raise NotFound("plan")
    own = reads.plan_of(session, student.id, found.pool.run.organization_id)

    may_write = actor.holds(*RUNNERS)

    def shown(values: dict[str, object]) -> str:
        return render_template("booking/plan.html", student=student, booking=found, may_write=may_write, **values)

    if request.form.get("do") == "looked_over":
        page, lists = url_for("booking.plan", booking_id=booking_id), url_for("booking.plans_due")
        return plan_pages.looked_over(session, actor, own, page=page, lists=lists)
    if request.method == "POST" and not may_write:
        raise Refused(_("A learning plan is written by the person and those who teach them."))
    if request.method == "POST":
        again = url_for("booking.plan", booking_id=booking_id, done="saved")
        return plan_pages.answer(session, actor, found, own, shown=shown, to=again)
    record(session, actor, Action.READ, ("learning_plan", own.id if own else None), person_id=student.id)
    return shown(plan_pages.values(session, actor, found, own, plan_pages.forms_for(own, is_staff=True)))


@booking.route(
    "/desk/programme/bookings/<uuid:booking_id>/plan/goals/<uuid:goal_id>",
    access=OPENS_PLANS,
    methods=["GET", "POST"],
    writes=True,
)
def plan_goal(booking_id: UUID, goal_id: UUID) -> plan_pages.Page:
    """Put a goal right that those who teach wrote down."""
    session, actor, page = db.session(), current_actor(), url_for("booking.plan", booking_id=booking_id)
    return plan_pages.correct_goal(session, actor, _plan_of(booking_id), goal_id, page=page)


@booking.route(
    "/desk/programme/bookings/<uuid:booking_id>/plan/talks/<uuid:review_id>",
    access=OPENS_PLANS,
    methods=["GET", "POST"],
    writes=True,
)
def plan_talk(booking_id: UUID, review_id: UUID) -> plan_pages.Page:
    """Put a talk right that one wrote down oneself, or as a manager one by somebody who has left."""
    session, actor, page = db.session(), current_actor(), url_for("booking.plan", booking_id=booking_id)
    return plan_pages.correct_review(session, actor, _plan_of(booking_id), review_id, page=page)


def _plan_of(booking_id: UUID) -> LearningPlan | None:
    """The plan of which a part is put right. That it was looked at is recorded."""
    found = own_booking(booking_id)
    student = reads.student_of(db.session(), found)
    if student is None:
        return None
    own = reads.plan_of(db.session(), student.id, found.pool.run.organization_id)
    if own is not None and request.method == "GET":
        record(db.session(), current_actor(), Action.READ, ("learning_plan", own.id), person_id=student.id)
    return own


@booking.route("/desk/programme/plans", access=OPENS_PLANS, writes=True)
def plans_due() -> str:
    """With whom a talk about their plan is due, who is on the way to helping, and what only a manager can put right."""
    session, actor = db.session(), current_actor()
    teaches = actor.holds(*RUNNERS)
    record(session, actor, Action.READ, ("learning_plans", None))
    return render_template(
        "booking/plans_due.html",
        teaches=teaches,
        due=reads.talks_due(session, actor) if teaches else [],
        on_the_way=reads.on_the_way(session, actor) if teaches else [],
        left=reads.with_talks_left(session, actor) if actor.holds(*ANSWER_FOR_PLANS) else [],
        today=clock.today(),
        done=done_before(),
    )
