"""People who refer themselves, on a phone and without an account: the pathways, the form, and where it stands."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.core.actor import Actor, ActorKind
from app.core.errors import InvalidInput, NotFound, Refused
from app.core.limits import Limit
from app.notifications import links
from app.notifications.models import SignedLink
from app.people.codes import PermissionMethod, SharingLevel
from app.people.operations import add_person
from app.referrals import person_words, words
from app.referrals.codes import Move, Party, Source
from app.referrals.forms.fields import as_choices
from app.referrals.forms.moves import AnswerForm, ReasonForm, reasons_for
from app.referrals.forms.own import OwnForm, own_form
from app.referrals.models import Pathway, Referral
from app.referrals.operations import drafts, triage
from app.referrals.operations.moving import Incomplete
from app.referrals.queries import pathways
from app.referrals.queries import referrals as queries
from app.referrals.queries.reply import reply_to
from app.referrals.reactions import PERSON_LINK, person_token, tell_person
from app.referrals.showing import Seen, seen_by
from app.referrals.views.blueprint import referrals
from app.web.access import PUBLIC
from app.web.database import db
from app.web.done import done_before
from app.web.limits import too_soon

OWN_REQUESTS = Limit("own-referrals", tries=20, per=timedelta(hours=1))
Page = Response | str | tuple[str, int]


@referrals.route("/ask-for-help", access=PUBLIC)
def own_pathways() -> str:
    """The pathways by which people can refer themselves."""
    session = db.session()
    offered = pathways.for_self_referral(session)
    told = {each.id: pathways.definition(session, each) for each in offered}
    return render_template("referrals/own_pathways.html", pathways=offered, told=told)


@referrals.route("/ask-for-help/<uuid:pathway_id>", access=PUBLIC, methods=["GET", "POST"])
def own_request(pathway_id: UUID) -> Page:
    """One page, one form; sent, it shows where to look how it goes."""
    session = db.session()
    pathway = pathways.open_pathway(session, pathway_id, for_oneself=True)
    told = pathways.definition(session, pathway)
    form = own_form(told, data={"submission_key": secrets.token_urlsafe(18)})
    if request.method == "POST" and form.is_in_danger:
        return render_template("referrals/own_danger.html", pathway=pathway)
    if request.method == "POST" and form.validate():
        _count_try()
        try:
            return _send(form, pathway)
        except (InvalidInput, Refused) as problem:
            session.rollback()
            form.form_errors.append(_(problem.message))
    page = render_template("referrals/own_request.html", pathway=pathway, told=told, form=form)
    return (page, 422) if form.errors else page


@referrals.route("/my-request/<token>", access=PUBLIC)
def own_status(token: str) -> Page:
    """Where it stands, in plain words. Opening the page uses nothing up."""
    link = links.find(db.session(), PERSON_LINK, token)
    if link is None:
        return render_template("referrals/link_over.html"), 404
    return _status_page(link, token)


@referrals.route("/my-request/<token>/answer", access=PUBLIC, methods=["POST"])
def own_answer(token: str) -> Page:
    """The person answers what the team asked."""
    return _act(token, "answer")


@referrals.route("/my-request/<token>/withdraw", access=PUBLIC, methods=["POST"])
def own_withdraw(token: str) -> Page:
    """The person takes it back."""
    return _act(token, "withdraw")


def _act(token: str, what: str) -> Page:
    session = db.session()
    link = links.find(session, PERSON_LINK, token)
    if link is None:
        return render_template("referrals/link_over.html"), 404
    actor, row = _opened(link)
    version = int(request.form["version"]) if request.form.get("version", "").isdecimal() else 0
    form: Any = AnswerForm() if what == "answer" else ReasonForm()
    done = what
    if what == "withdraw":
        form.reason.choices = as_choices(reasons_for(Move.WITHDRAW, {Party.PERSON}))
    if form.validate():
        try:
            if what == "answer":
                in_danger = form.speaks_of_danger
                triage.answer(session, actor, row, words=form.answer.data, version=version, speaks_of_danger=in_danger)
                done = "answer-and-help" if in_danger else "answer"
            else:
                triage.withdraw(
                    session, actor, row, reason=form.reason.data, comment=form.comment.data or "", version=version
                )
            return redirect(url_for("referrals.own_status", token=token, done=done), code=303)
        except Incomplete as problem:
            session.rollback()
            form.form_errors += [str(words.NEED[need]) for need in sorted(problem.missing)]
        except (InvalidInput, Refused) as problem:
            session.rollback()
            form.form_errors.append(_(problem.message))
    return _status_page(link, token, wrong={what: form}), 422


def _opened(link: SignedLink) -> tuple[Actor, Referral]:
    actor = Actor(kind=ActorKind.LINK, subject_id=link.subject_id)
    row = queries.referral(db.session(), actor, link.subject_id)
    if row.source is not Source.SELF:
        raise NotFound("referral")
    return actor, row


def _status_page(link: SignedLink, token: str, wrong: dict[str, Any] | None = None) -> str:
    actor, row = _opened(link)
    seen: Seen = seen_by(db.session(), actor, row)
    withdrawing = ReasonForm(formdata=None, data={"version": str(row.version)})
    withdrawing.reason.choices = as_choices(reasons_for(Move.WITHDRAW, {Party.PERSON}))
    shown = {"answer": AnswerForm(formdata=None, data={"version": str(row.version)}), "withdraw": withdrawing}
    return render_template(
        "referrals/own_status.html",
        seen=seen,
        reply=reply_to(db.session(), row),
        token=token,
        forms=shown | (wrong or {}),
        is_wrong=bool(wrong),
        done=done_before(),
        words=words,
        stands=person_words.STATUS_PLAIN,
    )


def _send(form: OwnForm, pathway: Pathway) -> Response:
    """Once for each form, however often it is pressed."""
    session, nobody, key = db.session(), current_actor(), form.submission_key.data or ""
    visitor = Actor(kind=ActorKind.ANONYMOUS, request_id=nobody.request_id, address=nobody.address)
    sent = drafts.submitted(session, visitor, key)
    if sent is None:
        person = add_person(session, visitor, form.details(), organization_id=pathway.organization_id)
        sent = drafts.begin(session, visitor, person, pathway, form.written(), submission_key=key)
        if sent.person_id != person.id:
            session.rollback()
            sent = drafts.submitted(session, visitor, key)
    if sent is None:
        raise Refused("We could not take this in. Send it again.")
    if sent.sent_at is None:
        holder = Actor(kind=ActorKind.LINK, subject_id=sent.id, request_id=nobody.request_id, address=nobody.address)
        level = SharingLevel.SUMMARY if form.tell_gp.data else SharingLevel.NONE
        agreement = drafts.Agreement(given=True, method=PermissionMethod.WRITTEN, level=level)
        drafts.send(session, holder, sent, agreement, version=sent.version)
        tell_person(session, sent, f"referral:{sent.id}:received")
    token = person_token(session, sent)
    done = "sent-and-help" if form.speaks_of_danger else "sent"
    return redirect(url_for("referrals.own_status", token=token, done=done), code=303)


def _count_try() -> None:
    if too_soon(OWN_REQUESTS) is not None:
        abort(429)
