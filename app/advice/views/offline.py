"""The form that an adviser can open without network, and the script that keeps it for that."""

from __future__ import annotations

from flask import Response, render_template
from flask_babel import get_locale

from app.accounts.current import current_actor
from app.advice.access import WORKER
from app.advice.forms import ContactForm
from app.advice.views.blueprint import advice
from app.web.assets import STATIC

STAMP = STATIC / ".built-from"


@advice.route("/desk/advice/offline", access=WORKER)
def offline() -> str:
    """Nobody's name, no token, no list of anything; only whose drafts it goes to."""
    return render_template("advice/offline.html", form=ContactForm(formdata=None), whose=current_actor().user_id)


@advice.route("/desk/advice/offline.js", access=WORKER)
def offline_script() -> Response:
    """The service worker. Its mark changes with adviser, language and scripts: then it keeps the page anew."""
    mark = f"{current_actor().user_id}-{get_locale()}-{_build()}"
    return Response(render_template("advice/offline.js", mark=mark), mimetype="text/javascript")


def _build() -> str:
    return STAMP.read_text(encoding="ascii")[:12] if STAMP.exists() else "none"
