"""How a person comes to a place: hold it, say who they are, show whose the address is, and it is booked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.audit.codes import Action
from app.audit.operations import record
from app.booking.codes import (
    ACTIVE_STATES,
    NOT_FOR_ALL,
    Bar,
    BookingAction,
    BookingState,
    KeptFor,
    NeedKind,
    PoolKind,
    WhoMayBook,
)
from app.booking.models import AccessNeed, Attendee, Booking, Pool
from app.booking.operations import keeping
from app.booking.operations import places as counter
from app.booking.operations.inviting import may_book_with
from app.booking.operations.moving import Full, move, note
from app.booking.operations.waiting import serve, settle
from app.booking.queries import bookings as known
from app.booking.rules.eligibility import Applicant, Terms, bars
from app.booking.rules.keeping import circle_of
from app.core import clock
from app.core.actor import SYSTEM, Actor
from app.core.errors import NotFound, Refused
from app.core.orm import table_of

HOLD_LASTS = timedelta(minutes=15)
UNDECIDED = frozenset({BookingState.HELD, BookingState.DRAFT})
# What a person says of themselves.
TOLD = ("name", "address", "language", "age", "district", "discreet", "with_reminders", "book_until")
_TELL = (
    update(table_of(Booking))
    .where(table_of(Booking).c.id == bindparam("booking"), table_of(Booking).c.name == "")
    .where(table_of(Booking).c.state == BookingState.HELD, table_of(Booking).c.expires_at > bindparam("now"))
    .values({name: bindparam(f"told_{name}") for name in (*TOLD, "expires_at")})
    .returning(table_of(Booking).c.id)
)


class Barred(Refused):
    """The person cannot book here now; `bars` are all the reasons."""

    def __init__(self, *found: Bar) -> None:
        super().__init__("You cannot book here now.")
        self.bars = found


class AlreadyHere(Refused):
    """The person has a place here already, or waits for one: `booking`."""

    def __init__(self, booking: Booking) -> None:
        super().__init__("You already have a place or are on the waiting list.")
        self.booking = booking


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What a person says of themselves: as little as will do. `own`: for whom kept places are that they may have."""

    name: str
    address: str | None = None
    language: str = "en"
    age: int | None = None
    district: str | None = None
    discreet: bool | None = None
    with_reminders: bool = True
    book_until: datetime | None = None
    needs: Mapping[NeedKind, str] = field(default_factory=dict)
    own: Set[KeptFor] = frozenset()


def begin(
    session: Session,
    actor: Actor,
    pool_id: UUID,
    *,
    key: str,
    places: int = 1,
    carer: bool = False,
    invitation_id: UUID | None = None,
) -> Booking:
    """Hold so many places while the form is filled; where there are none, begin with the waiting list.

    The same `key` gives the same booking, however often the button is pressed. Barred where nobody can book now, Full
    where there is neither a place nor a list.
    """
    pool = counter.lock_one(session, pool_id)
    found = known.by_key(session, key)
    if found is not None:
        return same_pool(found, pool_id)
    settle(session, pool)
    _check_time(pool, places)
    if pool.run.who is WhoMayBook.REFERRED and not actor.is_staff:
        raise Barred(Bar.NEEDS_REFERRAL)
    if pool.run.who is WhoMayBook.INVITED and not actor.is_staff and not _invited(session, pool, invitation_id, None):
        raise Barred(Bar.NEEDS_INVITATION)
    made = start(session, actor, pool, key=key, places=places, own=circle_of(referred=False, carer=carer))
    if pool.run.who is WhoMayBook.INVITED:
        made.run_invitation_id = invitation_id
    return made


def _invited(session: Session, pool: Pool, invitation_id: UUID | None, attendee: Attendee | None) -> bool:
    """Whether an invitation lets somebody book here; without an attendee whether it still lets anybody."""
    attendee_id = attendee.id if attendee else None
    return invitation_id is not None and may_book_with(session, invitation_id, pool.run_id, attendee_id)


def same_pool(found: Booking, pool_id: UUID) -> Booking:
    """A booking that was found by its key, which must be of this pool."""
    if found.pool_id != pool_id:
        raise NotFound("booking")
    return found


