"""Who may enter the pages of advice."""

from __future__ import annotations

from app.accounts.access import staff
from app.advice.scope import AT_DESK as RECEIVERS
from app.advice.scope import READERS, SUPERVISORS, WORKERS

WORKER = staff(*WORKERS)
READER = staff(*READERS)
SUPERVISOR = staff(*SUPERVISORS)
AT_DESK = staff(*RECEIVERS)
