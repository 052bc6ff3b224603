"""Where people are in the menu of staff."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from app.accounts.codes import Role
from app.core.actor import Actor
from app.people import queries
from app.people.operations import emergencies, requests
from app.people.scope import READERS, WORKERS
from app.web import staff_menu
from app.web.worklists import Worklist, register

OFFICER = frozenset({Role.PRIVACY_OFFICER.value})


def _to_review(session: Session, actor: Actor) -> int:
    return len(emergencies.to_review(session, actor))


def _asked_for(session: Session, actor: Actor) -> int:
    return len(requests.open_requests(session, actor))


register(
    Worklist(
        "same-person",
        _("Maybe the same person"),
        "/desk/people/duplicates",
        frozenset({Role.HUB.value}),
        queries.count_pairs,
        order=30,
    )
)
register(
    Worklist(
        "wrong-addresses",
        _("Numbers and addresses to put right"),
        "/desk/people/wrong-addresses",
        frozenset(role.value for role in WORKERS),
        queries.count_wrong_addresses,
        order=29,
    )
)
register(
    Worklist(
        "emergencies",
        _("Opened in an emergency"),
        "/desk/privacy#emergencies",
        OFFICER,
        _to_review,
        order=5,
        is_urgent=True,
    )
)
register(
    Worklist(
        "person-requests",
        _("People ask about their record"),
        "/desk/privacy#requests",
        OFFICER,
        _asked_for,
        order=6,
        is_urgent=True,
    )
)
staff_menu.register(staff_menu.StaffMenuItem(_("Privacy"), "/desk/privacy", roles=OFFICER, order=5))

staff_menu.register(
    staff_menu.StaffMenuItem(_("People"), "/desk/people", roles=frozenset(role.value for role in READERS), order=5)
)
