"""Problems that people told us of: the queue, and one with its answer."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.directory.codes import ProblemState
from app.directory.curation import queries
from app.directory.curation.access import EDITOR
from app.directory.curation.forms import AnswerForm
from app.directory.curation.problems import answer_problem, take_on
from app.directory.curation.views.blueprint import curation
from app.web.database import db
from app.web.done import done_before


@curation.route("/desk/problems", access=EDITOR)
def problems() -> str:
    """What waits for an answer, oldest first."""
    found = queries.problems(db.session())
    names = queries.names_of(db.session(), (report.owner_id for report in found))
    return render_template("curation/problems.html", reports=found, names=names, done=done_before())


@curation.route("/desk/problems/<uuid:report_id>", access=EDITOR, methods=["GET", "POST"])
def problem(report_id: UUID) -> Response | str | tuple[str, int]:
    """One report and its answer."""
    report = queries.problem(db.session(), report_id)
    form = AnswerForm()
    if form.validate_on_submit():
        answer_problem(
            db.session(), current_actor(), report, mended=form.outcome.data == "mended", answer=form.answer.data
        )
        return redirect(url_for("curation.problems", done="answered"), code=303)
    waits = report.state is ProblemState.OPEN
    names = queries.names_of(db.session(), [report.owner_id, report.reporter_id])
    page = render_template("curation/problem.html", report=report, form=form, waits=waits, names=names)
    return (page, 422) if form.errors else page


@curation.route("/desk/problems/<uuid:report_id>/take-on", access=EDITOR, methods=["POST"])
def take_on_problem(report_id: UUID) -> Response:
    """Say that one looks after it."""
    take_on(db.session(), current_actor(), queries.problem(db.session(), report_id))
    return redirect(url_for("curation.problem", report_id=report_id), code=303)
