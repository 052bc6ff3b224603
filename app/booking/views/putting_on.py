"""Staff put a course or a group on: what it is, then all its dates on one page, each to be ticked or changed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid5

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.booking import dates_form
from app.booking.access import RUNS_THEM
from app.booking.codes import PoolKind, WhoMayBook
from app.booking.dates_form import Row
from app.booking.holidays import bank_holidays
from app.booking.models import Course, Run
from app.booking.operations import dating
from app.booking.operations import programme as verbs
from app.booking.queries import programme
from app.booking.rules.repetition import is_in_a_break
from app.booking.staff_forms import RunForm, districts
from app.booking.views.blueprint import booking
from app.core.errors import InvalidInput, NotFound
from app.directory.models import Service
from app.web.database import db

Page = Response | str | tuple[str, int]


@booking.route("/desk/programme/new", access=RUNS_THEM, methods=["GET", "POST"])
def new_run() -> Page:
    """A run and all its dates, made by a rule; where one of them cannot be, or to look first, they are listed."""
    session, actor = db.session(), current_actor()
    form, listings = RunForm(), programme.listings_of(session, actor.organization_id)
    people = programme.facilitators_of(session, actor.organization_id)
    form.show(listings, programme.terms_of(session, actor.organization_id), people)
    form.show_rooms(programme.rooms_of(session, actor.organization_id))
    pressed = request.form.get("do", "")
    if form.validate_on_submit() and pressed != "back":
        if pressed != "check" and form.key.data and (before := session.get(Run, _run_id())) is not None:
            return redirect(url_for("booking.run", run_id=before.id, done="made"), code=303)
        rows, made, hindered = _rows(form, pressed), None, False
        if pressed != "check" and not form.form_errors and not any(row.is_wrong for row in rows):
            try:
                made = _made(form, rows)
            except verbs.Clashing:
                session.rollback()
                hindered = True
                _judge(form, rows)
        if made is not None:
            return redirect(url_for("booking.run", run_id=made.id, done="made"), code=303)
        if shown := rows or _proposed(form):
            return _dates_page(form, shown, hindered=hindered)
    page = render_template("booking/new_run.html", form=form, listings=listings, rows=[])
    return (page, 422) if form.errors else page


def _rows(form: RunForm, pressed: str) -> list[Row]:
    """The dates that were sent, or those that the rule makes where it is asked to see them."""
    if pressed == "check":
        return _proposed(form)
    if pressed != "make":
        return []
    rooms = [str(one.value) for one in form.room.choices]
    rows = dates_form.sent(request.form, form.minutes.data, rooms, second=form.is_second)
    _judge(form, rows)
    if not any(row.is_ticked for row in rows):
        form.refuse_at(_("Tick at least one date"), field_id=rows[0].place(0) if rows else "")
    return rows


def _judge(form: RunForm, rows: Sequence[Row]) -> None:
    """Say beside each date what of its room and of who leads it is taken, and why one that is not ticked is not."""
    plan, holidays = _plan(form), bank_holidays()
    rule = verbs.with_pauses(db.session(), plan)
    dated = [(row, found) for row in rows if (found := row.read()) is not None and not row.is_wrong]
    taken = dating.in_the_way(db.session(), _organization(), plan, [found for _row, found in dated])
    for (row, found), clashes in zip(dated, taken, strict=True):
        day = found.when.wall.date()
        row.notes.extend(dates_form.day_words(in_a_break=is_in_a_break(rule, day), on_a_bank_holiday=day in holidays))
        say = row.refuse if row.is_ticked else row.notes.append
        for one in clashes:
            say(dates_form.clash_words(one))


def _proposed(form: RunForm) -> list[Row]:
    """The dates by the rule; nothing where it makes none, which the form then says."""
    try:
        found = dating.propose(db.session(), _organization(), _plan(form), bank_holidays())
    except InvalidInput as error:
        form.say_why_not(error)
    else:
        return dates_form.proposed(found, form.room.data or "")
    return []


def _dates_page(form: RunForm, rows: Sequence[Row], *, hindered: bool) -> Page:
    """The list; `hindered`: a date of it was not free, and those that are not may just be unticked."""
    if hindered or any(row.is_wrong for row in rows):
        dates_form.say_some_are_wrong(form, [(row.number, row) for row in rows])
    is_refused = bool(form.form_errors)
    page = render_template(
        "booking/new_run.html",
        form=form,
        listings=[],
        rows=rows,
        name={str(one.value): one.label for one in form.listing.choices}[form.listing.data],
        asked=dates_form.asked_before(request.form),
    )
    return (page, 422) if is_refused else page


def _made(form: RunForm, rows: Sequence[Row]) -> Run | None:
    """The run. Clashing where something stands in the way of a date; nothing where the form says what is wrong."""
    session, actor = db.session(), current_actor()
    dates = [found for row in rows if (found := row.dated()) is not None]
    if rows and not dates:
        return None
    try:
        course, plan = verbs.offer_listing(session, actor, _service(form), _organization()), _plan(form)
        return dating.make_run_on(session, actor, course, plan, dates) if rows else _by_rule(course, plan)
    except InvalidInput as error:
        form.say_why_not(error)
    except IntegrityError:  # the same, sent twice at the same time
        session.rollback()
        if (before := session.get(Run, _run_id())) is None:
            raise
        return before
    session.rollback()
    return None


def _by_rule(course: Course, plan: verbs.Plan) -> Run:
    return verbs.make_run(db.session(), current_actor(), course, plan)


def _run_id() -> UUID:
    """Of what was sent, all of it: pressed twice, the same is put on once, and something else by the same page anew."""
    told = sorted((name, text) for name, text in request.form.items(multi=True) if name != "csrf_token")
    return uuid5(_organization(), repr(told))


def _service(form: RunForm) -> Service:
    listings = programme.listings_of(db.session(), current_actor().organization_id)
    return next(one for one in listings if str(one.id) == form.listing.data)


def _organization() -> UUID:
    organization_id = current_actor().organization_id
    if organization_id is None:
        raise NotFound("organisation")
    return organization_id


def _plan(form: RunForm) -> verbs.Plan:
    return verbs.Plan(
        rule=form.rule(),
        kind=PoolKind(form.kind.data),
        capacity=form.capacity.data or 0,
        room_id=form.room_id,
        facilitator_ids=tuple(UUID(one) for one in dict.fromkeys(form.leads.data or ())),
        term_id=UUID(form.term.data) if form.term.data else None,
        who=WhoMayBook(form.who.data),
        area=districts(form.area.data or ""),
        most_together=form.together.data or 1,
        has_waiting_list=bool(form.waiting_list.data),
        run_id=_run_id() if form.key.data else None,
    )
