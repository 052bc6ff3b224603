"""One contact, the list of them, and what can be ticked off."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.advice import labels, queries
from app.advice.access import READER, WORKER
from app.advice.codes import Level
from app.advice.forms import MOST_SERVICES, as_uuid
from app.advice.issue_tree import issue_tree
from app.advice.models import KeyDate, NextStep
from app.advice.operations import contacts as verbs
from app.advice.queries.contacts import Wanted
from app.advice.queries.services import services_for, services_picked
from app.advice.scope import is_worker
from app.advice.views.blueprint import advice
from app.web.database import db
from app.web.done import done_before
from app.web.pagination import page_number

FILTERS = ("whose", "since", "until", "level", "issue")


@advice.route("/desk/advice/contacts/<uuid:contact_id>", access=READER, writes=True)
def contact(contact_id: UUID) -> str:
    """Everything of one contact."""
    session, actor = db.session(), current_actor()
    found = verbs.open_contact(session, actor, contact_id)
    picked = [service_id for text in request.args.getlist("service")[:MOST_SERVICES] if (service_id := as_uuid(text))]
    return render_template(
        "advice/contact.html",
        contact=found,
        picked=services_picked(session, picked),
        services=services_for(
            session, [issue.code for issue in found.issues], near=found.person.postcode if found.person else ""
        ),
        corrected_by=queries.corrected_by(session, found) if found.replaced_at else None,
        dates=_dates_of(session, found.id),
        steps=_steps_of(session, found.id),
        labels=labels,
        may_change=is_worker(actor) and found.replaced_at is None,
        done=done_before(),
    )


def _dates_of(session: Session, contact_id: UUID) -> list[KeyDate]:
    wanted = select(KeyDate).where(KeyDate.contact_id == contact_id)
    return list(session.scalars(wanted.order_by(KeyDate.on, KeyDate.id)))


def _steps_of(session: Session, contact_id: UUID) -> list[NextStep]:
    wanted = select(NextStep).where(NextStep.contact_id == contact_id)
    return list(session.scalars(wanted.order_by(NextStep.due_on.is_(None), NextStep.due_on, NextStep.id)))


@advice.route("/desk/advice/contacts", access=READER)
def contacts() -> str:
    """Contacts, latest first, narrowed by whose, when, how far and what about."""
    rows, page = queries.contacts(db.session(), current_actor(), asked(), page_number(request.args.get("page")))
    return render_template(
        "advice/contacts.html",
        contacts=rows,
        page=page,
        asked={name: request.args.get(name, "") for name in FILTERS},
        labels=labels,
        tree=issue_tree(),
        url=_page_url,
    )


def asked() -> Wanted:
    """What the address asks for; whatever is no answer is not asked."""
    args = request.values
    level = args.get("level", "")
    return Wanted(
        adviser_id=current_actor().user_id if args.get("whose") == "mine" else None,
        since=_day(args.get("since")),
        until=_day(args.get("until")),
        level=Level(level) if level in set(Level) else None,
        issue=args.get("issue") if args.get("issue") in issue_tree() else None,
    )


def _page_url(number: int) -> str:
    kept: dict[str, Any] = {name: request.args[name] for name in FILTERS if name in request.args}
    return url_for("advice.contacts", page=number, **kept)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


@advice.route("/desk/advice/dates/<uuid:date_id>", access=WORKER, methods=["POST"])
def tick_date(date_id: UUID) -> Response:
    """A key date is dealt with, or is not after all."""
    found = queries.key_date(db.session(), current_actor(), date_id)
    verbs.mark_date_done(db.session(), current_actor(), found, done=request.form.get("do") != "undo")
    return _back(found)


@advice.route("/desk/advice/steps/<uuid:step_id>", access=WORKER, methods=["POST"])
def tick_step(step_id: UUID) -> Response:
    """A step was taken, or was not after all."""
    found = queries.next_step(db.session(), current_actor(), step_id)
    verbs.mark_step_done(db.session(), current_actor(), found, done=request.form.get("do") != "undo")
    return _back(found)


@advice.route("/desk/advice/contacts/<uuid:contact_id>/called-back", access=WORKER, methods=["POST"])
def called_back(contact_id: UUID) -> Response:
    """Nobody waits for this call any more."""
    found = queries.contact(db.session(), current_actor(), contact_id)
    verbs.mark_called_back(db.session(), current_actor(), found)
    return redirect(url_for("advice.home", done="called-back"), code=303)


def _back(found: KeyDate | NextStep) -> Response:
    """To where the button was pressed."""
    if request.form.get("back") == "contact" and found.contact_id is not None:
        return redirect(url_for("advice.contact", contact_id=found.contact_id, done="saved"), code=303)
    if request.form.get("back") == "case" and found.case_id is not None:
        return redirect(url_for("advice.case", case_id=found.case_id, done="saved"), code=303)
    return redirect(url_for("advice.home", done="saved"), code=303)
