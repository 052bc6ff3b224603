"""The tablet that is handed over at the desk: nobody may be signed in on it while a person answers."""

from __future__ import annotations

from uuid import UUID

import segno
from flask import make_response, redirect, render_template, request, url_for
from flask import session as visitor
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.accounts import operations as accounts
from app.accounts.current import clear_cookie, current_actor, forget, signed_in
from app.notifications import links
from app.notifications.rendering import address_of
from app.outcomes import queries, sending
from app.outcomes.access import WORKER
from app.outcomes.codes import Mode
from app.outcomes.operations import occasions as grouping
from app.outcomes.views.blueprint import outcomes
from app.web.access import PUBLIC
from app.web.database import db


@outcomes.route("/desk/outcomes/occasions/<uuid:occasion_id>/tablet", access=WORKER, methods=["POST"])
def tablet(occasion_id: UUID) -> str:
    """A link for a tablet on which nobody is signed in, as a code for its camera. It works for two hours."""
    session = db.session()
    occasion = queries.occasion(session, current_actor(), occasion_id)
    lead = grouping.lead_of(session, occasion)
    if lead.last_message_no is None:
        lead.last_message_no = 0
    token = sending.make_link(session, lead, sending.TABLET_LASTS, detail=Mode.TABLET.value)
    address = address_of("outcomes.reply", token=token)
    return render_template(
        "outcomes/tablet.html", person=occasion.person, token=token, address=address, code=drawn(address)
    )


def hand_over_first(token: str) -> tuple[str, int]:
    """What stands in the place of the questions while somebody is signed in on the tablet."""
    known = signed_in()
    page = render_template("outcomes/hand_over.html", token=token, provider=known.provider if known else None)
    return page, 200 if request.method in {"GET", "HEAD"} else 409


@outcomes.route("/reply/<token>/hand-over", access=PUBLIC, methods=["POST"])
def hand_over(token: str) -> Response | tuple[str, int]:
    """Sign out on this device, and on to the questions.

    Whoever came through a provider is still signed in there, one press from here: they have to go the longer way.
    """
    found, known = links.find(db.session(), sending.PURPOSE, token), signed_in()
    there = redirect(url_for("outcomes.reply", token=token), code=303)
    if found is None or found.detail != Mode.TABLET or known is None:
        return there
    if known.provider is not None:
        return hand_over_first(token)
    accounts.sign_out(db.session(), current_actor(), known.session)
    visitor.clear()
    forget()
    return clear_cookie(make_response(there))


def drawn(address: str) -> Markup:
    """An address as a code for a camera."""
    code = segno.make(address, error="l", micro=False)
    return Markup(code.svg_inline(omitsize=True, border=2, svgclass=None, lineclass=None, dark="#000", light="#fff"))  # noqa: S704 - drawn by segno
