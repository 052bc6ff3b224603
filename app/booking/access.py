"""Who may run courses and groups: tutors and providers, each for their own organisation, as the queries hold it."""

from __future__ import annotations

from app.accounts.access import staff
from app.accounts.codes import Role

RUNS_THEM = staff(Role.TUTOR, Role.PROVIDER)
RUNNERS = frozenset({Role.TUTOR.value, Role.PROVIDER.value})
