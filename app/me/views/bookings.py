"""The way from the person's own page to the page of each of their bookings."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, url_for
from werkzeug.wrappers import Response

from app.accounts.access import PERSON
from app.accounts.codes import UserKind
from app.accounts.current import current_actor, signed_in
from app.booking import emails
from app.booking.models import Booking
from app.booking.queries import on_behalf
from app.core.errors import NotFound
from app.me.views.blueprint import me
from app.web.database import db


def own_bookings() -> list[Booking]:
    """What the person has booked, or what was booked for them: still to come, or completed."""
    known = signed_in()
    address = (known.user.email or known.user.mobile) if known and known.user.kind is UserKind.PERSON else None
    return on_behalf.own(db.session(), current_actor(), address)


@me.route("/me/bookings/<uuid:booking_id>", access=PERSON, writes=True)
def booking(booking_id: UUID) -> Response:
    """To the page behind a signed link. NotFound for anybody else's booking."""
    found = next((one for one in own_bookings() if one.id == booking_id), None)
    if found is None:
        raise NotFound("booking")
    token = emails.link_to(db.session(), found)
    return redirect(url_for("booking.manage", token=token), code=303)
