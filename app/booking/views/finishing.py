"""Who books: their name, one way to reach them, what they need; then the code, and it is booked."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.accounts.emails import send_code
from app.accounts.operations import people
from app.accounts.throttle import CODE_GUESSES, RESET
from app.accounts.views import limits
from app.booking import emails, wording
from app.booking.codes import Bar, BookingState, WhoMayBook
from app.booking.forms import CodeForm, DetailsForm, PressForm
from app.booking.models import Attendee, Booking
from app.booking.operations import booking as verbs
from app.booking.operations.attendees import attendee_of
from app.booking.operations.moving import Full
from app.booking.queries import bookings as known_bookings
from app.booking.rules.eligibility import FOR_GOOD, Applicant, bars_of_the_time, bars_of_who
from app.booking.rules.waiting import cut_off
from app.booking.views import own
from app.booking.views.blueprint import booking
from app.booking.views.starting import why_not
from app.core import clock, postcode
from app.web.access import PUBLIC
from app.web.database import db, keep_what_was_written, write_from_here
from app.web.languages import chosen_language

Page = Response | str | tuple[str, int]
OF_THE_AREA = frozenset({Bar.AREA_UNKNOWN, Bar.OUTSIDE_AREA})
DECIDED = frozenset(BookingState) - {BookingState.HELD, BookingState.DRAFT, BookingState.LAPSED}


@booking.route("/book/place/<uuid:booking_id>", access=PUBLIC, looks_first=True, methods=["GET", "POST"])
def details(booking_id: UUID) -> Page:
    """The form. While it is filled the place is held."""
    held = own.begun_here(booking_id)
    if held.state in DECIDED:
        return _decided(held)
    if (gone := _too_late(held)) is not None:
        return gone
    reached = _known_address()
    form = _form_for(held, asks_address=reached is None)
    is_right = form.validate_on_submit() and _is_for_them(held, form)
    if is_right and reached and own.is_somebody_else(form.name.data):
        form, reached, is_right = _asks_where(held), None, False
    if not is_right:
        page = render_template(
            "booking/details.html", form=form, booking=held, course=held.pool.run.course, reached=reached
        )
        return (page, 422) if form.errors else page
    write_from_here()
    known = own.known_attendee() if reached else None
    address = known.address if known else form.reached
    if known is None and (wait := limits.wait_within("code", address or "", RESET)) is not None:
        form.address.errors = [limits.wait_in_words(wait)]
        page = render_template("booking/details.html", form=form, booking=held, course=held.pool.run.course)
        return limits.refused_page(page, wait)
    held = _keep(held, form, address, then_confirms=known is not None)
    if known is not None:
        return _confirmed(held, known)
    return _with_code_sent(held.id, address or "")


def _known_address() -> str | None:
    """Where we wrote to lately from this browser, unless somebody else sits at it now and said so."""
    is_another = "another" in request.args or "address" in request.form
    return None if is_another else own.known_address()


def _asks_where(held: Booking) -> DetailsForm:
    """The form once more, for the next person at a shared phone, who saw no field for an address."""
    form = _form_for(held, asks_address=True)
    form.validate()
    form.address.errors = [_("Somebody else booked here a moment ago. Where may we write to you?")]
    return form


def _form_for(held: Booking, *, asks_address: bool) -> DetailsForm:
    run = held.pool.run
    return DetailsForm(data=_typed_before(held)).only(
        asks_age=run.youngest is not None or run.oldest is not None,
        asks_area=run.who is WhoMayBook.AREA,
        asks_address=asks_address,
        waits=held.state is BookingState.DRAFT and clock.now() < cut_off(held.pool.starts_at),
    )


def _is_for_them(held: Booking, form: DetailsForm) -> bool:
    """Whether age and home let them in: nobody types a code only to read that it is for others."""
    place = postcode.parse(form.postcode.data) if "postcode" in form else None
    told = Applicant(
        in_area=place.district in held.pool.run.area.split() if place else None,
        age=form.age.data if "age" in form else None,
    )
    for bar in bars_of_who(verbs.terms_of(held.pool), told):
        field = form.postcode if bar in OF_THE_AREA else form.age
        field.errors = [wording.bar(bar)]
    return not form.errors


def _typed_before(held: Booking) -> dict[str, object]:
    """What was said the last time: whoever comes back for a new code says it once, and none of it is lost."""
    needs = known_bookings.needs_of(db.session(), held.id) if held.name else []
    return {
        "name": held.name,
        "address": held.address or "",
        "age": held.age,
        "postcode": held.district or "",
        "needs": [need.kind.value for need in needs],
        "need_words": next((need.words for need in needs if need.words), ""),
        "discreet": held.discreet is True,
        "reminders": held.with_reminders,
        "book_me": held.book_until is not None,
    }


def _keep(held: Booking, form: DetailsForm, address: str | None, *, then_confirms: bool) -> Booking:
    place = postcode.parse(form.postcode.data) if "postcode" in form else None
    waits = "book_me" in form and form.book_me.data
    told = verbs.Details(
        name=form.name.data,
        address=address,
        language=chosen_language(),
        age=form.age.data if "age" in form else None,
        district=place.district if place else None,
        discreet=True if form.discreet.data else None,
        with_reminders=bool(form.reminders.data),
        book_until=cut_off(held.pool.starts_at) if waits else None,
        needs=form.needs_told(),
    )
    return verbs.give_details(db.session(), current_actor(), held, told, then_confirms=then_confirms)


def _with_code_sent(booking_id: UUID, address: str) -> Response:
    row, code = people.new_code(db.session(), address)
    send_code(db.session(), row, code)
    own.remember(booking_id, row.id)
    return redirect(url_for("booking.code", booking_id=booking_id), code=303)


@booking.route("/book/place/<uuid:booking_id>/code", access=PUBLIC, looks_first=True, methods=["GET", "POST"])
def code(booking_id: UUID) -> Page:
    """Type the code; then it is booked."""
    held = own.begun_here(booking_id, alone=True)
    if held.state in DECIDED:
        return _decided(held)
    # While the place is held its pool is not read: a held place is hardly ever one of what has begun.
    if not _is_held(held) and (gone := _too_late(held)) is not None:
        return gone
    sent = own.code_sent(held)
    row = people.open_code(db.session(), sent) if sent else None
    if row is None:
        return redirect(url_for("booking.details", booking_id=held.id), code=303)
    form = CodeForm()
    if form.validate_on_submit():
        write_from_here()
        if limits.wait_within("code guess", row.id.hex, CODE_GUESSES) is not None:
            form.code.errors = [_("You have tried too often. Ask for a new code.")]
        elif people.use_code(db.session(), row, form.code.data):
            limits.forgive_network()
            attendee = attendee_of(db.session(), row.address)
            own.note_shown(attendee)
            return _confirmed(held, attendee)
        else:
            # The wrong guess counts, though nothing else of this request is kept.
            keep_what_was_written()
            form.code.errors = [_("This code is not right. Look again, or ask for a new one.")]
    page = render_template("booking/code.html", form=form, booking=held, is_email="@" in row.address)
    return (page, 422) if form.errors else page


@booking.route("/book/place/<uuid:booking_id>/wait", access=PUBLIC, methods=["GET", "POST"])
def wait(booking_id: UUID) -> Page:
    """The place went while the person was away: ask whether they want to wait."""
    held, form = own.begun_here(booking_id), PressForm()
    if held.state in DECIDED:
        return _decided(held)
    if (gone := _too_late(held)) is not None:
        return gone
    if form.validate_on_submit():
        known = own.known_attendee()
        return _confirmed(held, known) if known else redirect(url_for("booking.details", booking_id=held.id), code=303)
    return render_template("booking/wait.html", form=form, booking=held, course=held.pool.run.course)


def _confirmed(held: Booking, attendee: Attendee) -> Page:
    session = db.session()
    try:
        made = verbs.confirm(session, current_actor(), held, attendee)
    except verbs.AlreadyHere as refusal:
        return redirect(f"{emails.page_of(session, refusal.booking)}?done=already", code=303)
    except (verbs.Barred, Full) as refusal:
        # The place that was held is free for the next, though the page says no.
        keep_what_was_written()
        is_gone = isinstance(refusal, verbs.Barred) and not FOR_GOOD.isdisjoint(refusal.bars)
        return render_template("booking/not_here.html", why=why_not(refusal), booking=held, is_gone=is_gone), 409
    if made.state is BookingState.DRAFT:
        own.remember(made.id)
        return redirect(url_for("booking.wait", booking_id=made.id), code=303)
    return _to_its_page(made, done="booked")


def _is_held(held: Booking) -> bool:
    return held.state is BookingState.HELD and held.expires_at is not None and clock.now() < held.expires_at


def _too_late(held: Booking) -> Page | None:
    """The page that says so where nobody can book it any more: nobody fills in a form only to read that."""
    found = bars_of_the_time(verbs.terms_of(held.pool), clock.now())
    if not found:
        return None
    why = " ".join(wording.bar(one) for one in found)
    return render_template("booking/not_here.html", why=why, booking=held, is_gone=True), 409


def _decided(found: Booking) -> Response:
    """Pressed twice, or opened again: to its page. Opening makes no new link; the one that was sent will do."""
    if request.method != "POST":
        return redirect(url_for("booking.find", done="booked"), 303)
    write_from_here()
    return _to_its_page(found)


def _to_its_page(found: Booking, done: str = "") -> Response:
    """To the page behind a signed link, which works on any device."""
    token = emails.link_to(db.session(), found)
    return redirect(url_for("booking.manage", token=token, done=done or None), code=303)
