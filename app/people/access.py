"""Who may enter the pages of people."""

from __future__ import annotations

from app.accounts.access import staff
from app.accounts.codes import Role
from app.core.actor import Actor
from app.people.scope import READERS, WORKERS

WORKER = staff(*WORKERS)
READER = staff(*READERS)
MANAGER = staff(Role.MANAGER)


def may_write(actor: Actor) -> bool:
    """Whether an actor writes in records, and does not only read them."""
    return actor.holds(*(role.value for role in WORKERS))
