"""The page of a booking, behind a signed link: see it, take up an offer, change it, give it back in two presses."""

from __future__ import annotations

from flask import Response as FlaskResponse
from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.booking import emails, entries, wording
from app.booking.calendars import CONTENT_TYPE, FILE_NAME
from app.booking.codes import CAME, NOT_FOR_ALL, BookingState
from app.booking.forms import NeedsForm, PressForm
from app.booking.holidays import bank_holidays
from app.booking.models import Booking
from app.booking.operations import booking as verbs
from app.booking.operations.moving import Full
from app.booking.other_times import other_times
from app.booking.queries import bookings as known
from app.booking.queries import completing, offers
from app.booking.rules.states import RETURNS, shown_as
from app.booking.rules.waiting import is_too_late_for_offers
from app.booking.views.blueprint import booking
from app.booking.views.starting import why_not
from app.core import clock
from app.core.actor import Actor, ActorKind
from app.core.errors import Refused
from app.directory.dangers import dangers_in
from app.notifications import links
from app.notifications.rules import quiet_until
from app.web import helplines
from app.web.access import PUBLIC
from app.web.database import db
from app.web.done import done_before

Page = Response | str | tuple[str, int]
CAN_BE_GIVEN_UP = frozenset({BookingState.BOOKED, BookingState.WAITING, BookingState.OFFERED})
MAY_COME_BACK = frozenset(
    {
        BookingState.CANCELLED_BY_PERSON,
        BookingState.WITHDRAWN,
        BookingState.DECLINED_OFFER,
        BookingState.OFFER_LAPSED,
        BookingState.LAPSED,
    }
)
# As which nothing can be given up: there is nothing any more.
GONE = frozenset({"over", "no_place", BookingState.OFFER_LAPSED.value})


@booking.route("/bookings/<token>", access=PUBLIC)
def manage(token: str) -> Page:
    """How the booking stands, and what can be done. Opening the page uses nothing up."""
    found = booking_of(token)
    if found is None:
        return link_over()
    return _page(token, found, done=done_before())


def _is_texted_later(found: Booking) -> bool:
    """Whether what we write to them now waits for the morning: nobody is told that it is sent who looks for it."""
    address = found.attendee.address if found.attendee else None
    return bool(address) and "@" not in str(address) and quiet_until(clock.now()) is not None


def _page(token: str, found: Booking, *, done: str = "", problem: str = "") -> str:
    session = db.session()
    attendances = known.attendances_of(session, found.id)
    sessions = known.sessions_for(session, found)
    standing = _standing(found)
    needs = known.needs_of(session, found.id)
    over = [one for one in sessions if one.ends_at <= clock.now()]
    if len(over) == len(sessions) or found.state is BookingState.COMPLETED:
        over = []
    return render_template(
        "booking/manage.html",
        token=token,
        booking=found,
        course=found.pool.run.course,
        attendances=attendances,
        been={one.session_id for one in attendances if one.state in CAME},
        sessions=[one for one in sessions if one not in over],
        over=over,
        joining={one.id: entries.join_link(one) for one in attendances},
        position=known.place_in_line(session, found),
        too_late=is_too_late_for_offers(clock.now(), starts_at=found.pool.starts_at, holidays=bank_holidays()),
        needs=needs,
        danger_lines=helplines.for_dangers(dangers_in(" ".join(need.words for need in needs))),
        next_offers=completing.what_is_next(session, found) if found.state is BookingState.COMPLETED else [],
        taken_back=completing.taken_back_at(session, found),
        standing=standing,
        is_back_in_line=standing == BookingState.OFFER_LAPSED.value and _is_back_in_line(found),
        why=known.why_ended(session, found) if found.state is BookingState.CANCELLED_BY_SERVICE else "",
        can_give_up=found.state in CAN_BE_GIVEN_UP and standing not in GONE,
        can_return=_can_return(found),
        can_move=found.state is BookingState.BOOKED and clock.now() < found.pool.starts_at,
        state_words=str(wording.STATES[found.state]),
        done=done,
        is_texted_later=_is_texted_later(found),
        problem=problem,
        form=PressForm(),
    )


def _standing(found: Booking) -> str:
    now = clock.now()
    return shown_as(
        found.state,
        waited=found.queued_at is not None,
        is_expired=found.expires_at is not None and found.expires_at <= now,
        has_begun=found.pool.starts_at <= now,
        is_over=found.pool.ends_at <= now,
    )


def _is_back_in_line(found: Booking) -> bool:
    """Whether an offer that has run out leads back to the list, where a sweep has not brought it there yet."""
    return found.state is BookingState.OFFERED and found.lapsed_offers < RETURNS


def _can_return(found: Booking) -> bool:
    """Whether who gave their place up, or let an offer pass, may ask for the same dates again by themselves."""
    if found.state not in MAY_COME_BACK or clock.now() >= found.pool.starts_at:
        return False
    pool = offers.public_pool(db.session(), found.pool_id)
    return pool is not None and pool.run.who not in NOT_FOR_ALL


@booking.route("/bookings/<token>/calendar.ics", access=PUBLIC)
def calendar_file(token: str) -> FlaskResponse | tuple[str, int]:
    """The sessions for a calendar, as discreet as the person likes."""
    found = booking_of(token)
    if found is None:
        return link_over()
    response = make_response(entries.file_of(db.session(), found))
    response.headers["Content-Type"] = CONTENT_TYPE
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return response


