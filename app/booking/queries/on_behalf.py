"""Bookings of people on record, and what can be booked for them: scoped to the actor in the statement itself."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.booking.codes import ACTIVE_STATES, BookingState, PoolKind, WhoMayBook
from app.booking.models import Attendee, Booking, Course, Pool, Run
from app.booking.queries.offers import WITH_COURSE, Offer, offers_of, public_pools
from app.core import clock
from app.core.actor import Actor, ActorKind
from app.directory.curation.redirects import led_to
from app.directory.models import Service
from app.people.models import Person
from app.people.scope import may_see
from app.referrals.models import Referral
from app.referrals.scope import visible_to

MOST_OFFERS = 40
# Of what never came to anything nothing is told.
SHOWN = frozenset(BookingState) - {BookingState.DRAFT, BookingState.HELD, BookingState.LAPSED, BookingState.REQUESTED}


def may_see_booking(actor: Actor) -> ColumnElement[bool]:
    """Which bookings of people on record an actor may see, as a condition on `Booking`.

    Staff: of people whom they see, those that their own organisation made and those of referrals that they see. So
    what one place books does not tell another where the person goes. A person: their own.
    """
    people = select(Person.id).where(may_see(actor))
    if actor.kind in {ActorKind.PERSON, ActorKind.SYSTEM}:
        return Booking.person_id.in_(people)
    if not actor.is_staff or actor.organization_id is None:
        return false()
    by_referral = select(Referral.id).where(visible_to(actor))
    return Booking.person_id.in_(people) & or_(
        Booking.booked_by_organization_id == actor.organization_id, Booking.referral_id.in_(by_referral)
    )


def of_person(session: Session, actor: Actor, person_id: UUID) -> list[Booking]:
    """A person's bookings as far as the actor may see them, in the order in which they were made."""
    wanted = select(Booking).where(Booking.person_id == person_id, Booking.state.in_(SHOWN), may_see_booking(actor))
    return list(session.scalars(wanted.order_by(Booking.created_at, Booking.id)))


def of_referral(session: Session, referral_id: UUID) -> list[Booking]:
    """What was booked because of a referral. Who may see the referral is for the caller to know."""
    wanted = select(Booking).where(Booking.referral_id == referral_id, Booking.state.in_(SHOWN))
    return list(session.scalars(wanted.order_by(Booking.created_at, Booking.id)))


def one_of_person(session: Session, actor: Actor, person_id: UUID, booking_id: UUID) -> Booking | None:
    """One booking of a person, if the actor may see it."""
    wanted = select(Booking).where(
        Booking.id == booking_id, Booking.person_id == person_id, Booking.state.in_(SHOWN), may_see_booking(actor)
    )
    return session.scalars(wanted).one_or_none()


def own(session: Session, actor: Actor, address: str | None) -> list[Booking]:
    """The bookings of whoever is signed in: of their records, and of the address that they sign in with."""
    people = select(Person.id).where(may_see(actor))
    attendees = (
        select(Attendee.id).where(Attendee.address == address) if address else select(Attendee.id).where(false())
    )
    wanted = (
        select(Booking)
        .join(Pool, Pool.id == Booking.pool_id)
        .where(or_(Booking.person_id.in_(people), Booking.attendee_id.in_(attendees)))
        .where(
            or_(
                Booking.state.in_(ACTIVE_STATES) & (Pool.ends_at > clock.now()),
                Booking.state == BookingState.COMPLETED,
            )
        )
    )
    return list(session.scalars(wanted.order_by(Pool.starts_at, Booking.id)))


def held_places(session: Session, person_id: UUID) -> bool:
    """Whether a person has a place, or waits for one, in something that is not over."""
    wanted = (
        select(Booking.id)
        .join(Pool, Pool.id == Booking.pool_id)
        .where(Booking.person_id == person_id, Booking.state.in_(ACTIVE_STATES), Pool.ends_at > clock.now())
    )
    return session.scalar(wanted.order_by(Booking.id).limit(1)) is not None


def offers_for(
    session: Session, actor: Actor, *, referral: Referral | None = None, words: str = "", limit: int = MOST_OFFERS
) -> list[Offer]:
    """What staff can book for somebody now, the next first; of a referral what its service, or its team, runs.

    What is by invitation only the hub, which may invite.
    """
    wanted = public_pools().where(Pool.kind != PoolKind.DROP_IN)
    if not actor.holds(Role.HUB.value):
        wanted = wanted.where(Run.who != WhoMayBook.INVITED)
    wanted = wanted.where(Pool.starts_at > clock.now())
    if referral is not None:
        wanted = wanted.where(_of_referral(session, referral))
    for word in words.split():
        wanted = wanted.where(Service.name.icontains(word, autoescape=True))
    pools: Sequence[Pool] = session.scalars(wanted.options(WITH_COURSE).limit(limit)).all()
    return [offer for offer in offers_of(session, pools) if offer.can_be_booked_for_them]


def _of_referral(session: Session, referral: Referral) -> ColumnElement[bool]:
    told = [referral.receiver_service_id, referral.pathway.service_id]
    services = {led_to(session, service_id) for service_id in told if service_id is not None}
    if services:
        return Service.id.in_(services)
    return Course.organization_id == referral.receiver_organization_id
