"""What the worker does for booking all the time."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from app.booking.codes import BookingAction, BookingState, PoolKind, PoolStatus
from app.booking.models import Booking, Pool
from app.booking.operations import inviting, places
from app.booking.operations.moving import move
from app.booking.operations.waiting import ENDS_AS, serve, settle
from app.booking.reminders import write_due
from app.booking.rules.waiting import CUT_OFF
from app.core import clock
from app.core.actor import SYSTEM
from app.notifications.worker import sweep
from app.web.database import READ, db

POOLS_AT_A_TIME = 50


@sweep("holds and offers")
def end_holds_and_offers() -> int:
    """End what has expired and serve who waits, a pool at a time, so that nobody waits for the sweep."""
    with Session(db.engines[READ]) as session:
        due = session.scalars(
            select(Booking.pool_id)
            .where(Booking.state.in_(ENDS_AS), Booking.expires_at <= clock.now())
            .distinct()
            .order_by(Booking.pool_id)
            .limit(POOLS_AT_A_TIME)
        ).all()
    done = 0
    for pool_id in due:
        with Session(db.engines[None]) as session:
            done += settle(session, places.lock_one(session, pool_id))
            session.commit()
    return done


@sweep("waiting lists", every=timedelta(minutes=5))
def serve_waiting_lists() -> int:
    """Offer places that no offer could be made of before (it was too late in the day), and end lists that are over."""
    done = open_kept_places()
    with Session(db.engines[READ]) as session:
        over = Pool.starts_at <= clock.now()
        waited = select(Booking.pool_id).where(Booking.state == BookingState.WAITING)
        due = session.scalars(
            select(Pool.id).where(Pool.id.in_(waited), or_(over, _has_free())).order_by(Pool.id)
        ).all()
    for pool_id in due:
        with Session(db.engines[None]) as session:
            pool = places.lock_one(session, pool_id)
            done += _end_list(session, pool) if pool.starts_at <= clock.now() else serve(session, pool)
            session.commit()
    return done


def _has_free() -> ColumnElement[bool]:
    kept = aliased(Pool)
    of_kept = select(kept.id).where(kept.parent_id == Pool.id, kept.taken < kept.capacity).exists()
    return or_(Pool.taken < Pool.capacity, of_kept)


def open_kept_places() -> int:
    """Open to everyone what was kept until today, and serve who waits."""
    with Session(db.engines[READ]) as session:
        now = clock.now()
        is_due = or_(Pool.release_on <= clock.today(), Pool.starts_at <= now + CUT_OFF)
        wanted = select(Pool.parent_id).where(Pool.kind == PoolKind.RESERVED, Pool.status == PoolStatus.OPEN, is_due)
        due = [one for one in session.scalars(wanted.distinct().order_by(Pool.parent_id)) if one]
    for pool_id in due:
        with Session(db.engines[None]) as session:
            settle(session, places.lock_one(session, pool_id))
            session.commit()
    return len(due)


def _end_list(session: Session, pool: Pool) -> int:
    waiting = select(Booking).where(Booking.pool_id == pool.id, Booking.state == BookingState.WAITING)
    found = session.scalars(waiting.order_by(Booking.queued_at, Booking.id)).all()
    for booking in found:
        move(session, SYSTEM, booking, BookingAction.LAPSE)
    return len(found)


@sweep("invitations", every=timedelta(hours=6))
def forget_guests() -> int:
    """Wipe who was asked by invitations that are long over."""
    with Session(db.engines[None]) as session:
        done = inviting.forget_guests(session)
        session.commit()
        return done


@sweep("reminders of sessions", every=timedelta(minutes=10))
def write_reminders() -> int:
    """Write the reminders that are due soon."""
    with Session(db.engines[None]) as session:
        done = write_due(session)
        session.commit()
        return done
