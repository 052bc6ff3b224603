"""Web addresses in listings that no longer answer: noticed on three days before they count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, func, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.directory.codes import CheckKind
from app.directory.models import LinkState, ListingCheck, Service
from app.directory.queries import SHOWN

DAYS_BEFORE_DEAD = 3
LOOK_AGAIN = timedelta(days=7)
# The evidence fades; while the address stays dead it is renewed.
TELL_AGAIN = timedelta(days=60)
LONG_AGO = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Due:
    """A listing whose web address is to be looked at."""

    service_id: UUID
    url: str


def due(session: Session, limit: int) -> list[Due]:
    """Addresses not looked at for a week, or that failed on an earlier day, the longest waiting first."""
    today = clock.today()
    rows = session.execute(
        select(Service.id, Service.url)
        .outerjoin(LinkState, LinkState.service_id == Service.id)
        .where(
            Service.status.in_(SHOWN),
            Service.url.is_not(None),
            Service.url != "",
            or_(
                LinkState.id.is_(None),
                LinkState.url != Service.url,
                LinkState.checked_on <= today - LOOK_AGAIN,
                (LinkState.failed_days > 0) & (LinkState.checked_on < today),
            ),
        )
        .order_by(func.coalesce(LinkState.checked_on, LONG_AGO), Service.id)
        .limit(limit)
    )
    return [Due(service_id, url) for service_id, url in rows if url]


def note(session: Session, found: Due, *, is_there: bool) -> None:
    """Keep what a look at an address gave. Failures count once a day; a success clears them and the evidence."""
    state = session.scalars(select(LinkState).where(LinkState.service_id == found.service_id)).one_or_none()
    if state is None:
        state = LinkState(service_id=found.service_id, url=found.url, failed_days=0)
        session.add(state)
    if state.url != found.url:
        state.url, state.failed_days, state.checked_on = found.url, 0, None
    if is_there:
        state.failed_days = 0
        session.execute(delete(ListingCheck).where(*_told(found.service_id)))
    elif state.failed_days == 0 or state.checked_on != clock.today():
        state.failed_days += 1
        _tell_if_dead(session, state)
    state.checked_on = clock.today()
    session.flush()


def _tell_if_dead(session: Session, state: LinkState) -> None:
    lately = ListingCheck.created_at > clock.now() - TELL_AGAIN
    told = session.scalar(select(func.count(ListingCheck.id)).where(*_told(state.service_id), lately))
    if state.failed_days >= DAYS_BEFORE_DEAD and not told:
        session.add(ListingCheck(service_id=state.service_id, kind=CheckKind.LINK_DEAD, note=state.url))


def _told(service_id: UUID) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return ListingCheck.service_id == service_id, ListingCheck.kind == CheckKind.LINK_DEAD


def dead() -> Select[UUID]:
    """The listings whose present web address has not answered for days."""
    return (
        select(LinkState.service_id)
        .join(Service, Service.id == LinkState.service_id)
        .where(LinkState.failed_days >= DAYS_BEFORE_DEAD, LinkState.url == Service.url, Service.status.in_(SHOWN))
    )


def check(open_session: Callable[[], Session], is_there: Callable[[str], bool], *, limit: int) -> tuple[int, int]:
    """Look at up to `limit` addresses; how many were looked at, and how many of them did not answer.

    No transaction is open while a site is waited for.
    """
    with open_session() as session:
        waiting = due(session, limit)
    failed = 0
    for found in waiting:
        there = is_there(found.url)
        failed += not there
        with open_session() as session:
            note(session, found, is_there=there)
            session.commit()
    return len(waiting), failed
