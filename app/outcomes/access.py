"""Who may enter the pages of outcomes."""

from __future__ import annotations

from app.accounts.access import staff
from app.accounts.codes import Role
from app.people.scope import READERS, WORKERS

WORKER = staff(*WORKERS)
READER = staff(*READERS)
KEEPER = staff(Role.MANAGER, Role.ADMINISTRATOR)
COUNTING = staff(Role.MANAGER, Role.COMMISSIONER)
