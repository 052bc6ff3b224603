"""Finding what lies where nobody sees it, and giving it to a named person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Exists, Select, and_, case, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.accounts.codes import Role, UserStatus
from app.accounts.models import Membership, User
from app.core import clock
from app.core.events import announce
from app.notifications.models import Message
from app.people.models import Person
from app.referrals.codes import ENDED, ClockKind, Occasion, Status, TaskKind
from app.referrals.events import LinkWanted
from app.referrals.models import Pathway, Referral, ReferralTask, Telling
from app.referrals.operations.tasks import (
    owner_anywhere,
    owner_with_receiver,
    owner_with_referrer,
    pass_on,
    raise_task,
    settle_returned,
)
from app.referrals.parties import RECEIVING, REFERRING

AT_A_TIME = 100
# A worker that stood still for some days still reminds.
REMINDED_WITHIN = timedelta(days=14)
_ABLE = tuple(sorted({*RECEIVING, *REFERRING, Role.MANAGER}))
# Who received it and may still see it.
_RECEIVER = case((Referral.hidden_at.is_(None), Referral.receiver_organization_id))
# The same, and who is to know that they may not.
_RECEIVER_OF_TASK = case(
    (
        Referral.hidden_at.is_(None) | (ReferralTask.kind == TaskKind.PERMISSION_WITHDRAWN),
        Referral.receiver_organization_id,
    )
)
_OPEN = tuple(sorted(frozenset(Status) - ENDED - {Status.DRAFT}))


def unopened(session: Session) -> int:
    """Sent, and nobody opened it by its time: the referrer's side is told, where there is one. Says how many."""
    late = _without_task(TaskKind.NOT_OPENED).where(
        Referral.status == Status.SENT,
        Referral.acknowledged_at.is_(None),
        Referral.due_clock == ClockKind.ACKNOWLEDGE,
        Referral.due_at < clock.now(),
        _somebody_at(Referral.referrer_organization_id, _RECEIVER),
    )
    return _raise_for(session, session.scalars(late).unique().all(), TaskKind.NOT_OPENED, at_receiver=False)


def open_loops(session: Session) -> int:
    """Ended, and somebody who is to hear has not heard by its time. Says how many."""
    late = _without_task(TaskKind.LOOP_OPEN).where(
        Referral.id.in_(select(Telling.referral_id).where(Telling.done_at.is_(None), Telling.occasion == Occasion.END)),
        Referral.due_clock == ClockKind.LOOP,
        Referral.due_at < clock.now(),
        _somebody_at(Referral.referrer_organization_id, _RECEIVER),
    )
    return _raise_for(session, session.scalars(late).unique().all(), TaskKind.LOOP_OPEN, at_receiver=True)


def remind_groups(session: Session) -> int:
    """What rests or waits with a group without an account: on the day it chose it gets its link again. How many."""
    today = clock.today()
    chosen = case((Referral.status == Status.PAUSED, Referral.review_by), else_=Referral.next_check_on)
    come = (
        select(Referral)
        .where(
            Referral.receiver_organization_id.is_(None),
            Referral.status.in_((Status.PAUSED, Status.WAITING)),
            Referral.hidden_at.is_(None),
            Referral.pathway.has(Pathway.notify_email != ""),
            chosen.between(today - REMINDED_WITHIN, today),
        )
        .order_by(chosen, Referral.id)
    )
    keys = {_reminder(each): each for each in session.scalars(come).unique()}
    sent = select(Message.dedupe_key).where(Message.dedupe_key.in_(keys)).order_by(Message.dedupe_key)
    left = [keys[key] for key in sorted(keys.keys() - set(session.scalars(sent)))]
    for referral in left:
        announce(session, LinkWanted(referral, key=_reminder(referral)))
    return len(left)


def _reminder(referral: Referral) -> str:
    day = referral.review_by if referral.status is Status.PAUSED else referral.next_check_on
    return f"referral:{referral.id}:look:{day}"


def left_behind(session: Session) -> int:
    """Under way with a coordinator, or a sender, who is no longer there. Says how many."""
    with_receiver = _without_task(TaskKind.COORDINATOR_LEFT).where(
        Referral.status.in_(_OPEN),
        Referral.coordinator_id.is_not(None),
        ~_works(Referral.coordinator_id, Referral.receiver_organization_id),
        _somebody_at(_RECEIVER),
    )
    found = _raise_for(
        session, session.scalars(with_receiver).unique().all(), TaskKind.COORDINATOR_LEFT, at_receiver=True
    )
    with_referrer = _without_task(TaskKind.REFERRER_LEFT).where(
        Referral.status.in_(_OPEN),
        Referral.referrer_user_id.is_not(None),
        Referral.referrer_organization_id.is_not(None),
        ~_works(Referral.referrer_user_id, Referral.referrer_organization_id),
        _somebody_at(Referral.referrer_organization_id),
    )
    return found + _raise_for(
        session, session.scalars(with_referrer).unique().all(), TaskKind.REFERRER_LEFT, at_receiver=False
    )


