"""A signpost that begins at somebody's record: who it is for is remembered until the services are picked."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from flask import session as visitor

from app.core import clock

KEY = "signpost_for"
# Soon enough that the next person at the desk is not taken for this one.
LASTS = timedelta(minutes=10)


def remember(person_id: UUID) -> None:
    """Whoever is at this desk picks services for that person."""
    visitor[KEY] = [str(person_id), clock.now().isoformat()]


def remembered() -> UUID | None:
    """Whom the services are picked for, where it is not long ago."""
    kept = visitor.get(KEY)
    if not isinstance(kept, list) or len(kept) != 2:
        return None
    if clock.now() - datetime.fromisoformat(kept[1]) > LASTS:
        forget()
        return None
    return UUID(kept[0])


def forget() -> None:
    """It was given, or is for somebody else."""
    visitor.pop(KEY, None)
