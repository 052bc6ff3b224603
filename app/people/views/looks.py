"""A form that is refused shows the record all the same: that somebody looked is written down after the rollback."""

from __future__ import annotations

from app.accounts.current import current_actor
from app.audit.codes import Action
from app.audit.operations import record
from app.people.models import Person
from app.people.operations.records import SUBJECT
from app.web.blueprint import afterwards


def refused(person: Person, page: str) -> tuple[str, int]:
    """The page with what is wrong, and the look put on record."""
    actor, person_id = current_actor(), person.id
    afterwards(lambda session: record(session, actor, Action.READ, (SUBJECT, person_id), person_id=person_id))
    return page, 422
