"""Uploading a list of services: the form and the reports, and one list with what it would do."""

from __future__ import annotations

from collections.abc import Iterator
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
from app.directory.importing.run import Item
from app.directory.models import ListingImport
from app.web.database import db, write_from_here
from app.web.done import done_before

# The file, and what the form around it needs.
LARGEST_BODY = verbs.LARGEST_FILE + 64 * 1024


@curation.route("/desk/imports", access=EDITOR, looks_first=True, methods=["GET", "POST"], largest_body=LARGEST_BODY)
def imports() -> Response | str | tuple[str, int]:
    """The reports of imports, and a form for another list."""
    form = UploadForm()
    if form.validate_on_submit():
        try:
            found = _looked_at(form)
        except InvalidInput as problem:
            db.session().rollback()
            form.file.errors = [_(problem.message)]
        else:
            write_from_here()
            verbs.keep(db.session(), current_actor(), found)
            return redirect(url_for("curation.listing_import", import_id=found.id), code=303)
    page = render_template("curation/imports.html", form=form, uploads=verbs.uploads(db.session()))
    return (page, 422) if form.errors else page


def _looked_at(form: UploadForm) -> ListingImport:
    with form.file.data.stream as stream:
        content = stream.read()
    name, source = form.file.data.filename, form.source.data or ""
    return verbs.look(db.session(), file_name=name, content=content, source=source, progress=_holding_nothing)


def _holding_nothing(rows: Iterator[Item], _what: str, _total: int | None) -> Iterator[Item]:
    """A writer would keep all others out while a long file is read, and PostgreSQL ends a transaction that is idle."""
    db.session().rollback()
    for row in rows:
        yield row
        if db.session().in_transaction():
            db.session().rollback()


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


@curation.route("/desk/imports/<uuid:import_id>/confirm", access=EDITOR, looks_first=True, methods=["POST"])
def confirm_import(import_id: UUID) -> Response:
    """Do what the list says."""
    with verbs.read_again(db.session(), verbs.one(db.session(), import_id), _holding_nothing) as listed:
        write_from_here()
        found = verbs.one(db.session(), import_id, locked=True)
        done = "applied" if verbs.confirm(db.session(), current_actor(), found, listed) else "other"
    return redirect(url_for("curation.listing_import", import_id=import_id, done=done), code=303)


@curation.route("/desk/imports/<uuid:import_id>/drop", access=EDITOR, methods=["POST"])
def drop_import(import_id: UUID) -> Response:
    """Throw the list away."""
    found = verbs.one(db.session(), import_id, locked=True)
    verbs.drop(db.session(), current_actor(), found)
    return redirect(url_for("curation.listing_import", import_id=found.id, done="dropped"), code=303)