def _check_time(pool: Pool, places: int, *, unlisted: bool = False) -> None:
    """What stands in the way of everybody. `unlisted`: times that no listing shows are theirs to take."""
    may_be_unlisted = unlisted and not pool.run.course.is_listed
    if (pool.run.published_at is None and not may_be_unlisted) or pool.kind is PoolKind.DROP_IN:
        raise NotFound("pool")
    circle_is_asked_later = Applicant(in_area=True, age=pool.run.youngest or pool.run.oldest or 0, places=places)
    found = bars(terms_of(pool), circle_is_asked_later, clock.now())
    if told := tuple(bar for bar in found if bar not in {Bar.NEEDS_REFERRAL, Bar.NEEDS_INVITATION}):
        raise Barred(*told)


def terms_of(pool: Pool) -> Terms:
    """On what terms the places of a pool are given out."""
    run = pool.run
    is_off = run.cancelled_at is not None
    return Terms(
        who=run.who,
        starts_at=pool.starts_at,
        opens_at=run.opens_at,
        closes_at=run.closes_at,
        youngest=run.youngest,
        oldest=run.oldest,
        limit=run.limit_each,
        most_together=run.most_together,
        cancelled=is_off,
    )


def start(
    session: Session,
    actor: Actor,
    pool: Pool,
    *,
    key: str,
    places: int,
    own: Set[KeptFor] = frozenset(),
    previous: Booking | None = None,
) -> Booking:
    """A new booking: held where there are places and nobody waits, else a draft of a wait.

    `own` are the circles for whom places may be kept and to which the person belongs.
    """
    held = keeping.take(session, pool, places, own)
    if held is None and not pool.run.has_waiting_list:
        raise Full("All places are taken, and there is no waiting list.")
    booking = Booking(
        pool=pool,
        previous_id=previous.id if previous else None,
        state=BookingState.HELD if held else BookingState.DRAFT,
        places=places,
        kept_pool_id=keeping.kept_id(pool, held) if held else None,
        referred=KeptFor.REFERRED in own,
        carer=KeptFor.CARERS in own,
        expires_at=clock.now() + HOLD_LASTS,
        booked_by_id=actor.user_id if actor.is_staff else None,
        booked_by_organization_id=actor.organization_id if actor.is_staff else None,
        idempotency_key=key,
    )
    session.add(booking)
    note(session, actor, booking, None, None, "")
    return booking


def give_details(
    session: Session, actor: Actor, booking: Booking, details: Details, *, then_confirms: bool = False
) -> Booking:
    """Keep what the person said. The hold begins anew, so that the time to type the code is theirs.

    `then_confirms`: the same transaction goes on to `confirm`. Then the pool is locked first and the booking after it,
    as everywhere else, so that two never wait for each other.
    """
    if then_confirms:
        counter.lock_of(session, booking)
    if _is_told_first(session, booking, details):
        return booking
    booking = current(session, actor, booking)
    for name in TOLD:
        setattr(booking, name, getattr(details, name))
    booking.expires_at = clock.now() + HOLD_LASTS
    _keep_needs(session, booking, details.needs)
    session.flush()
    return booking


def _is_told_first(session: Session, booking: Booking, details: Details) -> bool:
    """Keep it where nothing was told before and the hold stands: no place changes hands, so no pool is locked for it.

    Of this and what ends the hold at the same moment one is first; the other sees it, or the code is asked for anew.
    """
    session.flush()
    now = clock.now()
    told = {name: getattr(details, name) for name in TOLD} | {"expires_at": now + HOLD_LASTS}
    booking_id = counter.id_of(booking)
    if not session.execute(
        _TELL, {f"told_{name}": value for name, value in told.items()} | {"booking": booking_id, "now": now}
    ).all():
        return False
    for name, value in (("id", booking_id), *told.items()):
        set_committed_value(booking, name, value)
    session.add_all(AccessNeed(booking_id=booking_id, kind=kind, words=words) for kind, words in details.needs.items())
    session.flush()
    return True


def change_needs(session: Session, actor: Actor, booking: Booking, needs: Mapping[NeedKind, str]) -> None:
    """Somebody who has a place, or waits for one, says what they need. What is new is to be arranged."""
    if booking.state not in ACTIVE_STATES or clock.now() >= booking.pool.ends_at:
        raise Refused("This is over, so there is nothing to arrange.")
    _keep_needs(session, booking, needs)
    session.flush()
    record(session, actor, Action.CHANGED, ("booking", booking.id), fields=("needs",), person_id=booking.person_id)


