"""Sending somebody the link to their own page, by a way that is safe and that nobody else reads."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import redirect, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.core.errors import Refused
from app.people.access import WORKER
from app.people.emails import send_own_page
from app.people.models import Person
from app.people.operations import open_to_change
from app.people.operations.own_page import had_own_page, has_own_page, invite, safe_way
from app.people.views.blueprint import people
from app.web.database import db


@dataclass(frozen=True, slots=True)
class OwnPageWords:
    """Whether the person sees their own page, and whether a link can be sent."""

    words: str
    may_invite: bool


def own_page_words(session: Session, person: Person) -> OwnPageWords:
    """What the record says of it."""
    if has_own_page(session, person.id):
        return OwnPageWords(_("They use it."), may_invite=False)
    if safe_way(person) is None:
        return OwnPageWords(
            _("To send the link, write down a mobile or email that is safe and that nobody else reads."),
            may_invite=False,
        )
    if had_own_page(session, person.id):
        return OwnPageWords(
            _("They used it before the two records were put together. Send them the link, so that they see this one."),
            may_invite=True,
        )
    return OwnPageWords(_("They do not use it yet."), may_invite=True)


@people.route("/desk/people/<uuid:person_id>/invite", access=WORKER, methods=["POST"])
def invite_to_own_page(person_id: UUID) -> Response:
    """Send the link."""
    session, actor = db.session(), current_actor()
    person = open_to_change(session, actor, person_id, reason="invite")
    way = safe_way(person)
    if way is None:
        raise Refused(_("No way is known that is safe and that nobody else reads. Ask them first."))
    send_own_page(session, person, invite(session, actor, person), by=way)
    return redirect(url_for("people.record", person_id=person.id, done="invited"), code=303)
