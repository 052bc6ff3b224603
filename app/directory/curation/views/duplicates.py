"""Listings that seem to be there twice."""

from __future__ import annotations

from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.directory.curation import merging, queries
from app.directory.curation.access import EDITOR
from app.directory.curation.views.blueprint import curation
from app.directory.models import Service
from app.web.database import db


@curation.route("/desk/duplicates", access=EDITOR)
def duplicates() -> str:
    """Pairs to decide on, and what was merged lately."""
    return render_template(
        "curation/duplicates.html",
        pairs=merging.likely_duplicates(db.session()),
        merged=merging.merged_listings(db.session()),
    )


@curation.route("/desk/duplicates", access=EDITOR, methods=["POST"], endpoint="decide_duplicate")
def decide_duplicate() -> Response:
    """Keep one of two, or call them distinct."""
    keep, drop = _listing("keep"), _listing("drop")
    if request.form.get("decision") == "merge":
        merging.merge(db.session(), current_actor(), keep=keep, drop=drop)
    elif request.form.get("decision") == "distinct":
        merging.call_distinct(db.session(), current_actor(), keep, drop)
    else:
        abort(400)
    return redirect(url_for("curation.duplicates"), code=303)


@curation.route("/desk/duplicates/<uuid:service_id>/undo", access=EDITOR, methods=["POST"])
def undo_merge(service_id: UUID) -> Response:
    """Bring a merged listing back."""
    merging.undo_merge(db.session(), current_actor(), service_id)
    return redirect(url_for("curation.duplicates"), code=303)


def _listing(name: str) -> Service:
    try:
        service_id = UUID(request.form.get(name, ""))
    except ValueError:
        abort(400)
    return queries.listing(db.session(), current_actor(), service_id)
