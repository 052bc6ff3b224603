"""The front desk: the open sessions and the appointments of the day, and who is here. Nothing of what was said."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.advice import labels
from app.advice.access import AT_DESK
from app.advice.codes import SessionKind
from app.advice.operations import appointments as verbs
from app.advice.queries import appointments as rows
from app.advice.queries import sessions as queries
from app.advice.views.blueprint import advice
from app.booking.codes import Attendance
from app.core.errors import NotFound, Refused
from app.web.database import db

Page = Response | str | tuple[str, int]
MARKS = {"here": Attendance.PRESENT, "undo": Attendance.EXPECTED}


@advice.route("/desk/advice/front", access=AT_DESK)
def front_desk() -> str:
    """Who is expected today, and where people wait."""
    return _page()


@advice.route("/desk/advice/front/<uuid:appointment_id>", access=AT_DESK, methods=["POST"])
def check_in(appointment_id: UUID) -> Page:
    """Somebody who has an appointment is here, or is not after all."""
    session, actor, do = db.session(), current_actor(), request.form.get("do", "")
    found, start = rows.appointment(session, actor, appointment_id, for_desk=True), rows.midnight()
    if not start <= found.time.session.starts_at < start + timedelta(days=1):
        raise NotFound("appointment")
    if do in MARKS:
        try:
            verbs.mark(session, actor, found, MARKS[do])
        except Refused as problem:
            session.rollback()
            return _page(_(problem.message)), 422
    return redirect(url_for("advice.front_desk"), code=303)


def _page(problem: str = "") -> str:
    session, actor = db.session(), current_actor()
    start = rows.midnight()
    until = start + timedelta(days=1)
    found = [one for one in queries.sessions(session, actor, start, until) if one.kind is SessionKind.DROP_IN]
    return render_template(
        "advice/front_desk.html",
        sessions=found,
        figures=queries.figures_of(session, found),
        appointments=rows.appointments(session, actor, start, until),
        labels=labels,
        problem=problem,
    )
