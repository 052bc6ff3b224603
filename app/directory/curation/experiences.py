"""What people met with who were sent to a service: evidence for its listing, and a hint about its places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, func, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.directory.codes import Accepting, Experience
from app.directory.curation.redirects import led_to
from app.directory.models import ListingExperience, Service
from app.directory.queries import SHOWN

COUNTED_FOR = timedelta(days=90)
# One person may have rung on a bad day; two of them are worth a question to the provider.
ENOUGH_TO_ASK = 2


def tell(session: Session, service_id: UUID, *, told_by: UUID, met_with: Experience | None) -> None:
    """Keep what came with `told_by` (one voice each), in place of what it said before; None takes it back.

    What is said of a listing that was merged away counts for the one that stands for it.
    """
    session.execute(delete(ListingExperience).where(ListingExperience.told_by == told_by))
    if met_with is not None:
        session.add(ListingExperience(service_id=led_to(session, service_id), told_by=told_by, met_with=met_with))
    session.flush()


def of_listing(session: Session, service: Service) -> Counter[Experience]:
    """What people have met with lately, and since somebody last checked the listing."""
    since = clock.now() - COUNTED_FOR
    if service.assured_date is not None:
        since = max(since, _midnight(service.assured_date))
    rows = session.execute(
        select(ListingExperience.met_with, func.count())
        .where(ListingExperience.service_id == service.id, ListingExperience.told_at >= since)
        .group_by(ListingExperience.met_with)
        .order_by(ListingExperience.met_with)
    )
    return Counter({met_with: times for met_with, times in rows})  # noqa: C416 - the types are clearer so


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.LONDON)


@dataclass(frozen=True, slots=True)
class CapacityHint:
    """So many people found the service full since it said otherwise; the last of them on `last_on`."""

    times: int
    last_on: date


def capacity_hint(session: Session, service: Service) -> CapacityHint | None:
    """What people say of its places that the service does not say; None where they agree, or nobody said."""
    return capacity_hints(session, [service]).get(service.id)


def capacity_hints(session: Session, services: Iterable[Service]) -> dict[UUID, CapacityHint]:
    """The same of several services, by their ids."""
    asked = {service.id for service in services if service.accepting is not Accepting.NO}
    said = (
        select(ListingExperience.service_id, func.count(), func.max(ListingExperience.told_at))
        .join(Service, Service.id == ListingExperience.service_id)
        .where(ListingExperience.service_id.in_(asked), ListingExperience.met_with == Experience.FULL, _is_newer())
        .group_by(ListingExperience.service_id)
        .order_by(ListingExperience.service_id)
    )
    return {
        service_id: CapacityHint(times, last.astimezone(clock.LONDON).date())
        for service_id, times, last in session.execute(said)
    }


def _is_newer() -> ColumnElement[bool]:
    """Said lately, and since the service itself last said anything of its places."""
    lately = ListingExperience.told_at >= clock.now() - COUNTED_FOR
    return lately & or_(Service.capacity_stated_at.is_(None), ListingExperience.told_at > Service.capacity_stated_at)


def found_otherwise() -> Select[UUID]:
    """Services shown to the public of which several people say that they are full or closed, and they do not."""
    full = (ListingExperience.met_with == Experience.FULL) & _is_newer()
    closed = (ListingExperience.met_with == Experience.CLOSED) & (
        ListingExperience.told_at >= clock.now() - COUNTED_FOR
    )
    return (
        select(ListingExperience.service_id)
        .join(Service, Service.id == ListingExperience.service_id)
        .where(
            Service.status.in_(SHOWN),
            (full & or_(Service.accepting.is_(None), Service.accepting != Accepting.NO))
            | (
                closed
                & or_(Service.assured_date.is_(None), func.date(ListingExperience.told_at) > Service.assured_date)
            ),
        )
        .group_by(ListingExperience.service_id)
        .having(func.count() >= ENOUGH_TO_ASK)
    )
