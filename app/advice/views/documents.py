"""Documents of a case: added, downloaded, taken out. A file is only ever sent as a download, never shown."""

from __future__ import annotations

from uuid import UUID

from flask import Response, current_app, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.current import current_actor
from app.advice import queries
from app.advice.access import READER, WORKER
from app.advice.document_store import DocumentStore
from app.advice.operations import documents as verbs
from app.advice.queries.documents import document as document_of
from app.advice.rules.documents import CONTENT_TYPES, EXTENSIONS, LARGEST
from app.advice.views.blueprint import advice
from app.advice.views.cases import Page
from app.core.errors import InvalidInput, NotFound, Refused
from app.settings import Settings
from app.web.database import db
from app.web.forms import Form

# The file, and what a form around it weighs.
LARGEST_BODY = LARGEST + 64 * 1024


class DocumentForm(Form):
    """One file."""

    file = FileField(_l("Choose a file"), validators=[FileRequired(_l("Choose a file"))])


@advice.route(
    "/desk/advice/cases/<uuid:case_id>/documents/new",
    access=WORKER,
    methods=["GET", "POST"],
    largest_body=LARGEST_BODY,
)
def add_document(case_id: UUID) -> Page:
    """Choose a file, and keep it."""
    session, actor = db.session(), current_actor()
    case, form = queries.case(session, actor, case_id), DocumentForm()
    if form.validate_on_submit():
        file, settings = form.file.data, _settings()
        with file.stream as stream:
            data = stream.read(LARGEST + 1)
        try:
            verbs.add_document(session, actor, case, DocumentStore(settings.instance), data,
                               name=file.filename or "", is_scanned=bool(settings.virus_scan))  # fmt: skip
        except InvalidInput as problem:
            form.file.errors = [_(problem.message)]
        except Refused as problem:
            form.form_errors.append(_(problem.message))
        else:
            return redirect(url_for("advice.case", case_id=case.id, done="saved"), code=303)
    page = render_template("advice/document_form.html", case=case, form=form, is_scanned=bool(_settings().virus_scan))
    return (page, 422) if form.errors else page


@advice.route("/desk/advice/documents/<uuid:document_id>", access=READER, writes=True)
def download_document(document_id: UUID) -> Response:
    """The file as a download, under a name that says nothing of what it is about."""
    session, actor = db.session(), current_actor()
    found = document_of(session, actor, document_id)
    verbs.open_document(session, actor, found)
    path = DocumentStore(_settings().instance).path(found.stored_as)
    if not path.is_file():
        raise NotFound("file")
    name = f"{found.case.shown_number}-{found.number}.{EXTENSIONS[found.kind]}"
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(path.read_bytes(), content_type=CONTENT_TYPES[found.kind], headers=headers)


@advice.route("/desk/advice/documents/<uuid:document_id>/take-out", access=WORKER, methods=["POST"])
def take_document_out(document_id: UUID) -> AnyResponse:
    """Take a document out of its case."""
    found = document_of(db.session(), current_actor(), document_id)
    case_id = found.case_id
    verbs.take_out(db.session(), current_actor(), found)
    return redirect(url_for("advice.case", case_id=case_id, done="saved"), code=303)


def _settings() -> Settings:
    found: Settings = current_app.extensions["waymark_settings"]
    return found
