"""What the home of an adviser counts, and where advice is in the menu of staff."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from app.accounts.codes import Role
from app.advice.queries import worklists as rows
from app.advice.queries.appointments import count_expected, count_missed, count_today
from app.advice.queries.conflicts import count_undecided
from app.advice.queries.reviews import count_due_actions
from app.advice.queries.rota import count_gaps, count_swaps_asked
from app.advice.scope import READERS, SUPERVISORS, WORKERS
from app.web import staff_menu, worklists

_ADVISERS = frozenset(role.value for role in WORKERS)
_READERS = frozenset(role.value for role in READERS)
_FRONT_DESK = frozenset({Role.FRONT_DESK.value})

staff_menu.register(staff_menu.StaffMenuItem(_("Advice"), "/desk/advice", roles=_READERS, order=6))
staff_menu.register(staff_menu.StaffMenuItem(_("Log a contact"), "/desk/advice/log", roles=_ADVISERS, order=7))

staff_menu.register(staff_menu.StaffMenuItem(_("Front desk"), "/desk/advice/front", roles=_FRONT_DESK, order=6))

for _name, _title, _anchor, _count, _order, _urgent in (
    ("deadlines", _("Advice deadlines within four weeks"), "deadlines", rows.count_deadlines, 20, True),
    ("calls", _("Waiting for a call back"), "calls", rows.count_waiting, 21, True),
    ("due", _("Next steps due"), "due", rows.count_due, 22, False),
    ("to-close", _("Cases to close"), "to-close", rows.count_to_close, 24, False),
    ("drafts", _("Contacts not finished"), "drafts", rows.count_drafts, 23, False),
    ("missed", _("To call after a missed appointment"), "missed", count_missed, 19, True),
    ("appointments", _("Appointments today"), "appointments", count_today, 18, False),
):
    worklists.register(
        worklists.Worklist(
            name=f"advice-{_name}",
            title=_title,
            url=f"/desk/advice#{_anchor}",
            roles=_ADVISERS,
            count=_count,
            order=_order,
            is_urgent=_urgent,
        )
    )
worklists.register(
    worklists.Worklist(
        name="front-desk",
        title=_("Appointments today"),
        url="/desk/advice/front",
        roles=_FRONT_DESK,
        count=count_expected,
        order=18,
    )
)
worklists.register(
    worklists.Worklist(
        name="advice-reviews",
        title=_("File reviews to check"),
        url="/desk/advice/reviews#actions-title",
        roles=frozenset(role.value for role in SUPERVISORS),
        count=count_due_actions,
        order=25,
    )
)
worklists.register(
    worklists.Worklist(
        name="advice-conflicts",
        title=_("Conflicts of interest to decide"),
        url="/desk/advice#conflicts",
        roles=frozenset(role.value for role in SUPERVISORS),
        count=count_undecided,
        order=17,
        is_urgent=True,
    )
)
worklists.register(
    worklists.Worklist(
        name="advice-rota",
        title=_("Sessions that lack an adviser"),
        url="/desk/advice/rota",
        roles=_READERS,
        count=count_gaps,
        order=26,
    )
)
worklists.register(
    worklists.Worklist(
        name="advice-swaps",
        title=_("Colleagues ask you to swap"),
        url="/desk/advice/rota",
        roles=_ADVISERS,
        count=count_swaps_asked,
        order=17,
        concerns=lambda session, actor: count_swaps_asked(session, actor) > 0,
    )
)
