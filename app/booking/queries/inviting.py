"""Invitations by their link, by run, and how many people have used each."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.booking.codes import ACTIVE_STATES, BookingState
from app.booking.models import Booking, RunInvitation

# A booking that came to nothing before it was one uses nothing up; one that was given back does.
_USED = ACTIVE_STATES - {BookingState.HELD} | {
    BookingState.CANCELLED_BY_PERSON,
    BookingState.COMPLETED,
    BookingState.DECLINED_OFFER,
    BookingState.OFFER_LAPSED,
    BookingState.TRANSFERRED,
    BookingState.WITHDRAWN,
}


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


def was_used_by(session: Session, invitation_id: UUID, attendee_id: UUID) -> bool:
    """Whether somebody has booked with it before."""
    wanted = select(Booking.id).where(
        Booking.run_invitation_id == invitation_id, Booking.attendee_id == attendee_id, Booking.state.in_(_USED)
    )
    return session.scalar(wanted.order_by(Booking.id).limit(1)) is not None
