"""Records that may be of one person: anybody who looks after people asks, the hub looks and decides, and can undo."""

from __future__ import annotations

from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import staff
from app.accounts.codes import Role
from app.accounts.current import current_actor
from app.audit.codes import Action
from app.audit.operations import record
from app.core.errors import Refused
from app.people import queries
from app.people.access import WORKER
from app.people.operations import merging, open_person
from app.people.operations.matches import ask_hub
from app.people.views.blueprint import people
from app.web.database import db
from app.web.done import done_before

HUB = staff(Role.HUB)


@people.route("/desk/people/<uuid:person_id>/ask-hub", access=WORKER, methods=["POST"])
def ask(person_id: UUID) -> Response:
    """Have the hub look whether this record and another are of one person."""
    session, actor = db.session(), current_actor()
    ask_hub(session, actor, open_person(session, actor, person_id))
    return redirect(url_for("people.record", person_id=person_id, done="asked"), code=303)


@people.route("/desk/people/duplicates", access=HUB, writes=True)
def duplicates() -> str:
    """The pairs that wait, with what it takes to tell two people apart; and what was made one lately."""
    session, actor = db.session(), current_actor()
    pairs = queries.pairs_to_decide(session)
    for person_id in {person.id for _pair, *two in pairs for person in two}:
        record(session, actor, Action.READ, ("person", person_id), person_id=person_id, reason="match")
    return render_template(
        "people/duplicates.html",
        pairs=pairs,
        merged=queries.merged_lately(session),
        done=done_before(),
    )


@people.route("/desk/people/duplicates/<uuid:pair_id>", access=HUB, methods=["POST"])
def decide(pair_id: UUID) -> Response:
    """One person or two."""
    session, actor = db.session(), current_actor()
    pair = merging.pair_to_decide(session, pair_id)
    if request.form.get("decision") == "distinct":
        merging.say_distinct(session, actor, pair)
        return redirect(url_for("people.duplicates", done="distinct"), code=303)
    merging.merge(session, actor, pair, keep_id=_chosen())
    return redirect(url_for("people.duplicates", done="merged"), code=303)


def _chosen() -> UUID:
    try:
        return UUID(request.form.get("keep", ""))
    except ValueError:
        abort(400)


@people.route("/desk/people/merges/<uuid:merge_id>/undo", access=HUB, methods=["POST"])
def undo(merge_id: UUID) -> Response:
    """They were two people after all."""
    try:
        merging.undo_merge(db.session(), current_actor(), merge_id)
    except Refused as problem:
        raise Refused(_(problem.message)) from problem
    return redirect(url_for("people.duplicates", done="undone"), code=303)
