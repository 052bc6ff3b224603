"""What waits for those who refer and those who take people on."""

from __future__ import annotations

from functools import partial

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.core.actor import Actor
from app.referrals.parties import RECEIVING, REFERRING
from app.referrals.queries import desks
from app.web import staff_menu
from app.web.worklists import Worklist, register

SENDERS = frozenset({Role.SURGERY.value})
TEAM = frozenset(role.value for role in RECEIVING)
WORKERS = TEAM
HUB = frozenset({Role.HUB.value, Role.MANAGER.value})
EVERYBODY = frozenset(role.value for role in (*REFERRING, *RECEIVING, Role.MANAGER))


def _count(name: str, session: Session, actor: Actor) -> int:
    return desks.count(session, actor, name)


def _list(name: str, title: LazyString, roles: frozenset[str], order: int, *, urgent: bool = False) -> Worklist:
    return Worklist(
        f"referrals-{name}",
        title,
        f"/desk/referrals?list={name}",
        roles,
        partial(_count, name),
        order=order,
        is_urgent=urgent,
    )


for worklist in (
    Worklist(
        "referral-tasks",
        _("Tasks for you"),
        "/desk/referrals/tasks",
        EVERYBODY,
        desks.count_my_tasks,
        order=1,
        is_urgent=True,
    ),
    _list("needs-me", _("Referrals that need you"), SENDERS, 2, urgent=True),
    _list("late", _("Referrals that are late with others"), SENDERS, 3, urgent=True),
    _list("to-hear", _("Ended, and no word back yet"), SENDERS, 3, urgent=True),
    _list("waiting", _("Referrals waiting for an answer"), SENDERS, 4),
    _list("answered", _("Referrals answered lately"), SENDERS, 5),
    Worklist(
        "referral-letters",
        _("Messages about your patients"),
        "/desk/referrals/letters",
        SENDERS,
        desks.count_letters,
        order=4,
    ),
    _list("triage", _("Referrals to triage"), TEAM, 2, urgent=True),
    _list("overdue", _("Overdue"), HUB, 3, urgent=True),
    _list("unallocated", _("Nobody looks after them"), HUB, 4, urgent=True),
    _list("today", _("People for today"), WORKERS, 5),
    _list("mine", _("My people"), WORKERS, 6),
    _list("loop", _("Word back not sent"), TEAM | HUB, 7),
):
    register(worklist)
staff_menu.register(staff_menu.StaffMenuItem(_("Referrals"), "/desk/referrals", roles=EVERYBODY, order=12))
staff_menu.register(
    staff_menu.StaffMenuItem(_("Pathways"), "/desk/pathways", roles=frozenset({Role.MANAGER.value}), order=45)
)
