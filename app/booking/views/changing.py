"""Staff change on what terms a run is booked, and what the public reads about a course."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.booking.access import RUNS_THEM
from app.booking.operations import terms
from app.booking.programme_forms import CourseForm, TermsForm
from app.booking.queries import programme
from app.booking.views.blueprint import booking
from app.booking.views.programme import own_run
from app.core.errors import InvalidInput
from app.web.database import db

Page = Response | str | tuple[str, int]


@booking.route("/desk/programme/runs/<uuid:run_id>/terms", access=RUNS_THEM, methods=["GET", "POST"])
def run_terms(run_id: UUID) -> Page:
    """Who may book it, when, and how many at a time."""
    found = own_run(run_id)
    form = TermsForm(data=TermsForm.of(found))
    form.show(programme.terms_of(db.session(), found.organization_id))
    if form.validate_on_submit():
        try:
            terms.change_terms(db.session(), current_actor(), found, form.told())
        except InvalidInput as error:
            form.form_errors.append(error.message)
        else:
            return redirect(url_for("booking.run", run_id=run_id, done="terms"), code=303)
    page = render_template("booking/terms.html", form=form, run=found)
    return (page, 422) if form.errors else page


@booking.route("/desk/programme/runs/<uuid:run_id>/words", access=RUNS_THEM, methods=["GET", "POST"])
def course_words(run_id: UUID) -> Page:
    """What people ask first about the course of a run; the same for each time that it is put on."""
    found = own_run(run_id)
    form = CourseForm(data=CourseForm.of(found.course))
    if form.validate_on_submit():
        terms.describe(db.session(), current_actor(), found.course, form.told())
        return redirect(url_for("booking.run", run_id=run_id, done="words"), code=303)
    page = render_template("booking/words.html", form=form, run=found)
    return (page, 422) if form.errors else page
