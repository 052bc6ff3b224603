"""A letter to the person: that somebody posted it or handed it over. Where nothing else does, it closes the loop."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, NotFound
from app.referrals.codes import Party, Recipient, Status, Way
from app.referrals.models import LetterSent, Referral, Telling
from app.referrals.operations.due import set_due
from app.referrals.operations.loop import issue
from app.referrals.operations.moving import SUBJECT, held_whatever
from app.referrals.operations.tasks import settle_about_word
from app.referrals.parties import parties_of
from app.referrals.queries.times import tellings

AT_THE_END = frozenset({Status.COMPLETED, Status.ENDED_EARLY})
ON_PAPER = frozenset({Way.LETTER, Way.BY_HAND})


def untold_person(session: Session, referral: Referral) -> Telling | None:
    """That the person is still to hear how it ended, where no message of ours reaches them."""
    waiting = (each for each in tellings(session, referral) if each.recipient is Recipient.PERSON)
    return next((each for each in waiting if each.done_at is None), None)


def say_told(session: Session, actor: Actor, referral: Referral, *, way: Way, on: date) -> None:
    """Somebody of the team says that the letter went, or that the person was told, and how. Pressed twice is once."""
    held = held_whatever(session, referral.id)
    if not parties_of(actor, held) & {Party.WORKER, Party.MANAGER}:
        raise NotFound("referral")
    if on > clock.today():
        raise InvalidInput("Choose today, or a day that has been.")
    untold = untold_person(session, held)
    if way in ON_PAPER:
        _keep(session, actor, held, way, on)
    elif untold is None:
        raise InvalidInput("Choose how it went.")
    if untold is not None and held.status in AT_THE_END:
        issue(session, actor, untold, way=way)
        set_due(session, held)
        settle_about_word(session, actor, held)


def letters_of(session: Session, referral: Referral) -> list[LetterSent]:
    """Those that went, oldest first."""
    wanted = select(LetterSent).where(LetterSent.referral_id == referral.id)
    return list(session.scalars(wanted.order_by(LetterSent.sent_on, LetterSent.id)).unique())


def _keep(session: Session, actor: Actor, held: Referral, way: Way, on: date) -> None:
    is_closing = held.status in AT_THE_END
    known = {(each.way, each.sent_on, each.is_closing) for each in letters_of(session, held)}
    if (way, on, is_closing) in known:
        return
    session.add(LetterSent(referral_id=held.id, way=way, sent_on=on, is_closing=is_closing, sent_by_id=actor.user_id))
    session.flush()
    record(session, actor, Action.SHARED, (SUBJECT, held.id), person_id=held.person_id, reason=f"letter:person:{way}")
