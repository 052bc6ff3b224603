"""The person reads the word back before it goes, where they can, and says whether it is right.

Nothing waits for ever: after the time that the pathway gives it goes, as far as the permissions of that moment allow.
Where the person asked for a change that nobody has made by then, what was written about them stays here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import SYSTEM, Actor
from app.core.errors import InvalidInput, NotFound, Refused
from app.core.events import announce
from app.core.text import clean
from app.people.codes import ContactChannel
from app.people.operations.own_page import has_own_page, safe_way
from app.people.queries import safety_of
from app.people.rules.contact import may_contact
from app.referrals.codes import Destination, Party, PreviewState, TaskKind
from app.referrals.events import PreviewOffered
from app.referrals.models import MessagePreview, Referral, ReferralTask, Telling
from app.referrals.operations.due import set_due
from app.referrals.operations.loop import send_on
from app.referrals.operations.moving import held_whatever, locked, touch
from app.referrals.operations.tasks import finish_task, owner_anywhere, raise_task, settle_about_word
from app.referrals.parties import parties_of
from app.referrals.queries.previews import is_own, preview_of
from app.referrals.queries.times import definition_for
from app.referrals.rules.calendars import add_working_days, end_of, local_day

SUBJECT = "referral_preview"
GONE = "It has gone already. Talk with whoever helped you."
AT_A_TIME = 100
# How long the worker has to make the change that somebody asked for.
DAYS_TO_CHANGE = 2
LONGEST_WISH = 2000


@dataclass(frozen=True, slots=True)
class WordBack:
    """What a worker writes for those who hear how it ended."""

    summary: str
    next_step: str = ""
    detail: str = ""


def can_read_first(session: Session, referral: Referral) -> bool:
    """Whether the pathway lets people read the word back first, and whether this person has a way to."""
    if not definition_for(session, referral).preview_days:
        return False
    return has_own_page(session, referral.person_id) or safe_way(referral.person) is not None


def offer(session: Session, actor: Actor, referral: Referral, held_back: list[Telling]) -> MessagePreview | None:
    """Show the person what those held back are to hear. With nobody to hear anything there is nothing to show."""
    if referral.destination is Destination.DIED or not can_read_first(session, referral):
        raise InvalidInput("They cannot read the message first. Choose another answer.")
    if not held_back:
        return None
    preview = MessagePreview(
        referral_id=referral.id, referral=referral, number=held_back[0].number, goes_at=_ends(session, referral)
    )
    session.add(preview)
    session.flush()
    _record(session, actor, preview, Action.CREATED)
    announce(session, PreviewOffered(preview))
    return preview


def agree(session: Session, actor: Actor, preview_id: UUID, *, only_the_end: bool = False) -> MessagePreview:
    """It is right: it goes at once. Or it is not, and only that it has ended is told, without words about them."""
    preview = _own(session, actor, preview_id)
    preview.state = PreviewState.ONLY_THE_END if only_the_end else PreviewState.AGREED
    preview.answered_at = clock.now()
    _record(session, actor, preview, Action.CHANGED)
    _release(session, actor, preview, words=not only_the_end)
    _settle_task(session, SYSTEM, preview.referral)
    return preview


def ask_change(session: Session, actor: Actor, preview_id: UUID, *, wish: str) -> MessagePreview:
    """Something in it is not right: whoever looks after the person is told, and has two working days at least."""
    preview, words = _own(session, actor, preview_id), clean(wish)
    if not words or len(words) > LONGEST_WISH:
        raise InvalidInput("Say what should be different, in 2,000 characters or fewer.")
    preview.state, preview.wish, preview.answered_at = PreviewState.CHANGE_ASKED, words, clock.now()
    due = add_working_days(local_day(clock.now()), DAYS_TO_CHANGE, definition_for(session, preview.referral).nation)
    preview.goes_at = max(preview.goes_at, end_of(due))
    session.flush()
    _record(session, actor, preview, Action.CHANGED)
    _raise_task(session, preview.referral)
    return preview


def heed(session: Session, preview: MessagePreview, words: str) -> None:
    """What the person wrote beside their answer sounds like danger: it is kept, and read today by who looks after them.

    Whatever they answered: nobody asks for words beside a yes, and nobody may overlook these.
    """
    preview.wish = clean(words)[:LONGEST_WISH]
    session.flush()
    _raise(session, preview.referral, TaskKind.DANGER_IN_WISH, due_on=clock.today())


def change(
    session: Session,
    actor: Actor,
    referral: Referral,
    told: WordBack,
    *,
    again: bool,
    version: int,
) -> MessagePreview:
    """Write the word back anew, and show it to the person again or send it now."""
    held = locked(session, referral.id, version)
    preview = preview_of(session, held)
    if not parties_of(actor, held) & {Party.WORKER, Party.MANAGER} or preview is None:
        raise NotFound("message")
    if not (preview.is_open or preview.is_kept_back):
        raise Refused("This message has gone already.")
    held.closing_summary, held.closing_detail = clean(told.summary)[:5000], clean(told.detail)[:5000]
    held.next_step = clean(told.next_step)[:2000]
    touch(session, held)
    _settle_task(session, actor, held)
    if again:
        _show_again(session, actor, preview)
    else:
        preview.state = PreviewState.SENT_BY_WORKER
        _release(session, actor, preview, words=True)
    _record(session, actor, preview, Action.CHANGED)
    return preview


def due(session: Session) -> list[UUID]:
    """Those whose time has run out, the earliest first."""
    late = select(MessagePreview.id).where(MessagePreview.done_at.is_(None), MessagePreview.goes_at <= clock.now())
    return list(session.scalars(late.order_by(MessagePreview.goes_at, MessagePreview.id).limit(AT_A_TIME)))


def let_go(session: Session, preview_id: UUID) -> bool:
    """The time has run out: it goes without an answer; where a change was asked for, without words. Says whether."""
    preview = _held(session, preview_id)
    if preview is None or not preview.is_open or preview.goes_at > clock.now():
        return False
    is_wished = preview.state is PreviewState.CHANGE_ASKED
    if is_wished:
        _raise_task(session, preview.referral)
    else:
        preview.state = PreviewState.NOT_ANSWERED
    _record(session, SYSTEM, preview, Action.CHANGED)
    _release(session, SYSTEM, preview, words=not is_wished)
    return True


def call_off(session: Session, referral: Referral) -> None:
    """The ending does not hold: what nobody has been told of it is not told, and nothing of it stays open."""
    preview = preview_of(session, referral)
    if preview is not None and preview.is_open:
        preview.state, preview.done_at = PreviewState.CALLED_OFF, clock.now()
    undone = (Telling.referral_id == referral.id, Telling.done_at.is_(None))
    session.execute(delete(Telling).where(*undone, Telling.issued_at.is_(None)))
    for telling in session.scalars(select(Telling).where(*undone).order_by(Telling.id)).all():
        telling.done_at = clock.now()
    session.flush()
    _settle_task(session, SYSTEM, referral)


def _ends(session: Session, referral: Referral) -> datetime:
    """The days of the pathway, from when the person can be told that there is something to read."""
    days = definition_for(session, referral).preview_days or 0
    way = safe_way(referral.person)
    starts = None
    if way is not None and not has_own_page(session, referral.person_id):
        starts = may_contact(safety_of(referral.person), ContactChannel(way.value), clock.now()).next_at
    return (starts or clock.now()) + timedelta(days=days)


def _held(session: Session, preview_id: UUID) -> MessagePreview | None:
    referral_id = session.scalar(select(MessagePreview.referral_id).where(MessagePreview.id == preview_id))
    if referral_id is None:
        return None
    held_whatever(session, referral_id)
    return session.get(MessagePreview, preview_id, populate_existing=True)


def _own(session: Session, actor: Actor, preview_id: UUID) -> MessagePreview:
    preview = _held(session, preview_id)
    if preview is None or not is_own(session, actor, preview.referral):
        raise NotFound("message")
    if not preview.is_open:
        raise Refused(GONE)
    return preview


def _release(session: Session, actor: Actor, preview: MessagePreview, *, words: bool) -> None:
    """Let it go to those it was held back from."""
    preview.done_at = clock.now()
    session.flush()
    send_on(session, actor, preview.referral, number=preview.number, words=words)
    set_due(session, preview.referral)
    settle_about_word(session, actor, preview.referral)


def _show_again(session: Session, actor: Actor, preview: MessagePreview) -> None:
    if not can_read_first(session, preview.referral):
        raise InvalidInput("They cannot read it any more. Send it now.")
    preview.state, preview.done_at, preview.answered_at = PreviewState.READING, None, None
    preview.times += 1
    preview.goes_at = _ends(session, preview.referral)
    session.flush()
    set_due(session, preview.referral)
    _record(session, actor, preview, Action.CREATED)
    announce(session, PreviewOffered(preview))


def _raise_task(session: Session, referral: Referral) -> None:
    by = add_working_days(clock.today(), 1, definition_for(session, referral).nation)
    _raise(session, referral, TaskKind.CHANGE_ASKED, due_on=by)


def _raise(session: Session, referral: Referral, kind: TaskKind, *, due_on: date) -> None:
    owner = owner_anywhere(session, referral, at_receiver=True)
    if owner is not None:
        raise_task(session, referral, kind, owner=owner[0], organization_id=owner[1], due_on=due_on)


def _settle_task(session: Session, actor: Actor, referral: Referral) -> None:
    """The wish is dealt with, and so is the task that it made."""
    wanted = select(ReferralTask).where(
        ReferralTask.referral_id == referral.id,
        ReferralTask.kind == TaskKind.CHANGE_ASKED,
        ReferralTask.done_at.is_(None),
    )
    for task in session.scalars(wanted.order_by(ReferralTask.id)).unique().all():
        if actor.organization_id == task.organization_id:
            finish_task(session, actor, task.id)
        else:
            task.done_at = clock.now()
            session.flush()


def _record(session: Session, actor: Actor, preview: MessagePreview, action: Action) -> None:
    about = (SUBJECT, preview.id)
    record(session, actor, action, about, person_id=preview.referral.person_id, reason=preview.state.value)
