"""Listings that seem to be there twice."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.core.errors import InvalidInput
from app.directory.curation import duplicates as finding
from app.directory.curation import merging, queries, together
from app.directory.curation.access import EDITOR
from app.directory.curation.combine_form import combine_form
from app.directory.curation.combining import combined, is_asked
from app.directory.curation.document import differences, document_of
from app.directory.curation.views.blueprint import curation
from app.directory.curation.views.words import Change, also_words, changes_of, why_alike
from app.directory.importing.keeping import whole
from app.directory.models import Service
from app.web.database import db
from app.web.done import done_before

MOST_SHOWN = 20


@curation.route("/desk/duplicates", access=EDITOR)
def duplicates() -> str:
    """Pairs to decide on, and what was merged lately."""
    session, actor = db.session(), current_actor()
    pairs, total = finding.likely(session, actor, limit=MOST_SHOWN), finding.count_likely(session, actor)
    return render_template(
        "curation/duplicates.html",
        pairs=_with_differences(pairs),
        more=total - len(pairs),
        merged=merging.merged_listings(session),
        done=done_before(),
    )


def _with_differences(pairs: Sequence[finding.Pair]) -> list[tuple[finding.Pair, str, list[Change]]]:
    services = whole(db.session(), {one.id for pair in pairs for one in (pair.keep, pair.drop)})
    told = {service_id: document_of(service) for service_id, service in services.items()}
    found = []
    for pair in pairs:
        before, after = differences(told[pair.keep.id], told[pair.drop.id])
        found.append((pair, why_alike(pair.why), _that_differ(changes_of(before, after, places=[]))))
    return found


@curation.route("/desk/duplicates", access=EDITOR, methods=["POST"], endpoint="decide_duplicate")
def decide_duplicate() -> Response:
    """Call two listings distinct."""
    keep, drop = _listing("keep"), _listing("drop")
    if request.form.get("decision") != "distinct" or keep.id == drop.id:
        abort(400)
    merging.call_distinct(db.session(), current_actor(), keep, drop)
    return redirect(url_for("curation.duplicates", done="distinct"), code=303)


@curation.route("/desk/duplicates/<uuid:keep_id>/<uuid:drop_id>", access=EDITOR, methods=["GET", "POST"])
def make_one(keep_id: UUID, drop_id: UUID) -> Response | str | tuple[str, int]:
    """Two listings side by side: which stays, and what it takes over from the other."""
    session, actor = db.session(), current_actor()
    keep, drop = queries.listing(session, actor, keep_id), queries.listing(session, actor, drop_id)
    merging.refuse_unless_two(session, keep, drop)
    stays, goes = document_of(keep), document_of(drop)
    differing = _that_differ(changes_of(*differences(stays, goes), places=[]))
    changes = [each for each in differing if is_asked(goes[each.name])]
    more = together.more_of(keep, drop)
    form = combine_form(((each.name, each.label) for each in changes), stays, goes, also_words(more))
    if form.validate_on_submit():
        try:
            wanted = combined(stays, goes, form.choices())
            if not form.refuse_too_many(wanted):
                merging.merge(session, actor, keep=keep, drop=drop, changes=wanted, also=form.also.data or ())
                return redirect(url_for("curation.duplicates", done="merged"), code=303)
        except InvalidInput as problem:
            form.form_errors.append(_(problem.message))
    page = render_template("curation/make_one.html", keep=keep, drop=drop, changes=changes, form=form)
    return (page, 422) if form.errors else page


def _that_differ(changes: list[Change]) -> list[Change]:
    """Rows that say the same in words differ in their ids alone."""
    return [each for each in changes if not each.is_rows or each.removed or each.added]


@curation.route("/desk/duplicates/<uuid:service_id>/undo", access=EDITOR, methods=["POST"])
def undo_merge(service_id: UUID) -> Response:
    """Bring a merged listing back."""
    merging.undo_merge(db.session(), current_actor(), service_id)
    return redirect(url_for("curation.duplicates", done="undone"), code=303)


def _listing(name: str) -> Service:
    try:
        service_id = UUID(request.form.get(name, ""))
    except ValueError:
        abort(400)
    return queries.listing(db.session(), current_actor(), service_id)
