"""What the desk reads over the features."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.accounts.queries import open_invitations, places_without_staff, works_at_operator
from app.core import clock
from app.core.actor import Actor
from app.library.models import UnmetNeed
from app.people.models import Person
from app.referrals.codes import ENDED
from app.referrals.models import Referral, ReferralTask

# Fewer than this might be one person: the number is not told.
FEWEST_TOLD = 5


@dataclass(frozen=True, slots=True)
class Need:
    """How often help of a topic was not found by people of a district; `times` is None where it was too seldom."""

    topic: str
    district: str
    times: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftPlace:
    """A place in which nobody can sign in any more, what waits there, and who is invited to look after it."""

    id: UUID
    name: str
    people: int
    received: int
    sent: int
    tasks: int
    invited: tuple[str, ...]


def left_places(session: Session, actor: Actor) -> list[LeftPlace]:
    """Those in which anything waits, for whoever answers for them where this Waymark is run."""
    places = places_without_staff(session) if works_at_operator(session, actor) else []
    ids = [place.id for place in places]
    is_open = Referral.status.not_in(ENDED) & Referral.sent_at.is_not(None)
    keeps = Person.erased_at.is_(None) & Person.merged_into_id.is_(None)
    people = _by_place(session, Person.organization_id, ids, keeps)
    received = _by_place(session, Referral.receiver_organization_id, ids, is_open)
    sent = _by_place(session, Referral.referrer_organization_id, ids, is_open)
    tasks = _by_place(session, ReferralTask.organization_id, ids, ReferralTask.done_at.is_(None))
    found = [
        LeftPlace(
            id=place.id,
            name=place.name,
            people=people.get(place.id, 0),
            received=received.get(place.id, 0),
            sent=sent.get(place.id, 0),
            tasks=tasks.get(place.id, 0),
            invited=tuple(each.email for each in open_invitations(session, place.id)),
        )
        for place in places
    ]
    return [each for each in found if each.people or each.received or each.sent or each.tasks]


def count_left_places(session: Session, actor: Actor) -> int:
    """How many there are that nobody is invited to look after yet."""
    return sum(not place.invited for place in left_places(session, actor))


def _by_place(
    session: Session, column: InstrumentedAttribute[Any], ids: list[UUID], only: ColumnElement[bool]
) -> dict[UUID, int]:
    counted = select(column, func.count()).where(column.in_(ids), only).group_by(column).order_by(column)
    return dict(session.execute(counted).all())


def unmet_needs(session: Session, *, weeks: int) -> list[Need]:
    """Needs of the last weeks, the most frequent first; the small ones come after, without their number."""
    since = clock.today() - timedelta(weeks=weeks)
    times = func.sum(UnmetNeed.times)
    rows = session.execute(
        select(UnmetNeed.topic, UnmetNeed.district, times)
        .where(UnmetNeed.week > since)
        .group_by(UnmetNeed.topic, UnmetNeed.district)
        .order_by(times.desc(), UnmetNeed.topic, UnmetNeed.district)
    )
    needs = [Need(topic, district, count if count >= FEWEST_TOLD else None) for topic, district, count in rows]
    seldom = sorted((need for need in needs if need.times is None), key=lambda need: (need.topic, need.district))
    return [need for need in needs if need.times is not None] + seldom
