"""Open sessions: what is on, opening one, and the desk with its queue."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.advice import labels
from app.advice.access import AT_DESK, READER, WORKER
from app.advice.codes import QueueState, SessionKind
from app.advice.forms import as_uuid
from app.advice.group_forms import CallForm
from app.advice.models import AdviceSession, QueueEntry
from app.advice.operations import queue as verbs
from app.advice.operations import sessions as operations
from app.advice.queries import sessions as queries
from app.advice.scope import is_reader, is_worker
from app.advice.session_forms import QueueForm, SessionForm
from app.advice.views.blueprint import advice
from app.advice.views.calls import shift_page
from app.core import clock
from app.core.errors import InvalidInput, NotFound, Refused
from app.people import queries as people
from app.people.models import Person
from app.web.database import db
from app.web.done import done_before

Page = Response | str | tuple[str, int]
# How long an open session lasts that nobody planned.
USUAL_LENGTH = timedelta(hours=3)


@advice.route("/desk/advice/sessions", access=AT_DESK)
def sessions() -> str:
    """Today's, those of the next days and of the last; with somebody's record at hand, to which one they came."""
    session, actor = db.session(), current_actor()
    start = clock.local_now().replace(hour=0, minute=0, second=0, microsecond=0)
    found = queries.sessions(session, actor, start - queries.LATELY, start + queries.AHEAD)
    if not is_reader(actor):
        found = [one for one in found if one.kind is SessionKind.DROP_IN]
    tomorrow = start + timedelta(days=1)
    today = [one for one in found if start < one.ends_at and one.starts_at < tomorrow]
    return render_template(
        "advice/sessions.html",
        today=today,
        ahead=[one for one in found if one.starts_at >= tomorrow],
        before=[one for one in reversed(found) if one.ends_at <= start],
        figures=queries.figures_of(session, found),
        person=_person(as_uuid(request.args.get("person"))),
        may_read=is_reader(actor),
        labels=labels,
        done=done_before(),
    )


@advice.route("/desk/advice/sessions/new", access=READER, methods=["GET", "POST"])
def new_session() -> Page:
    """Open one now, or plan one."""
    form = SessionForm(data=_from_now())
    if form.validate_on_submit():
        try:
            made = [operations.add_session(db.session(), current_actor(), told) for told in form.told()]
        except InvalidInput as problem:
            form.form_errors.append(_(problem.message))
        else:
            if len(made) == 1:
                return redirect(url_for("advice.session_desk", session_id=made[0].id), code=303)
            return redirect(url_for("advice.sessions", done="planned"), code=303)
    page = render_template("advice/session_form.html", form=form)
    return (page, 422) if form.errors else page


def _from_now() -> dict[str, object]:
    now = clock.local_now()
    until = now + USUAL_LENGTH if (now + USUAL_LENGTH).date() == now.date() else now.replace(hour=23, minute=59)
    return {"day": now.date(), "starts": f"{now:%H:%M}", "ends": f"{until:%H:%M}"}


@advice.route("/desk/advice/sessions/<uuid:session_id>", access=AT_DESK)
def session_desk(session_id: UUID) -> str:
    """The desk of a session: who is next, who waits, and somebody to add."""
    found = queries.advice_session(db.session(), current_actor(), session_id)
    if found.kind is SessionKind.TELEPHONE and not is_reader(current_actor()):
        raise NotFound("advice session")
    if found.kind is SessionKind.TELEPHONE:
        return shift_page(found, CallForm(formdata=None))
    return _desk(found, QueueForm(formdata=None))


@advice.route("/desk/advice/sessions/<uuid:session_id>/queue", access=AT_DESK, methods=["POST"])
def join_queue(session_id: UUID) -> Page:
    """Somebody came in."""
    session, actor, form = db.session(), current_actor(), QueueForm()
    found = queries.advice_session(session, actor, session_id)
    if form.validate():
        person = _person(form.person_id)
        try:
            made = verbs.join_queue(
                session,
                actor,
                found,
                called_as=form.called_as.data or "",
                need=form.need.data or "",
                is_urgent=form.is_urgent.data,
                person_id=person.id if person else None,
            )
        except Refused as problem:
            form.form_errors.append(_(problem.message))
        else:
            return _back(session_id, done="added", number=made.number)
    return _desk(found, form), 422


@advice.route("/desk/advice/sessions/<uuid:session_id>/queue", access=AT_DESK, quiet=True)
def queue(session_id: UUID) -> str:
    """The queue alone, for a page that looks again by itself."""
    found = queries.advice_session(db.session(), current_actor(), session_id)
    if found.kind is not SessionKind.DROP_IN:
        raise NotFound("advice session")
    return render_template("advice/queue.html", **_values(found))


@advice.route("/desk/advice/sessions/<uuid:session_id>/next", access=WORKER, methods=["POST"])
def call_next(session_id: UUID) -> Response:
    """The next one comes to this adviser."""
    session, actor = db.session(), current_actor()
    taken = verbs.call_next(session, actor, queries.advice_session(session, actor, session_id))
    if taken is None:
        return _back(session_id, done="nobody")
    return _back(taken.session_id)


@advice.route("/desk/advice/queue/<uuid:entry_id>", access=AT_DESK, methods=["POST"])
def move_on(entry_id: UUID) -> Page:
    """What the pressed button says of one who came."""
    session, actor = db.session(), current_actor()
    entry = queries.queue_entry(session, actor, entry_id)
    try:
        _move(entry, request.form.get("do", ""))
    except Refused as problem:
        form = QueueForm(formdata=None)
        form.form_errors.append(_(problem.message))
        return _desk(entry.session, form), 422
    return _back(entry.session_id)


def _move(entry: QueueEntry, do: str) -> None:
    session, actor = db.session(), current_actor()
    if entry.state is QueueState.CALLED and not is_reader(actor):
        raise Refused("They are with an adviser, who says how it goes on.")
    if do == "left":
        verbs.mark_left(session, actor, entry)
    elif do == "seen":
        verbs.mark_seen(session, actor, entry)
    elif do == "back":
        verbs.put_back(session, actor, entry)
    elif do in {"urgent", "not-urgent"}:
        verbs.set_urgent(session, actor, entry, urgent=do == "urgent")


@advice.route("/desk/advice/sessions/<uuid:session_id>/close", access=READER, methods=["POST"])
def close_session(session_id: UUID) -> Page:
    """The session is over, or goes on after all."""
    session, actor = db.session(), current_actor()
    found = queries.advice_session(session, actor, session_id)
    try:
        verb = operations.reopen_session if request.form.get("do") == "open" else operations.close_session
        verb(session, actor, found)
    except Refused as problem:
        form = QueueForm(formdata=None)
        form.form_errors.append(_(problem.message))
        return _desk(found, form), 422
    return _back(session_id)


def _desk(found: AdviceSession, form: QueueForm) -> str:
    done = done_before()
    return render_template("advice/session.html", form=form, labels=labels, done=done, **_values(found))


def _values(found: AdviceSession) -> dict[str, Any]:
    actor, queue = current_actor(), queries.queue_of(db.session(), found)
    own = [entry for entry in queue.called if entry.called_by_id == actor.user_id]
    return {
        "found": found,
        "queue": queue,
        "own": own[0] if own else None,
        "others": [entry for entry in queue.called if entry not in own],
        "now": clock.now(),
        "may_call": is_worker(actor),
        "may_read": is_reader(actor),
    }


def _person(person_id: UUID | None) -> Person | None:
    """Somebody whose record the actor may see; None for anybody else."""
    if person_id is None:
        return None
    try:
        return people.person(db.session(), current_actor(), person_id)
    except NotFound:
        return None


def _back(session_id: UUID, **said: Any) -> Response:
    return redirect(url_for("advice.session_desk", session_id=session_id, **said), code=303)
