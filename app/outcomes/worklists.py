"""What waits for those who follow people up, and what of outcomes stands on a person's record."""

from __future__ import annotations

from functools import partial

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.core.actor import Actor
from app.outcomes import queries
from app.people.scope import READERS
from app.web import staff_menu
from app.web.worklists import Worklist, register

ROLES = frozenset(role.value for role in READERS)
COUNTING = frozenset({Role.MANAGER.value, Role.COMMISSIONER.value})
KEEPERS = frozenset({Role.MANAGER.value, Role.ADMINISTRATOR.value})


def _due(session: Session, actor: Actor, *, overdue: bool) -> int:
    return queries.count_due(session, actor, overdue=overdue)


LISTS = (
    Worklist(
        "outcome-alerts",
        _("Answers to look at now"),
        "/desk/outcomes/alerts",
        ROLES,
        queries.count_alerts,
        order=1,
        is_urgent=True,
    ),
    Worklist(
        "outcome-overdue",
        _("Follow-ups that need a call"),
        "/desk/outcomes?list=overdue",
        ROLES,
        partial(_due, overdue=True),
        order=30,
    ),
    Worklist(
        "outcome-due", _("Follow-ups that are due"), "/desk/outcomes", ROLES, partial(_due, overdue=False), order=31
    ),
)
for worklist in LISTS:
    register(worklist)
staff_menu.register(staff_menu.StaffMenuItem(_("Follow-ups"), "/desk/outcomes", roles=ROLES, order=16))
staff_menu.register(
    staff_menu.StaffMenuItem(_("Measures and duty"), "/desk/outcomes/settings", roles=KEEPERS, order=70)
)
staff_menu.register(staff_menu.StaffMenuItem(_("Did it help?"), "/desk/outcomes/group", roles=COUNTING, order=17))
