"""Tasks: what a named person has to look at, so that nothing lies where nobody sees it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.accounts.models import User
from app.accounts.queries import staff_holding
from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import SYSTEM, Actor
from app.core.errors import NotFound, Refused
from app.core.events import announce
from app.core.text import clean
from app.referrals.codes import ENDED, TaskKind
from app.referrals.events import TaskRaised
from app.referrals.models import Referral, ReferralTask
from app.referrals.parties import RECEIVING, REFERRING
from app.referrals.queries.times import definition_for, loop_closed_at
from app.referrals.rules.calendars import add_working_days


def raise_task(
    session: Session, referral: Referral, kind: TaskKind, *, owner: User, organization_id: UUID, due_on: date
) -> ReferralTask:
    """Give somebody something to look at; while it is open, the same is not given twice."""
    found = session.scalars(
        select(ReferralTask)
        .where(ReferralTask.referral_id == referral.id, ReferralTask.kind == kind, ReferralTask.done_at.is_(None))
        .order_by(ReferralTask.id)
    ).one_or_none()
    if found is not None:
        return found
    task = ReferralTask(
        referral_id=referral.id, kind=kind, organization_id=organization_id, owner_id=owner.id, due_on=due_on
    )
    session.add(task)
    session.flush()
    record(session, SYSTEM, Action.CREATED, ("referral_task", task.id), person_id=referral.person_id, reason=kind.value)
    announce(session, TaskRaised(task))
    return task


def ask_to_tell_person(session: Session, referral: Referral) -> None:
    """It was not taken on, and whoever referred the person is to tell them so by the next working day."""
    owner = owner_with_referrer(session, referral)
    if owner is not None:
        due_on = add_working_days(clock.today(), 1, definition_for(session, referral).nation)
        raise_task(session, referral, TaskKind.TELL_PERSON, owner=owner[0], organization_id=owner[1], due_on=due_on)


def pass_on(session: Session, task: ReferralTask) -> bool:
    """Its owner is there no longer: whoever answers for it at that end has it now, else at the other. Says whether."""
    referral = task.referral
    at_receiver = task.organization_id != referral.referrer_organization_id
    owner = owner_for(session, referral, task.kind, at_receiver=at_receiver)
    if owner is None:
        return False
    task.owner_id, task.organization_id = owner[0].id, owner[1]
    session.flush()
    session.refresh(task, ["owner"])
    about = ("referral_task", task.id)
    record(session, SYSTEM, Action.CHANGED, about, person_id=referral.person_id, fields=("owner_id",))
    announce(session, TaskRaised(task))
    return True


def finish_task(session: Session, actor: Actor, task_id: UUID, *, note: str = "") -> ReferralTask:
    """Somebody of the organisation has dealt with it."""
    task = session.scalars(
        select(ReferralTask)
        .where(ReferralTask.id == task_id, ReferralTask.organization_id == actor.organization_id)
        .with_for_update(of=ReferralTask)
        .order_by(ReferralTask.id)
    ).one_or_none()
    if task is None:
        raise NotFound("task")
    if task.done_at is not None:
        raise Refused("Somebody has dealt with this already.")
    if task.kind is TaskKind.COORDINATOR_LEFT:
        raise Refused("Choose another worker first.")
    if task.kind is TaskKind.DECIDE:
        raise Refused("Write down first what was decided.")
    task.done_at, task.done_by_id, task.note = clock.now(), actor.user_id, clean(note)[:1000]
    session.flush()
    record(session, actor, Action.CHANGED, ("referral_task", task.id), person_id=task.referral.person_id)
    return task


def settle_moved(session: Session, referral: Referral) -> None:
    """What has been opened, or is over, needs nobody to see that it is; nor does what has a worker who is there."""
    is_over = referral.status in ENDED
    if is_over or referral.acknowledged_at is not None:
        _settle(session, SYSTEM, referral, TaskKind.NOT_OPENED)
    owner = owner_with_receiver(session, referral)
    if is_over or (owner is not None and owner[0].id == referral.coordinator_id):
        _settle(session, SYSTEM, referral, TaskKind.COORDINATOR_LEFT)
    if is_over:
        _settle(session, SYSTEM, referral, TaskKind.RECEIVER_GONE, TaskKind.MISSED_ONCE, TaskKind.DECIDE)


def settle_returned(session: Session, task: ReferralTask) -> None:
    """Whoever had left is there again: that they had is nothing to look at."""
    task.done_at = clock.now()
    session.flush()
    about = ("referral_task", task.id)
    record(session, SYSTEM, Action.CHANGED, about, person_id=task.referral.person_id, fields=("done_at",))


def settle_about_word(session: Session, actor: Actor, referral: Referral) -> None:
    """Once everybody has heard how it ended, who was to see to that need not any more."""
    if loop_closed_at(session, referral) is not None:
        _settle(session, actor, referral, TaskKind.LOOP_OPEN, TaskKind.WORD_ASKED)


def settle_practice(session: Session, actor: Actor, referral: Referral) -> None:
    """The practice has heard of missed appointments, or is not to any more."""
    _settle(session, actor, referral, TaskKind.TELL_PRACTICE)


def settle_missed(session: Session, actor: Actor, referral: Referral) -> None:
    """A person has decided how it goes on or ends: the receiver's tasks about missed appointments are dealt with.

    What the referrer is to look at stays theirs.
    """
    _settle(session, actor, referral, TaskKind.MISSED_ONCE, TaskKind.DECIDE)
    place = referral.receiver_organization_id
    _settle(session, actor, referral, TaskKind.MISSED_TWICE, only_at=place)


def settle_reached(session: Session, actor: Actor, referral: Referral) -> None:
    """The person was reached, or has another appointment: nobody needs to try any more. What to decide stays."""
    _settle(session, actor, referral, TaskKind.MISSED_ONCE)


def settle_hidden(session: Session, referral: Referral) -> None:
    """The receiver may see it no longer: what it had to look at is not its any more."""
    _end_open(session, referral, ReferralTask.organization_id == referral.receiver_organization_id)


def settle_taken_back(session: Session, actor: Actor, referral: Referral) -> None:
    """It was withdrawn, as the person wished."""
    _settle(session, actor, referral, TaskKind.PERMISSION_WITHDRAWN)


def settle_all(session: Session, referral: Referral) -> None:
    """The record was erased: nobody has anything to look at any more."""
    _end_open(session, referral)


def _end_open(session: Session, referral: Referral, *only: ColumnElement[bool]) -> None:
    wanted = select(ReferralTask).where(ReferralTask.referral_id == referral.id, ReferralTask.done_at.is_(None), *only)
    for task in session.scalars(wanted.order_by(ReferralTask.id)).unique().all():
        task.done_at = clock.now()
    session.flush()


def _settle(session: Session, actor: Actor, referral: Referral, *kinds: TaskKind, only_at: UUID | None = None) -> None:
    wanted = select(ReferralTask).where(
        ReferralTask.referral_id == referral.id,
        ReferralTask.kind.in_(kinds),
        ReferralTask.done_at.is_(None),
        (ReferralTask.organization_id == only_at) if only_at is not None else true(),
    )
    for task in session.scalars(wanted.order_by(ReferralTask.id)).unique().all():
        task.done_at, task.done_by_id = clock.now(), actor.user_id
    session.flush()


def owner_with_receiver(session: Session, referral: Referral) -> tuple[User, UUID] | None:
    """Who answers for it where it was sent; nobody does where the person took back that it is seen there."""
    return _owner_where_sent(session, referral) if referral.hidden_at is None else None


def owner_with_referrer(session: Session, referral: Referral) -> tuple[User, UUID] | None:
    """Who answers for it where it came from: whoever sent it if still there, else who can open it, else a manager."""
    place = referral.referrer_organization_id
    return None if place is None else _first_of(session, place, referral.referrer_user_id, REFERRING)


def owner_anywhere(session: Session, referral: Referral, *, at_receiver: bool) -> tuple[User, UUID] | None:
    """One at the wanted end, or at the other where there is nobody."""
    ends = (owner_with_receiver, owner_with_referrer) if at_receiver else (owner_with_referrer, owner_with_receiver)
    return next((found for end in ends if (found := end(session, referral)) is not None), None)


def owner_for(session: Session, referral: Referral, kind: TaskKind, *, at_receiver: bool) -> tuple[User, UUID] | None:
    """Who is to look at a task of this kind, at the wanted end if there is somebody.

    That it may not be seen any more is told where it was sent too: else what is planned there would go on.
    """
    found = owner_anywhere(session, referral, at_receiver=at_receiver)
    if found is None and kind is TaskKind.PERMISSION_WITHDRAWN:
        found = _owner_where_sent(session, referral)
    return found


def _owner_where_sent(session: Session, referral: Referral) -> tuple[User, UUID] | None:
    """The coordinator if still there, else a manager, else any worker."""
    place = referral.receiver_organization_id
    return None if place is None else _first_of(session, place, referral.coordinator_id, (*RECEIVING, Role.MANAGER))


def _first_of(
    session: Session, organization_id: UUID, wanted_id: UUID | None, openers: tuple[Role, ...]
) -> tuple[User, UUID] | None:
    there = staff_holding(session, organization_id, {*openers, Role.MANAGER})
    if not there:
        return None
    able = [user for user, roles in there.items() if not roles.isdisjoint(openers)] or list(there)
    best = min(able, key=lambda user: (user.id != wanted_id, Role.MANAGER not in there[user]))
    return best, organization_id
