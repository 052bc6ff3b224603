"""The rota: who is on what, where somebody is missing, and how one finds cover."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.advice import labels
from app.advice.access import READER, SUPERVISOR
from app.advice.forms import as_uuid
from app.advice.models import Duty
from app.advice.operations import rota as verbs
from app.advice.queries import rota as queries
from app.advice.queries.sessions import advice_session
from app.advice.scope import is_supervisor, is_worker
from app.advice.views.blueprint import advice
from app.advice.views.words import hours_words, london_day_words
from app.core import clock
from app.core.errors import InvalidInput, Refused
from app.web.database import db
from app.web.done import done_before

Page = Response | str | tuple[str, int]
SHOWN = timedelta(weeks=4)


@advice.route("/desk/advice/rota", access=READER)
def rota() -> str:
    """Four weeks of sessions and telephone shifts."""
    return _rota()


@advice.route("/desk/advice/sessions/<uuid:session_id>/duties", access=READER, methods=["POST"])
def put_on(session_id: UUID) -> Page:
    """The adviser takes a session, or a supervisor puts somebody on it."""
    session, actor = db.session(), current_actor()
    found = advice_session(session, actor, session_id)
    told = request.form.get("adviser")
    if told is not None and as_uuid(told) is None:
        return _rota(_("Choose an adviser")), 422
    return _tried(lambda: verbs.put_on(session, actor, found, as_uuid(told)), "on")


@advice.route("/desk/advice/duties/<uuid:duty_id>", access=READER, methods=["POST"])
def change_duty(duty_id: UUID) -> Page:
    """What the pressed button says of a duty."""
    session, actor, do = db.session(), current_actor(), request.form.get("do", "")
    found = queries.duty(session, actor, duty_id)
    verb: dict[str, tuple[Callable[[], object], str]] = {
        "ask": (lambda: verbs.ask_for_cover(session, actor, found), "asked"),
        "swap": (lambda: verbs.ask_for_cover(session, actor, found, _wanted()), "asked-to-swap"),
        "keep": (lambda: verbs.keep(session, actor, found), "kept"),
        "cover": (lambda: verbs.cover(session, actor, found), "on"),
        "agree": (lambda: verbs.agree_to_swap(session, actor, found), "swapped"),
        "decline": (lambda: verbs.decline_swap(session, actor, found), "declined"),
        "off": (lambda: verbs.take_off(session, actor, found), "off"),
    }
    if do not in verb:
        return _back("")
    return _tried(*verb[do])


@advice.route("/desk/advice/sessions/<uuid:session_id>/take-out", access=SUPERVISOR, methods=["POST"])
def take_session_out(session_id: UUID) -> Page:
    """A session is taken out of the plan."""
    session, actor = db.session(), current_actor()
    found = advice_session(session, actor, session_id)
    return _tried(lambda: verbs.take_out(session, actor, found), "out")


def _wanted() -> Duty:
    duty_id = as_uuid(request.form.get("for"))
    if duty_id is None:
        raise InvalidInput("Choose what you would take instead.")
    return queries.duty(db.session(), current_actor(), duty_id)


def _tried(verb: Callable[[], object], done: str) -> Page:
    """The rota after a verb, or the rota with the reason why not."""
    try:
        verb()
    except verbs.Clash as clash:
        when = _("%(day)s, %(hours)s", day=london_day_words(clash.other.starts_at), hours=hours_words(clash.other))
        where = clash.other.place_name or labels.SESSION_SHORT[clash.other.kind]
        return _refused(_("%(name)s is at “%(where)s” then: %(when)s.", name=clash.name, where=where, when=when))
    except (InvalidInput, Refused) as problem:
        return _refused(_(problem.message))
    return _back(done)


def _refused(words: str) -> Page:
    db.session().rollback()
    return _rota(words), 422


def _back(done: str) -> Response:
    return redirect(url_for("advice.rota", done=done, since=request.form.get("since") or None), code=303)


def _rota(problem: str = "") -> str:
    session, actor, first = db.session(), current_actor(), _first()
    begins = datetime.combine(first, datetime.min.time(), clock.LONDON)
    return render_template(
        "advice/rota.html",
        lines=queries.rota(session, actor, begins, begins + SHOWN),
        advisers=queries.advisers(session, actor) if is_supervisor(actor) else [],
        to_swap=queries.duties_to_swap(session, actor) if is_worker(actor) else [],
        first=first,
        before=first - SHOWN,
        after=first + SHOWN,
        now=clock.now(),
        user_id=actor.user_id,
        may_take=is_worker(actor),
        may_plan=is_supervisor(actor),
        problem=problem,
        labels=labels,
        done=done_before(),
    )


def _first() -> date:
    try:
        return date.fromisoformat(request.values.get("since", ""))
    except ValueError:
        return clock.today()
