"""Services that are missing, as people say: the queue, and one with its answer."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.core.errors import InvalidInput
from app.directory.codes import SuggestionState
from app.directory.curation import queries, suggestions
from app.directory.curation.access import EDITOR
from app.directory.curation.forms import SuggestionAnswerForm
from app.directory.curation.views.blueprint import curation
from app.directory.models import ListingSuggestion
from app.web.database import db
from app.web.done import done_before


@curation.route("/desk/suggestions", access=EDITOR)
def suggested() -> str:
    """What waits for an answer, oldest first."""
    found = suggestions.waiting(db.session())
    return render_template("curation/suggestions.html", suggestions=found, done=done_before())


@curation.route("/desk/suggestions/<uuid:suggestion_id>", access=EDITOR, methods=["GET", "POST"])
def suggestion(suggestion_id: UUID) -> Response | str | tuple[str, int]:
    """What somebody wrote of a service, and the answer to it."""
    session, form = db.session(), SuggestionAnswerForm()
    told = suggestions.suggestion(session, suggestion_id)
    if form.validate_on_submit():
        try:
            return redirect(_answered(told, form), code=303)
        except InvalidInput as problem:
            form.outcome.errors = [_(problem.message)]
    page = render_template(
        "curation/suggestion.html",
        told=told,
        form=form,
        waits=told.state is SuggestionState.OPEN,
        alike=suggestions.alike(session, told),
        names=queries.names_of(session, [told.answered_by_id]),
    )
    return (page, 422) if form.errors else page


def _answered(told: ListingSuggestion, form: SuggestionAnswerForm) -> str:
    """Where to go on: to the new listing, or to what else waits."""
    session, actor, answer = db.session(), current_actor(), form.answer.data or ""
    if form.outcome.data == "add":
        return url_for("curation.edit", service_id=suggestions.add(session, actor, told, answer=answer).id)
    suggestions.decline(session, actor, told, answer=answer)
    return url_for("curation.suggested", done="answered")
