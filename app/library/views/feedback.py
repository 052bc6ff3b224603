"""Telling us: a problem with a listing, or help that could not be found."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from app.accounts.current import current_actor
from app.core.errors import NotFound
from app.directory import queries
from app.directory.codes import ProblemKind
from app.directory.curation.problems import report_problem
from app.library.forms import MissingHelpForm, ProblemForm
from app.library.operations import tell_of_missing_help
from app.library.topics import TopicTree
from app.library.views.blueprint import library
from app.web.access import PUBLIC
from app.web.database import db


@library.route("/services/<uuid:service_id>/report", access=PUBLIC, methods=["GET", "POST"])
def report(service_id: UUID) -> Response | str | tuple[str, int]:
    """The form for a problem with a listing."""
    service = queries.service_page(db.session(), service_id)
    if service is None:
        raise NotFound("service")
    form = ProblemForm()
    if form.validate_on_submit():
        report_problem(
            db.session(),
            current_actor(),
            service,
            kind=ProblemKind(form.kind.data),
            details=form.details.data or "",
            reply_to=form.reply_to.data or None,
        )
        return redirect(url_for("library.service", service_id=service.id, reported=1), code=303)
    page = render_template("library/report.html", service=service, form=form)
    return (page, 422) if form.errors else page


@library.route("/not-found", access=PUBLIC, methods=["GET", "POST"])
def not_found() -> Response | str | tuple[str, int]:
    """The form for help that could not be found."""
    form = MissingHelpForm(topic=request.args.get("topic", ""))
    topics = TopicTree.of(db.session()).roots()
    form.topic.choices = [
        SelectChoice("", _("Choose one")),
        *(SelectChoice(topic.slug, topic.label) for topic in topics),
    ]
    if form.validate_on_submit():
        tell_of_missing_help(db.session(), topic=form.topic.data, near=form.near.data or "")
        return redirect(url_for("library.not_found", told=1), code=303)
    page = render_template("library/not_found.html", form=form, told=request.args.get("told") == "1")
    return (page, 422) if form.errors else page
