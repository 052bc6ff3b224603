"""What roles are called on the page."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from app.accounts.codes import Role

ROLE_LABELS: dict[Role, LazyString] = {
    Role.SURGERY: _("Surgery staff"),
    Role.HUB: _("Hub worker"),
    Role.ADVISER: _("Adviser"),
    Role.FRONT_DESK: _("Front desk"),
    Role.TUTOR: _("Tutor or trainer"),
    Role.PROVIDER: _("Provider"),
    Role.DIRECTORY_EDITOR: _("Directory editor"),
    Role.MANAGER: _("Manager"),
    Role.COMMISSIONER: _("Commissioner"),
    Role.PRIVACY_OFFICER: _("Privacy officer"),
    Role.ADMINISTRATOR: _("Administrator"),
}
