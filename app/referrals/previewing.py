"""The word back as a page shows it to the person whom it is about, and what their answer does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.errors import InvalidInput, Refused
from app.referrals.codes import PreviewState, Recipient
from app.referrals.forms.own_message import CHANGE, ONLY_THE_END, PreviewForm
from app.referrals.models import MessagePreview, Telling
from app.referrals.operations import previews
from app.referrals.person_words import MESSAGE_BECAME
from app.referrals.queries.previews import parts_to_read, recipients_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What the person reads: who wants to tell whom, what, until when they can answer, and what became of it."""

    place: str
    who: str
    parts: dict[str, Any]
    goes_at: datetime
    is_open: bool
    is_wished: bool
    wish: str
    became: str


def message_of(session: Session, preview: MessagePreview) -> Message:
    """The message as it would go now; once it has gone, as it went."""
    told, referral = recipients_of(session, preview), preview.referral
    gone = next((each.parts for each in told), {})
    receiver = referral.receiver_organization
    return Message(
        place=receiver.name if receiver else referral.pathway.name,
        who=str(_(" and ")).join(_name_of(each) for each in told),
        parts=parts_to_read(session, preview) if preview.is_open else gone,
        goes_at=preview.goes_at,
        is_open=preview.is_open,
        is_wished=preview.state is PreviewState.CHANGE_ASKED,
        wish=preview.wish,
        became=str(MESSAGE_BECAME[preview.state]),
    )


def answered(session: Session, actor: Actor, preview: MessagePreview, form: PreviewForm) -> bool:
    """Do what the form says, if it is right. What is wrong stands in the form afterwards."""
    if not form.validate():
        return False
    preview_id = preview.id
    try:
        if form.answer.data == CHANGE:
            held = previews.ask_change(session, actor, preview_id, wish=form.wish.data or "")
        else:
            held = previews.agree(session, actor, preview_id, only_the_end=form.answer.data == ONLY_THE_END)
        if form.speaks_of_danger:
            previews.heed(session, held, form.wish.data or "")
    except (InvalidInput, Refused) as problem:
        session.rollback()
        form.form_errors.append(_(problem.message))
        return False
    return True


def _name_of(telling: Telling) -> str:
    referral = telling.referral
    if telling.recipient is Recipient.REFERRER and referral.referrer_organization is not None:
        return referral.referrer_organization.name
    return referral.person.gp_name or str(_("your GP"))
