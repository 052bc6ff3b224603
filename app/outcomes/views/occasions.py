"""One occasion: when it is due, what was sent, the call, another day, its end."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.current import current_actor
from app.core.errors import InvalidInput, Refused
from app.outcomes import labels, queries, sending
from app.outcomes.access import WORKER
from app.outcomes.codes import SETTLED, CloseReason, OccasionState
from app.outcomes.forms import CloseForm, MoveForm, ReopenForm
from app.outcomes.measures import find_measure
from app.outcomes.models import Occasion
from app.outcomes.operations import end_without_answer, move, note_call, reopen
from app.outcomes.operations import occasions as grouping
from app.outcomes.operations.reopening import hindrance
from app.outcomes.rules.invitations import Stop
from app.outcomes.views.blueprint import outcomes
from app.outcomes.views.looks import opened, opened_to_change, page
from app.people.models import Person
from app.people.operations import note_wrong_address
from app.people.queries import channels_leading_elsewhere
from app.web.database import db
from app.web.done import done_before

Page = Response | str | tuple[str, int]


@outcomes.route("/desk/outcomes/occasions/<uuid:occasion_id>", access=WORKER, methods=["GET", "POST"], writes=True)
def one_occasion(occasion_id: UUID) -> Page:
    """How it stands, why nothing is sent where nothing is, and what can be done."""
    session = db.session()
    occasion = queries.occasion(session, current_actor(), occasion_id)
    actor, person = opened(occasion.person_id)
    form = CloseForm()
    if form.validate_on_submit():
        end_without_answer(session, actor, occasion, CloseReason(form.reason.data))
        return redirect(url_for("outcomes.overview", person_id=person.id, done="saved"), code=303)
    lead = grouping.lead_of(session, occasion)
    group = grouping.group_of(session, lead)
    return page(
        "outcomes/occasion.html",
        person,
        form,
        occasion=occasion,
        timing=grouping.timing(occasion),
        measures=[find_measure(reference) for reference in grouping.measures_of([occasion])],
        together=[each for each in group if each.id != occasion.id],
        stops=_stops(lead, group, person),
        has_way=bool(sending.way_to(person)),
        leads_elsewhere=channels_leading_elsewhere(person),
        may_send_again=lead.last_message_no is not None and occasion.state not in SETTLED,
        stop_words=labels.STOPS,
        labels=labels,
        is_open=occasion.state not in SETTLED,
        is_ended=occasion.state is OccasionState.CLOSED_UNANSWERED,
        stays_ended=hindrance(session, occasion),
        may_move=occasion.state in {OccasionState.PLANNED, OccasionState.OPEN},
        move_form=MoveForm(formdata=None, data={"due_on": occasion.due_on}),
        done=done_before(),
    )


def _stops(lead: Occasion, group: list[Occasion], person: Person) -> set[Stop]:
    session = db.session()
    nothing = {Stop.NOTHING_TO_ASK} if sending.has_nothing_to_ask(session, lead) else set()
    return (sending.stops_for(session, lead, group, person) | nothing) - {Stop.ANSWERED}


@outcomes.route("/desk/outcomes/occasions/<uuid:occasion_id>/move", access=WORKER, methods=["GET", "POST"], writes=True)
def move_occasion(occasion_id: UUID) -> Page:
    """Ask on another day."""
    session = db.session()
    occasion = queries.occasion(session, current_actor(), occasion_id)
    actor, person = opened(occasion.person_id)
    form = MoveForm(data={"due_on": occasion.due_on})
    if form.validate_on_submit() and form.due_on.data is not None:
        try:
            move(session, actor, occasion, form.due_on.data)
        except (InvalidInput, Refused) as problem:
            form.due_on.errors = [_(problem.message)]
        else:
            return redirect(url_for("outcomes.one_occasion", occasion_id=occasion_id, done="saved"), code=303)
    return page("outcomes/move.html", person, form, occasion=occasion, labels=labels)


@outcomes.route(
    "/desk/outcomes/occasions/<uuid:occasion_id>/reopen", access=WORKER, methods=["GET", "POST"], writes=True
)
def reopen_occasion(occasion_id: UUID) -> Page:
    """Take up again what was ended without an answer."""
    session = db.session()
    occasion = queries.occasion(session, current_actor(), occasion_id)
    actor, person = opened_to_change(occasion.person_id)
    there = redirect(url_for("outcomes.one_occasion", occasion_id=occasion_id, done="reopened"), code=303)
    if occasion.state is not OccasionState.CLOSED_UNANSWERED:
        return there
    form = ReopenForm()
    if form.validate_on_submit():
        try:
            reopen(session, actor, occasion, form.reason.data)
        except Refused as problem:
            form.form_errors.append(_(problem.message))
        else:
            return there
    return page("outcomes/reopen.html", person, form, occasion=occasion, labels=labels)


@outcomes.route("/desk/outcomes/occasions/<uuid:occasion_id>/wrong-number", access=WORKER, methods=["POST"])
def wrong_number(occasion_id: UUID) -> Page:
    """Somebody called, and it was not the person: nothing is sent to their mobile until that is put right."""
    session = db.session()
    occasion = queries.occasion(session, current_actor(), occasion_id)
    actor, person = opened_to_change(occasion.person_id)
    note_call(session, actor, occasion)
    note_wrong_address(session, actor, person, person.mobile or "")
    return redirect(url_for("outcomes.one_occasion", occasion_id=occasion_id, done="saved"), code=303)


@outcomes.route("/desk/outcomes/occasions/<uuid:occasion_id>/again", access=WORKER, methods=["POST"])
def send_again(occasion_id: UUID) -> Page:
    """A new link, where the first one went astray; once a day."""
    session = db.session()
    occasion = queries.occasion(session, current_actor(), occasion_id)
    opened(occasion.person_id)
    sending.send_fresh(session, grouping.lead_of(session, occasion))
    return redirect(url_for("outcomes.one_occasion", occasion_id=occasion_id, done="again"), code=303)


@outcomes.route("/desk/outcomes/occasions/<uuid:occasion_id>/called", access=WORKER, methods=["POST"])
def called(occasion_id: UUID) -> Page:
    """Somebody called the person; what they said is entered as a form, or the occasion is closed."""
    actor = current_actor()
    occasion = queries.occasion(db.session(), actor, occasion_id)
    note_call(db.session(), actor, occasion)
    return redirect(url_for("outcomes.one_occasion", occasion_id=occasion_id, done="called"), code=303)
