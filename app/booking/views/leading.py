"""Staff say who leads a date, who cannot come to it, and who stands in."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.booking import wording
from app.booking.access import RUNS_THEM
from app.booking.models import BookableSession, SessionFacilitator
from app.booking.operations import leading as verbs
from app.booking.operations.programme import Clashing
from app.booking.programme_forms import CoverForm, LeadsForm
from app.booking.queries import leading, programme
from app.booking.rules.clashes import missing_leads
from app.booking.rules.leading import who_comes, without_cover
from app.booking.views.blueprint import booking
from app.booking.views.sessions import own_session
from app.core.errors import InvalidInput, NotFound
from app.web.database import db
from app.web.done import done_before
from app.web.forms import Form

Page = Response | str | tuple[str, int]


@booking.route("/desk/programme/sessions/<uuid:session_id>/leads", access=RUNS_THEM, methods=["GET", "POST"])
def leads(session_id: UUID) -> Page:
    """Who leads a date, and how it stands with their coming."""
    one = own_session(session_id)
    form = LeadsForm(data={"leads": [str(lead.facilitator_id) for lead in one.facilitators]})
    form.show(programme.facilitators_of(db.session(), current_actor().organization_id))
    if form.validate_on_submit() and _done(form, lambda: _choose(one, form)):
        return _back(session_id, "changed")
    return _page(own_session(session_id), form)


def _choose(one: BookableSession, form: LeadsForm) -> None:
    sessions = leading.from_then_on(db.session(), one) if form.from_then_on.data else [one]
    verbs.choose(db.session(), current_actor(), sessions, form.people())


def _page(one: BookableSession, form: LeadsForm, problem: str = "") -> Page:
    told = leading.leads_of(one)
    kinds = {lead.facilitator_id: lead.facilitator.kind for lead in one.facilitators}
    page = render_template(
        "booking/leads.html",
        one=one,
        form=form,
        without_cover=without_cover(told),
        missing=missing_leads(kinds[person] for person in who_comes(told)),
        names={lead.facilitator_id: lead.facilitator.name for lead in one.facilitators},
        done=done_before(),
        problem=problem,
    )
    return (page, 422) if form.errors or problem else page


@booking.route("/desk/programme/leads/<uuid:lead_id>", access=RUNS_THEM, methods=["POST"])
def lead(lead_id: UUID) -> Page:
    """They cannot come, come after all, or said yes or no to standing in."""
    found, session, actor = own_lead(lead_id), db.session(), current_actor()
    session_id = found.session_id
    acts: dict[str, Callable[[], None]] = {
        "cannot": lambda: verbs.cannot_come(session, actor, found),
        "comes": lambda: verbs.can_come_after_all(session, actor, found),
        "yes": lambda: verbs.answered(session, actor, found, yes=True),
        "no": lambda: verbs.answered(session, actor, found, yes=False),
    }
    what, form = request.form.get("what", ""), Form(formdata=None)
    act = acts.get(what)
    if act is None or _done(form, act):
        return _back(session_id, what if act else "changed")
    one = own_session(session_id)
    shown = LeadsForm(formdata=None, data={"leads": [str(each.facilitator_id) for each in one.facilitators]})
    shown.show(programme.facilitators_of(session, actor.organization_id))
    return _page(one, shown, problem=" ".join(form.form_errors))


@booking.route("/desk/programme/leads/<uuid:lead_id>/cover", access=RUNS_THEM, methods=["GET", "POST"])
def cover(lead_id: UUID) -> Page:
    """Whom the college asked to stand in for somebody."""
    found, session, actor = own_lead(lead_id), db.session(), current_actor()
    people = programme.facilitators_of(session, actor.organization_id)
    form, session_id = CoverForm(), found.session_id
    form.show(leading.who_is_free(session, found.session, people), found.facilitator)
    if form.validate_on_submit() and _done(
        form, lambda: verbs.ask_to_cover(session, actor, found, UUID(form.stand_in.data))
    ):
        return _back(session_id, "asked")
    page = render_template("booking/cover.html", form=form, lead=own_lead(lead_id))
    return (page, 422) if form.errors else page


def _done(form: Form, act: Callable[[], None]) -> bool:
    """Do it; what hinders it is told on the form, and nothing is done by halves."""
    try:
        act()
    except Clashing as error:
        form.form_errors.extend(wording.clash(taken.what, taken.by, taken.starts_at) for taken in error.taken)
    except InvalidInput as error:
        form.form_errors.append(error.message)
    else:
        return True
    db.session().rollback()
    return False


def _back(session_id: UUID, done: str) -> Response:
    return redirect(url_for("booking.leads", session_id=session_id, done=done), code=303)


def own_lead(lead_id: UUID) -> SessionFacilitator:
    """A lead of a session of the visitor's organisation. NotFound for any other."""
    found = leading.lead_of(db.session(), current_actor(), lead_id)
    if found is None:
        raise NotFound("session")
    return found
