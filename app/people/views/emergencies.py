"""Opening a record in an emergency: prove again who you are, say why, read for an hour."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import proved_lately
from app.accounts.current import current_actor
from app.core.errors import InvalidInput
from app.people.access import READER
from app.people.care_forms import EmergencyForm
from app.people.codes import EmergencyReason
from app.people.operations.emergencies import open_in_emergency
from app.people.views.blueprint import people
from app.web.database import db


@people.route("/desk/people/emergency", access=proved_lately(READER), methods=["GET", "POST"])
def emergency() -> Response | str | tuple[str, int]:
    """Whose record, and why."""
    form = EmergencyForm()
    if form.validate_on_submit():
        try:
            opened = open_in_emergency(
                db.session(),
                current_actor(),
                form.search(),
                reason=EmergencyReason(form.reason.data),
                words=form.words.data,
            )
        except InvalidInput as problem:
            form.form_errors.append(_(problem.message))
        else:
            return redirect(url_for("people.record", person_id=opened.person_id), code=303)
    page = render_template("people/emergency.html", form=form)
    return (page, 422) if form.errors else page
