"""The person's own record, and nobody else's."""

from __future__ import annotations

from uuid import UUID

from app.accounts.current import current_actor
from app.people.models import Person
from app.people.operations import open_person
from app.web.database import db


def own(person_id: UUID) -> Person:
    """One of the records that the account was joined to. NotFound for any other."""
    return open_person(db.session(), current_actor(), person_id, reason="own page")
