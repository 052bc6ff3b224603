"""Staff change how many places there are. Before there are fewer than are taken they see what that means."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.booking.access import RUNS_THEM
from app.booking.codes import BookingState
from app.booking.models import Pool
from app.booking.operations import changes
from app.booking.operations import places as counter
from app.booking.queries import offers, registers
from app.booking.reach import reach_of
from app.booking.rules.places import leaves_too_few
from app.booking.staff_forms import FewerForm, PlacesForm
from app.booking.views.blueprint import booking
from app.booking.views.programme import own_pool, own_run, run_page
from app.core import clock
from app.web.database import db

Page = Response | str | tuple[str, int]


@booking.route("/desk/programme/places/<uuid:pool_id>", access=RUNS_THEM, methods=["POST"])
def set_places(pool_id: UUID) -> Page:
    """More places or fewer. Nobody loses one; who waits is offered what is new."""
    pool, form = own_pool(pool_id), PlacesForm()
    if not form.validate_on_submit():
        return run_page(own_run(pool.run_id), form=form), 422
    # Nobody takes a place between what is looked at and what is done.
    counter.lock_one(db.session(), pool_id)
    if _is_to_be_asked(pool, form.capacity.data):
        return redirect(url_for("booking.fewer_places", pool_id=pool_id, places=form.capacity.data), code=303)
    changes.resize(db.session(), current_actor(), pool_id, form.capacity.data)
    return _to_the_run(pool, done="places")


@booking.route("/desk/programme/places/<uuid:pool_id>/fewer", access=RUNS_THEM, methods=["GET", "POST"])
def fewer_places(pool_id: UUID) -> Page:
    """What fewer places than are taken mean, and whether people are asked to move. Nobody loses a place by it."""
    pool, form = own_pool(pool_id), FewerForm()
    if request.method == "POST":
        counter.lock_one(db.session(), pool_id)
    wanted = _wanted(pool)
    if wanted is None:
        return _to_the_run(pool)
    if wanted == pool.capacity:
        # The places are fewer already: all there is to press is to ask.
        del form.ask
    if form.validate_on_submit():
        if wanted != pool.capacity:
            changes.resize(db.session(), current_actor(), pool_id, wanted)
        return _to_the_run(pool, done="asked" if _asked(pool, form) else "places")
    page = _page(pool, wanted, form)
    return (page, 422) if form.errors else page


def _wanted(pool: Pool) -> int | None:
    """How many places there are to be; None where nothing is to be asked: there is room, or it was pressed before."""
    if "places" not in request.args:
        return pool.capacity if pool.over and pool.asked_at is None and pool.ends_at > clock.now() else None
    wanted = request.args.get("places", default=-1, type=int)
    return wanted if wanted >= 0 and _is_to_be_asked(pool, wanted) else None


def _is_to_be_asked(pool: Pool, wanted: int) -> bool:
    is_fewer = leaves_too_few(wanted, capacity=pool.capacity, taken=pool.taken)
    return is_fewer and pool.ends_at > clock.now()


def _asked(pool: Pool, form: FewerForm) -> int:
    if "ask" in form and form.ask.data != "yes":
        return 0
    return changes.ask_to_move(db.session(), current_actor(), pool, words=form.words.data or "")


def _page(pool: Pool, wanted: int, form: FewerForm) -> str:
    session = db.session()
    booked = [one for one in registers.bookings_in(session, pool.id) if one.state is BookingState.BOOKED]
    return render_template(
        "booking/fewer.html",
        form=form,
        pool=pool,
        wanted=wanted,
        unreached=[one for one in booked if reach_of(session, one) is None],
        elsewhere=offers.elsewhere(session, pool),
        kept=offers.kept_of(session, [pool.id]).get(pool.id, []),
    )


def _to_the_run(pool: Pool, done: str | None = None) -> Response:
    return redirect(url_for("booking.run", run_id=pool.run_id, places=pool.id, done=done), code=303)
