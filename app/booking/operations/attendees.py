"""Who books: found or made by the one address at which they are reached."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import Insert, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.booking.models import Attendee
from app.core import clock

_AT = select(Attendee).where(Attendee.address == bindparam("address")).order_by(Attendee.id)


def attendee_of(session: Session, address: str) -> Attendee:
    """The attendee with this address, whose it has been shown to be. Two at once make one."""
    found = session.scalars(_AT, {"address": address}).one_or_none()
    if found is None:
        values = {"id": uuid4(), "created_at": clock.now(), "address": address}
        session.execute(_insert_for(session).values(**values).on_conflict_do_nothing(index_elements=["address"]))  # type: ignore[attr-defined]
        found = session.scalars(_AT, {"address": address}).one()
    return found


def nameless_attendee(session: Session) -> Attendee:
    """Somebody whom staff book and who can be reached by nothing that we could write to."""
    made = Attendee(address=None)
    session.add(made)
    session.flush()
    return made


def _insert_for(session: Session) -> Insert:
    dialect = session.get_bind().dialect.name
    return postgresql.insert(Attendee) if dialect == "postgresql" else sqlite.insert(Attendee)
