"""Searches that a member of staff keeps: those they make again and again, under a name of their own."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.errors import InvalidInput, NotFound
from app.library.models import SavedSearch

MOST_KEPT = 50
LONGEST_NAME = 100
LONGEST_QUERY = 1000


def keep(session: Session, actor: Actor, *, name: str, query: str) -> SavedSearch:
    """Keep a search under a name; the same search again only takes the new name."""
    if actor.user_id is None or not query or len(query) > LONGEST_QUERY:
        raise InvalidInput("This search cannot be kept. Search for something first.")
    known = session.scalars(_own(actor).where(SavedSearch.query == query)).one_or_none()
    if known is not None:
        known.name = name
        session.flush()
        return known
    if (session.scalar(select(func.count()).select_from(_own(actor).order_by(None).subquery())) or 0) >= MOST_KEPT:
        raise InvalidInput("You have kept as many searches as there is room for. Take one off first.")
    made = SavedSearch(user_id=actor.user_id, name=name, query=query)
    session.add(made)
    session.flush()
    return made


def kept(session: Session, actor: Actor) -> list[SavedSearch]:
    """Those of the actor, by name."""
    return list(session.scalars(_own(actor)))


def remove(session: Session, actor: Actor, search_id: UUID) -> None:
    """Keep one no longer. NotFound for any that is not the actor's own."""
    found = session.scalars(_own(actor).where(SavedSearch.id == search_id)).one_or_none()
    if found is None:
        raise NotFound("saved search")
    session.delete(found)
    session.flush()


def _own(actor: Actor) -> Select[SavedSearch]:
    return select(SavedSearch).where(SavedSearch.user_id == actor.user_id).order_by(SavedSearch.name, SavedSearch.id)
