"""The home of a member of staff."""

from __future__ import annotations

from flask import render_template
from flask_babel import lazy_gettext as _

from app.accounts.access import staff
from app.accounts.current import current_actor
from app.desk.views.blueprint import desk
from app.web import staff_menu
from app.web.database import db
from app.web.worklists import worklists_for

staff_menu.register(staff_menu.StaffMenuItem(_("Desk"), "/desk", order=0))
staff_menu.register(staff_menu.StaffMenuItem(_("Find help"), "/", order=10))


@desk.route("/desk", access=staff())
def home() -> str:
    """What waits for the member of staff, most pressing first."""
    actor = current_actor()
    session = db.session()
    lists = [(worklist, worklist.count(session, actor)) for worklist in worklists_for(session, actor)]
    return render_template("desk/home.html", lists=lists)