def left_alone(session: Session) -> int:
    """Under way with a place where nobody can see to it any more, or from one: the other end knows. Says how many."""
    receivers_gone = _without_task(TaskKind.RECEIVER_GONE).where(
        Referral.status.in_(_OPEN),
        _RECEIVER.is_not(None),
        ~_somebody_at(_RECEIVER),
        _somebody_at(Referral.referrer_organization_id),
    )
    found = _raise_for(
        session, session.scalars(receivers_gone).unique().all(), TaskKind.RECEIVER_GONE, at_receiver=False
    )
    referrers_gone = _without_task(TaskKind.REFERRER_GONE).where(
        Referral.status.in_(_OPEN),
        Referral.referrer_organization_id.is_not(None),
        ~_somebody_at(Referral.referrer_organization_id),
        _somebody_at(_RECEIVER),
    )
    return found + _raise_for(
        session, session.scalars(referrers_gone).unique().all(), TaskKind.REFERRER_GONE, at_receiver=True
    )


def tasks_left_behind(session: Session) -> int:
    """What somebody was to look at who is no longer there goes to a colleague. Says how many."""
    left = (
        select(ReferralTask)
        .join(Referral, Referral.id == ReferralTask.referral_id)
        .where(
            ReferralTask.done_at.is_(None),
            ~_works(ReferralTask.owner_id, ReferralTask.organization_id),
            _somebody_at(Referral.referrer_organization_id, _RECEIVER_OF_TASK),
        )
        .order_by(ReferralTask.due_on, ReferralTask.id)
        .limit(AT_A_TIME)
    )
    return sum(pass_on(session, task) for task in session.scalars(left).unique().all())


def come_back(session: Session) -> int:
    """That somebody, or everybody, had left is no task any more where they are there again. Says how many."""
    over = or_(
        and_(
            ReferralTask.kind == TaskKind.COORDINATOR_LEFT,
            _works(Referral.coordinator_id, Referral.receiver_organization_id),
        ),
        and_(
            ReferralTask.kind == TaskKind.REFERRER_LEFT,
            _works(Referral.referrer_user_id, Referral.referrer_organization_id),
        ),
        and_(ReferralTask.kind == TaskKind.RECEIVER_GONE, _somebody_at(_RECEIVER)),
        and_(ReferralTask.kind == TaskKind.REFERRER_GONE, _somebody_at(Referral.referrer_organization_id)),
    )
    wanted = (
        select(ReferralTask)
        .join(Referral, Referral.id == ReferralTask.referral_id)
        .where(ReferralTask.done_at.is_(None), over)
        .order_by(ReferralTask.due_on, ReferralTask.id)
        .limit(AT_A_TIME)
    )
    found = session.scalars(wanted).unique().all()
    for task in found:
        settle_returned(session, task)
    return len(found)


def _works(user: InstrumentedAttribute[Any], place: InstrumentedAttribute[Any]) -> Exists:
    return exists().where(
        and_(
            Membership.user_id == user,
            Membership.organization_id == place,
            Membership.ended_at.is_(None),
            User.id == Membership.user_id,
            User.status == UserStatus.ACTIVE,
        )
    )


def _somebody_at(*places: ColumnElement[Any] | InstrumentedAttribute[Any]) -> Exists:
    """Whether one of them has staff who can see to it: a place that has none holds up nobody else."""
    return exists().where(
        Membership.organization_id.in_(places),
        Membership.role.in_(_ABLE),
        Membership.ended_at.is_(None),
        User.id == Membership.user_id,
        User.status == UserStatus.ACTIVE,
    )


def _without_task(kind: TaskKind) -> Select[Referral]:
    """Referrals of which nobody has been told so since they last changed, and whose record was not erased.

    A task that nobody dealt with, because it was settled by itself, tells nobody when it is so again.
    """
    told = exists().where(
        ReferralTask.referral_id == Referral.id,
        ReferralTask.kind == kind,
        ReferralTask.done_at.is_(None)
        | (ReferralTask.done_by_id.is_not(None) & (ReferralTask.created_at > Referral.changed_at)),
    )
    is_kept = Referral.person.has(Person.erased_at.is_(None))
    return select(Referral).where(~told, is_kept).order_by(Referral.due_at, Referral.id).limit(AT_A_TIME)


def _raise_for(session: Session, found: Iterable[Referral], kind: TaskKind, *, at_receiver: bool) -> int:
    end = {
        TaskKind.COORDINATOR_LEFT: owner_with_receiver,
        TaskKind.REFERRER_LEFT: owner_with_referrer,
    }.get(kind)
    raised = 0
    for referral in found:
        owner = end(session, referral) if end else owner_anywhere(session, referral, at_receiver=at_receiver)
        if owner is not None:
            raise_task(session, referral, kind, owner=owner[0], organization_id=owner[1], due_on=clock.today())
            raised += 1
    return raised
