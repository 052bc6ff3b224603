"""Who may run courses and groups: tutors and providers, each for their own organisation, as the queries hold it.

Its managers open learning plans, too: what somebody wrote down wrong who has left nobody else could put right.
"""

from __future__ import annotations

from app.accounts.access import staff
from app.accounts.codes import Role

RUNS_THEM = staff(Role.TUTOR, Role.PROVIDER)
RUNNERS = frozenset({Role.TUTOR.value, Role.PROVIDER.value})
OPENS_PLANS = staff(Role.TUTOR, Role.PROVIDER, Role.MANAGER)
ANSWER_FOR_PLANS = frozenset({Role.MANAGER.value})
