"""A worker books for a person on record, perhaps from their referral, and sees how the booking stands."""

from __future__ import annotations

import secrets
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.codes import Role
from app.accounts.current import current_actor
from app.booking import wording
from app.booking.codes import BookingState, WhoMayBook
from app.booking.forms import PressForm
from app.booking.models import Booking
from app.booking.operations import booking as verbs
from app.booking.operations.moving import Full
from app.booking.operations.on_behalf import Behalf, book_person
from app.booking.queries import bookings as known
from app.booking.queries import offers
from app.booking.queries import on_behalf as reads
from app.booking.reach import reach_of
from app.booking.staff_forms import OnBehalfForm
from app.booking.views.blueprint import booking
from app.booking.views.managing import CAN_BE_GIVEN_UP
from app.booking.views.starting import why_not
from app.core import clock
from app.core.errors import NotFound, Refused
from app.core.text import single_line
from app.people.access import READER, WORKER, may_write
from app.people.models import Person
from app.people.operations import open_person
from app.people.operations.records import details_of
from app.referrals.models import Referral
from app.referrals.queries import referrals
from app.web.database import db
from app.web.done import done_before

Page = Response | str | tuple[str, int]
LONGEST = 100


@booking.route("/desk/people/<uuid:person_id>/book", access=WORKER, writes=True)
def choose_for_person(person_id: UUID) -> str:
    """What can be booked for this person; from a referral what its service or team runs."""
    session = db.session()
    person, referral = _person(person_id), _referral(person_id)
    words = single_line(request.args.get("q", ""))[:LONGEST]
    return render_template(
        "booking/choose_for_person.html",
        person=person,
        referral=referral,
        words=words,
        offers=reads.offers_for(session, current_actor(), referral=referral, words=words),
    )


@booking.route("/desk/people/<uuid:person_id>/book/<uuid:pool_id>", access=WORKER, methods=["GET", "POST"], writes=True)
def book_for_person(person_id: UUID, pool_id: UUID) -> Page:
    """Book it: what they need, and that they agree."""
    person, referral = _person(person_id), _referral(person_id)
    offer, form = _offer(pool_id), OnBehalfForm()
    form.offer(offer.pool.run.most_together, asks_carer=offer.for_carers is not None)
    if not form.is_submitted():
        form.key.data = secrets.token_urlsafe(16)
    if form.validate_on_submit() and (made := _booked(person, referral, pool_id, form)) is not None:
        done = "booked" if made.state is BookingState.BOOKED else "waits"
        return redirect(url_for("booking.of_person", person_id=person_id, booking_id=made.id, done=done), code=303)
    page = render_template(
        "booking/book_for_person.html",
        person=_person(person_id),
        referral=_referral(person_id),
        offer=_offer(pool_id) if form.errors else offer,
        form=form,
        adjustments=details_of(person).adjustments,
    )
    return (page, 422) if form.errors else page


def _booked(person: Person, referral: Referral | None, pool_id: UUID, form: OnBehalfForm) -> Booking | None:
    behalf = Behalf(
        person=person,
        referral=referral,
        needs=form.needs_told(),
        with_reminders=bool(form.reminders.data),
        places=int(form.places.data or "1"),
        carer="carer" in form and bool(form.carer.data),
    )
    try:
        return book_person(db.session(), current_actor(), pool_id, behalf, key=form.key.data)
    except verbs.AlreadyHere:
        told = _("They already have a place here, or wait for one.")
    except (verbs.Barred, Full) as refusal:
        told = why_not(refusal)
    db.session().rollback()
    form.form_errors.append(told)
    return None


@booking.route(
    "/desk/people/<uuid:person_id>/bookings/<uuid:booking_id>", access=READER, methods=["GET", "POST"], writes=True
)
def of_person(person_id: UUID, booking_id: UUID) -> Page:
    """How a booking of a person stands; one press gives it back."""
    session, actor = db.session(), current_actor()
    person = open_person(session, actor, person_id)
    found = reads.one_of_person(session, actor, person_id, booking_id)
    if found is None:
        raise NotFound("booking")
    form, problem, may_change = PressForm(), "", may_write(actor)
    if form.validate_on_submit() and may_change:
        try:
            verbs.give_up(session, actor, found)
        except Refused as refusal:
            problem = refusal.message
        else:
            return redirect(url_for("booking.of_person", person_id=person_id, booking_id=booking_id), code=303)
    page = render_template(
        "booking/of_person.html",
        person=person,
        booking=found,
        course=found.pool.run.course,
        sessions=known.sessions_for(session, found),
        attendances={one.session_id: one for one in known.attendances_of(session, found.id)},
        needs=known.needs_of(session, found.id),
        position=known.place_in_line(session, found),
        state_words=wording.booking_words(found.state),
        is_told=reach_of(session, found) is not None,
        can_give_up=may_change and found.state in CAN_BE_GIVEN_UP and clock.now() < found.pool.ends_at,
        done=done_before(),
        problem=problem,
        form=form,
    )
    return (page, 409) if problem else page


def _person(person_id: UUID) -> Person:
    return open_person(db.session(), current_actor(), person_id)


def _referral(person_id: UUID) -> Referral | None:
    """The referral that the address names; NotFound for one that is not this person's, or not the visitor's to see."""
    asked = request.args.get("referral", "")
    if not asked:
        return None
    try:
        found = referrals.referral(db.session(), current_actor(), UUID(asked))
    except ValueError as error:
        raise NotFound("referral") from error
    if found.person_id != person_id:
        raise NotFound("referral")
    return found


def _offer(pool_id: UUID) -> offers.Offer:
    pool = offers.public_pool(db.session(), pool_id)
    by_invitation = pool is not None and pool.run.who is WhoMayBook.INVITED
    if pool is None or (by_invitation and not current_actor().holds(Role.HUB.value)):
        raise NotFound("pool")
    return next(iter(offers.offers_of(db.session(), [pool])))
