"""Staff book for somebody: who asked at the door or by phone, or a person on record, perhaps because of a referral."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.booking.codes import ACTIVE_STATES, Bar, BookingAction, BookingState, NeedKind
from app.booking.models import Attendee, Booking, Pool
from app.booking.operations import places as counter
from app.booking.operations.attendees import nameless_attendee
from app.booking.operations.booking import (
    AlreadyHere,
    Barred,
    Details,
    give_details,
    join,
    same_pool,
    start,
    terms_of,
)
from app.booking.operations.moving import move
from app.booking.operations.waiting import settle
from app.booking.queries import bookings as known
from app.booking.queries.bookings import by_key
from app.booking.rules.eligibility import Applicant, bars
from app.booking.rules.keeping import circle_of
from app.core import clock, postcode
from app.core.actor import Actor
from app.core.errors import NotFound
from app.people.models import Person
from app.people.rules.ages import age_on
from app.referrals.models import Referral


@dataclass(frozen=True, slots=True, kw_only=True)
class Behalf:
    """For whom a place is booked, and why."""

    person: Person
    referral: Referral | None = None
    needs: Mapping[NeedKind, str] = field(default_factory=dict)
    with_reminders: bool = True
    places: int = 1
    carer: bool = False


def book_for(
    session: Session, actor: Actor, pool_id: UUID, details: Details, *, key: str, places: int = 1, attendee: Attendee
) -> Booking:
    """Those who run it book for somebody, at once or onto the list. Pressed twice it is done once."""
    pool = counter.lock_one(session, pool_id)
    if (found := by_key(session, key)) is not None:
        return same_pool(found, pool_id)
    settle(session, pool)
    if (other := known.active_here(session, pool.id, attendee.id)) is not None:
        raise AlreadyHere(other)
    if pool.run.cancelled_at is not None or clock.now() >= pool.ends_at:
        raise Barred(Bar.CANCELLED if pool.run.cancelled_at is not None else Bar.STARTED)
    made = start(session, actor, pool, key=key, places=places, own=details.own)
    return book_in(session, actor, made, details, attendee)


def book_person(session: Session, actor: Actor, pool_id: UUID, behalf: Behalf, *, key: str) -> Booking:
    """A worker books for a person on record, at once or onto the list. Pressed twice it is done once.

    Barred where this person cannot book here, AlreadyHere where they have a place or wait. They are written to by what
    their record calls safe at the time, and at no address that is kept with the booking.
    """
    pool = counter.lock_one(session, pool_id)
    if (found := by_key(session, key)) is not None:
        return same_pool(found, pool_id)
    settle(session, pool)
    if pool.run.published_at is None:
        raise NotFound("pool")
    if (other := _theirs(session, pool, behalf.person)) is not None:
        raise AlreadyHere(other)
    attendee = attendee_for(session, behalf.person)
    if told := bars(terms_of(pool), _applicant(session, actor, pool, behalf, attendee), clock.now()):
        raise Barred(*told)
    own = circle_of(referred=True, carer=behalf.carer)
    made = start(session, actor, pool, key=key, places=behalf.places, own=own)
    made.person_id = behalf.person.id
    made.referral_id = behalf.referral.id if behalf.referral else None
    return book_in(session, actor, made, details_of(behalf), attendee)


def book_in(session: Session, actor: Actor, made: Booking, details: Details, attendee: Attendee) -> Booking:
    """Give what was just held to somebody, or let them wait for it."""
    made = give_details(session, actor, made, details)
    made.attendee_id = attendee.id
    if made.state is BookingState.HELD:
        return move(session, actor, made, BookingAction.BOOK)
    return join(session, actor, made)


def attendee_for(session: Session, person: Person) -> Attendee:
    """As whom a person on record books: always the same, and known by no address."""
    wanted = (
        select(Attendee)
        .join(Booking, Booking.attendee_id == Attendee.id)
        .where(Booking.person_id == person.id, Attendee.address.is_(None))
        .order_by(Booking.created_at, Attendee.id)
        .limit(1)
    )
    return session.scalars(wanted).one_or_none() or nameless_attendee(session)


def _theirs(session: Session, pool: Pool, person: Person) -> Booking | None:
    """A booking of the person in a pool, made from their record or by themselves under their own address."""
    by_record = select(Booking).where(
        Booking.pool_id == pool.id, Booking.state.in_(ACTIVE_STATES), Booking.person_id == person.id
    )
    found = session.scalars(by_record.order_by(Booking.id).limit(1)).one_or_none()
    addresses = [address for address in (person.email, person.mobile) if address]
    if found is not None or not addresses:
        return found
    by_address = (
        select(Booking)
        .join(Attendee, Attendee.id == Booking.attendee_id)
        .where(Booking.pool_id == pool.id, Booking.state.in_(ACTIVE_STATES), Attendee.address.in_(addresses))
        # An address may be shared at home: another name is another person.
        .where(func.lower(Booking.name).in_([person.name.lower(), person.called.lower()]))
    )
    return session.scalars(by_address.order_by(Booking.id).limit(1)).one_or_none()


def _applicant(session: Session, actor: Actor, pool: Pool, behalf: Behalf, attendee: Attendee) -> Applicant:
    person, run = behalf.person, pool.run
    place = postcode.parse(person.postcode) if person.postcode else None
    return Applicant(
        in_area=place.district in run.area.split() if place else None,
        age=_age(person),
        referred=True,
        invited=actor.holds(Role.HUB.value),
        bookings=known.count_towards_limit(session, attendee.id, run),
        places=behalf.places,
    )


def _age(person: Person) -> int | None:
    return age_on(person.born_on, clock.today()) if person.born_on else None


def details_of(behalf: Behalf) -> Details:
    """What the record says of somebody that a booking needs to know."""
    person = behalf.person
    place = postcode.parse(person.postcode) if person.postcode else None
    return Details(
        name=person.called,
        age=_age(person),
        district=place.district if place else None,
        discreet=True if person.discreet else None,
        with_reminders=behalf.with_reminders,
        needs=behalf.needs,
    )
