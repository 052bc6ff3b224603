"""What the codes of booking say to people."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from flask_babel import format_datetime, gettext, to_user_timezone
from flask_babel import lazy_gettext as _

from app.booking.calendar_values import CalendarWords
from app.booking.codes import (
    Attendance,
    Availability,
    Bar,
    BookingState,
    FacilitatorKind,
    KeptFor,
    NeedKind,
    PathStage,
    WhoMayBook,
)
from app.booking.models import Room, Run
from app.core import clock
from app.directory.codes import AccessFeature
from app.web.page_words import page_words

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


def we_write_to(address: str) -> str:
    """Where messages go, as much of it as tells its owner which one it is: the next at this phone reads it too."""
    if "@" in address:
        name, _at, host = address.partition("@")
        return gettext("We write to your email address %(hint)s.", hint=f"{name[:1]}…@{host}")
    return gettext("We write to your mobile number that ends in %(digits)s.", digits=address[-3:])


def for_whom(run: Run) -> str:
    """For whom it is by age and home, in a sentence or two; nothing where it is for everybody."""
    told = []
    if run.youngest is not None and run.oldest is not None:
        told.append(gettext("This is for people aged %(first)s to %(last)s.", first=run.youngest, last=run.oldest))
    elif run.youngest is not None:
        told.append(gettext("This is for people aged %(age)s and over.", age=run.youngest))
    elif run.oldest is not None:
        told.append(gettext("This is for people aged up to %(age)s.", age=run.oldest))
    if run.who is WhoMayBook.AREA:
        told.append(gettext("This is for people who live in %(area)s.", area=", ".join(run.area.split())))
    return " ".join(told)


def calendar_words() -> CalendarWords:
    """The words of ours in calendar files, in the language of the moment."""
    return CalendarWords(
        discreet_title=gettext("Appointment"), join=gettext("Join online:"), page=gettext("Details and changes:")
    )


LEADS: dict[FacilitatorKind, Any] = {
    FacilitatorKind.PEER: _("Peer trainer"),
    FacilitatorKind.PRACTITIONER: _("Practitioner"),
    FacilitatorKind.SHADOW: _("Learning the work"),
}


def lead_words(kind: FacilitatorKind) -> str:
    """As what somebody leads."""
    return str(LEADS[kind])


AVAILABLE: dict[Availability, Any] = {
    Availability.PLACES: _("Places free"),
    Availability.FEW: _("Few places left"),
    Availability.WAITING_LIST: _("Full, with a waiting list"),
    Availability.FULL: _("Full"),
    Availability.NOT_YET: _("Booking is not open yet"),
    Availability.CLOSED: _("Booking has closed"),
    Availability.DROP_IN: _("No need to book, just come"),
    Availability.CANCELLED: _("Cancelled"),
}
NEEDS: dict[NeedKind, Any] = {
    NeedKind.STEP_FREE: _("A way in without steps"),
    NeedKind.HEARING_LOOP: _("A hearing loop"),
    NeedKind.BSL: _("A sign language interpreter (BSL)"),
    NeedKind.INTERPRETER: _("An interpreter for another language"),
    NeedKind.LARGE_PRINT: _("Large print"),
    NeedKind.COMPANION: _("Somebody who comes along to support me"),
    NeedKind.OTHER: _("Something else"),
}
STATES: dict[BookingState, Any] = {
    BookingState.DRAFT: _("Not finished"),
    BookingState.REQUESTED: _("Asked for"),
    BookingState.HELD: _("Held while the form is filled"),
    BookingState.WAITING: _("On the waiting list"),
    BookingState.OFFERED: _("Offered a place"),
    BookingState.BOOKED: _("Booked"),
    BookingState.DECLINED: _("Not possible"),
    BookingState.LAPSED: _("Ran out"),
    BookingState.DECLINED_OFFER: _("Offer not wanted"),
    BookingState.OFFER_LAPSED: _("Offer ran out"),
    BookingState.WITHDRAWN: _("Withdrawn"),
    BookingState.CANCELLED_BY_PERSON: _("Cancelled by the person"),
    BookingState.CANCELLED_BY_SERVICE: _("Cancelled by us"),
    BookingState.RUN_CANCELLED: _("Called off"),
    BookingState.TRANSFERRED: _("Moved to another date"),
    BookingState.RELEASED: _("Given to somebody else"),
    BookingState.COMPLETED: _("Completed"),
}
ATTENDANCES: dict[Attendance, Any] = {
    Attendance.EXPECTED: _("Expected"),
    Attendance.PRESENT: _("Here"),
    Attendance.LATE: _("Came late"),
    Attendance.LEFT_EARLY: _("Left early"),
    Attendance.ABSENT_TOLD_US: _("Away, told us"),
    Attendance.DID_NOT_ATTEND: _("Did not come"),
    Attendance.SESSION_CANCELLED: _("Session cancelled"),
    Attendance.NOT_RECORDED: _("Not recorded"),
}


KEPT_FOR: dict[KeptFor, Any] = {
    KeptFor.CARERS: _("carers"),
    KeptFor.REFERRED: _("people who are referred"),
}


STAGES: dict[PathStage, Any] = {
    PathStage.INTERESTED: _("Interested in helping as a volunteer or peer trainer"),
    PathStage.TALKED: _("We have talked about it"),
    PathStage.TRAINED: _("Training is done"),
    PathStage.SHADOWING: _("Helping beside somebody with experience"),
    PathStage.PEER_TRAINER: _("Peer trainer"),
}


def stage_words(code: PathStage) -> str:
    """How far somebody is on the way to helping as a peer trainer."""
    return str(STAGES[code])


def kept_for_words(code: KeptFor) -> str:
    """For whom places are kept, in the middle of a sentence."""
    return str(KEPT_FOR[code])


def available(code: Availability) -> str:
    """How places stand, in words."""
    return str(AVAILABLE[code])


def session_day(starts_at: datetime) -> str:
    """For example "Tuesday 1 December"; with the year where it is another one."""
    pattern = "EEEE d MMMM" if to_user_timezone(starts_at).year == clock.today().year else "EEEE d MMMM y"
    return format_datetime(starts_at, pattern)


def session_hour(instant: datetime) -> str:
    """For example "2pm", "2:30pm" or "midday": 12pm is read as midnight by some."""
    wall = to_user_timezone(instant)
    if wall.minute == 0 and wall.hour in {0, 12}:
        return gettext("midday") if wall.hour else gettext("midnight")
    pattern = "h:mma" if wall.minute else "ha"
    return format_datetime(instant, pattern).replace("AM", "am").replace("PM", "pm")


def session_moment(instant: datetime) -> str:
    """For example "Monday 30 November at 5pm": by when somebody must answer, or from when on they can book."""
    return gettext("%(day)s at %(time)s", day=session_day(instant), time=session_hour(instant))


def session_time(starts_at: datetime, ends_at: datetime) -> str:
    """For example "Tuesday 1 December, 2pm to 4pm"."""
    return _session_time(starts_at, ends_at, clock.today().year, page_words().language)


@lru_cache(maxsize=4_000)
def _session_time(starts_at: datetime, ends_at: datetime, _this_year: int, _language: str) -> str:
    """Everybody reads the same times again and again, and Babel works them out from their pattern each time."""
    return gettext(
        "%(day)s, %(start)s to %(end)s",
        day=session_day(starts_at),
        start=session_hour(starts_at),
        end=session_hour(ends_at),
    )


def place_words(room: Room | None) -> str:
    """Where a session is, in a line."""
    if room is None:
        return ""
    return place_line(room.name, room.address, is_online=bool(room.join_link))


def place_line(name: str | None, address: str | None, *, is_online: bool) -> str:
    """The words for a room by what is kept of it."""
    if is_online:
        return gettext("Online")
    return ", ".join(part for part in (name, address) if part)


def full() -> str:
    """There is neither a place nor a list."""
    return gettext("All places are taken, and there is no waiting list. You can look for another date.")


def offer_is_over() -> str:
    """An offer was not taken up in time."""
    return gettext("The time for this offer is over. We no longer keep the place for you.")


def no_place_there() -> str:
    """A change that could not be made."""
    return gettext("There is no place there any more. Nothing has changed: you still have your old place.")


def need_words(kind: NeedKind) -> str:
    """What somebody needs."""
    return str(NEEDS[kind])


def attendance_words(state: Attendance) -> str:
    """What the register says."""
    return str(ATTENDANCES[state])


def booking_words(state: BookingState) -> str:
    """Where a booking stands."""
    return str(STATES[state])


ACCESS: dict[AccessFeature, Any] = {
    AccessFeature.STEP_FREE: _("Step-free"),
    AccessFeature.ACCESSIBLE_TOILET: _("Accessible toilet"),
    AccessFeature.HEARING_LOOP: _("Hearing loop"),
    AccessFeature.PARKING: _("Parking"),
    AccessFeature.QUIET_ROOM: _("Quiet room"),
    AccessFeature.LIFT: _("Lift"),
    AccessFeature.CHANGING_PLACE: _("Changing place"),
    AccessFeature.GUIDE_DOGS: _("Guide dogs welcome"),
}


def access_word(feature: AccessFeature) -> str:
    """What helps people to come in."""
    return str(ACCESS[feature])


def session_month(starts_at: datetime) -> str:
    """The month in three letters or so."""
    return format_datetime(starts_at, "MMM")


def session_number(starts_at: datetime) -> str:
    """The day of the month."""
    return format_datetime(starts_at, "d")


def clash(what: str, by: str, starts_at: datetime) -> str:
    """A room or somebody who leads is taken."""
    when = f"{session_day(starts_at)}, {session_hour(starts_at)}"
    return gettext("%(what)s is taken by “%(by)s” on %(when)s", what=what, by=by, when=when)
