"""Putting courses and groups on: a run, its sessions made by a rule, and the places in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.booking.codes import PoolKind, WhoMayBook
from app.booking.models import (
    BookableSession,
    Course,
    Facilitator,
    Pool,
    Room,
    Run,
    SessionFacilitator,
    Term,
)
from app.booking.queries import programme
from app.booking.rules.clashes import Clash, Slot, clashes
from app.booking.rules.repetition import Break, Occurrence, Repetition, occurrences
from app.core import clock
from app.core.actor import Actor
from app.core.errors import InvalidInput, Refused
from app.directory.models import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A room or a facilitator that another session has at the time."""

    what: str
    by: str
    starts_at: datetime


class Clashing(Refused):
    """A room or a facilitator is taken; `taken` says which, by what and when."""

    def __init__(self, taken: Sequence[Taken]) -> None:
        super().__init__("; ".join(f"{one.what}: {one.by}" for one in taken))
        self.taken = taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a course or group is put on. `run_id`: what its run is to be known by, if it is said."""

    rule: Repetition
    kind: PoolKind
    capacity: int
    name: str = ""
    room_id: UUID | None = None
    facilitator_ids: tuple[UUID, ...] = ()
    term_id: UUID | None = None
    who: WhoMayBook = WhoMayBook.ANYONE
    area: str = ""
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    youngest: int | None = None
    oldest: int | None = None
    limit_each: int | None = None
    most_together: int = 2
    has_waiting_list: bool = True
    run_id: UUID | None = None


def offer_listing(session: Session, actor: Actor, service: Service, organization_id: UUID) -> Course:
    """Let a listing be booked through Waymark, by its own organisation."""
    found = programme.course_for(session, service.id)
    if found is None:
        found = Course(service=service, organization_id=organization_id)
        session.add(found)
        session.flush()
        record(session, actor, Action.CREATED, ("course", found.id))
    if found.organization_id != organization_id:
        raise InvalidInput("Another organisation runs this one.")
    return found


def make_run(session: Session, actor: Actor, course: Course, plan: Plan) -> Run:
    """A run that the public does not see yet. InvalidInput where the rule makes no sense, Clashing where it hinders."""
    wanted = occurrences(with_pauses(session, plan))
    _check_clashes(session, course.organization_id, plan, wanted)
    run = Run(course=course, organization_id=course.organization_id, **terms_told(plan))
    rooms = [plan.room_id] * len(wanted)
    lay_out(session, actor, run, wanted, plan.capacity, rooms=rooms, facilitator_ids=plan.facilitator_ids)
    return run


def lay_out(
    session: Session,
    actor: Actor,
    run: Run,
    wanted: Sequence[Occurrence],
    capacity: int,
    *,
    rooms: Sequence[UUID | None],
    facilitator_ids: tuple[UUID, ...] = (),
) -> None:
    """Keep a new run with its sessions and their places, each in the room beside it in `rooms`."""
    session.add(run)
    session.flush()
    made = [_session(session, run, one, where, facilitator_ids) for one, where in zip(wanted, rooms, strict=True)]
    _add_pools(session, run, made, capacity)
    record(session, actor, Action.CREATED, ("run", run.id))


def with_pauses(session: Session, plan: Plan) -> Repetition:
    """The rule with the half-term of its term left out."""
    term = session.get(Term, plan.term_id) if plan.term_id else None
    if term is None or term.pause_from is None or term.pause_to is None:
        return plan.rule
    rule = plan.rule
    pause = Break(first=term.pause_from, last=term.pause_to)
    values = {name: getattr(rule, name) for name in Repetition.__slots__}
    return Repetition(**(values | {"breaks": (*rule.breaks, pause)}))


def terms_told(plan: Plan) -> dict[str, object]:
    """What of a plan its run keeps."""
    names = (
        "name kind term_id who area opens_at closes_at youngest oldest limit_each most_together has_waiting_list"
    ).split()
    kept = {name: getattr(plan, name) for name in names}
    return kept | {"id": plan.run_id} if plan.run_id else kept


def _session(
    session: Session, run: Run, one: Occurrence, room_id: UUID | None, facilitator_ids: Iterable[UUID]
) -> BookableSession:
    made = BookableSession(run=run, starts_at=one.starts_at, ends_at=one.ends_at, wall_start=one.wall, room_id=room_id)
    session.add(made)
    session.flush()
    for facilitator_id in facilitator_ids:
        session.add(SessionFacilitator(session_id=made.id, facilitator_id=facilitator_id))
    session.flush()
    return made


def _add_pools(session: Session, run: Run, made: Sequence[BookableSession], capacity: int) -> None:
    if run.kind is PoolKind.RUN:
        groups: list[tuple[BookableSession | None, Sequence[BookableSession]]] = [(None, made)]
    else:
        groups = [(one, [one]) for one in made]
    for own, sessions in groups:
        session.add(
            Pool(
                run=run,
                session_id=own.id if own else None,
                kind=run.kind,
                capacity=capacity,
                starts_at=min(one.starts_at for one in sessions),
                ends_at=max(one.ends_at for one in sessions),
            )
        )
    session.flush()


def publish(session: Session, actor: Actor, run: Run) -> None:
    """Show a run to the public."""
    run.published_at = run.published_at or clock.now()
    session.flush()
    record(session, actor, Action.CHANGED, ("run", run.id), fields=("published_at",))


def _check_clashes(session: Session, organization_id: UUID, plan: Plan, wanted: Sequence[Occurrence]) -> None:
    check_owned(session, organization_id, plan, {plan.room_id})
    refuse_clashes(session, [slot_of(session, one, plan.room_id, plan.facilitator_ids) for one in wanted])


def slot_of(session: Session, one: Occurrence, room_id: UUID | None, facilitator_ids: Iterable[UUID]) -> Slot:
    """The room and the people that a new session needs, and when."""
    return Slot(
        session=uuid4(),
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        room=real_room(session, room_id),
        facilitators=frozenset(facilitator_ids),
    )


def check_owned(session: Session, organization_id: UUID, plan: Plan, room_ids: Set[UUID | None]) -> None:
    """Nobody plans with another organisation's rooms and people."""
    session.flush()
    rooms = {room.id for room in programme.rooms_of(session, organization_id)}
    people = {one.id for one in programme.facilitators_of(session, organization_id)}
    terms = {term.id for term in programme.terms_of(session, organization_id)}
    chosen = (room_ids - {None} <= rooms, set(plan.facilitator_ids) <= people, {plan.term_id} - {None} <= terms)
    if not all(chosen):
        raise InvalidInput("Choose one of your own rooms, terms and people.")


