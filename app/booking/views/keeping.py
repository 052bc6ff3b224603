"""Staff keep places for some until a date, and open them to everyone."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.booking.access import RUNS_THEM
from app.booking.codes import KeptFor, PoolKind
from app.booking.models import Pool
from app.booking.operations import keeping as verbs
from app.booking.operations import places
from app.booking.operations.waiting import count_waiting, serve
from app.booking.queries import offers, programme
from app.booking.staff_forms import KeepForm
from app.booking.views.blueprint import booking
from app.booking.views.programme import own_pool
from app.booking.wording import session_day
from app.core import clock
from app.core.clock import LONDON
from app.core.errors import InvalidInput, NotFound
from app.web.database import db

Page = Response | str | tuple[str, int]


@booking.route("/desk/programme/places/<uuid:pool_id>/keep", access=RUNS_THEM, methods=["GET", "POST"])
def keep_places(pool_id: UUID) -> Page:
    """Keep some of the free places: for whom, and until when."""
    pool, form = _with_places(pool_id), KeepForm()
    others = [one for one in _to_come(pool) if one.id != pool.id]
    if not others:
        del form.all_dates
    if form.validate_on_submit() and _kept(pool, others, form):
        return redirect(url_for("booking.run", run_id=pool.run_id, places=pool_id, done="kept"), code=303)
    pool, session = _with_places(pool_id), db.session()
    page = render_template(
        "booking/keep.html",
        form=form,
        pool=pool,
        waiting=count_waiting(session, pool_id),
        kept=offers.kept_of(session, [pool_id]).get(pool_id, []),
    )
    return (page, 422) if form.errors else page


def _kept(pool: Pool, others: list[Pool], form: KeepForm) -> bool:
    session, actor = db.session(), current_actor()
    is_all = "all_dates" in form and form.all_dates.data
    wanted = [pool.id, *(one.id for one in others)] if is_all else [pool.id]
    for one in places.lock(session, *wanted):
        day = one.starts_at.astimezone(LONDON).date() - timedelta(days=form.days.data)
        try:
            verbs.keep_places(session, actor, one, KeptFor(form.kept_for.data), form.count.data, release_on=day)
        except InvalidInput as error:
            form.form_errors.append(_why_not(one, error, of_several=len(wanted) > 1))
    if form.form_errors:
        session.rollback()
    return not form.form_errors


def _why_not(pool: Pool, error: InvalidInput, *, of_several: bool) -> str:
    """What hinders it; of several dates also at which of them."""
    if not of_several:
        return error.message
    return _("%(day)s: %(why)s Nothing is kept yet.", day=session_day(pool.starts_at), why=error.message)


@booking.route("/desk/programme/places/<uuid:pool_id>/open", access=RUNS_THEM, methods=["POST"])
def open_places(pool_id: UUID) -> Response:
    """Open everything that is kept here to everyone; who waits is offered it."""
    pool = places.lock_one(db.session(), _with_places(pool_id).id)
    for kept in pool.kept:
        verbs.open_to_everyone(db.session(), current_actor(), pool, kept)
    serve(db.session(), pool)
    return redirect(url_for("booking.run", run_id=pool.run_id, places=pool_id, done="opened"), code=303)


def _with_places(pool_id: UUID) -> Pool:
    pool = own_pool(pool_id)
    if pool.kind in {PoolKind.DROP_IN, PoolKind.RESERVED} or pool.starts_at <= clock.now():
        raise NotFound(_("places"))
    return pool


def _to_come(pool: Pool) -> list[Pool]:
    found = programme.pools_of_run(db.session(), pool.run_id)
    return [one for one in found if one.kind is not PoolKind.RESERVED and one.starts_at > clock.now()]
