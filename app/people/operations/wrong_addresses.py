"""A number or an address that turned out to be somebody else's: nothing goes there until staff have put it right."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.audit.codes import Action
from app.audit.operations import record
from app.core import clock
from app.core.actor import Actor
from app.people.models import Person

SUBJECT = "person"


def note_wrong_address(session: Session, actor: Actor, person: Person, address: str) -> bool:
    """Somebody else is reached there, or nobody; says whether it stands in the record and was not known to be wrong.

    What was said of who reads it does not hold any more, so nobody gets to the person's own page by it either.
    """
    if address == person.mobile and person.mobile_wrong_since is None:
        person.mobile_wrong_since, person.mobile_is_private = clock.now(), False
        changed = "mobile_wrong_since"
    elif address == person.email and person.email_wrong_since is None:
        person.email_wrong_since, person.email_is_private = clock.now(), False
        changed = "email_wrong_since"
    else:
        return False
    session.flush()
    record(session, actor, Action.CHANGED, (SUBJECT, person.id), person_id=person.id, fields=[changed])
    return True


def say_addresses_are_right(session: Session, actor: Actor, person: Person) -> None:
    """Staff asked, and it is theirs after all: it is used again."""
    wrong = {"mobile_wrong_since": person.mobile_wrong_since, "email_wrong_since": person.email_wrong_since}
    changed = [name for name, since in wrong.items() if since is not None]
    if not changed:
        return
    person.mobile_wrong_since = person.email_wrong_since = None
    session.flush()
    record(session, actor, Action.CHANGED, (SUBJECT, person.id), person_id=person.id, fields=changed)
