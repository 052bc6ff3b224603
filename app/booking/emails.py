"""The messages of booking. None says in its subject, or in a text, what a person goes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypedDict
from uuid import UUID

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session

from app.booking.codes import BookingState
from app.booking.discretion import gives_away, quiet_place
from app.booking.entries import join_link, part_for
from app.booking.models import AttendanceRecord, Booking
from app.booking.queries.bookings import is_in_state, sessions_for
from app.booking.reach import reach_of, verdict_as_it_leaves
from app.booking.wording import place_words
from app.core import clock
from app.notifications import links
from app.notifications.about import About
from app.notifications.codes import Channel
from app.notifications.kinds import BOTH, MessageKind, register
from app.notifications.models import Message
from app.notifications.operations import Draft, send
from app.notifications.rendering import address_of, render_message
from app.notifications.stopping import Drop, Keep, Verdict, before_sending

PURPOSE = "booking"
ABOUT = "booking"
LINK_LASTS_AFTER = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A session as a message tells it."""

    starts_at: datetime
    ends_at: datetime
    place: str
    join: str = ""
    cancelled: bool = False
    online: bool = False
    page: str = ""


class Paged(TypedDict):
    """Sessions each with its page, and where all can be found."""

    lines: list[Line]
    address: str


_START = datetime(2030, 5, 14, 13, 0, tzinfo=UTC)
SAMPLE_LINE = Line(starts_at=_START, ends_at=_START + timedelta(hours=2), place="Room 2, 6 Candlewick Yard, WX1 2DR")


def _sample() -> Mapping[str, object]:
    return {
        "title": "",
        "lines": [SAMPLE_LINE],
        "address": address_of("booking.manage", token="a-sample"),  # noqa: S106 - a sample
        "position": 2,
        "until": _START - timedelta(days=6),
        "again": False,
        "why": "The tutor is ill.",
        "whole": False,
        "moved": False,
        "can_move": True,
        "link_only": False,
        "rest": False,
        "waits": [],
        "soon": False,
        "in_line": False,
        "appointment": False,
        "who": "Sam Reid",
    }


def _kind(name: str, title: object) -> MessageKind:
    return register(MessageKind(name=f"booking.{name}", title=str(title), channels=BOTH, sample=_sample, secret=True))


BOOKED = _kind("booked", _("A place is booked"))
WAITING = _kind("waiting", _("On a waiting list"))
OFFERED = _kind("offered", _("A place has come free"))
OFFER_OVER = _kind("offer_over", _("An offer has run out"))
CANCELLED = _kind("cancelled", _("A booking is cancelled"))
CALLED_OFF = _kind("called_off", _("A session or a course is called off"))
CHANGED = _kind("changed", _("A session has another time or place"))
NOTE = _kind("note", _("Words of those who run it"))
FEWER = _kind("fewer", _("There are fewer places than planned"))
IN_LINE = _kind("in_line", _("What somebody waits for, or is offered, has another time or place"))
WITH_ANOTHER = _kind("with_another", _("An appointment is with somebody else"))
COMPLETED = _kind("completed", _("A course is completed"))
NOT_COMPLETED = _kind("not_completed", _("That a course is completed is taken back"))
REMINDER = _kind("reminder", _("Reminder of a session"))
LINKS = register(
    MessageKind(
        name="booking.links",
        title=str(_("Links to one's bookings")),
        channels=BOTH,
        sample=lambda: {"entries": [(SAMPLE_LINE, address_of("booking.manage", token="a-sample"))]},  # noqa: S106
        secret=True,
    )
)


def link_to(session: Session, booking: Booking) -> str:
    """A new token of the page of a booking; good for as long as the booking means anything."""
    lifetime = max(booking.pool.ends_at - clock.now(), timedelta()) + LINK_LASTS_AFTER
    return links.issue(session, PURPOSE, About(type=ABOUT, id=booking.id), lifetime=lifetime, once=False)


def page_of(session: Session, booking: Booking) -> str:
    """The address of the page of a booking, with a link of its own."""
    return address_of("booking.manage", token=link_to(session, booking))


def lines_of(attendances: Sequence[AttendanceRecord], *, discreet: bool) -> list[Line]:
    """The sessions as a message tells them."""
    return [
        Line(
            starts_at=one.session.starts_at,
            ends_at=one.session.ends_at,
            place=quiet_place(place_words(one.session.room)) if discreet else place_words(one.session.room),
            join=join_link(one) or "",
            cancelled=one.session.cancelled_at is not None,
            online=one.session.joined_by is not None,
        )
        for one in attendances
    ]


def each_with_its_page(session: Session, attendances: Sequence[AttendanceRecord], *, discreet: bool) -> Paged:
    """For a message about several bookings: each session with the link to its own, and where all can be found."""
    pages = {one.booking_id: page_of(session, one.booking) for one in attendances}
    lines = zip(lines_of(attendances, discreet=discreet), attendances, strict=True)
    return {
        "lines": [replace(line, page=pages[one.booking_id]) for line, one in lines],
        "address": address_of("booking.find"),
    }


