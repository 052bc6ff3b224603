"""Numbers and addresses that are somebody else's: the list for staff, and that one is right after all."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.people import queries
from app.people.access import WORKER
from app.people.operations import open_to_change, say_addresses_are_right
from app.people.views.blueprint import people
from app.web.database import db


@people.route("/desk/people/wrong-addresses", access=WORKER)
def wrong_addresses() -> str:
    """Whom nothing reaches until somebody has asked for the right number."""
    found = queries.wrong_addresses(db.session(), current_actor())
    return render_template("people/wrong_addresses.html", people=found)


@people.route("/desk/people/<uuid:person_id>/right-address", access=WORKER, methods=["POST"])
def right_address(person_id: UUID) -> Response:
    """Somebody asked them: it is theirs."""
    session, actor = db.session(), current_actor()
    person = open_to_change(session, actor, person_id, reason="contact")
    say_addresses_are_right(session, actor, person)
    return redirect(url_for("people.record", person_id=person_id, done="saved"), code=303)
