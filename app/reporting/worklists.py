"""Where figures are in the menu of staff; managers come to them from the desk of advice."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from app.accounts.codes import Role
from app.web import staff_menu

staff_menu.register(
    staff_menu.StaffMenuItem(
        _("Advice figures"), "/desk/reports/advice", roles=frozenset({Role.COMMISSIONER.value}), order=18
    )
)
