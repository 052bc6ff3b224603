"""Collections as staff see them: the list, one with its services, and the way there from a service's page."""

from __future__ import annotations

from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.core.errors import InvalidInput, NotFound
from app.core.text import single_line
from app.directory import queries as directory
from app.directory.curation import collections as verbs
from app.directory.curation.access import ANY_STAFF
from app.directory.curation.forms import CollectionForm
from app.directory.curation.views.blueprint import curation
from app.directory.models import Collection, CollectionItem
from app.web.database import db
from app.web.done import done_before

LONGEST_NOTE = 300


@curation.route("/desk/collections", access=ANY_STAFF, methods=["GET", "POST"])
def collections() -> Response | str | tuple[str, int]:
    """The collections that one looks after, and a form for a new one."""
    session, actor = db.session(), current_actor()
    form = CollectionForm()
    if form.validate_on_submit():
        made = verbs.make(session, actor, name=form.name.data or "", introduction=form.introduction.data or "")
        return redirect(url_for("curation.collection", collection_id=made.id), code=303)
    page = render_template(
        "curation/collections.html",
        collections=verbs.kept(session, actor),
        form=form,
        is_deleted=done_before() == "deleted",
    )
    return (page, 422) if form.errors else page


@curation.route("/desk/collections/<uuid:collection_id>", access=ANY_STAFF, methods=["GET", "POST"])
def collection(collection_id: UUID) -> Response | str | tuple[str, int]:
    """One collection: its words, its services and their notes."""
    found = _kept(collection_id)
    rows = verbs.items(db.session(), found.id)
    form = CollectionForm(obj=found)
    notes = {item.id: single_line(request.form.get(f"note-{item.id}", item.note)) for item in rows}
    too_long = {item_id for item_id, note in notes.items() if len(note) > LONGEST_NOTE}
    if form.validate_on_submit() and not too_long:
        _keep(found, form, notes)
        return _back(found, "saved")
    page = _page(found, form, rows, notes=notes, too_long=too_long)
    return (page, 422) if form.errors or too_long else page


def _keep(found: Collection, form: CollectionForm, notes: dict[UUID, str]) -> None:
    session, actor = db.session(), current_actor()
    verbs.rename(session, actor, found, name=form.name.data or found.name, introduction=form.introduction.data or "")
    verbs.set_notes(session, actor, found, notes)


def _page(
    found: Collection, form: CollectionForm, rows: list[CollectionItem], *, notes: dict[UUID, str], too_long: set[UUID]
) -> str:
    return render_template(
        "curation/collection.html",
        collection=found,
        form=form,
        items=rows,
        notes=notes,
        too_long=too_long,
        shown=directory.SHOWN,
        done=done_before(),
    )


@curation.route("/desk/collections/<uuid:collection_id>/publish", access=ANY_STAFF, methods=["POST"])
def publish_collection(collection_id: UUID) -> Response | tuple[str, int]:
    """Show it to the public."""
    found = _kept(collection_id)
    form = CollectionForm(formdata=None, obj=found)
    try:
        verbs.publish(db.session(), current_actor(), found)
    except InvalidInput:
        form.form_errors.append(_("Put at least one service on it first"))
        return _page(found, form, [], notes={}, too_long=set()), 422
    return _back(found, "published")


@curation.route("/desk/collections/<uuid:collection_id>/withdraw", access=ANY_STAFF, methods=["POST"])
def withdraw_collection(collection_id: UUID) -> Response:
    """Take it out of sight."""
    found = _kept(collection_id)
    verbs.withdraw(db.session(), current_actor(), found)
    return _back(found, "withdrawn")


@curation.route("/desk/collections/<uuid:collection_id>/delete", access=ANY_STAFF, methods=["POST"])
def delete_collection(collection_id: UUID) -> Response:
    """Throw it away; one that the public sees is taken out of sight first."""
    verbs.delete(db.session(), current_actor(), _kept(collection_id))
    return redirect(url_for("curation.collections", done="deleted"), code=303)


@curation.route("/desk/collections/<uuid:collection_id>/items/<uuid:item_id>", access=ANY_STAFF, methods=["POST"])
def change_item(collection_id: UUID, item_id: UUID) -> Response:
    """Move a service up, or take it off."""
    found = _kept(collection_id)
    verb = {"up": verbs.move_up, "remove": verbs.remove}.get(request.form.get("do", ""))
    if verb is None:
        abort(400)
    verb(db.session(), current_actor(), found, item_id)
    return _back(found, "")


@curation.route("/services/<uuid:service_id>/collect", access=ANY_STAFF, methods=["GET", "POST"])
def collect(service_id: UUID) -> Response | str:
    """Choose the collection that a service goes on."""
    session, actor = db.session(), current_actor()
    service = directory.service_page(session, service_id)
    if service is None or service.status not in directory.SHOWN:
        raise NotFound("service")
    if request.method == "POST":
        found = _kept(_chosen())
        verbs.add(session, actor, found, service)
        return _back(found, "added")
    return render_template("curation/collect.html", service=service, collections=verbs.kept(session, actor))


def _chosen() -> UUID:
    try:
        return UUID(request.form.get("collection", ""))
    except ValueError:
        abort(400)


def _kept(collection_id: UUID) -> Collection:
    return verbs.kept_one(db.session(), current_actor(), collection_id)


def _back(found: Collection, done: str) -> Response:
    return redirect(url_for("curation.collection", collection_id=found.id, done=done or None), code=303)