def first_line(session: Session, booking: Booking) -> Line:
    """The next session of a booking, as a list of bookings tells it."""
    coming = [one for one in sessions_for(session, booking) if one.ends_at > clock.now()]
    one = (coming or sessions_for(session, booking))[0]
    return Line(starts_at=one.starts_at, ends_at=one.ends_at, place="")


def tell(  # noqa: PLR0913 - what a message is made of
    session: Session,
    booking: Booking,
    kind: MessageKind,
    key: str,
    attendances: Sequence[AttendanceRecord] = (),
    *,
    with_calendar: bool = False,
    gone: bool = False,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
    **values: object,
) -> bool:
    """Write to whoever has the booking, where it is safe to; says whether there is such an address."""
    reach = reach_of(session, booking)
    if reach is None:
        return False
    recipient = reach.address
    discreet = discreetly(booking)
    channel = Channel.EMAIL if "@" in recipient else Channel.SMS
    told = {
        **_nothing_more(),
        "title": "" if discreet else booking.pool.run.course.name,
        "appointment": not booking.pool.run.course.is_listed,
        "lines": lines_of(attendances, discreet=discreet),
        "address": page_of(session, booking),
        **values,
    }
    words = render_message(kind.name, booking.language, by=channel, **told)
    part = None
    if with_calendar and channel is Channel.EMAIL:
        part = part_for(list(attendances), recipient, gone=gone)
    about = About(type=ABOUT, id=booking.id)
    send(
        session,
        Draft(
            words=words,
            dedupe_key=key,
            recipient=recipient,
            calendar=part,
            about=about,
            not_before=max(filter(None, (not_before, reach.not_before)), default=None),
            expires_at=expires_at,
        ),
    )
    return True


def _still_safe(session: Session, message: Message) -> Verdict:
    """Nobody is written to by a way, or at a time, that their record no longer calls safe."""
    booking = session.get(Booking, message.subject_id) if message.subject_type == ABOUT and message.subject_id else None
    return Keep() if booking is None else verdict_as_it_leaves(session, booking, message.recipient)


def _still_too_few(session: Session, message: Message) -> Verdict:
    """Nobody is asked to move who has gone meanwhile, or where there is room again."""
    booking = session.get(Booking, message.subject_id) if message.subject_type == ABOUT and message.subject_id else None
    if booking is None or (booking.state is BookingState.BOOKED and booking.pool.over):
        return Keep()
    return Drop("room again")


def _still_booked(session: Session, message: Message) -> Verdict:
    """Nobody is told what to know before they come who does not come any more."""
    booking = session.get(Booking, message.subject_id) if message.subject_type == ABOUT and message.subject_id else None
    return Keep() if booking is None or booking.state is BookingState.BOOKED else Drop("not booked any more")


def in_line_key(booking: Booking) -> str:
    """How the keys begin of what is told of dates to who is in line: how they stand, and in what.

    Of all that somebody waits for in a run there is one message, of each offer one.
    """
    if booking.state is BookingState.OFFERED:
        return f"line:{booking.state}:{booking.id}:"
    return waiting_key(booking.pool.run_id, booking.attendee_id)


def waiting_key(run_id: UUID, attendee_id: UUID | None) -> str:
    """How they begin for all that somebody waits for in a run."""
    return f"line:{BookingState.WAITING}:{run_id}-{attendee_id}:"


def _still_in_line(session: Session, message: Message) -> Verdict:
    """Whoever has a place, or an offer, since then has read the dates with that."""
    booking = session.get(Booking, message.subject_id) if message.subject_type == ABOUT and message.subject_id else None
    if booking is None:
        return Keep()
    state = BookingState(message.dedupe_key.split(":")[1])
    if state is BookingState.OFFERED:
        # Of each offer there is a message of its own, whatever else of the run they are offered.
        return Keep() if booking.state is state else Drop("stands otherwise now")
    return Keep() if is_in_state(session, booking, state) else Drop("stands otherwise now")


for _each in (
    BOOKED,
    WAITING,
    OFFERED,
    OFFER_OVER,
    CANCELLED,
    CALLED_OFF,
    CHANGED,
    NOTE,
    FEWER,
    IN_LINE,
    WITH_ANOTHER,
    COMPLETED,
    NOT_COMPLETED,
    REMINDER,
):
    before_sending(_each.name)(_still_safe)
before_sending(FEWER.name)(_still_too_few)
before_sending(NOTE.name)(_still_booked)
before_sending(IN_LINE.name)(_still_in_line)


def _nothing_more() -> dict[str, object]:
    return {
        "position": None,
        "until": None,
        "again": False,
        "why": "",
        "whole": False,
        "moved": False,
        "can_move": False,
        "link_only": False,
        "rest": False,
        "waits": [],
        "soon": False,
        "in_line": False,
    }


def discreetly(booking: Booking) -> bool:
    """Whether messages leave out what it is: as the person chose, else where the name gives it away."""
    return gives_away(booking.pool.run.course.name) if booking.discreet is None else booking.discreet
