"""The adviser's own desk: what waits, most pressing first, and their figures."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template

from app.accounts.current import current_actor
from app.advice import labels, queries
from app.advice.access import READER
from app.advice.labels import DATE_KINDS, LEVELS, MONEY_STATUSES
from app.advice.queries import appointments, conflicts, figures, worklists
from app.advice.scope import is_supervisor, is_worker
from app.advice.views.blueprint import advice
from app.core import clock
from app.web.database import db
from app.web.done import done_before


@advice.route("/desk/advice", access=READER)
def home() -> str:
    """Appointments, deadlines, calls, steps, drafts, cases to close, and the month so far."""
    session, actor, today = db.session(), current_actor(), clock.today()
    start = appointments.midnight()
    coming = appointments.appointments(session, actor, start, start + appointments.WEEK, adviser_id=actor.user_id)
    tomorrow = start + timedelta(days=1)
    return render_template(
        "advice/home.html",
        today=[one for one in coming if one.starts_at < tomorrow],
        week=[one for one in coming if one.starts_at >= tomorrow],
        missed=appointments.missed(session, actor),
        labels=labels,
        conflicts=conflicts.undecided(session, actor),
        deadlines=worklists.deadlines(session, actor),
        calls=worklists.waiting(session, actor),
        due=worklists.due(session, actor),
        drafts=queries.drafts(session, actor),
        to_close=worklists.to_close(session, actor),
        figures=figures.own_figures(session, actor, today.replace(day=1), today),
        since=today.replace(day=1),
        may_log=is_worker(actor),
        may_report=is_supervisor(actor),
        kinds=DATE_KINDS,
        levels=LEVELS,
        statuses=MONEY_STATUSES,
        done=done_before(),
    )
