"""Who books: found or made by the one address at which they are reached."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.booking.models import Attendee

_AT = select(Attendee).where(Attendee.address == bindparam("address")).order_by(Attendee.id)
_INSERT = {
    name: dialect.insert(Attendee).on_conflict_do_nothing(index_elements=["address"]).returning(Attendee)
    for name, dialect in {"postgresql": postgresql, "sqlite": sqlite}.items()
}


def attendee_of(session: Session, address: str) -> Attendee:
    """The attendee with this address, whose it has been shown to be. Two at once make one."""
    whose = {"address": address}
    found = session.scalars(_AT, whose).one_or_none()
    made = session.scalars(_INSERT[session.get_bind().dialect.name], [whose]).one_or_none() if found is None else None
    return found or made or session.scalars(_AT, whose).one()


def nameless_attendee(session: Session) -> Attendee:
    """Somebody whom staff book and who can be reached by nothing that we could write to."""
    made = Attendee(address=None)
    session.add(made)
    session.flush()
    return made
