"""By which way a word went to the person: a text or an e-mail of ours, a letter, a call or a visit of the team."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.notifications.codes import Channel
from app.notifications.models import Message
from app.people.codes import ContactChannel
from app.referrals.codes import Reached, Way
from app.referrals.models import ContactAttempt, LetterSent

_OF_CHANNEL = {Channel.SMS: ContactChannel.SMS, Channel.EMAIL: ContactChannel.EMAIL}
_NOON = time(12)
# The messages of `app.referrals.emails` that go to the person.
TO_THE_PERSON = ("referrals.person", "referrals.preview")


@dataclass(frozen=True, slots=True)
class Went:
    """One word to the person. `channel` or `way` says by which way, `result` what came of an attempt of the team."""

    referral_id: UUID
    at: datetime
    channel: ContactChannel | None = None
    way: Way | None = None
    result: Reached | None = None


def words_to_person(session: Session, referral_ids: Collection[UUID], *, attempts: bool = True) -> list[Went]:
    """Everything that went to the person because of these referrals, oldest first."""
    found = [*_messages(session, referral_ids), *_letters(session, referral_ids)]
    if attempts:
        found += _attempts(session, referral_ids)
    return sorted(found, key=lambda each: each.at)


def _messages(session: Session, ids: Collection[UUID]) -> list[Went]:
    sent = (
        select(Message.subject_id, Message.sent_at, Message.channel)
        .where(
            Message.subject_type == "referral",
            Message.subject_id.in_(ids),
            Message.kind.in_(TO_THE_PERSON),
            Message.sent_at.is_not(None),
        )
        .order_by(Message.sent_at, Message.id)
    )
    return [Went(about, at, _OF_CHANNEL[channel]) for about, at, channel in session.execute(sent) if about and at]


def _letters(session: Session, ids: Collection[UUID]) -> list[Went]:
    sent = select(LetterSent).where(LetterSent.referral_id.in_(ids)).order_by(LetterSent.sent_on, LetterSent.id)
    return [Went(each.referral_id, _when(each), way=each.way) for each in session.scalars(sent).unique()]


def _when(letter: LetterSent) -> datetime:
    """When it was said, on the day itself; else the middle of the day on which it went."""
    said = letter.created_at.astimezone(clock.LONDON)
    return said if said.date() == letter.sent_on else datetime.combine(letter.sent_on, _NOON, clock.LONDON)


def _attempts(session: Session, ids: Collection[UUID]) -> list[Went]:
    made = select(ContactAttempt).where(ContactAttempt.referral_id.in_(ids)).order_by(ContactAttempt.at)
    return [
        Went(each.referral_id, each.at, each.channel, result=each.result) for each in session.scalars(made).unique()
    ]
