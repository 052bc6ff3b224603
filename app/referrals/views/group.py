"""A group without an account reads a referral and answers it by a signed link."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor, ActorKind
from app.core.errors import InvalidInput, NotFound, Refused
from app.notifications import links
from app.referrals import words
from app.referrals.codes import ClosureOutcome, Destination, Move, Party, Status, Told
from app.referrals.forms.fields import as_choices
from app.referrals.forms.moves import GroupEndForm, ReplyForm, reasons_for
from app.referrals.models import Referral
from app.referrals.operations import group, triage
from app.referrals.operations.moving import SUBJECT, Incomplete
from app.referrals.queries import referrals as queries
from app.referrals.reactions import GROUP_LINK
from app.referrals.showing import seen_by
from app.referrals.views.acting import version_of
from app.referrals.views.blueprint import referrals
from app.web.access import PUBLIC
from app.web.database import db

Page = Response | str | tuple[str, int]


@referrals.route("/referrals/answer/<token>", access=PUBLIC, methods=["GET", "POST"], writes=True)
def answer_by_link(token: str) -> Page:
    """The referral and the form of the answer. That it was looked at is put on record; nothing is used up."""
    session = db.session()
    link = links.find(session, GROUP_LINK, token)
    if link is None:
        return render_template("referrals/link_over.html"), 404
    holder = Actor(kind=ActorKind.LINK, subject_id=link.subject_id)
    row = _row(holder, link.subject_id)
    ends = row.status in {Status.ACCEPTED, Status.WAITING, Status.ACTIVE, Status.PAUSED}
    form = _form(row, ends=ends)
    if request.method == "POST" and form.validate():
        try:
            _answer(holder, row, form, ends=ends)
            return redirect(url_for("referrals.answer_by_link", token=token, done=1), code=303)
        except Incomplete as problem:
            session.rollback()
            form.form_errors += [str(words.NEED[need]) for need in sorted(problem.missing)]
        except (InvalidInput, Refused) as problem:
            session.rollback()
            form.form_errors.append(_(problem.message))
        row = _row(holder, link.subject_id)
    record(session, holder, Action.READ, (SUBJECT, row.id), person_id=row.person_id)
    page = render_template(
        "referrals/answer_by_link.html",
        seen=seen_by(session, holder, row),
        form=form,
        ends=ends,
        done=request.args.get("done", ""),
        words=words,
    )
    return (page, 422) if form.errors else page


def _row(holder: Actor, referral_id: UUID) -> Referral:
    row = queries.referral(db.session(), holder, referral_id)
    if row.receiver_organization_id is not None:
        raise NotFound("referral")
    return row


def _form(row: Referral, *, ends: bool) -> Any:
    data = {"version": str(row.version)}
    if ends:
        return GroupEndForm(data=data | {"destination": Destination.UNKNOWN.value})
    form = ReplyForm(data=data)
    form.reason.choices = as_choices([("", _("Choose a reason")), *reasons_for(Move.REJECT, {Party.RECEIVER})])
    return form


def _answer(holder: Actor, row: Referral, form: Any, *, ends: bool) -> None:
    session, version = db.session(), version_of(form.version.data or "")
    if ends:
        group.finish(
            session,
            holder,
            row,
            outcome=ClosureOutcome(form.outcome.data),
            destination=Destination(form.destination.data),
            summary=form.summary.data or "",
            version=version,
        )
        return
    match form.answer.data:
        case "have-it":
            triage.acknowledge(session, holder, row, version=version)
        case "yes":
            triage.accept(session, holder, row, coordinator_name=form.name.data, version=version)
        case _:
            refusal = triage.Refusal(
                reason=form.reason.data,
                comment=str(_("See what they suggest.")) if form.reason.data == "other" else "",
                next_step=form.next_step.data or "",
                told_how=Told.THROUGH_REFERRER,
                told_on=clock.today(),
            )
            triage.reject(session, holder, row, refusal, version=version)
