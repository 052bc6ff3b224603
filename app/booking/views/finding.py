"""Whoever has lost the link to a booking has it sent again, to the address that booked and to no other."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.addresses import as_reached
from app.accounts.views import limits
from app.booking import emails
from app.booking.forms import FindForm
from app.booking.queries import bookings as known
from app.booking.views.blueprint import booking
from app.core.limits import Limit
from app.notifications.codes import Channel
from app.notifications.operations import Draft, send
from app.notifications.rendering import render_message
from app.web.access import PUBLIC
from app.web.database import db
from app.web.done import done_before
from app.web.languages import chosen_language

SENT = Limit("bookings found", 3, timedelta(minutes=30))


@booking.route("/bookings", access=PUBLIC, methods=["GET", "POST"])
def find() -> Response | str | tuple[str, int]:
    """Ask for one's links. The answer is the same whether or not the address has bookings."""
    form = FindForm()
    if form.validate_on_submit():
        address = as_reached(form.address.data) or ""
        if (wait := limits.wait_for("booking links", address, SENT)) is not None:
            form.address.errors = [limits.wait_in_words(wait)]
            return limits.refused_page(render_template("booking/find.html", form=form, done=""), wait)
        _send_links(address)
        return redirect(url_for("booking.find", done="sent"), code=303)
    page = render_template("booking/find.html", form=form, done=done_before())
    return (page, 422) if form.errors else page


def _send_links(address: str) -> None:
    session = db.session()
    found = known.active_at(session, address)
    entries = [(emails.first_line(session, booking), emails.page_of(session, booking)) for booking in found]
    if not entries:
        return
    channel = Channel.EMAIL if "@" in address else Channel.SMS
    words = render_message(emails.LINKS.name, chosen_language(), by=channel, entries=entries)
    send(session, Draft(words=words, dedupe_key=f"booking links:{uuid4()}", recipient=address, urgent=True))