def real_room(session: Session, room_id: UUID | None) -> UUID | None:
    """The room, unless it is online: there is always another one there."""
    room = session.get(Room, room_id) if room_id else None
    return room.id if room is not None and not room.join_link else None


def refuse_clashes(session: Session, wanted: Sequence[Slot]) -> None:
    """Clashing where a room or a facilitator of `wanted` is taken."""
    if found := [one for taken in hindrances(session, wanted) for one in taken]:
        raise Clashing(found[:5])


def hindrances(
    session: Session, wanted: Sequence[Slot], *, besides: Set[UUID] = frozenset()
) -> list[tuple[Taken, ...]]:
    """Of each slot what of its room and its people is taken, and by what. The sessions `besides` do not stay."""
    if not wanted:
        return []
    others = programme.slots_near(
        session,
        rooms={slot.room for slot in wanted if slot.room},
        facilitators={person for slot in wanted for person in slot.facilitators},
        first=min(slot.starts_at for slot in wanted),
        last=max(slot.ends_at for slot in wanted),
    )
    others = [slot for slot in others if slot.session not in besides]
    return [tuple(_told(session, clash) for clash in clashes(slot, others)) for slot in wanted]


def _told(session: Session, clash: Clash) -> Taken:
    other = session.get_one(BookableSession, clash.session)
    owner: Room | Facilitator | None = session.get(Room, clash.of) or session.get(Facilitator, clash.of)
    return Taken(what=owner.name if owner else "", by=other.run.course.name, starts_at=other.starts_at)


def span_of(sessions: Iterable[BookableSession]) -> tuple[datetime, datetime] | None:
    """From the first start to the last end of the sessions that happen."""
    happening = [one for one in sessions if one.cancelled_at is None]
    if not happening:
        return None
    return min(one.starts_at for one in happening), max(one.ends_at for one in happening)


def set_spans(session: Session, run: Run) -> None:
    """Bring the times of a run's pools in step with its sessions."""
    sessions = session.scalars(
        select(BookableSession).where(BookableSession.run_id == run.id).order_by(BookableSession.id)
    ).all()
    for pool in programme.pools_of_run(session, run.id):
        own = [one for one in sessions if pool.session_id in {None, one.id}]
        if (span := span_of(own)) is not None:
            pool.starts_at, pool.ends_at = span
    session.flush()