@booking.route("/bookings/<token>/cancel", access=PUBLIC, methods=["GET", "POST"])
def give_up(token: str) -> Page:
    """I cannot come: one more press, and no questions."""
    found = booking_of(token)
    if found is None:
        return link_over()
    if found.state not in CAN_BE_GIVEN_UP:
        return redirect(url_for("booking.manage", token=token), code=303)
    form = PressForm()
    if not form.validate_on_submit():
        return render_template("booking/cancel.html", token=token, booking=found, form=form, sessions=_sessions(found))
    try:
        verbs.give_up(db.session(), _holder(found), found)
    except Refused as refusal:
        return _page(token, found, problem=refusal.message), 409
    return redirect(url_for("booking.manage", token=token, done="cancelled"), code=303)


@booking.route("/bookings/<token>/accept", access=PUBLIC, methods=["POST"])
def accept(token: str) -> Page:
    """Take up the offer."""
    found = booking_of(token)
    if found is None:
        return link_over()
    try:
        verbs.accept(db.session(), _holder(found), found)
    except Refused:
        db.session().rollback()
        # What the page says of a booking that was called off, say, is no offer that has run out.
        found = _same(found)
        is_offers = _standing(found) in {BookingState.OFFER_LAPSED.value, BookingState.WAITING.value}
        return _page(token, found, problem=wording.offer_is_over() if is_offers else ""), 409
    return redirect(url_for("booking.manage", token=token, done="booked"), code=303)


@booking.route("/bookings/<token>/needs", access=PUBLIC, methods=["GET", "POST"])
def say_needs(token: str) -> Page:
    """Say what one needs so that one can take part, or change what was said when booking."""
    found = booking_of(token)
    if found is None:
        return link_over()
    told = known.needs_of(db.session(), found.id)
    words = next((need.words for need in told if need.words), "")
    form = NeedsForm(data={"needs": [need.kind.value for need in told], "need_words": words})
    if found.state not in CAN_BE_GIVEN_UP or clock.now() >= found.pool.ends_at or not found.pool.run.course.is_listed:
        return redirect(url_for("booking.manage", token=token), code=303)
    if form.validate_on_submit():
        verbs.change_needs(db.session(), _holder(found), found, form.needs_told())
        return redirect(url_for("booking.manage", token=token, done="needs"), code=303)
    page = render_template("booking/say_needs.html", token=token, form=form)
    return (page, 422) if form.errors else page


@booking.route("/bookings/<token>/change", access=PUBLIC, methods=["GET", "POST"])
def change(token: str) -> Page:
    """Another date of the same course or group, or another number of people, or another time: all or nothing."""
    found = booking_of(token)
    if found is None:
        return link_over()
    if found.state is not BookingState.BOOKED or clock.now() >= found.pool.ends_at:
        return redirect(url_for("booking.manage", token=token), code=303)
    form = PressForm()
    if not form.validate_on_submit():
        return _change_page(token, found, form)
    try:
        moved = _changed(found)
    except Refused as refusal:
        db.session().rollback()
        found = _same(found)
        told = why_not(refusal) if isinstance(refusal, verbs.Barred) else wording.no_place_there()
        form.form_errors.append(told)
        return _change_page(token, found, form), 409
    new = token if moved.id == found.id else emails.link_to(db.session(), moved)
    return redirect(url_for("booking.manage", token=new, done="changed"), code=303)


def _changed(found: Booking) -> Booking:
    wanted = request.form.get("to", "")
    others = {str(offer.pool.id): offer.pool.id for offer in _others(found)[0]}
    if wanted in others:
        return verbs.transfer(db.session(), _holder(found), found, others[wanted])
    count = request.form.get("places", "")
    if count.isascii() and count.isdigit() and len(count) < 3:
        return verbs.change_places(db.session(), _holder(found), found, int(count))
    raise Full("no such date")


def _change_page(token: str, found: Booking, form: PressForm) -> str:
    near, with_somebody_else = _others(found)
    return render_template(
        "booking/change.html",
        token=token,
        booking=found,
        form=form,
        offers=near,
        with_somebody_else=with_somebody_else,
        most=_most_together(found),
        sessions=_sessions(found),
    )


def _most_together(found: Booking) -> int:
    """How many may come on a booking: no more than there is room for, where its place is not one that is kept."""
    most = found.pool.run.most_together
    return most if found.kept_pool_id else min(most, found.places + found.pool.free)


def _others(found: Booking) -> tuple[list[offers.Offer], bool]:
    """Other dates of the same listing, or other times like theirs, that are free; whether somebody else is there."""
    session = db.session()
    if found.pool.run.course.is_listed:
        return offers.elsewhere(session, found.pool), False
    told = other_times(session, found)
    near = offers.offers_by_id(session, told.pool_ids)
    free = [offer for offer in near if offer.pool.id != found.pool_id and offer.has_places]
    return free, told.with_somebody_else


def _sessions(found: Booking) -> object:
    return known.sessions_for(db.session(), found)


def booking_of(token: str) -> Booking | None:
    """The booking of a link, or what it became when it was moved to another date."""
    link = links.find(db.session(), emails.PURPOSE, token)
    found = known.by_id(db.session(), link.subject_id) if link else None
    return known.latest(db.session(), found) if found else None


def _same(found: Booking) -> Booking:
    return db.session().get_one(Booking, found.id)


def _holder(found: Booking) -> Actor:
    return Actor(kind=ActorKind.LINK, subject_id=found.id)


def link_over(*, of_calendar: bool = False) -> tuple[str, int]:
    """The link, or the address of a calendar, is old or was never one; how to get another."""
    return render_template("booking/link_over.html", of_calendar=of_calendar), 404
