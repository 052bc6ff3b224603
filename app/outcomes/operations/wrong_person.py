"""A message came to somebody else: nothing more goes there, nothing can be answered from there, and staff see to it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.notifications import links
from app.notifications.about import About
from app.notifications.codes import Channel
from app.notifications.models import Message
from app.outcomes.codes import Mode, OccasionState
from app.outcomes.models import Occasion, OutcomeInvitation
from app.outcomes.operations import answering
from app.outcomes.operations.occasions import SUBJECT, group_of, lock, stop_messages
from app.people.models import Person
from app.people.operations import note_wrong_address

REASON = "wrong number"


def tell_wrong_person(session: Session, actor: Actor, lead: Occasion, invitation_id: UUID | None) -> None:
    """Whoever holds the link says that they are somebody else.

    What was begun from there is taken back. An alert that it raised stands: whose answer it was is for staff to find
    out.
    """
    lock(session, lead)
    person = session.get_one(Person, lead.person_id)
    address = _went_to(session, lead, person, invitation_id)
    note_wrong_address(session, actor, person, address)
    for each in dict.fromkeys([lead, *_asked_at(session, person, address)]):
        links.revoke(session, About(type=SUBJECT, id=each.id))
        stop_messages(session, each, REASON)
    _take_back(session, actor, lead)


def _went_to(session: Session, lead: Occasion, person: Person, invitation_id: UUID | None) -> str:
    sent_to = select(Message.recipient).join(OutcomeInvitation, OutcomeInvitation.message_id == Message.id)
    known = session.scalar(sent_to.where(OutcomeInvitation.id == invitation_id)) if invitation_id else None
    return known or (person.email if lead.asked_by is Channel.EMAIL else person.mobile) or ""


def _asked_at(session: Session, person: Person, address: str) -> list[Occasion]:
    """Everything that the person was asked for at that address, by whichever organisation."""
    asked = (
        select(OutcomeInvitation.occasion_id)
        .join(Message, Message.id == OutcomeInvitation.message_id)
        .where(Message.recipient == address)
    )
    wanted = select(Occasion).where(Occasion.person_id == person.id, Occasion.id.in_(asked))
    return list(session.scalars(wanted.order_by(Occasion.id)))


def _take_back(session: Session, actor: Actor, lead: Occasion) -> None:
    begun = [form for form in answering.begun_forms(session, lead) if form.mode is Mode.LINK]
    for form in begun:
        answering.void(session, actor, form, REASON)
    for each in group_of(session, lead) if begun else ():
        if each.state is OccasionState.PART_ANSWERED:
            each.state = OccasionState.SENT
    session.flush()
