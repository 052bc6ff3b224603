"""How a message leaves: taken up under a lease, handed over outside of any transaction, and the outcome written down.

One message at a time, so that whoever kills a worker interrupts one at most.
"""

from __future__ import annotations

import logging
from functools import partial
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, and_, exists, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.events import announce
from app.notifications import rules
from app.notifications.carriers.parcel import BadAddress, NotDelivered, Parcel, Refused, Unreachable, Unsure
from app.notifications.codes import Channel, MessageEventKind, MessageState, Priority
from app.notifications.events import MessageStopped
from app.notifications.holders import Accepted, Holder
from app.notifications.kinds import is_secret
from app.notifications.models import Message, MessageEvent
from app.notifications.operations import conclude, drop, note
from app.notifications.post import Post
from app.notifications.stopping import Drop, Keep, Postpone, Verdict, verdict_on

log = logging.getLogger(__name__)
MAY_HAVE_LEFT = "may have left"


def is_due(priority: Priority) -> ColumnElement[bool]:
    """Queued messages of a priority whose time has come."""
    return and_(Message.state == MessageState.QUEUED, Message.priority == priority, Message.not_before <= clock.now())


class Delivery:
    """One worker's way of emptying the outbox."""

    def __init__(self, *, writing: Engine, reading: Engine, post: Post, holder: Holder) -> None:
        self._writing = writing
        self._reading = reading
        self._post = post
        self._holder = holder

    def send_next(self) -> bool:
        """Deal with the most pressing due message, if there is one; Unreachable if the next would wait in vain."""
        if not self._any(*map(is_due, Priority)):
            self._post.rest()
            return False
        taken = self._take_up()
        if isinstance(taken, Parcel):
            self._hand_over(taken)
        return taken is not None

    def recover(self) -> int:
        """Take back what workers left that were killed or hang. Says how many messages."""
        if not self._any(Message.state == MessageState.LEASED):
            return 0
        with Session(self._writing) as session:
            leased = session.scalars(
                select(Message)
                .where(Message.state == MessageState.LEASED)
                .order_by(Message.lease_until, Message.id)
                .with_for_update(skip_locked=True)
            )
            left = [message for message in leased.all() if self._is_left(message)]
            for message in left:
                self._take_back(session, message)
            session.commit()
        return len(left)

    def _any(self, *conditions: ColumnElement[bool]) -> bool:
        # Asked of the reading engine: a worker with nothing to do keeps nobody from writing.
        with Session(self._reading) as session:
            return any(session.scalar(select(exists().where(condition))) for condition in conditions)

    def _take_up(self) -> Parcel | UUID | None:
        """Lease the most pressing message for sending; its id alone if it does not go after all."""
        with Session(self._writing) as session:
            message = _most_pressing(session)
            if message is None:
                return None
            message_id = message.id
            try:
                parcel = self._decide(session, message)
            except Exception:
                log.exception("a check before sending failed")
                session.rollback()
                _fail(session, session.get_one(Message, message_id), "check failed", counts=True)
                parcel = None
            session.commit()
            return parcel or message_id

    def _decide(self, session: Session, message: Message) -> Parcel | None:
        match _verdict(session, message):
            case Drop(reason):
                drop(session, message, reason)
                announce(session, MessageStopped(message))
                return None
            case Postpone(until, reason):
                message.not_before = until
                note(session, message, MessageEventKind.POSTPONED, reason)
                return None
            case Keep():
                message.state, message.attempts = MessageState.LEASED, message.attempts + 1
                message.lease_holder, message.lease_until = self._holder.name, clock.system_now() + rules.LEASE
                message.mail_id = message.mail_id or self._post.mail_id(message.id)
                session.flush()
                return self._post.parcel(message)

    def _hand_over(self, parcel: Parcel) -> None:
        self._holder.forget()
        try:
            carrier = self._post.carrier(parcel.channel)
            reference = carrier.hand_over(parcel, partial(self._holder.leaving, parcel.id))
            outcome: Accepted | NotDelivered = Accepted(parcel.id, carrier.name, reference)
        except NotDelivered as error:
            outcome = error
        except Exception as error:
            log.exception("a message was not sent")
            outcome = NotDelivered(type(error).__name__)
        if isinstance(outcome, Accepted):
            self._holder.accepted(outcome)
        with Session(self._writing) as session:
            self._settle(session, parcel.id, outcome)
            session.commit()
        if isinstance(outcome, Unreachable):
            raise outcome

    def _settle(self, session: Session, message_id: UUID, outcome: Accepted | NotDelivered) -> None:
        message = session.get_one(Message, message_id, with_for_update=True)
        is_ours = message.state is MessageState.LEASED and message.lease_holder == self._holder.name
        if isinstance(outcome, Accepted):
            _sent(session, message, outcome)
        elif is_ours and isinstance(outcome, BadAddress):
            _end_lease(message)
            conclude(session, message, MessageState.BOUNCED, detail=outcome.code)
        elif is_ours and isinstance(outcome, Refused):
            _end_lease(message)
            conclude(session, message, MessageState.FAILED, detail=outcome.code)
        elif is_ours and isinstance(outcome, Unsure):
            self._interrupted(session, message, may_have_left=True)
        elif is_ours:
            _fail(session, message, outcome.code)

    def _is_left(self, message: Message) -> bool:
        """Whether nobody is at it any more. This worker itself is not: it takes one message after the other."""
        holder, until, now = message.lease_holder or "", message.lease_until, clock.system_now()
        # A lease that ends later than any lease can was given by a clock that has since been put right.
        is_over = until is None or not now < until < now + 2 * rules.LEASE
        return is_over or holder == self._holder.name or self._holder.is_gone(holder)

    def _take_back(self, session: Session, message: Message) -> None:
        holder = message.lease_holder or ""
        last = self._holder.last_note(holder)
        is_last = last is not None and last.message_id == message.id
        if is_last and isinstance(last, Accepted):
            _sent(session, message, last)
            return
        has_notes = holder == self._holder.name or self._holder.is_gone(holder)
        self._interrupted(session, message, may_have_left=is_last or not has_notes)

    def _interrupted(self, session: Session, message: Message, *, may_have_left: bool) -> None:
        """A try ended in the middle. It goes again, but never a third time if it may have left twice."""
        _end_lease(message)
        message.state = MessageState.QUEUED
        message.not_before = clock.now() + rules.wait_after_interruption(message.attempts)
        repeats = may_have_left and not self._post.carrier(message.channel).repeats_safely
        had_one = repeats and _may_have_left_before(session, message)
        note(session, message, MessageEventKind.INTERRUPTED, MAY_HAVE_LEFT if repeats else None)
        if had_one or message.attempts >= rules.TRIES:
            conclude(session, message, MessageState.FAILED, detail=MAY_HAVE_LEFT if had_one else "interrupted")


