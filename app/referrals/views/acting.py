"""The one page on which something is done with a referral."""

from __future__ import annotations

import secrets
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.core.errors import InvalidInput, NotFound, Refused
from app.referrals import words
from app.referrals.access import EITHER, TEAM
from app.referrals.codes import Move
from app.referrals.models import Referral
from app.referrals.operations import moving, triage
from app.referrals.operations.moving import Incomplete
from app.referrals.operations.tasks import finish_task
from app.referrals.parties import parties_of
from app.referrals.queries import referrals as queries
from app.referrals.rules.attendance import MISSED
from app.referrals.rules.states import Need
from app.referrals.showing import seen_by
from app.referrals.views import triage_actions, work_actions  # noqa: F401 - they fill the list of actions
from app.referrals.views.actions import ACTS, Act, Form
from app.referrals.views.blueprint import referrals
from app.web.database import db


@referrals.route("/desk/referrals/<uuid:referral_id>/acknowledge", access=TEAM, methods=["POST"])
def acknowledge(referral_id: UUID) -> Response:
    """A named human has opened it."""
    session, actor = db.session(), current_actor()
    row = queries.referral(session, actor, referral_id)
    triage.acknowledge(session, actor, row, version=version_of(request.form.get("version", "")))
    return redirect(url_for("referrals.show", referral_id=row.id), code=303)


@referrals.route("/desk/referrals/<uuid:referral_id>/do/<name>", access=EITHER, methods=["GET", "POST"])
def act(referral_id: UUID, name: str) -> Response | str | tuple[str, int]:
    """One thing to do: its form, and what it does when the form is right."""
    session, actor = db.session(), current_actor()
    row = queries.referral(session, actor, referral_id)
    chosen = ACTS.get(name)
    parties = parties_of(actor, row)
    if chosen is None or not chosen.is_ever_open_to(parties):
        raise NotFound("action")
    if request.method == "POST" and moving.is_counted(row, request.form.get("press", "")):
        return _done(row, chosen)
    is_open = chosen.is_open_to(parties, row)
    if request.method == "GET" and not is_open:
        raise Refused("This cannot be done with this referral now. Go back and look at it again.")
    form = chosen.make(row)
    if is_open and form.is_submitted() and form.validate() and _is_said(row, chosen, form):
        return _done(row, chosen)
    return _asked(queries.referral(session, actor, referral_id), chosen, form)


def _asked(row: Referral, chosen: Act, form: Form) -> tuple[str, int]:
    """The form, with what is wrong in it. Whoever comes too late reads who came first, and has their words still."""
    seen = seen_by(db.session(), current_actor(), row)
    is_too_late = not chosen.is_open_to(seen.parties, row)
    form.press.data = form.press.data or secrets.token_urlsafe(12)
    page = render_template(
        "referrals/act.html", act=chosen.about(row), form=form, seen=seen, words=words, is_too_late=is_too_late
    )
    return page, 409 if is_too_late else 422 if form.errors else 200


def _is_said(row: Referral, chosen: Act, form: Form) -> bool:
    """Do what the form says, once however often it is pressed; False, with what is wrong in the form, where it cannot.

    Where somebody else came first, one who has read what changed can press once more: nothing is written twice.
    """
    session, actor, row_id = db.session(), current_actor(), row.id
    try:
        if moving.is_first_press(session, row, form.press.data or ""):
            chosen.do(actor, row, form, version_of(form.version.data or ""))
    except Incomplete as problem:
        session.rollback()
        say_missing(form, problem)
    except (InvalidInput, Refused) as problem:
        session.rollback()
        form.form_errors.append(_(problem.message))
        if problem.message == moving.SOMEBODY_ELSE:
            form.version.data = str(queries.referral(session, actor, row_id).version)
    else:
        return True
    return False


def _done(row: Referral, chosen: Act) -> Response:
    done = "passed-on" if chosen.move is Move.REDIRECT else chosen.name
    if request.form.get("attendance") in MISSED:
        done = "missed"
    return redirect(url_for("referrals.show", referral_id=row.id, done=done), code=303)


@referrals.route("/desk/referrals/tasks/<uuid:task_id>/done", access=EITHER, methods=["POST"])
def task_done(task_id: UUID) -> Response:
    """Somebody has dealt with a task."""
    finish_task(db.session(), current_actor(), task_id, note=request.form.get("note", ""))
    return redirect(url_for("referrals.tasks", done=1), code=303)


# The field that asks for what a move must leave on record, where the form has one.
_ASKED_BY = {
    Need.REASON_COMMENT: "comment",
    Need.COMMENT: "comment",
    Need.RISK_DECISION: "risk_decision",
    Need.DISCHARGE_PACK: "summary",
    Need.REVIEW_BY: "review_by",
    Need.NEXT_STEP: "next_step",
    Need.FIRST_CONTACT: "day",
}


def say_missing(form: Form, problem: Incomplete) -> None:
    """Each beside its field; what no field asks for at the head."""
    for need in sorted(problem.missing):
        name = _ASKED_BY.get(need, "")
        if name in form:
            form[name].errors = [*form[name].errors, str(words.NEED[need])]
        else:
            form.form_errors.append(str(words.NEED[need]))


def version_of(text: str) -> int:
    """The version that a form says it looked at; 0, which none has, for what is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
