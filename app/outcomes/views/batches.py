"""Answers of many people at once, from a spreadsheet: looked at first, then taken."""

from __future__ import annotations

from flask import make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.core.errors import InvalidInput
from app.outcomes import labels
from app.outcomes.access import WORKER
from app.outcomes.forms import BatchForm
from app.outcomes.operations.batches import RowState, look_at, take_in, unread_columns
from app.outcomes.rules.batches import MOST_ROWS
from app.outcomes.views.blueprint import outcomes
from app.web.database import db

Page = Response | str | tuple[str, int]


@outcomes.route("/desk/outcomes/import", access=WORKER, methods=["GET", "POST"])
def batch() -> Page:
    """Paste or choose the rows; see what becomes of each; take what can be taken."""
    form = BatchForm()
    if not form.validate_on_submit():
        return _page(form)
    text, is_taking = form.text(), "take" in request.form
    try:
        verdicts = (take_in if is_taking else look_at)(db.session(), current_actor(), text)
    except InvalidInput as problem:
        form.rows.data = text
        form.rows.errors = [_(problem.message)]
        return _page(form), 422
    page = make_response(
        render_template(
            "outcomes/import_rows.html",
            form=form,
            text=text,
            verdicts=verdicts,
            count={state.value: sum(verdict.state is state for verdict in verdicts) for state in RowState},
            to_look_at=sum(verdict.needs_look for verdict in verdicts),
            unread=unread_columns(text),
            is_taking=is_taking,
            labels=labels,
        )
    )
    page.headers["Cache-Control"] = "no-store"
    return page


def _page(form: BatchForm) -> str:
    return render_template("outcomes/import.html", form=form, most=MOST_ROWS)
