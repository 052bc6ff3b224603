"""What the receiver decides, and what the referrer answers or takes back."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _

from app.accounts.current import current_actor
from app.core import clock
from app.core.actor import Actor
from app.referrals.codes import ENDED, Move, Party, Status
from app.referrals.forms import moves as forms
from app.referrals.models import Referral
from app.referrals.operations import asking, triage, work
from app.referrals.parties import parties_of
from app.referrals.queries import pathways
from app.referrals.queries.referrals import standing_level
from app.referrals.views.actions import AT_WORK, Act, Form, add, plain, reasoned
from app.web.database import db


def _allocating(referral: Referral) -> Form:
    form = forms.AllocateForm(data={"version": str(referral.version)})
    place = referral.receiver_organization_id
    workers = triage.workers_of(db.session(), place) if place else []
    form.offer(workers, referral.coordinator_id or current_actor().user_id)
    return form


def _redirecting(referral: Referral) -> Form:
    said = standing_level(db.session(), referral)
    form = forms.RedirectForm(
        data={"version": str(referral.version), "submission_key": secrets.token_urlsafe(18), "level": said}
    )
    others = [each for each in pathways.open_pathways(db.session()) if each.id != referral.pathway_id]
    form.offer([each for each in others if each.organization_id], parties_of(current_actor(), referral))
    if referral.referrer_organization_id is None:
        form.comment.description = forms.FOR_THE_PERSON
    return form


def _rejecting(referral: Referral) -> Form:
    form = forms.RejectForm(data={"version": str(referral.version), "told_on": clock.today()})
    has_referrer = referral.referrer_organization_id is not None
    form.offer(parties_of(current_actor(), referral), has_referrer=has_referrer)
    return form


def _accept(actor: Actor, row: Referral, form: Form, version: int) -> Referral:
    chosen = UUID(form.coordinator.data)
    if row.status in AT_WORK:
        return triage.allocate(db.session(), actor, row, coordinator_id=chosen, version=version)
    return triage.accept(db.session(), actor, row, coordinator_id=chosen, version=version)


def _redirect(actor: Actor, row: Referral, form: Form, version: int) -> Referral:
    target = pathways.open_pathway(db.session(), UUID(form.target.data))
    onward = triage.Onward(
        target=target, agreement=form.agreement(), submission_key=form.submission_key.data or secrets.token_urlsafe(18)
    )
    return triage.redirect(db.session(), actor, row, form.refusal(), onward, version=version)


def _next_check() -> Any:
    return clock.today() + timedelta(days=28)


add(
    Act(
        name="accept",
        title=_("Accept, and choose who looks after the person"),
        button=_("Accept"),
        make=_allocating,
        do=_accept,
        move=Move.ACCEPT,
        is_first=True,
    ),
    Act(
        name="ask",
        title=_("Ask the referrer"),
        button=_("Ask the referrer"),
        lead=_("They are told at once. The clock runs on."),
        of_own_request={
            "title": _("Ask the person"),
            "button": _("Ask the person"),
            "lead": _("They read it on their own page, and get a message where we have a safe way. The clock runs on."),
        },
        make=plain(forms.AskForm),
        do=lambda actor, row, form, version: triage.ask(
            db.session(), actor, row, question=form.question.data, version=version
        ),
        move=Move.ASK,
    ),
    Act(
        name="answer",
        title=_("Answer the question"),
        button=_("Answer"),
        make=plain(forms.AnswerForm),
        do=lambda actor, row, form, version: triage.answer(
            db.session(), actor, row, words=form.answer.data, version=version
        ),
        move=Move.ANSWER,
        is_first=True,
    ),
    Act(
        name="waiting-list",
        title=_("Put on the waiting list"),
        button=_("Put on the waiting list"),
        make=lambda row: forms.WaitForm(data={"version": str(row.version), "next_check_on": _next_check()}),
        do=lambda actor, row, form, version: triage.add_to_waiting_list(
            db.session(), actor, row, next_check_on=form.next_check_on.data, version=version
        ),
        move=Move.ADD_TO_WAITING_LIST,
    ),
    Act(
        name="still-waiting",
        title=_("They still wait"),
        button=_("Asked today: they still wait"),
        make=plain(forms.MoveForm),
        do=lambda actor, row, _form, version: work.still_waiting(db.session(), actor, row, version=version),
        states=frozenset({Status.WAITING}),
    ),
    Act(
        name="allocate",
        title=_("Who looks after this person?"),
        button=_("Choose another worker"),
        make=_allocating,
        do=_accept,
        states=AT_WORK,
        parties=frozenset({Party.WORKER, Party.MANAGER}),
    ),
    Act(
        name="redirect",
        title=_("Pass it on"),
        button=_("Pass it on"),
        lead=_("Somebody else can help better. Ask the person first: they must agree anew."),
        make=_redirecting,
        do=_redirect,
        move=Move.REDIRECT,
    ),
    Act(
        name="reject",
        title=_("Say no"),
        button=_("Say no"),
        lead=_("Say why, and what the person is offered instead. Nobody is left with nothing."),
        make=_rejecting,
        do=lambda actor, row, form, version: triage.reject(db.session(), actor, row, form.refusal(), version=version),
        move=Move.REJECT,
    ),
    Act(
        name="ask-word",
        title=_("Ask for the word back"),
        button=_("Ask for the word back"),
        lead=_("Somebody at the team gets a task and a message. If it cannot wait, ring them."),
        make=plain(forms.MoveForm),
        do=lambda actor, row, _form, _version: asking.ask_for_word(db.session(), actor, row),
        states=ENDED,
        parties=frozenset({Party.REFERRER}),
        when=lambda row: asking.can_ask(db.session(), row),
        is_first=True,
    ),
    Act(
        name="send-link",
        title=_("Send them the link again"),
        button=_("Send the link again"),
        lead=_("It goes to the address of their listing, at most once an hour. If they do not answer, ring them."),
        make=plain(forms.MoveForm),
        do=lambda actor, row, _form, _version: asking.send_link_again(db.session(), actor, row),
        states=AT_WORK | {Status.SENT, Status.INFO_REQUESTED},
        parties=frozenset({Party.REFERRER}),
        when=asking.can_send_link,
    ),
    Act(
        name="withdraw",
        title=_("Withdraw this referral"),
        button=_("Withdraw"),
        make=reasoned(forms.ReasonForm, Move.WITHDRAW),
        do=lambda actor, row, form, version: triage.withdraw(
            db.session(), actor, row, reason=form.reason.data, comment=form.comment.data or "", version=version
        ),
        move=Move.WITHDRAW,
    ),
)
