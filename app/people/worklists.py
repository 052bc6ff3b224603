"""Where people are in the menu of staff."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from app.people.scope import READERS
from app.web import staff_menu

staff_menu.register(
    staff_menu.StaffMenuItem(_("People"), "/desk/people", roles=frozenset(role.value for role in READERS), order=5)
)
