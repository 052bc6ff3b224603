"""The pages of booking, one module a journey."""

from __future__ import annotations

from flask import Flask

from app.booking import wording
from app.booking.views import (  # noqa: F401 - imported for their routes
    calendars,
    changing,
    completing,
    finding,
    finishing,
    inviting,
    keeping,
    leading,
    managing,
    numbering,
    on_behalf,
    people,
    plans,
    programme,
    prospectus,
    putting_on,
    sessions,
    setting_up,
    shifting,
    starting,
    telling,
)
from app.booking.views.blueprint import booking


def install(app: Flask) -> None:
    """Register the pages, and how sessions are told in templates."""
    app.register_blueprint(booking)
    app.jinja_env.filters.update(
        lead_words=wording.lead_words,
        session_time=wording.session_time,
        session_day=wording.session_day,
        session_hour=wording.session_hour,
        session_moment=wording.session_moment,
        session_month=wording.session_month,
        session_number=wording.session_number,
        access_word=wording.access_word,
        place_words=wording.place_words,
        available=wording.available,
        stage_words=wording.stage_words,
        for_whom=wording.for_whom,
        we_write_to=wording.we_write_to,
        kept_for_words=wording.kept_for_words,
        need_words=wording.need_words,
        attendance_words=wording.attendance_words,
        booking_words=wording.booking_words,
    )
