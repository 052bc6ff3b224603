"""File reviews: the month's sample, what is still to be done, quality in figures, and each review."""

from __future__ import annotations

from uuid import UUID

from dateutil.relativedelta import relativedelta
from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.advice import labels
from app.advice.access import READER, SUPERVISOR
from app.advice.operations import cases as verbs
from app.advice.operations import reviews as operations
from app.advice.queries import reviews as queries
from app.advice.review_form import ReviewForm
from app.advice.scope import is_supervisor
from app.advice.views.blueprint import advice
from app.advice.views.cases import Page
from app.core import clock
from app.core.errors import InvalidInput, Refused
from app.web.database import db
from app.web.done import done_before
from app.web.pagination import page_number

MONTHS = 12


@advice.route("/desk/advice/reviews", access=SUPERVISOR)
def reviews() -> str:
    """The sample of this month, actions that are open, and what a year of reading found."""
    session, actor, today = db.session(), current_actor(), clock.today()
    since = today - relativedelta(months=MONTHS)
    rows, page = queries.reviews(session, actor, page_number(request.args.get("page")))
    return render_template(
        "advice/reviews.html",
        sample=queries.sample(session, actor, today.replace(day=1)),
        actions=queries.open_actions(session, actor),
        figures=queries.figures(session, actor, since, today),
        reviews=rows,
        page=page,
        url=lambda number: url_for("advice.reviews", page=number),
        month=today.replace(day=1),
        since=since,
        labels=labels,
        done=done_before(),
    )


@advice.route("/desk/advice/cases/<uuid:case_id>/review", access=SUPERVISOR, methods=["GET", "POST"], writes=True)
def review_case(case_id: UUID) -> Page:
    """The questions, beside a link to the file."""
    session, actor = db.session(), current_actor()
    case = verbs.look_at_case(session, actor, case_id)
    form = ReviewForm()
    if form.validate_on_submit():
        try:
            made = operations.write_review(session, actor, case, form.told())
        except (InvalidInput, Refused) as problem:
            form.form_errors.append(_(problem.message))
        else:
            return redirect(url_for("advice.review", review_id=made.id, done="saved"), code=303)
    page = render_template("advice/review_form.html", case=case, form=form, labels=labels)
    return (page, 422) if form.errors else page


@advice.route("/desk/advice/reviews/<uuid:review_id>", access=READER, writes=True)
def review(review_id: UUID) -> str:
    """What was found: for who wrote it, the adviser whose file it is, and who supervises."""
    session, actor = db.session(), current_actor()
    found = queries.review(session, actor, review_id)
    verbs.look_at_case(session, actor, found.case_id)
    return render_template(
        "advice/review.html",
        review=found,
        labels=labels,
        may_check=is_supervisor(actor) and found.case.adviser_id != actor.user_id,
        done=done_before(),
    )


@advice.route("/desk/advice/reviews/<uuid:review_id>/done", access=SUPERVISOR, methods=["POST"])
def review_done(review_id: UUID) -> Response:
    """The supervisor has seen that the actions were done."""
    session, actor = db.session(), current_actor()
    operations.confirm_actions(session, actor, queries.review(session, actor, review_id))
    return redirect(url_for("advice.reviews", done="checked"), code=303)
