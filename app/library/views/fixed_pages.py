"""Pages whose words do not change. `/help-now` must answer with database and index down: it asks neither."""

from __future__ import annotations

from flask import Response, render_template

from app.library.views.blueprint import library
from app.web import helplines
from app.web.access import PUBLIC
from app.web.caching import conditional


@library.route("/help-now", access=PUBLIC)
def help_now() -> str:
    """Whom to call at once. Not kept by browsers: it may out the person who read it."""
    return render_template(
        "library/help_now.html",
        emergency=helplines.EMERGENCY,
        urgent=helplines.NHS_111,
        lines=helplines.TALK,
    )


@library.route("/accessibility", access=PUBLIC)
def accessibility() -> Response:
    """The accessibility statement."""
    return conditional(render_template("library/accessibility.html"))


@library.route("/privacy", access=PUBLIC)
def privacy() -> Response:
    """What is kept of a visitor, in plain words."""
    return conditional(render_template("library/privacy.html"))


@library.route("/cookies", access=PUBLIC)
def cookies() -> Response:
    """The one cookie."""
    return conditional(render_template("library/cookies.html"))


@library.route("/notices", access=PUBLIC)
def notices() -> Response:
    """Whose work Waymark uses, and on what terms."""
    return conditional(render_template("library/notices.html"))
