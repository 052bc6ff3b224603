"""The desks: what waits for whom, counted and listed in the database, as far as the actor may see."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.codes import Role
from app.accounts.models import User
from app.accounts.queries import staff_holding
from app.core import clock
from app.core.actor import Actor
from app.people.models import Person
from app.people.rules.matching import name_parts
from app.referrals.codes import Attendance, DangerCall, Occasion, Status
from app.referrals.models import Appointment, MessagePreview, Referral, ReferralTask, Telling
from app.referrals.parties import REFERRING
from app.referrals.scope import sent_by, sent_to, visible_to

PAGE = 50
SOON = timedelta(days=1)
LONGEST_EXPORT = 20_000
_TO_TRIAGE = (Status.SENT, Status.INFO_REQUESTED)
_AT_WORK = (Status.ACCEPTED, Status.WAITING, Status.ACTIVE, Status.PAUSED)
_WITH_RECEIVER = (*_TO_TRIAGE, *_AT_WORK)

Statement = Select[Referral]
Narrowing = Callable[[Statement, Actor], Statement]


@dataclass(frozen=True, slots=True)
class Row:
    """A referral in a list, whether its loop is open, whether the person reads the word back, and a task about it."""

    referral: Referral
    loop_is_open: bool
    has_task: bool
    is_read_first: bool


def _loop_open() -> Select[UUID]:
    return select(Telling.referral_id).where(Telling.done_at.is_(None), Telling.occasion == Occasion.END)


def _start_of_month() -> datetime:
    return datetime.combine(clock.today().replace(day=1), time(), clock.LONDON)


def _needs_me(statement: Statement, actor: Actor) -> Statement:
    return statement.where(
        sent_by(actor),
        Referral.status.in_((Status.INFO_REQUESTED, Status.DRAFT)),
    )


def _waiting(statement: Statement, actor: Actor) -> Statement:
    wanted = (Status.SENT, *_AT_WORK)
    return statement.where(sent_by(actor), Referral.status.in_(wanted))


def _answered(statement: Statement, actor: Actor) -> Statement:
    since = clock.now() - timedelta(days=28)
    wanted = (Status.REJECTED, Status.REDIRECTED, Status.COMPLETED, Status.ENDED_EARLY)
    return statement.where(sent_by(actor), Referral.status.in_(wanted), Referral.changed_at >= since)


def _this_month(statement: Statement, actor: Actor) -> Statement:
    return statement.where(sent_by(actor), Referral.sent_at >= _start_of_month())


def _triage(statement: Statement, actor: Actor) -> Statement:
    return statement.where(sent_to(actor), Referral.status.in_(_TO_TRIAGE))


def _overdue(statement: Statement, actor: Actor) -> Statement:
    return statement.where(sent_to(actor), Referral.due_at < clock.now())


def _due_soon(statement: Statement, actor: Actor) -> Statement:
    now = clock.now()
    return statement.where(sent_to(actor), Referral.due_at >= now, Referral.due_at < now + SOON)


def _unallocated(statement: Statement, actor: Actor) -> Statement:
    return statement.where(sent_to(actor), Referral.status.in_(_AT_WORK), Referral.coordinator_id.is_(None))


def _with_us(statement: Statement, actor: Actor) -> Statement:
    return statement.where(sent_to(actor), Referral.status.in_(_AT_WORK))


def _waiting_list(statement: Statement, actor: Actor) -> Statement:
    return statement.where(sent_to(actor), Referral.status == Status.WAITING)


def _mine(statement: Statement, actor: Actor) -> Statement:
    return statement.where(sent_to(actor), Referral.status.in_(_AT_WORK), Referral.coordinator_id == actor.user_id)


def _my_overdue(statement: Statement, actor: Actor) -> Statement:
    return statement.where(sent_to(actor), Referral.coordinator_id == actor.user_id, Referral.due_at < clock.now())


def _today(statement: Statement, actor: Actor) -> Statement:
    begins = datetime.combine(clock.today(), time(), clock.LONDON)
    meets = exists().where(
        Appointment.referral_id == Referral.id,
        Appointment.with_id == actor.user_id,
        Appointment.starts_at >= begins,
        Appointment.starts_at < begins + timedelta(days=1, hours=1),
        Appointment.attendance == Attendance.FUTURE,
    )
    is_due = and_(Referral.due_at >= begins, Referral.due_at < begins + timedelta(days=1, hours=1))
    return statement.where(sent_to(actor), Referral.coordinator_id == actor.user_id, or_(is_due, meets))


def _loop(statement: Statement, actor: Actor) -> Statement:
    return statement.where(sent_to(actor), Referral.id.in_(_loop_open()))


def _late(statement: Statement, actor: Actor) -> Statement:
    return statement.where(sent_by(actor), Referral.status.in_(_WITH_RECEIVER), Referral.due_at < clock.now())


def _to_hear(statement: Statement, actor: Actor) -> Statement:
    return statement.where(sent_by(actor), Referral.id.in_(_loop_open()))


def _ended_with_us(statement: Statement, actor: Actor) -> Statement:
    # What has ended says when, and nothing else does: the status need not be asked for.
    return statement.where(sent_to(actor), Referral.ended_at >= clock.now() - timedelta(days=28))


# What waits, by the name it has in the address.
LISTS: Mapping[str, Narrowing] = {
    "needs-me": _needs_me,
    "waiting": _waiting,
    "answered": _answered,
    "late": _late,
    "to-hear": _to_hear,
    "this-month": _this_month,
    "triage": _triage,
    "overdue": _overdue,
    "due-soon": _due_soon,
    "unallocated": _unallocated,
    "with-us": _with_us,
    "waiting-list": _waiting_list,
    "mine": _mine,
    "my-overdue": _my_overdue,
    "today": _today,
    "loop": _loop,
    "ended": _ended_with_us,
}
_BY_DUE = frozenset(
    {"triage", "overdue", "due-soon", "unallocated", "with-us", "mine", "my-overdue", "today", "late", "to-hear"}
)


def count(session: Session, actor: Actor, name: str) -> int:
    """How many referrals are in a list."""
    statement = LISTS[name](select(Referral), actor).with_only_columns(func.count(Referral.id)).order_by(None)
    return session.scalar(statement) or 0


def listed(session: Session, actor: Actor, name: str, *, page: int = 1) -> tuple[list[Row], int]:
    """The referrals of a list, most pressing first, and how many there are."""
    order = _order_of(name)
    # Which they are, and how many, is found once and by what is short of them; only a page of them is read whole.
    narrowed = LISTS[name](select(Referral), actor).with_only_columns(Referral.id, func.count().over())
    found = session.execute(narrowed.order_by(*order).limit(PAGE).offset((page - 1) * PAGE)).all()
    wanted = _whole().where(Referral.id.in_([referral_id for referral_id, _number in found])).order_by(*order)
    rows = list(session.scalars(wanted).unique()) if found else []
    return _rows(session, rows), found[0][1] if found else count(session, actor, name)


def _order_of(name: str) -> tuple[Any, ...]:
    """In which order a list comes."""
    if name == "waiting-list":
        return _urgent_first(), Referral.waiting_since, Referral.id
    if name == "ended":
        return Referral.ended_at.desc(), Referral.id
    if name == "triage":
        # Nothing urgent was ticked, so no clock hurries it: only its place says that it is to be read first.
        return Referral.danger != DangerCall.IN_WORDS, *_first_due()
    if name in _BY_DUE:
        return _first_due()
    return Referral.changed_at.desc(), Referral.id


def export(session: Session, actor: Actor, name: str | None, *, only: Sequence[UUID] = ()) -> list[Referral]:
    """Everything in a list, for a file; without the name of one, those of `only` that the actor may see."""
    chosen = _whole().where(visible_to(actor), Referral.id.in_(only)) if name is None else LISTS[name](_whole(), actor)
    statement = chosen.order_by(Referral.changed_at.desc(), Referral.id).limit(LONGEST_EXPORT)
    return list(session.scalars(statement).unique())


def search(session: Session, actor: Actor, words: str) -> list[Row]:
    """Referrals that the actor may see, by reference or by the name of the person."""
    text = words.strip()
    if not text:
        return []
    by_reference = _whole().where(visible_to(actor), Referral.reference == text.upper().replace(" ", "-"))
    found = list(session.scalars(by_reference.order_by(Referral.id)).unique())
    return _rows(session, found or _named(session, actor, text))


def _named(session: Session, actor: Actor, text: str) -> list[Referral]:
    """Those of people whose name has all the words, latest first."""
    named = [
        or_(
            Person.search_name.startswith(part, autoescape=True),
            Person.search_name.contains(f" {part}", autoescape=True),
        )
        for part in sorted(name_parts(text))[:6]
    ]
    if not named:
        return []
    # From the people to their referrals, and not the other way: of those there are fewer, and their names are short.
    people = select(Person.id).where(*named)
    latest = (Referral.changed_at.desc(), Referral.id)
    # The latest are found by what is short of them; only those few are read whole.
    found = select(Referral.id).where(Referral.person_id.in_(people), visible_to(actor)).order_by(*latest).limit(PAGE)
    statement = _whole().where(Referral.id.in_(session.scalars(found).all()))
    return list(session.scalars(statement.order_by(*latest)).unique())


def my_tasks(session: Session, actor: Actor) -> list[ReferralTask]:
    """What the actor has to look at, the earliest first."""
    return list(
        session.scalars(
            select(ReferralTask)
            .where(
                ReferralTask.owner_id == actor.user_id,
                ReferralTask.organization_id == actor.organization_id,
                ReferralTask.done_at.is_(None),
            )
            .order_by(ReferralTask.due_on, ReferralTask.id)
            .limit(200)
        ).unique()
    )


def count_my_tasks(session: Session, actor: Actor) -> int:
    """How many there are."""
    return (
        session.scalar(
            select(func.count(ReferralTask.id)).where(
                ReferralTask.owner_id == actor.user_id,
                ReferralTask.organization_id == actor.organization_id,
                ReferralTask.done_at.is_(None),
            )
        )
        or 0
    )


def letters(session: Session, actor: Actor, *, unread: bool = True) -> list[Telling]:
    """Messages about people of the practice whom it did not refer itself, latest first."""
    statement = select(Telling).where(
        Telling.organization_id == actor.organization_id,
        Telling.issued_at.is_not(None),
        Telling.recipient == "gp",
        Telling.forbidden_noted_at.is_(None),
    )
    if unread:
        statement = statement.where(Telling.read_at.is_(None))
    return list(session.scalars(statement.order_by(Telling.issued_at.desc(), Telling.id).limit(100)).unique())


def count_letters(session: Session, actor: Actor) -> int:
    """How many nobody has read."""
    return (
        session.scalar(
            select(func.count(Telling.id)).where(
                Telling.organization_id == actor.organization_id,
                Telling.issued_at.is_not(None),
                Telling.recipient == "gp",
                Telling.forbidden_noted_at.is_(None),
                Telling.read_at.is_(None),
            )
        )
        or 0
    )


def readers_at(session: Session, organization_id: UUID | None) -> list[User]:
    """Who refers people there and reads what comes back, by name."""
    return _holding(session, organization_id, *REFERRING)


def managers_at(session: Session, organization_id: UUID | None) -> list[User]:
    """Who answers for the work there, by name."""
    return _holding(session, organization_id, Role.MANAGER)


def _holding(session: Session, organization_id: UUID | None, *roles: Role) -> list[User]:
    return list(staff_holding(session, organization_id, roles)) if organization_id is not None else []


def _whole() -> Statement:
    return select(Referral).options(joinedload(Referral.person), joinedload(Referral.pathway))


def _first_due() -> tuple[Any, ...]:
    return Referral.due_at.is_(None), Referral.due_at, Referral.id


def _urgent_first() -> ColumnElement[int]:
    return case((Referral.priority == "routine", 1), else_=0)


def _rows(session: Session, found: list[Referral]) -> list[Row]:
    ids = [each.id for each in found]
    open_loops = set(session.scalars(_loop_open().where(Telling.referral_id.in_(ids)).order_by(Telling.referral_id)))
    tasked = set(
        session.scalars(
            select(ReferralTask.referral_id)
            .where(ReferralTask.referral_id.in_(ids), ReferralTask.done_at.is_(None))
            .order_by(ReferralTask.referral_id)
        )
    )
    read_first = set(
        session.scalars(
            select(MessagePreview.referral_id)
            .where(MessagePreview.referral_id.in_(open_loops), MessagePreview.done_at.is_(None))
            .order_by(MessagePreview.referral_id)
        )
    )
    return [Row(each, each.id in open_loops, each.id in tasked, each.id in read_first) for each in found]