def _add_needs(session: Session, booking: Booking, told: Sequence[AccessNeed]) -> None:
    """What was asked for with another booking is asked for with this one too."""
    there = {need.kind for need in known.needs_of(session, booking.id)}
    session.add_all(
        AccessNeed(booking_id=booking.id, kind=need.kind, words=need.words) for need in told if need.kind not in there
    )
    session.flush()


def _keep_needs(session: Session, booking: Booking, needs: Mapping[NeedKind, str]) -> None:
    kept = known.needs_of(session, booking.id)
    for need in kept:
        if need.kind not in needs:
            session.delete(need)
        elif need.words != needs[need.kind]:
            need.words, need.met_at, need.met_by_id = needs[need.kind], None, None
    there = {need.kind for need in kept}
    session.add_all(AccessNeed(booking_id=booking.id, kind=kind, words=needs[kind]) for kind in needs.keys() - there)


def current(session: Session, actor: Actor, booking: Booking) -> Booking:
    """A booking that is not decided yet, as it stands; one whose hold has lapsed gets a place anew if there is one."""
    pool = counter.lock_of(session, booking)
    settle(session, pool)
    if booking.state is not BookingState.LAPSED:
        return booking
    key = f"{booking.idempotency_key}+"
    again = known.by_key(session, key)
    if again is None:
        again = start(
            session, actor, pool, key=key, places=booking.places, own=keeping.circle(booking), previous=booking
        )
        again.run_invitation_id = booking.run_invitation_id
        for name in TOLD:
            setattr(again, name, getattr(booking, name))
        session.flush()
        _add_needs(session, again, known.needs_of(session, booking.id))
    return current(session, actor, again) if again.state is BookingState.LAPSED else again


def confirm(session: Session, actor: Actor, booking: Booking, attendee: Attendee) -> Booking:
    """It is shown whose the address is: book the held places, or join the waiting list.

    Pressed twice it is done once. AlreadyHere where the person has a booking here, Barred where they may not book.
    What was held and went while they were away comes back as a draft: whether to wait is asked anew.
    """
    counter.lock_of(session, booking)
    was_held = booking.state is not BookingState.DRAFT
    booking = current(session, actor, booking)
    if booking.attendee_id == attendee.id and booking.state not in UNDECIDED:
        return booking
    if (other := known.active_here(session, booking.pool_id, attendee.id)) is not None:
        if booking.state in UNDECIDED:
            _add_needs(session, other, known.needs_of(session, booking.id))
        _let_go(session, booking)
        raise AlreadyHere(other)
    if found := bars_for(session, booking, attendee):
        _let_go(session, booking)
        raise Barred(*found)
    if booking.state is BookingState.DRAFT and was_held:
        return booking
    booking.attendee_id = attendee.id
    if booking.state is BookingState.HELD:
        return move(session, actor, booking, BookingAction.BOOK)
    return join(session, actor, booking)


def _let_go(session: Session, booking: Booking) -> None:
    """Whoever cannot have a place holds none: it is free for the next at once."""
    if booking.state in UNDECIDED:
        move(session, SYSTEM, booking, BookingAction.LAPSE)
        serve(session, booking.pool)


def bars_for(session: Session, booking: Booking, attendee: Attendee) -> tuple[Bar, ...]:
    """All that stands in this person's way."""
    run = booking.pool.run
    applicant = Applicant(
        in_area=booking.district in run.area.split() if booking.district else None,
        age=booking.age,
        referred=booking.referred,
        invited=booking.booked_by_id is not None
        or _invited(session, booking.pool, booking.run_invitation_id, attendee),
        bookings=known.count_towards_limit(session, attendee.id, run),
        places=booking.places,
    )
    return bars(terms_of(booking.pool), applicant, clock.now())


def join(session: Session, actor: Actor, booking: Booking) -> Booking:
    """Onto the list; whoever comes when a place is free and nobody waits is booked at once."""
    pool = booking.pool
    unpassed = list(keeping.open_to(session, pool, keeping.circle(booking)))
    booking.queued_at = clock.now()
    session.flush()
    move(session, actor, booking, BookingAction.JOIN_WAITING_LIST)
    free = next((one for one in unpassed if one.free >= booking.places), None)
    return move(session, SYSTEM, booking, BookingAction.BOOK, counter=free) if free else booking


