"""What waits for those who signpost."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from app.accounts.codes import Role
from app.referrals.signposts.access import ROLES
from app.referrals.signposts.queries import count_answered, count_came_back, count_mine
from app.web import staff_menu
from app.web.worklists import Worklist, register

SIGNPOSTERS = frozenset(role.value for role in ROLES)

register(
    Worklist(
        "signposts-answered",
        _("Answers about your signposts"),
        "/desk/signposts?show=answered",
        SIGNPOSTERS,
        count_answered,
        order=30,
    )
)
register(
    Worklist(
        "signposts-came-back",
        _("Signposts that did not reach anybody"),
        "/desk/signposts?show=came-back",
        frozenset({Role.MANAGER.value}),
        count_came_back,
        order=29,
    )
)
register(
    Worklist(
        "signposts-mine",
        _("Signposts for you to give again"),
        "/desk/signposts?show=mine",
        SIGNPOSTERS,
        count_mine,
        order=3,
        is_urgent=True,
    )
)
staff_menu.register(staff_menu.StaffMenuItem(_("Signposts"), "/desk/signposts", roles=SIGNPOSTERS, order=15))
