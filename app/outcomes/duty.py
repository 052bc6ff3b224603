"""Who is on duty at an organisation to look at answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.codes import UserStatus
from app.accounts.models import MemberOrganization, Membership, User
from app.booking.holidays import bank_holidays
from app.core import clock
from app.outcomes.models import DutyDesk
from app.outcomes.rules.safety import DutyHours, is_anybody_reading
from app.people.details import read_times


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads the answers, and whether anybody does at this moment."""

    name: str
    now: bool


def readers(session: Session, organization_id: UUID) -> Readers:
    """Those of an organisation, as it is told before the first question."""
    place = session.get_one(MemberOrganization, organization_id)
    return Readers(place.name, is_read_now(session, organization_id))


def desk_of(session: Session, organization_id: UUID) -> DutyDesk | None:
    """The duty desk of an organisation, if it has set one up."""
    return session.scalars(
        select(DutyDesk).where(DutyDesk.organization_id == organization_id).order_by(DutyDesk.id)
    ).one_or_none()


def hours_of(desk: DutyDesk) -> DutyHours:
    """When somebody is on duty there; not on bank holidays."""
    stretches = {
        day: (stretch.opens, stretch.closes) for stretch in read_times(desk.hours) for day in sorted(stretch.weekdays)
    }
    return DutyHours(stretches, frozenset(bank_holidays()))


def within_of(desk: DutyDesk) -> timedelta:
    """How soon an alert must be acknowledged, in time on duty."""
    return timedelta(minutes=desk.within_minutes)


def works_there(session: Session, organization_id: UUID, user_id: UUID | None) -> bool:
    """Whether the user still holds a role in the organisation and can sign in."""
    if user_id is None:
        return False
    held = (
        select(Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.organization_id == organization_id,
            Membership.user_id == user_id,
            Membership.ended_at.is_(None),
            User.status == UserStatus.ACTIVE,
        )
        .limit(1)
    )
    return session.scalar(held) is not None


def has_duty(session: Session, organization_id: UUID) -> bool:
    """Whether a measure with a safety question can be used: a named person who still works there, with hours."""
    desk = desk_of(session, organization_id)
    return desk is not None and hours_of(desk).has_any and works_there(session, organization_id, desk.owner_id)


def is_read_now(session: Session, organization_id: UUID) -> bool:
    """Whether somebody is on duty at this moment."""
    desk = desk_of(session, organization_id)
    return desk is not None and is_anybody_reading(hours_of(desk), clock.now())
