"""Staff move a session, call it off, and take its register on a phone."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.audit.codes import Action
from app.audit.operations import record
from app.booking import wording
from app.booking.access import RUNS_THEM
from app.booking.clock_words import clock_time
from app.booking.codes import Attendance
from app.booking.guest_emails import guests_who_hear
from app.booking.hearing import audience_of, hear_of_dates, hear_of_session
from app.booking.models import BookableSession
from app.booking.operations import changes
from app.booking.operations import registers as marking
from app.booking.operations.programme import Clashing
from app.booking.queries import offers, programme, registers
from app.booking.rules.namesakes import namesakes
from app.booking.staff_forms import MoveForm, ReasonForm
from app.booking.views.blueprint import booking
from app.booking.views.programme import call_off_page
from app.core.errors import InvalidInput, NotFound, Refused
from app.core.text import single_line
from app.web.database import db
from app.web.done import done_before

Page = Response | str | tuple[str, int]
MARKS = (
    Attendance.PRESENT,
    Attendance.LATE,
    Attendance.LEFT_EARLY,
    Attendance.ABSENT_TOLD_US,
    Attendance.DID_NOT_ATTEND,
)
# Before its day: who told us that they are away, and that they come after all.
BEFORE = (Attendance.EXPECTED, Attendance.ABSENT_TOLD_US)
LONGEST_NAME = 100


@booking.route("/desk/programme/sessions/<uuid:session_id>/move", access=RUNS_THEM, methods=["GET", "POST"])
def move_session(session_id: UUID) -> Page:
    """Another time or room. Who hears of it is said before and after; their calendars change with it."""
    one = own_session(session_id)
    minutes = int((one.ends_at - one.starts_at).total_seconds() // 60)
    wall = one.wall_start
    form = MoveForm(
        data={
            "day": wall.date(),
            "at": f"{wall:%H:%M}",
            "minutes": minutes,
            "room": str(one.room_id or ""),
            "join_link": one.join_link or "",
        }
    )
    form.show_rooms(programme.rooms_of(db.session(), current_actor().organization_id))
    if form.validate_on_submit() and (done := _moved(one, form)):
        return redirect(url_for("booking.run", run_id=one.run_id, done=done, date=one.id), code=303)
    guests = guests_who_hear(db.session(), one.run_id)
    audience = audience_of(db.session(), hear_of_dates(db.session(), [one]), guests)
    page = render_template("booking/move.html", form=form, one=one, audience=audience)
    return (page, 422) if form.errors else page


def _moved(one: BookableSession, form: MoveForm) -> str:
    """What became of it; nothing where it is refused."""
    day, at = form.day.data, clock_time(form.at.data)
    wall = datetime.combine(day, at) if day and at else one.wall_start
    when = changes.When(wall=wall, minutes=form.minutes.data, second=form.is_second)
    where = changes.Where(room_id=form.room_id, join_link=form.join_link.data or None)
    try:
        return changes.move_session(db.session(), current_actor(), one, when, where)
    except Clashing as error:
        for taken in error.taken:
            form.refuse_at(wording.clash(taken.what, taken.by, taken.starts_at), field_id=form.at.id)
    except (InvalidInput, Refused) as error:
        form.say_why_not(error)
    return ""


@booking.route("/desk/programme/sessions/<uuid:session_id>/cancel", access=RUNS_THEM, methods=["GET", "POST"])
def cancel_session(session_id: UUID) -> Page:
    """Call one date off."""
    one, form = own_session(session_id), ReasonForm()
    if form.validate_on_submit():
        try:
            changes.cancel_session(db.session(), current_actor(), one, reason=form.reason.data)
        except Refused as refusal:
            form.form_errors.append(refusal.message)
        else:
            return redirect(url_for("booking.run", run_id=one.run_id, done="called_off", date=one.id), code=303)
    page = call_off_page(form, one.run, hear_of_session(db.session(), one), one)
    return (page, 422) if form.errors else page


@booking.route("/desk/programme/sessions/<uuid:session_id>/register", access=RUNS_THEM, writes=True)
def register(session_id: UUID) -> str:
    """Who is expected. That it was looked at is recorded."""
    one = own_session(session_id)
    record(db.session(), current_actor(), Action.READ, ("session", one.id))
    return _page(one)


def _page(one: BookableSession, problem: str = "", marked: Mapping[UUID, Attendance] | None = None) -> str:
    """The register. After a problem it shows what was marked and typed, none of which is kept yet."""
    session = db.session()
    people, pool = registers.register_of(session, one.id), programme.pool_for_session(session, one)
    return render_template(
        "booking/register.html",
        one=one,
        attendances=people,
        alike=namesakes((one.booking_id, one.booking.name) for one in people),
        pool=pool,
        kept=offers.kept_of(session, [pool.id]).get(pool.id, []) if pool else [],
        needs=registers.needs_at(session, [person.booking_id for person in people]),
        marks=BEFORE if (is_to_come := marking.is_before_its_day(one)) else MARKS,
        is_to_come=is_to_come,
        key=secrets.token_urlsafe(12),
        done=done_before(),
        problem=problem,
        marked=marked or {},
        typed={name: request.form.get(name, "") for name in ("walk_in", "heads")},
    )


@booking.route(
    "/desk/programme/sessions/<uuid:session_id>/register",
    access=RUNS_THEM,
    methods=["POST"],
    endpoint="keep_register",
)
def keep_register(session_id: UUID) -> Page:
    """Keep the marks, who came without a booking, and how many came to a drop-in."""
    one, session, actor = own_session(session_id), db.session(), current_actor()
    try:
        marking.take_register(session, actor, one, _marks(), marked_at=_marked_at())
        if heads := request.form.get("heads", "").strip():
            marking.count_heads(session, actor, one, _number(heads))
        name, key = single_line(request.form.get("walk_in", ""))[:LONGEST_NAME], request.form.get("key", "")
        if name and key:
            marking.walk_in(session, actor, one, name=name, key=f"walk:{one.id}:{key[:40]}")
    except (InvalidInput, Refused) as error:
        session.rollback()
        return _page(own_session(session_id), problem=error.message, marked=_marks()), 422
    return redirect(url_for("booking.register", session_id=session_id, done="kept"), code=303)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else -1


def _marks() -> dict[UUID, Attendance]:
    found = {}
    for name, value in request.form.items():
        if name.startswith("mark-") and value in {mark.value for mark in (*MARKS, *BEFORE)}:
            try:
                found[UUID(name.removeprefix("mark-"))] = Attendance(value)
            except ValueError:
                continue
    return found


def _marked_at() -> datetime | None:
    """When it was marked, as the phone says in milliseconds; a script fills it in."""
    told = request.form.get("marked_at", "")
    if not (told.isascii() and told.isdigit() and len(told) < 15):
        return None
    try:
        return datetime.fromtimestamp(int(told) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def own_session(session_id: UUID) -> BookableSession:
    """A session of the visitor's organisation. NotFound for any other."""
    found = programme.session_of(db.session(), current_actor(), session_id)
    if found is None:
        raise NotFound("session")
    return found
