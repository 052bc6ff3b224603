"""Every message that Waymark can send, as its reader would see it."""

from __future__ import annotations

from flask import render_template, request
from flask_babel import lazy_gettext as _

from app.accounts.access import staff
from app.accounts.codes import Role
from app.desk.views.blueprint import desk
from app.notifications.rendering import previews
from app.web import staff_menu
from app.web.languages import LANGUAGES

READERS = (Role.ADMINISTRATOR, Role.MANAGER, Role.PRIVACY_OFFICER)
staff_menu.register(
    staff_menu.StaffMenuItem(_("Messages"), "/desk/messages", roles=frozenset(role.value for role in READERS), order=80)
)


@desk.route("/desk/messages", access=staff(*READERS))
def messages() -> str:
    """Subjects and words with made-up values, by e-mail and by text, in a language."""
    language = request.args.get("language", "en")
    chosen = language if language in LANGUAGES else "en"
    return render_template("desk/messages.html", previews=previews(chosen), chosen_language=chosen, offered=LANGUAGES)
