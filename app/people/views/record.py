"""One record, and the forms that change it: who they are, how to reach them safely, what they need."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.codes import Role
from app.accounts.current import current_actor
from app.core.errors import InvalidInput, Refused
from app.people import parts, queries
from app.people.access import MANAGER, READER, WORKER, may_write
from app.people.codes import PermissionKind
from app.people.forms import ContactForm, IdentityForm, NeedsForm
from app.people.labels import PERMISSIONS, RELATIONS, STATES, needs_in_words
from app.people.models import Person
from app.people.operations import carers, change_person, emergencies, matches, open_person, open_to_change, requests
from app.people.operations.records import details_of, restrict
from app.people.rules import access_needs
from app.people.views.blueprint import people
from app.people.views.looks import refused
from app.people.views.own_page import own_page_words
from app.web.database import db
from app.web.done import done_before

Page = Response | str | tuple[str, int]
RecordForm = IdentityForm | ContactForm | NeedsForm


@people.route("/desk/people/<uuid:person_id>", access=READER, writes=True)
def record(person_id: UUID) -> Response | str:
    """Everything that the organisation may know of somebody, safe contact first."""
    session, actor = db.session(), current_actor()
    if (kept_id := queries.kept_instead(session, actor, person_id)) is not None:
        return redirect(url_for("people.record", person_id=kept_id), code=303)
    person = open_person(session, actor, person_id, to_change=False)
    opened = emergencies.running(session, actor, person_id)
    changeable = opened is None and queries.is_changeable(session, actor, person_id)
    return render_template(
        "people/record.html",
        opened=opened,
        carers=carers.carers_of(session, person_id),
        relations=RELATIONS,
        is_known_elsewhere=opened is None and bool(matches.others_like(session, person)),
        person=person,
        details=details_of(person),
        needs=needs_in_words(person.formats),
        concepts=access_needs.concepts_of(person.formats),
        permissions=_permissions(person_id),
        organizations=queries.organizations_with_access(session, person_id),
        timeline=parts.timeline_of(session, actor, person_id),
        # Opened in an emergency it is read, and nothing is begun from it.
        actions=[] if opened else parts.actions_for(actor, person),
        own_page=own_page_words(session, person),
        only_read=opened is None and not changeable,
        may_restrict=actor.holds(Role.MANAGER.value) and changeable,
        may_change=may_write(actor) and changeable,
        asked_of_us=requests.asked_of_keepers(session, person_id) if opened is None else [],
        refuses_record=not queries.may_record(session, person_id),
        done=done_before(),
    )


def _permissions(person_id: UUID) -> list[dict[str, object]]:
    standings = queries.standings(db.session(), person_id)
    return [
        {
            "kind": kind.value,
            "label": PERMISSIONS[kind],
            "state": STATES[standings[kind].state],
            "in_force": standings[kind].in_force,
            "version": standings[kind].version,
        }
        for kind in PermissionKind
    ]


@people.route("/desk/people/<uuid:person_id>/restrict", access=MANAGER, methods=["POST"])
def restricting(person_id: UUID) -> Response:
    """Keep the record to managers, or open it again."""
    session, actor = db.session(), current_actor()
    person = open_to_change(session, actor, person_id, reason="restrict")
    restrict(session, actor, person, restricted=request.form.get("restricted") == "yes")
    return redirect(url_for("people.record", person_id=person_id, done="saved"), code=303)


@people.route("/desk/people/<uuid:person_id>/identity", access=WORKER, methods=["GET", "POST"], writes=True)
def identity(person_id: UUID) -> Page:
    """Who they are."""
    person = open_to_change(db.session(), current_actor(), person_id)
    return _edit(person, IdentityForm.showing(details_of(person), person.revision), "people/identity.html")


@people.route("/desk/people/<uuid:person_id>/contact", access=WORKER, methods=["GET", "POST"], writes=True)
def contact(person_id: UUID) -> Page:
    """How it is safe to reach them."""
    person = open_to_change(db.session(), current_actor(), person_id)
    return _edit(person, ContactForm.showing(details_of(person), person.revision), "people/contact.html")


@people.route("/desk/people/<uuid:person_id>/needs", access=WORKER, methods=["GET", "POST"], writes=True)
def needs(person_id: UUID) -> Page:
    """What they need."""
    person = open_to_change(db.session(), current_actor(), person_id)
    return _edit(person, NeedsForm.showing(details_of(person), person.revision), "people/needs.html")


def _edit(person: Person, form: RecordForm, template: str) -> Page:
    if form.validate_on_submit():
        try:
            change_person(
                db.session(), current_actor(), person, form.onto(details_of(person)), revision=_revision(form)
            )
        except (InvalidInput, Refused) as problem:
            form.form_errors.append(_(problem.message))
        else:
            return redirect(url_for("people.record", person_id=person.id, done="saved"), code=303)
    page = render_template(template, form=form, person=person, is_new=bool(request.args.get("new")))
    return refused(person, page) if form.errors else page


def _revision(form: RecordForm) -> int:
    """The revision that the form was made of; 0, which no record has, where it is no number."""
    text = form.revision.data or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
