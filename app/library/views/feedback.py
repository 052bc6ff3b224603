"""Telling us: a problem with a listing, a service that is missing, or help that could not be found."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from app.accounts.current import current_actor
from app.core.actor import ANONYMOUS
from app.core.errors import NotFound
from app.core.limits import Limit
from app.directory import queries
from app.directory.codes import ProblemKind
from app.directory.curation.document import document_of
from app.directory.curation.operations import propose
from app.directory.curation.problems import report_problem
from app.directory.curation.public_forms import MissingServiceForm, SuggestionForm
from app.directory.curation.suggestions import suggest as suggest_listing
from app.directory.models import Service
from app.directory.showing.ways import ways
from app.library.forms import MissingHelpForm, ProblemForm
from app.library.operations import tell_of_missing_help
from app.library.topics import TopicTree
from app.library.views.blueprint import library
from app.web.access import PUBLIC
from app.web.database import db
from app.web.forms import Form
from app.web.limits import retry_after, too_soon, wait_in_words

# A whole surgery, or all telephones of one provider, may come from one network.
REPORTS = Limit("problem reports", 60, timedelta(hours=1))
NOT_FOUND = Limit("not found", 60, timedelta(hours=1))
Answer = Response | str | tuple[str, int] | tuple[str, int, dict[str, str]]


@library.route("/services/<uuid:service_id>/report", access=PUBLIC, methods=["GET", "POST"])
def report(service_id: UUID) -> Answer:
    """The form for a problem with a listing."""
    service = queries.service_page(db.session(), service_id)
    if service is None:
        raise NotFound("service")
    form = ProblemForm()
    if form.validate_on_submit():
        if wait := too_soon(REPORTS):
            return _later(form, wait, "library/report.html", service=service)
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


@library.route("/services/<uuid:service_id>/suggest", access=PUBLIC, methods=["GET", "POST"])
def suggest(service_id: UUID) -> Answer:
    """The form with which anybody suggests what a listing should say; an editor decides."""
    service = queries.service_page(db.session(), service_id)
    if service is None:
        raise NotFound("service")
    form = SuggestionForm.showing(document_of(service))
    shown = {"service": service, "of_all": ways(service.organization.email, service.organization.website)}
    if form.validate_on_submit():
        if not form.changes() and not form.note.data:
            form.form_errors.append(_("Change something, or say in your words what should change"))
        elif wait := too_soon(REPORTS):
            return _later(form, wait, "library/suggest.html", **shown)
        else:
            _take(form, service)
            return redirect(url_for("library.service", service_id=service.id, reported=1), code=303)
    page = render_template("library/suggest.html", form=form, **shown)
    return (page, 422) if form.errors else page


def _take(form: SuggestionForm, service: Service) -> None:
    """Changes are proposed, words alone are a report; neither is published before an editor has looked.

    Whoever suggests here is nobody in particular, staff too: their small changes wait as well.
    """
    told = {"reply_to": form.reply_to.data or None}
    if changes := form.changes():
        wanted = document_of(service) | changes
        propose(db.session(), ANONYMOUS, service, wanted, note=form.note.data or "", **told)
    else:
        details = form.note.data or ""
        report_problem(db.session(), current_actor(), service, kind=ProblemKind.OTHER, details=details, **told)


@library.route("/add-a-service", access=PUBLIC, methods=["GET", "POST"])
def add_service() -> Answer:
    """The form for a service that is not in the directory; nothing of it is shown before an editor has looked."""
    form = MissingServiceForm()
    if form.validate_on_submit():
        if wait := too_soon(REPORTS):
            return _later(form, wait, "library/add_service.html", told=False)
        suggest_listing(db.session(), **form.told())
        return redirect(url_for("library.add_service", told=1), code=303)
    page = render_template("library/add_service.html", form=form, told=request.args.get("told") == "1")
    return (page, 422) if form.errors else page


@library.route("/not-found", access=PUBLIC, methods=["GET", "POST"])
def not_found() -> Answer:
    """The form for help that could not be found."""
    form = MissingHelpForm(topic=request.args.get("topic", ""))
    topics = TopicTree.of(db.session()).roots()
    form.topic.choices = [
        SelectChoice("", _("Choose one")),
        *(SelectChoice(topic.slug, topic.label) for topic in topics),
    ]
    if form.validate_on_submit():
        if wait := too_soon(NOT_FOUND):
            return _later(form, wait, "library/not_found.html", told=False)
        tell_of_missing_help(db.session(), topic=form.topic.data, near=form.near.data or "")
        return redirect(url_for("library.not_found", told=1), code=303)
    page = render_template("library/not_found.html", form=form, told=request.args.get("told") == "1")
    return (page, 422) if form.errors else page


def _later(form: Form, wait: timedelta, template: str, **context: Any) -> tuple[str, int, dict[str, str]]:
    """The form with what was typed, and when to send it again."""
    form.form_errors.append(wait_in_words(wait))
    return render_template(template, form=form, **context), 429, retry_after(wait)
