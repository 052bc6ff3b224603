"""The person's own learning plan with a college."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request, url_for

from app.accounts.access import PERSON
from app.accounts.current import current_actor
from app.booking import plan_pages
from app.booking.models import Booking, LearningPlan
from app.booking.queries import plans as reads
from app.core.errors import NotFound
from app.me.access import own
from app.me.views.blueprint import me
from app.me.views.bookings import own_bookings
from app.people.models import Person
from app.web.database import db


@me.route("/me/bookings/<uuid:booking_id>/plan", access=PERSON, methods=["GET", "POST"], writes=True)
def plan(booking_id: UUID) -> plan_pages.Page:
    """My plan: my words, my goals, what we talked about. NotFound for anybody else's."""
    session, actor, (person, found, mine) = db.session(), current_actor(), _mine(booking_id)

    def shown(values: dict[str, object]) -> str:
        return render_template("me/plan.html", person=person, booking=found, **values)

    if request.method == "POST":
        again = url_for("me.plan", booking_id=booking_id, done="saved")
        return plan_pages.answer(session, actor, found, mine, shown=shown, to=again)
    return shown(plan_pages.values(session, actor, found, mine, plan_pages.forms_for(mine, is_staff=False)))


@me.route("/me/bookings/<uuid:booking_id>/plan/goals/<uuid:goal_id>", access=PERSON, methods=["GET", "POST"])
def plan_goal(booking_id: UUID, goal_id: UUID) -> plan_pages.Page:
    """Put one of my goals right, whoever wrote it down."""
    page = url_for("me.plan", booking_id=booking_id)
    return plan_pages.correct_goal(db.session(), current_actor(), _mine(booking_id)[2], goal_id, page=page)


def _mine(booking_id: UUID) -> tuple[Person, Booking, LearningPlan | None]:
    """Whose it is, the booking that leads to it, and the plan if there is one. NotFound for anybody else's."""
    found = next((one for one in own_bookings() if one.id == booking_id), None)
    if found is None or found.person_id is None or not found.pool.run.course.is_listed:
        raise NotFound("plan")
    person = own(found.person_id)
    return person, found, reads.plan_of(db.session(), person.id, found.pool.run.organization_id)
