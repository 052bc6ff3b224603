"""Uploading a list of services: the form and the reports, and one list with what it would do."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.core.errors import InvalidInput
from app.directory.codes import ImportState
from app.directory.curation import imports as verbs
from app.directory.curation.access import EDITOR
from app.directory.curation.forms import UploadForm
from app.directory.curation.views.blueprint import curation
from app.directory.curation.views.words import changes_of, import_field_words
from app.directory.models import ListingImport
from app.web.database import db
from app.web.done import done_before

# The file, and what the form around it needs.
LARGEST_BODY = verbs.LARGEST_FILE + 64 * 1024


@curation.route("/desk/imports", access=EDITOR, methods=["GET", "POST"], largest_body=LARGEST_BODY)
def imports() -> Response | str | tuple[str, int]:
    """The reports of imports, and a form for another list."""
    form = UploadForm()
    if form.validate_on_submit():
        try:
            found = _upload(form)
        except InvalidInput as problem:
            db.session().rollback()
            form.file.errors = [_(problem.message)]
        else:
            return redirect(url_for("curation.listing_import", import_id=found.id), code=303)
    page = render_template("curation/imports.html", form=form, uploads=verbs.uploads(db.session()))
    return (page, 422) if form.errors else page


def _upload(form: UploadForm) -> ListingImport:
    with form.file.data.stream as stream:
        content = stream.read()
    name, source = form.file.data.filename, form.source.data or ""
    return verbs.upload(db.session(), current_actor(), file_name=name, content=content, source=source)


@curation.route("/desk/imports/<uuid:import_id>", access=EDITOR)
def listing_import(import_id: UUID) -> str:
    """What a list would do, or what it did."""
    found = verbs.one(db.session(), import_id)
    return render_template(
        "curation/import.html",
        found=found,
        report=found.report,
        waits=found.state is ImportState.WAITING,
        field_words=import_field_words,
        changes={one["id"]: changes_of(one["before"], one["after"], places=[]) for one in _worded(found.report)},
        done=done_before(),
    )


def _worded(report: dict[str, Any]) -> list[dict[str, Any]]:
    """Listings that change, or that stay as staff made them, with both sides; older reports have none."""
    return [one for one in (*report["services"], *report.get("kept", ())) if one.get("after")]


@curation.route("/desk/imports/<uuid:import_id>/confirm", access=EDITOR, methods=["POST"])
def confirm_import(import_id: UUID) -> Response:
    """Do what the list says."""
    found = verbs.one(db.session(), import_id)
    done = "applied" if verbs.confirm(db.session(), current_actor(), found) else "other"
    return redirect(url_for("curation.listing_import", import_id=found.id, done=done), code=303)


@curation.route("/desk/imports/<uuid:import_id>/drop", access=EDITOR, methods=["POST"])
def drop_import(import_id: UUID) -> Response:
    """Throw the list away."""
    found = verbs.one(db.session(), import_id)
    verbs.drop(db.session(), current_actor(), found)
    return redirect(url_for("curation.listing_import", import_id=found.id, done="dropped"), code=303)