def give_up(session: Session, actor: Actor, booking: Booking, *, reason: str = "") -> Booking:
    """Give back whatever the booking is: a place, an offer, or the wait for one. Who waits is served at once."""
    pool = counter.lock_of(session, booking)
    if not actor.is_staff and clock.now() >= pool.ends_at:
        raise Refused("This is over, so there is nothing to cancel.")
    action = {
        BookingState.BOOKED: BookingAction.CANCEL_BY_PERSON,
        BookingState.OFFERED: BookingAction.DECLINE_OFFER,
    }.get(booking.state, BookingAction.WITHDRAW)
    move(session, actor, booking, action, reason=reason)
    serve(session, pool)
    return booking


def accept(session: Session, actor: Actor, booking: Booking) -> Booking:
    """Take up an offer that still stands; Refused where its time is over. Pressed twice it is done once."""
    counter.lock_of(session, booking)
    if booking.state is BookingState.BOOKED:
        return booking
    if booking.state is BookingState.OFFERED and (booking.expires_at is None or clock.now() >= booking.expires_at):
        raise Refused("The time for this offer is over. We no longer keep the place for you.")
    return move(session, actor, booking, BookingAction.ACCEPT_OFFER)


def change_places(session: Session, actor: Actor, booking: Booking, wanted: int) -> Booking:
    """Come with one more or one fewer. Full where there is no place more, or others wait for it."""
    pool = counter.lock_of(session, booking)
    if booking.state not in ACTIVE_STATES or not 1 <= wanted <= pool.run.most_together:
        raise Barred(Bar.TOO_MANY_TOGETHER)
    more = wanted - booking.places
    if booking.state is not BookingState.WAITING:
        used = keeping.of_booking(pool, booking)
        passes = more > 0 and keeping.anybody_waits(session, pool.id, used.kept_for)
        if passes or (more > 0 and not counter.take(session, used, more)):
            raise Full("There is no place more.")
        if more < 0:
            counter.give_back(session, used, -more)
    booking.places = wanted
    note(session, actor, booking, None, booking.state, "")
    serve(session, pool)
    return booking


def transfer(session: Session, actor: Actor, booking: Booking, target_id: UUID) -> Booking:
    """Move to other places, all or nothing: the new place is taken before the old one is given back."""
    source, target = _both(session, booking.pool_id, target_id)
    counter.lock_of(session, booking)
    settle(session, target)
    # Whoever has a time of those that are given out one by one may have another of them instead.
    is_alike = not target.run.course.is_listed and target.run.course_id == source.run.course_id
    _check_time(target, booking.places, unlisted=actor.is_staff or is_alike)
    is_elsewhere = target.run_id != source.run_id and not is_alike
    if is_elsewhere and target.run.who in NOT_FOR_ALL and not actor.is_staff:
        raise Refused("A place there must be asked for anew.")
    if booking.state is not BookingState.BOOKED or source is target or booking.attendee_id is None:
        raise Refused("That cannot be done with this booking now. Open it again to see how it stands.")
    if (other := known.active_here(session, target.id, booking.attendee_id)) is not None:
        raise AlreadyHere(other)
    used = keeping.take(session, target, booking.places, keeping.circle(booking))
    if used is None:
        raise Full("There is no place there.")
    made = _second_half(session, actor, booking, target, used)
    move(session, actor, booking, BookingAction.TRANSFER)
    serve(session, source)
    return made


def _both(session: Session, source_id: UUID, target_id: UUID) -> tuple[Pool, Pool]:
    found = {pool.id: pool for pool in counter.lock(session, source_id, target_id)}
    return found[source_id], found[target_id]


def _second_half(session: Session, actor: Actor, booking: Booking, target: Pool, used: Pool) -> Booking:
    """Held for a moment with the places just taken, then booked in the ordinary way."""
    names = (
        "attendee_id places name address language age district discreet with_reminders referred carer "
        "run_invitation_id person_id referral_id booked_by_organization_id"
    ).split()
    made = Booking(
        pool=target,
        kept_pool_id=keeping.kept_id(target, used),
        previous_id=booking.id,
        state=BookingState.HELD,
        expires_at=clock.now() + HOLD_LASTS,
        booked_by_id=actor.user_id if actor.is_staff else None,
        idempotency_key=f"{booking.id}>{target.id}",
        **{name: getattr(booking, name) for name in names},
    )
    session.add(made)
    note(session, actor, made, None, None, "")
    # What was arranged was for the old date: an interpreter, say, must be asked anew.
    _add_needs(session, made, known.needs_of(session, booking.id))
    return move(session, actor, made, BookingAction.BOOK)
