"""Invitations by their link, by run, and how many people have used each."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from app.booking.codes import ACTIVE_STATES, BookingState
from app.booking.models import Attendee, Booking, Pool, RunInvitation
from app.core import clock
from app.people.models import Person

# A booking that came to nothing before it was one uses nothing up; one that was given back does.
_USED = ACTIVE_STATES - {BookingState.HELD} | {
    BookingState.CANCELLED_BY_PERSON,
    BookingState.COMPLETED,
    BookingState.DECLINED_OFFER,
    BookingState.OFFER_LAPSED,
    BookingState.TRANSFERRED,
    BookingState.WITHDRAWN,
}
# As long as it is no more than this, whoever makes it hears nothing of it.
_NOT_BOOKED = frozenset({BookingState.DRAFT, BookingState.HELD, BookingState.LAPSED})


def by_digest(session: Session, digest: str) -> RunInvitation | None:
    """The invitation of a link."""
    return session.scalars(select(RunInvitation).where(RunInvitation.digest == digest)).one_or_none()


def of_run(session: Session, run_id: UUID) -> list[RunInvitation]:
    """Every invitation to a run, the latest first."""
    wanted = select(RunInvitation).where(RunInvitation.run_id == run_id)
    return list(session.scalars(wanted.order_by(RunInvitation.created_at.desc(), RunInvitation.id)))


def uses(session: Session, ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many people have booked with each."""
    rows = session.execute(
        select(Booking.run_invitation_id, func.count(Booking.attendee_id.distinct()))
        .where(Booking.run_invitation_id.in_(list(ids)), Booking.state.in_(_USED))
        .group_by(Booking.run_invitation_id)
        .order_by(Booking.run_invitation_id)
    )
    return {one: count for one, count in rows if one}


def standing_to(session: Session, run_id: UUID, address: str) -> RunInvitation | None:
    """The invitation to a run that was sent to an address and may still be booked with."""
    wanted = select(RunInvitation).where(
        RunInvitation.run_id == run_id,
        RunInvitation.address == address,
        RunInvitation.revoked_at.is_(None),
        RunInvitation.expires_at > clock.now(),
    )
    found = list(session.scalars(wanted.order_by(RunInvitation.expires_at.desc(), RunInvitation.id)))
    used = uses(session, [one.id for one in found])
    return next((one for one in found if one.id not in used), None)


def was_used_by(session: Session, invitation_id: UUID, attendee_id: UUID) -> bool:
    """Whether somebody has booked with it before."""
    wanted = select(Booking.id).where(
        Booking.run_invitation_id == invitation_id, Booking.attendee_id == attendee_id, Booking.state.in_(_USED)
    )
    return session.scalar(wanted.order_by(Booking.id).limit(1)) is not None


def open_guests(session: Session, run_id: UUID, *only: UUID) -> list[RunInvitation]:
    """Who is invited to a run and has not booked, each address once; of a link that is given out, where it is not full.

    Whoever has booked, with this invitation or without, hears by their booking, also of its end.
    """
    theirs = (
        select(Booking.id)
        .join(Pool, Pool.id == Booking.pool_id)
        .outerjoin(Attendee, Attendee.id == Booking.attendee_id)
        .outerjoin(Person, Person.id == Booking.person_id)
        .where(Pool.run_id == RunInvitation.run_id, Booking.state.not_in(_NOT_BOOKED))
        .where(or_(*(known == RunInvitation.address for known in (Attendee.address, Person.email, Person.mobile))))
    )
    wanted = select(RunInvitation).where(
        RunInvitation.run_id == run_id,
        RunInvitation.revoked_at.is_(None),
        RunInvitation.expires_at > clock.now(),
        ~exists(theirs.correlate(RunInvitation)),
    )
    if only:
        wanted = wanted.where(RunInvitation.id.in_(only))
    found = list(session.scalars(wanted.order_by(RunInvitation.expires_at.desc(), RunInvitation.id)))
    used = uses(session, [one.id for one in found])
    left = [one for one in found if used.get(one.id, 0) < (1 if one.address else one.most_people)]
    return list({one.address or one.id: one for one in reversed(left)}.values())
