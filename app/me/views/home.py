"""The person's own page, what happened, and who looked."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.access import PERSON
from app.accounts.codes import Role
from app.accounts.current import current_actor, signed_in
from app.accounts.labels import ROLE_LABELS
from app.audit.codes import Action
from app.me import queries
from app.me.access import own
from app.me.views.blueprint import me
from app.me.views.bookings import own_bookings
from app.people.codes import PermissionKind
from app.people.labels import QUESTIONS, REQUESTS, STATES
from app.people.operations import own_page, requests
from app.people.operations.records import details_of
from app.people.parts import timeline_of
from app.people.queries import organizations_with_access, standings
from app.referrals.queries.previews import to_read
from app.web.database import db
from app.web.done import done_before

LATEST = 5


@me.route("/me", access=PERSON)
def home() -> Response | str:
    """Where somebody arrives who signed in with a code: at their record, or at what there is without one."""
    session, actor = db.session(), current_actor()
    records, known = queries.own_records(session, actor), signed_in()
    offered = own_page.offered(session, known.user) if known else []
    if len(records) == 1 and not offered:
        return redirect(url_for("me.record", person_id=records[0].id), code=303)
    return render_template(
        "me/home.html",
        records=records,
        is_offered=bool(offered),
        is_elsewhere=known is not None and own_page.was_led_elsewhere(session, known.user.id),
        erased=queries.erased_records(session, known.user.id) if known else [],
        bookings=own_bookings(),
    )


@me.route("/me/records/<uuid:person_id>", access=PERSON, writes=True)
def record(person_id: UUID) -> str:
    """Everything at a glance, and the way to each part."""
    session, actor = db.session(), current_actor()
    person = own(person_id)
    stand = standings(session, person_id)
    timeline = timeline_of(session, actor, person_id)
    asked = requests.requests_by(session, [person_id])
    return render_template(
        "me/record.html",
        person=person,
        details=details_of(person),
        permissions=[
            (kind.value, QUESTIONS[kind], STATES[stand[kind].state], stand[kind].in_force) for kind in PermissionKind
        ],
        timeline=timeline[:LATEST],
        has_more=len(timeline) > LATEST,
        organizations=organizations_with_access(session, person_id),
        looks=queries.who_looked(session, person_id)[:LATEST],
        opened=Action.BROKE_GLASS,
        roles=role_words,
        kinds=REQUESTS,
        asked=asked,
        answered=requests.answered_lately(asked),
        bookings=own_bookings(),
        to_read=to_read(session, actor, person_id),
        done=done_before(),
    )


@me.route("/me/records/<uuid:person_id>/timeline", access=PERSON, writes=True)
def timeline(person_id: UUID) -> str:
    """All that happened, and who was told."""
    person = own(person_id)
    entries = timeline_of(db.session(), current_actor(), person_id)
    return render_template("me/timeline.html", person=person, timeline=entries)


@me.route("/me/records/<uuid:person_id>/looks", access=PERSON, writes=True)
def looks(person_id: UUID) -> str:
    """All who looked."""
    person = own(person_id)
    return render_template(
        "me/looks.html",
        person=person,
        looks=queries.who_looked(db.session(), person_id),
        opened=Action.BROKE_GLASS,
        roles=role_words,
    )


def role_words(roles: tuple[str, ...]) -> str:
    """What somebody does at work."""
    return ", ".join(str(ROLE_LABELS[Role(role)]) for role in roles)
