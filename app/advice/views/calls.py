"""The log of a telephone shift: a press a call."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.advice import labels
from app.advice.access import WORKER
from app.advice.codes import CallResult
from app.advice.group_forms import CallForm
from app.advice.models import AdviceSession
from app.advice.operations import calls as verbs
from app.advice.queries import rota as queries
from app.advice.queries.sessions import advice_session
from app.advice.scope import is_worker
from app.advice.views.blueprint import advice
from app.core.errors import InvalidInput, Refused
from app.web.database import db
from app.web.done import done_before

Page = Response | str | tuple[str, int]


@advice.route("/desk/advice/sessions/<uuid:session_id>/calls", access=WORKER, methods=["POST"])
def note_call(session_id: UUID) -> Page:
    """A call came in or went out."""
    session, actor, form = db.session(), current_actor(), CallForm()
    found, result = advice_session(session, actor, session_id), request.form.get("result", "")
    if form.validate() and result in set(CallResult):
        try:
            verbs.note_call(session, actor, found, CallResult(result), int(form.minutes.data or 0))
        except InvalidInput as problem:
            form.minutes.errors = [_(problem.message)]
        except Refused as problem:
            form.form_errors.append(_(problem.message))
        else:
            return redirect(url_for("advice.session_desk", session_id=session_id, done="noted"), code=303)
    return shift_page(found, form), 422


@advice.route("/desk/advice/calls/<uuid:call_id>/take-back", access=WORKER, methods=["POST"])
def take_call_back(call_id: UUID) -> Page:
    """It was pressed by mistake."""
    session, actor = db.session(), current_actor()
    call = queries.phone_call(session, actor, call_id)
    found, form = call.session, CallForm(formdata=None)
    try:
        verbs.take_back(session, actor, call)
    except Refused as problem:
        form.form_errors.append(_(problem.message))
        return shift_page(found, form), 422
    return redirect(url_for("advice.session_desk", session_id=found.id), code=303)


def shift_page(found: AdviceSession, form: CallForm) -> str:
    """A telephone shift: the next call, the calls so far, and its figures."""
    actor, calls = current_actor(), queries.calls_of(db.session(), found)
    return render_template(
        "advice/shift.html",
        found=found,
        form=form,
        calls=calls,
        figures=queries.call_figures(calls),
        own=queries.call_figures([call for call in calls if call.adviser_id == actor.user_id]),
        user_id=actor.user_id,
        may_note=is_worker(actor),
        labels=labels,
        done=done_before(),
    )
