"""Who may enter the pages of people."""

from __future__ import annotations

from app.accounts.access import staff
from app.people.scope import READERS, WORKERS

WORKER = staff(*WORKERS)
READER = staff(*READERS)
