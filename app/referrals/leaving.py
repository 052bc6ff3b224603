"""As a message of referrals leaves, and where it reaches nobody: what holds now counts, and somebody is told."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core import clock
from app.core.events import on
from app.notifications.events import MessageBounced, MessageFailed, MessageStopped
from app.notifications.models import Message
from app.notifications.stopping import Drop, Keep, Verdict, before_sending
from app.people.leaving import keeps_to_record
from app.people.operations.own_page import has_own_page
from app.referrals import emails
from app.referrals.codes import Recipient, TaskKind
from app.referrals.models import Referral, ReferralTask, Telling
from app.referrals.operations.loop import SAID_WITH_IT, came_back
from app.referrals.operations.moving import SUBJECT
from app.referrals.operations.tasks import owner_for, raise_task
from app.referrals.queries.previews import preview_of
from app.referrals.queries.times import definition_for, tellings
from app.referrals.rules.calendars import add_working_days

TASK_KEY = "referral-task:"
_TO_THE_PERSON = frozenset({emails.PERSON.name, emails.PREVIEW.name})


@before_sending(emails.PERSON.name)
@before_sending(emails.PREVIEW.name)
def still_safe(session: Session, message: Message) -> Verdict:
    """Nobody is written to by a way, or at a time, that their record no longer calls safe."""
    referral = session.get(Referral, message.subject_id) if message.subject_id else None
    return Drop("gone") if referral is None else keeps_to_record(referral.person, message)


@before_sending(emails.ARRIVED.name)
@before_sending(emails.GROUP.name)
def still_shared(session: Session, message: Message) -> Verdict:
    """Nobody is called to what they may not see any more: the person took the permission back while it waited."""
    referral = session.get(Referral, message.subject_id) if message.subject_id else None
    return Drop("taken back") if referral is None or referral.hidden_at is not None else Keep()


@before_sending(emails.TASK.name)
def still_to_do(session: Session, message: Message) -> Verdict:
    """Nobody is called to what has been dealt with, or is a colleague's now."""
    if not message.dedupe_key.startswith(TASK_KEY):
        return Keep()
    task = session.get(ReferralTask, UUID(message.dedupe_key.removeprefix(TASK_KEY).split(":")[0]))
    if task is None or task.done_at is not None:
        return Drop("dealt with")
    return Keep() if task.owner.email == message.recipient else Drop("passed on")


@on(MessageBounced)
def note_bounce(session: Session, event: MessageBounced) -> None:
    """A notice that came back is a task, and a message back that came back has told nobody."""
    _came_back(session, event.message)


@on(MessageFailed)
def note_failure(session: Session, event: MessageFailed) -> None:
    """As if it had come back."""
    _came_back(session, event.message)


@on(MessageStopped)
def note_stopped(session: Session, event: MessageStopped) -> None:
    """What the person says of being reached changed while a message waited: whoever looks after them has to know."""
    message = event.message
    if message.subject_type != SUBJECT or message.subject_id is None or message.kind not in _TO_THE_PERSON:
        return
    referral = session.get(Referral, message.subject_id)
    if referral is None or referral.person.erased_at is not None:
        return
    preview = preview_of(session, referral)
    if message.kind == emails.PREVIEW.name and (preview is None or not preview.is_open):
        return
    _open_again(session, referral, message)
    give_notice(session, referral, TaskKind.NOTICE_STOPPED, at_receiver=referral.hidden_at is None)


def give_notice(session: Session, referral: Referral, kind: TaskKind, *, at_receiver: bool) -> User | None:
    """A task for who answers for it at that end, or at the other where nobody does; by the next working day. Whose."""
    owner = owner_for(session, referral, kind, at_receiver=at_receiver)
    if owner is not None:
        due_on = add_working_days(clock.today(), 1, definition_for(session, referral).nation)
        raise_task(session, referral, kind, owner=owner[0], organization_id=owner[1], due_on=due_on)
    return owner[0] if owner is not None else None


def _came_back(session: Session, message: Message) -> None:
    if message.subject_type != SUBJECT or message.subject_id is None:
        return
    referral = session.get(Referral, message.subject_id)
    # A task's own notice that comes back would only make the next one.
    if referral is None or message.kind == emails.TASK.name:
        return
    to_referrer = referral.referrer is not None and referral.referrer.email == message.recipient
    for telling in session.scalars(
        select(Telling).where(Telling.referral_id == referral.id, Telling.issued_at.is_not(None)).order_by(Telling.id)
    ).all():
        if telling.read_at is None and to_referrer and telling.recipient is Recipient.REFERRER:
            came_back(session, telling)
    to_person = message.kind in _TO_THE_PERSON
    if to_person:
        _open_again(session, referral, message)
    # A word back that came back from a practice is its sender's to bring another way.
    is_word = message.dedupe_key.startswith("telling:")
    give_notice(session, referral, TaskKind.NOTICE_BOUNCED, at_receiver=to_referrer or to_person or is_word)


def _open_again(session: Session, referral: Referral, message: Message) -> None:
    """That it has ended was to reach the person by this message alone: they are still to be told."""
    ended_at = referral.ended_at if message.kind == emails.PERSON.name else None
    if ended_at is None or message.created_at < ended_at or referral.status in SAID_WITH_IT:
        return
    for telling in tellings(session, referral):
        by_message = telling.recipient is Recipient.PERSON and telling.issued_at is not None and telling.way is None
        if by_message and not has_own_page(session, referral.person_id):
            came_back(session, telling)
