"""A referrer asks: for the word back that has not come, or a group without an account for an answer."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import NotFound, Refused
from app.core.events import announce
from app.referrals.codes import ENDED, Party, Status, TaskKind
from app.referrals.events import LinkWanted
from app.referrals.models import Referral, ReferralTask
from app.referrals.operations.moving import SUBJECT, held_whatever
from app.referrals.operations.tasks import owner_with_receiver, raise_task
from app.referrals.parties import parties_of
from app.referrals.queries.previews import preview_of
from app.referrals.queries.referrals import asked_for_word
from app.referrals.queries.times import definition_for, loop_closed_at
from app.referrals.rules.calendars import add_working_days


def can_ask(session: Session, referral: Referral) -> bool:
    """Whether it ended, somebody has not heard how, nobody asked yet, and it does not wait for the person."""
    if referral.ended_at is None or referral.receiver_organization_id is None:
        return False
    if loop_closed_at(session, referral) is not None or asked_for_word(session, referral.id) is not None:
        return False
    reading = preview_of(session, referral)
    return reading is None or not reading.is_open


def ask_for_word(session: Session, actor: Actor, referral: Referral) -> ReferralTask:
    """Give it to a named person at the receiver to do by the next working day; they are told, and it is on record."""
    held = held_whatever(session, referral.id)
    if Party.REFERRER not in parties_of(actor, held):
        raise NotFound("referral")
    owner = owner_with_receiver(session, held)
    if owner is None or not can_ask(session, held):
        raise Refused("This cannot be done with this referral now. Go back and look at it again.")
    by = add_working_days(clock.today(), 1, definition_for(session, held).nation)
    task = raise_task(session, held, TaskKind.WORD_ASKED, owner=owner[0], organization_id=owner[1], due_on=by)
    record(session, actor, Action.CHANGED, (SUBJECT, held.id), person_id=held.person_id, reason="asked-for-word")
    return task


def can_send_link(referral: Referral) -> bool:
    """Whether it is with a group that answers by a link, and has not ended."""
    is_open = referral.status not in ENDED and referral.status is not Status.DRAFT
    is_by_link = referral.receiver_organization_id is None and bool(referral.pathway.notify_email)
    return is_open and is_by_link and referral.hidden_at is None


def send_link_again(session: Session, actor: Actor, referral: Referral) -> None:
    """Send the group its link once more, to the address of its listing. Older links work until they end."""
    held = held_whatever(session, referral.id)
    if Party.REFERRER not in parties_of(actor, held):
        raise NotFound("referral")
    if not can_send_link(held):
        raise Refused("This cannot be done with this referral now. Go back and look at it again.")
    record(session, actor, Action.SHARED, (SUBJECT, held.id), person_id=held.person_id, reason="link-again")
    announce(session, LinkWanted(held))
