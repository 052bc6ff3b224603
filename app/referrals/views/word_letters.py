"""The word back as a letter, for a practice without an account: to print, to send, and to say that it went."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.accounts.models import MemberOrganization
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor, ActorKind
from app.core.errors import NotFound, Refused
from app.notifications import links
from app.referrals import words
from app.referrals.access import EITHER
from app.referrals.codes import Party, Recipient, Way
from app.referrals.forms.word_letter import sent_form
from app.referrals.models import Referral, Telling
from app.referrals.operations import letters
from app.referrals.operations.loop import is_held_back
from app.referrals.operations.moving import SUBJECT
from app.referrals.parties import parties_of
from app.referrals.queries import referrals as queries
from app.referrals.queries.reply import reply_to
from app.referrals.queries.times import tellings, tellings_of_missed
from app.referrals.reactions import GROUP_LINK
from app.referrals.showing import seen_by
from app.referrals.views.blueprint import referrals
from app.web.access import PUBLIC
from app.web.database import db

Page = Response | str | tuple[str, int]


@referrals.route(
    "/desk/referrals/<uuid:referral_id>/messages/<uuid:telling_id>", access=EITHER, methods=["GET", "POST"], writes=True
)
def word_letter(referral_id: UUID, telling_id: UUID) -> Page:
    """The letter, for staff of the receiver, or of the referrer where the receiver has no account."""
    session, actor = db.session(), current_actor()
    row = queries.referral(session, actor, referral_id)
    place = session.get(MemberOrganization, actor.organization_id) if actor.organization_id else None
    back = url_for("referrals.show", referral_id=row.id)
    return _letter(actor, row, telling_id, sender=place.name if place else "", back=back)


@referrals.route(
    "/referrals/answer/<token>/letter/<uuid:telling_id>", access=PUBLIC, methods=["GET", "POST"], writes=True
)
def letter_by_link(token: str, telling_id: UUID) -> Page:
    """The letter, for a group that answers by a link."""
    session = db.session()
    link = links.find(session, GROUP_LINK, token)
    if link is None:
        return render_template("referrals/link_over.html"), 404
    holder = Actor(kind=ActorKind.LINK, subject_id=link.subject_id)
    row = queries.referral(session, holder, link.subject_id)
    if row.receiver_organization_id is not None:
        raise NotFound("referral")
    back = url_for("referrals.answer_by_link", token=token)
    return _letter(holder, row, telling_id, sender=row.pathway.name, back=back)


def _letter(actor: Actor, row: Referral, telling_id: UUID, *, sender: str, back: str) -> Page:
    session = db.session()
    telling = _telling(actor, row, telling_id)
    if telling.done_at is not None:
        return redirect(f"{back}?done=message-sent", code=303)
    form = _form(actor, telling)
    if request.method == "POST" and form.validate():
        went = letters.say_sent(session, actor, telling, way=Way(form.way.data))
        return redirect(f"{back}?done={'message-sent' if went else 'message-kept'}", code=303)
    may_go = letters.cut_to_permission(session, telling)
    record(session, actor, Action.READ, (SUBJECT, row.id), person_id=row.person_id)
    if not may_go:
        return redirect(f"{back}?done=message-kept", code=303)
    page = render_template(
        "referrals/word_letter.html",
        layout="layouts/public.html" if actor.kind is ActorKind.LINK else "layouts/staff.html",
        seen=seen_by(session, actor, row),
        telling=telling,
        to=_addressee(row, telling),
        form=form,
        sender=sender,
        reply=reply_to(session, row),
        back=back,
        today=clock.today(),
        words=words,
    )
    return (page, 422) if form.errors else page


def _telling(actor: Actor, row: Referral, telling_id: UUID) -> Telling:
    """One of the last end, or of missed appointments, that the actor answers for; what the person reads is refused."""
    session = db.session()
    known = [*tellings(session, row), *tellings_of_missed(session, row)]
    found = next((each for each in known if each.id == telling_id), None)
    if found is None or not letters.may_say_sent(session, actor, found):
        raise NotFound("message")
    if is_held_back(session, found):
        raise Refused("The person is reading this message. It goes when they agree, or when their time is over.")
    return found


def _form(actor: Actor, telling: Telling) -> Any:
    """The ways that are open: only those who sent the person on can have it already."""
    own = Party.REFERRER in parties_of(actor, telling.referral)
    return sent_form(here=own, only_here=own and telling.recipient is Recipient.REFERRER)


def _addressee(row: Referral, telling: Telling) -> str:
    """To whom the letter goes: as the referral named them, so that it says nothing that its sender was not told."""
    if telling.recipient is Recipient.GP:
        return letters.practice_of(row) or row.person.gp_name
    return row.referrer_organization.name if row.referrer_organization else ""
