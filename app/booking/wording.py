"""What the codes of booking say to people."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.booking.calendar_values import CalendarWords
from app.booking.codes import Bar

# Each says what is so and what the person can do now; none says that they did wrong.
BARS: dict[Bar, Any] = {
    Bar.NOT_OPEN_YET: _("Booking is not open yet. Please come back when it opens."),
    Bar.CLOSED: _("Booking has closed. You can ask the people who run it whether there is still a way."),
    Bar.STARTED: _("This has already started. You can look for the next one."),
    Bar.CANCELLED: _("This has been cancelled. We are sorry. You can look for another one."),
    Bar.ALREADY_HERE: _("You already have a place or are on the waiting list. You do not need to do anything."),
    Bar.AREA_UNKNOWN: _("This is for people who live in the area. Tell us your postcode so that we can check."),
    Bar.OUTSIDE_AREA: _(
        "This is paid for by one area and only for people who live there. We can show you what is near you."
    ),
    Bar.NEEDS_REFERRAL: _(
        "Somebody who supports you needs to ask for this place. That can be your GP or a support worker."
    ),
    Bar.NEEDS_INVITATION: _("Places here are by invitation. You can ask the people who run it to invite you."),
    Bar.AGE_UNKNOWN: _("This is for people of a certain age. Tell us how old you are so that we can check."),
    Bar.TOO_YOUNG: _("This is for people who are a little older. We can show you what there is for your age."),
    Bar.TOO_OLD: _("This is for younger people. We can show you what there is for your age."),
    Bar.LIMIT_REACHED: _(
        "You have as many bookings as one person can have at a time, so that there are places for everyone. "
        "You can cancel one to book this."
    ),
    Bar.TOO_MANY_TOGETHER: _(
        "That is more places than one booking can have here. You can ask us about a bigger group."
    ),
}


def bar(code: Bar) -> str:
    """Why somebody cannot book here now, in words."""
    return str(BARS[code])


def calendar_words() -> CalendarWords:
    """The words of ours in calendar files, in the language of the moment."""
    return CalendarWords(
        discreet_title=gettext("Appointment"), join=gettext("Join online:"), page=gettext("Details and changes:")
    )