def _may_have_left_before(session: Session, message: Message) -> bool:
    told = and_(MessageEvent.message_id == message.id, MessageEvent.detail == MAY_HAVE_LEFT)
    return bool(session.scalar(select(exists().where(told))))


def _most_pressing(session: Session) -> Message | None:
    """PostgreSQL passes over rows that others are taking; on SQLite the writer has the database to itself."""
    for priority in Priority:
        message = session.scalars(
            select(Message)
            .where(is_due(priority))
            .order_by(Message.not_before, Message.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).one_or_none()
        if message is not None:
            return message
    return None


def _verdict(session: Session, message: Message) -> Verdict:
    now = clock.now()
    if message.expires_at is not None and message.expires_at <= now:
        return Drop("too late")
    quiet = rules.quiet_until(now) if message.channel is Channel.SMS and not message.is_urgent else None
    return Postpone(quiet, "quiet hours") if quiet else verdict_on(session, message)


def _sent(session: Session, message: Message, accepted: Accepted) -> None:
    """Write down that a provider took it; a receipt may have come before, and somebody may have held it meanwhile."""
    message.provider, message.provider_reference = accepted.provider, accepted.reference
    if is_secret(message.kind):
        message.text, message.html = "", None
    if message.state not in {MessageState.DELIVERED, MessageState.BOUNCED, MessageState.FAILED}:
        _end_lease(message)
        message.sent_at = clock.now()
        conclude(session, message, MessageState.SENT)


def _fail(session: Session, message: Message, code: str, *, counts: bool = False) -> None:
    """One try failed: the next is later, or there is none."""
    _end_lease(message)
    message.attempts += counts
    wait = rules.wait_after(message.attempts)
    if wait is None:
        conclude(session, message, MessageState.FAILED, detail=code)
        return
    message.state, message.not_before = MessageState.QUEUED, clock.now() + wait
    note(session, message, MessageEventKind.DEFERRED, code)


def _end_lease(message: Message) -> None:
    message.lease_until = message.lease_holder = None
