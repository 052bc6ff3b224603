"""What a visitor chooses for the session: the language.

These forms stand on every page. A token against forgery in each would give every visitor a cookie and every page a
new body; so they are held to the browser's own word on where the form was sent from instead (and the session cookie
does not travel from other sites).
"""

from __future__ import annotations

from flask import abort, redirect, request, session
from werkzeug.wrappers import Response

from app.library.views.blueprint import library
from app.web.access import PUBLIC
from app.web.addresses import own_address
from app.web.languages import LANGUAGES, SESSION_KEY

OWN_PAGES = frozenset({"same-origin", "none"})


def only_own_forms() -> None:
    """Refuse a form that was sent from another site."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in OWN_PAGES:
        abort(400)


@library.route("/language", access=PUBLIC, methods=["POST"])
def choose_language() -> Response:
    """Keep the chosen language and go back to the page it was chosen on."""
    only_own_forms()
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        abort(400)
    session[SESSION_KEY] = chosen
    return redirect(own_address(request.form.get("next", "")), code=303)
