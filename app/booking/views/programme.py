"""Staff put courses and groups on: the list of runs, a new one, and each with its dates, places and people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.audit.codes import Action
from app.audit.operations import record
from app.booking.access import RUNS_THEM
from app.booking.codes import PoolKind
from app.booking.guest_emails import guests_who_hear
from app.booking.hearing import (
    Audience,
    audience_of,
    expected_at,
    hear_of_dates,
    hear_of_run,
    heard_of_run,
    heard_of_session,
)
from app.booking.models import BookableSession, Booking, Pool, Room, Run
from app.booking.operations import changes
from app.booking.operations import programme as verbs
from app.booking.queries import leading, offers, programme, registers
from app.booking.queries.completing import is_over
from app.booking.rules.clashes import missing_leads
from app.booking.staff_forms import PlacesForm, ReasonForm
from app.booking.views.blueprint import booking
from app.core import clock
from app.core.errors import NotFound
from app.web.database import db
from app.web.done import done_before

Page = Response | str | tuple[str, int]


@booking.route("/desk/programme", access=RUNS_THEM)
def programme_list() -> str:
    """What is on, what is over, and the registers of today."""
    session, actor = db.session(), current_actor()
    is_over = request.args.get("over") == "1"
    runs = programme.runs_of(session, actor, over=is_over)
    return render_template(
        "booking/programme.html",
        runs=runs,
        kept=offers.kept_of(session, [pool.id for _run, pool in runs if pool]),
        over=is_over,
        registers=registers.registers_due(session, actor),
        to_cover=session.scalars(leading.in_need_of_cover(actor)).all(),
        to_phone=session.scalars(registers.to_phone(actor)).all(),
    )


@booking.route("/desk/programme/runs/<uuid:run_id>", access=RUNS_THEM, writes=True)
def run(run_id: UUID) -> str:
    """A run: its dates, and who has a place or waits. That it was looked at is recorded."""
    found = own_run(run_id)
    record(db.session(), current_actor(), Action.READ, ("run", found.id))
    return run_page(found)


def run_page(found: Run, **more: Any) -> str:
    """The page of a run; `more` is what of it is not as it stands: what was typed and refused."""
    session = db.session()
    pools = [
        pool
        for pool in programme.pools_of_run(session, found.id)
        if pool.kind not in {PoolKind.DROP_IN, PoolKind.RESERVED}
    ]
    shown = _shown(pools)
    people = registers.bookings_in(session, shown.id) if shown else []
    leads = programme.leads_of_run(session, found.id)
    date = next((one for one in found.sessions if str(one.id) == request.args.get("date")), None)
    return render_template(
        "booking/run.html",
        run=found,
        sessions=found.sessions,
        now=clock.now(),
        pools=pools,
        pool=shown,
        kept=offers.kept_of(session, [shown.id]).get(shown.id, []) if shown else [],
        bookings=people,
        needs=registers.needs_at(session, [one.id for one in people]),
        leads=leads,
        to_cover={one.id for one in session.scalars(leading.in_need_of_cover(current_actor()))},
        missing=missing_leads(lead.kind for lead in leads) if found.kind is PoolKind.RUN else (),
        some_to_come=any(one.ends_at > clock.now() and one.cancelled_at is None for one in found.sessions),
        many_to_come=len(programme.dates_to_come(session, found.id)) > 1,
        too_small=_too_small(shown, found.sessions),
        done=done_before(),
        date=date,
        audience=_heard(found, date),
        is_over=found.kind is PoolKind.RUN and found.cancelled_at is None and is_over(session, found),
        **({"form": PlacesForm(formdata=None, data={"capacity": shown.capacity if shown else 0})} | more),
    )


def _heard(found: Run, date: BookableSession | None) -> Audience | None:
    """Who heard of what was just done: the run called off, dates of it changed, or one moved or called off."""
    session, done = db.session(), done_before()
    guests = guests_who_hear(session, found.id) if done in {"cancelled", "dates", "moved", "called_off"} else []
    if done == "cancelled" and found.cancelled_at is not None:
        return audience_of(session, heard_of_run(session, found), guests)
    if done == "told":
        dates = [date] if date else programme.dates_to_come(session, found.id)
        return audience_of(session, [each.booking for one in dates for each in expected_at(session, one)])
    if done == "dates" and (coming := programme.dates_to_come(session, found.id)):
        last = max(one.changed_at for one in coming)
        changed = [one for one in coming if one.changed_at == last]
        return audience_of(session, hear_of_dates(session, changed), guests)
    if done == "link" and date is not None:
        return audience_of(session, [each.booking for each in expected_at(session, date)])
    if done in {"moved", "called_off"} and date is not None:
        return audience_of(session, heard_of_session(session, date), guests)
    return None


def _too_small(pool: Pool | None, sessions: Sequence[BookableSession]) -> list[Room]:
    """The rooms of dates to come that hold fewer people than may book."""
    if pool is None:
        return []
    coming = [one for one in sessions if pool.session_id in {None, one.id} and one.ends_at > clock.now()]
    rooms = {one.room.id: one.room for one in coming if one.room is not None and one.cancelled_at is None}
    places = pool.capacity + sum(kept.capacity for kept in pool.kept)
    return [room for room in rooms.values() if room.capacity is not None and room.capacity < places]


def _shown(pools: list[Pool]) -> Pool | None:
    asked = request.args.get("places", "")
    return next((pool for pool in pools if str(pool.id) == asked), next(iter(pools), None))


@booking.route("/desk/programme/runs/<uuid:run_id>/publish", access=RUNS_THEM, methods=["POST"])
def publish_run(run_id: UUID) -> Response:
    """Show it to the public."""
    verbs.publish(db.session(), current_actor(), own_run(run_id))
    return redirect(url_for("booking.run", run_id=run_id, done="published"), code=303)


@booking.route("/desk/programme/runs/<uuid:run_id>/cancel", access=RUNS_THEM, methods=["GET", "POST"])
def cancel_run(run_id: UUID) -> Page:
    """Call it off; everybody who booked is told once."""
    found, form = own_run(run_id), ReasonForm()
    if form.validate_on_submit():
        changes.cancel_run(db.session(), current_actor(), found, reason=form.reason.data)
        return redirect(url_for("booking.run", run_id=run_id, done="cancelled"), code=303)
    page = call_off_page(form, found, hear_of_run(db.session(), found))
    return (page, 422) if form.errors else page


def call_off_page(form: ReasonForm, found: Run, bookings: Sequence[Booking], one: BookableSession | None = None) -> str:
    """What is called off, a run or one date of it, and who hears of it once it is pressed."""
    audience = audience_of(db.session(), bookings, guests_who_hear(db.session(), found.id))
    return render_template("booking/call_off.html", form=form, run=found, one=one, audience=audience)


def own_run(run_id: UUID) -> Run:
    """A run of the visitor's organisation. NotFound for any other."""
    found = programme.run_of(db.session(), current_actor(), run_id)
    if found is None:
        raise NotFound("run")
    return found


def own_pool(pool_id: UUID) -> Pool:
    """A pool of the visitor's organisation. NotFound for any other."""
    found = programme.pool_of(db.session(), current_actor(), pool_id)
    if found is None:
        raise NotFound("run")
    return found
