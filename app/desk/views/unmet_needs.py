"""What people looked for and did not find."""

from __future__ import annotations

from flask import render_template, request
from flask_babel import lazy_gettext as _

from app.accounts.access import staff
from app.accounts.codes import Role
from app.accounts.current import current_actor
from app.desk import queries
from app.desk.views.blueprint import desk
from app.library.topics import TopicTree
from app.web import staff_menu
from app.web.database import db

READERS = (Role.DIRECTORY_EDITOR, Role.MANAGER, Role.COMMISSIONER)
PERIODS = (4, 13, 52)
staff_menu.register(
    staff_menu.StaffMenuItem(
        _("Unmet needs"), "/desk/unmet-needs", roles=frozenset(role.value for role in READERS), order=40
    )
)


@desk.route("/desk/unmet-needs", access=staff(*READERS))
def unmet_needs() -> str:
    """By topic and postcode district; nobody's words, nobody's name, and no number below five."""
    asked = request.args.get("weeks", "")
    weeks = int(asked) if asked in {str(period) for period in PERIODS} else PERIODS[1]
    return render_template(
        "desk/unmet_needs.html",
        needs=queries.unmet_needs(db.session(), weeks=weeks),
        tree=TopicTree.of(db.session()),
        weeks=weeks,
        periods=PERIODS,
        teaches=current_actor().holds(Role.DIRECTORY_EDITOR),
    )
