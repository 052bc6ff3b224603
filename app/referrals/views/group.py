"""A group without an account reads a referral and answers it by a signed link."""

from __future__ import annotations

import secrets
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
from app.referrals.codes import Status, Told
from app.referrals.forms.group import ReplyForm
from app.referrals.models import Referral
from app.referrals.operations import triage
from app.referrals.operations.moving import SOMEBODY_ELSE, SUBJECT, Incomplete, is_counted, is_first_press
from app.referrals.queries import referrals as queries
from app.referrals.reactions import GROUP_LINK
from app.referrals.showing import seen_by
from app.referrals.views.acting import say_missing, version_of
from app.referrals.views.actions import IN_TRIAGE
from app.referrals.views.blueprint import referrals
from app.referrals.views.group_acts import CHANGE_WORD, GROUP_ACTS, GroupAct, group_acts, may_change_word
from app.referrals.views.group_late import late_of
from app.web.access import PUBLIC
from app.web.database import db
from app.web.done import done_before

Page = Response | str | tuple[str, int]


@referrals.route("/referrals/answer/<token>", access=PUBLIC, methods=["GET", "POST"], writes=True)
def answer_by_link(token: str) -> Page:
    """The referral, the first answer, and what can be said later. That it was looked at is put on record.

    Nothing is used up.
    """
    session = db.session()
    link = links.find(session, GROUP_LINK, token)
    if link is None:
        return render_template("referrals/link_over.html"), 404
    holder = Actor(kind=ActorKind.LINK, subject_id=link.subject_id)
    row = _row(holder, link.subject_id)
    if request.method == "POST" and (said := _said_before(row)):
        return redirect(url_for("referrals.answer_by_link", token=token, done=said), code=303)
    name = request.args.get("do", "")
    chosen = _chosen(holder, row, name)
    form = _form(row, chosen)
    is_late = has_changed = request.method == "POST" and _is_late(row, form)
    if request.method == "POST" and form is not None:
        if not is_late and form.validate():
            try:
                done = _say(holder, row, form, chosen)
                return redirect(url_for("referrals.answer_by_link", token=token, done=done), code=303)
            except Incomplete as problem:
                session.rollback()
                say_missing(form, problem)
            except (InvalidInput, Refused) as problem:
                session.rollback()
                form.form_errors.append(_(problem.message))
                has_changed = problem.message == SOMEBODY_ELSE
        row = _row(holder, link.subject_id)
        if has_changed:
            # Whoever has read what a colleague did meanwhile can send what they wrote once more.
            form.version.data = str(row.version)
    record(session, holder, Action.READ, (SUBJECT, row.id), person_id=row.person_id)
    seen = seen_by(session, holder, row)
    page = render_template(
        "referrals/answer_by_link.html",
        seen=seen,
        form=form,
        act=chosen,
        acts=group_acts(holder, row),
        may_change_word=may_change_word(holder, row),
        address=url_for("referrals.answer_by_link", token=token),
        done=done_before(),
        late=late_of(name, row, seen) if is_late else None,
        letter_address=lambda told: url_for("referrals.letter_by_link", token=token, telling_id=told.id),
        words=words,
    )
    if is_late:
        return page, 409
    return (page, 422) if form is not None and form.errors else page


def _row(holder: Actor, referral_id: UUID) -> Referral:
    row = queries.referral(db.session(), holder, referral_id)
    if row.receiver_organization_id is not None:
        raise NotFound("referral")
    return row


def _said_before(row: Referral) -> str:
    """What is thanked for where this very press was counted, or where it was noted that they have it."""
    name = request.args.get("do", "")
    answer = request.form.get("answer", "")
    if is_counted(row, request.form.get("press", "")):
        return name or answer or "again"
    if answer == "have-it" and row.acknowledged_at is not None and row.status in IN_TRIAGE:
        return "again"
    return ""


def _chosen(holder: Actor, row: Referral, name: str) -> GroupAct | None:
    """What the address says is to be said, where that can be said now."""
    act = CHANGE_WORD if name == CHANGE_WORD.name and may_change_word(holder, row) else GROUP_ACTS.get(name)
    return act if act is CHANGE_WORD or (act is not None and act.is_open_to(holder, row)) else None


def _is_late(row: Referral, form: Any) -> bool:
    """Whether a colleague has said it meanwhile: nothing is left to say, or the question was asked already."""
    has_asked_too = request.form.get("answer") == "ask" and row.status is Status.INFO_REQUESTED
    return form is None or (isinstance(form, ReplyForm) and has_asked_too)


def _form(row: Referral, chosen: GroupAct | None) -> Any:
    if chosen is not None:
        form = chosen.make(row)
    elif row.status in IN_TRIAGE:
        form = ReplyForm(data={"version": str(row.version)})
        form.offer(asked=row.status is Status.INFO_REQUESTED, opened=row.acknowledged_at is not None)
    else:
        return None
    form.press.data = form.press.data or secrets.token_urlsafe(12)
    return form


def _say(holder: Actor, row: Referral, form: Any, chosen: GroupAct | None) -> str:
    """Do it, once however often it is pressed, and name what is thanked for."""
    name = chosen.name if chosen is not None else str(form.answer.data)
    if is_first_press(db.session(), row, form.press.data or ""):
        version = version_of(form.version.data or "")
        if chosen is not None:
            chosen.do(holder, row, form, version)
        else:
            _answer(holder, row, form, version)
    return name


def _answer(holder: Actor, row: Referral, form: Any, version: int) -> None:
    session = db.session()
    match form.answer.data:
        case "have-it":
            triage.acknowledge(session, holder, row, version=version)
        case "ask":
            triage.ask(session, holder, row, question=form.question.data or "", version=version)
        case "yes":
            triage.accept(session, holder, row, coordinator_name=form.name.data, version=version)
        case _:
            refusal = triage.Refusal(
                reason=form.reason.data,
                comment=form.comment.data or "",
                next_step=form.next_step.data or "",
                told_how=Told.THROUGH_REFERRER,
                told_on=clock.today(),
            )
            triage.reject(session, holder, row, refusal, version=version)
