"""Calendars that follow along: a person's own behind a secret address, and the programme for everybody."""

from __future__ import annotations

from uuid import UUID

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.current import current_actor
from app.booking import calendars, entries
from app.booking.forms import FeedForm
from app.booking.operations import feeds as verbs
from app.booking.queries import calendars as reads
from app.booking.views.blueprint import booking
from app.booking.views.managing import booking_of, link_over
from app.booking.wording import calendar_words
from app.core import clock
from app.core.errors import Refused
from app.notifications.rendering import address_of
from app.web.access import PUBLIC
from app.web.database import db

LONGEST_TOKEN = 100
REFRESH_SECONDS = 6 * 60 * 60
PUBLIC_FOR = f"public, max-age={REFRESH_SECONDS // 6}"


@booking.route("/calendar/<token>.ics", access=PUBLIC)
def feed(token: str) -> Response | tuple[str, int]:
    """A person's bookings, for a calendar that asks again and again. The same answer for no feed and one taken back."""
    session = db.session()
    found = reads.feed_of(session, verbs.digest(token)) if len(token) <= LONGEST_TOKEN else None
    if found is None:
        return link_over(of_calendar=True)
    today = clock.today()
    sessions = [
        entries.booked_session(one)
        for one in reads.attendances_between(session, found.attendee_id, *calendars.window(today))
    ]
    content = calendars.subscription_feed(
        sessions, entries.organiser(), calendar_words(), name=_("My bookings"), today=today
    )
    return _calendar(content, "private, no-cache")


@booking.route("/prospectus.ics", access=PUBLIC)
def programme_feed() -> Response:
    """What is on, for any calendar. Who has it as it stands is told so before anything is written."""
    today, name, organiser = clock.today(), _("Courses and groups"), entries.organiser()
    sessions = reads.public_sessions(db.session(), *calendars.window(today))
    tag = calendars.validator(today, name, _("Online"), organiser, entries.base_url(), sessions)
    if request.if_none_match.contains(tag):
        return _answer(b"", tag, PUBLIC_FOR, status=304)
    occasions = [entries.occasion(one) for one in sessions]
    content = calendars.prospectus_feed(occasions, organiser, name=name, today=today)
    return _answer(content, tag, PUBLIC_FOR)


def _calendar(content: bytes, cache_control: str) -> Response:
    response = _answer(content, calendars.etag(content), cache_control)
    answer: Response = response.make_conditional(request)  # type: ignore[assignment]
    return answer


def _answer(content: bytes, tag: str, cache_control: str, *, status: int = 200) -> Response:
    response = make_response(content, status)
    response.headers["Content-Type"] = calendars.CONTENT_TYPE
    response.headers["Cache-Control"] = cache_control
    response.headers["X-Robots-Tag"] = "noindex"
    response.set_etag(tag)
    return response


@booking.route("/bookings/<token>/devices", access=PUBLIC, methods=["GET", "POST"])
def devices(token: str) -> object:
    """The devices that follow this person's calendar, and a new address for one more."""
    found = booking_of(token)
    if found is None or found.attendee_id is None:
        return link_over()
    form, address = FeedForm(), ""
    if form.validate_on_submit():
        try:
            made = verbs.add_feed(db.session(), current_actor(), found.attendee_id, form.name.data)
            address = address_of("booking.feed", token=made)
        except Refused as refusal:
            form.name.errors = [refusal.message]
    open_feeds = verbs.open_feeds(db.session(), found.attendee_id)
    page = render_template("booking/devices.html", token=token, form=form, feeds=open_feeds, address=address)
    return (page, 422) if form.errors else page


@booking.route("/bookings/<token>/devices/<uuid:feed_id>", access=PUBLIC, methods=["POST"])
def take_device_off(token: str, feed_id: UUID) -> object:
    """The address of a device stops working."""
    found = booking_of(token)
    if found is None or found.attendee_id is None:
        return link_over()
    verbs.revoke_feed(db.session(), current_actor(), found.attendee_id, feed_id)
    return redirect(url_for("booking.devices", token=token), code=303)
